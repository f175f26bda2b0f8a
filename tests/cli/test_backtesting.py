"""`listener backtest`: what ran, what would have fired, and what it was worth; for both readers."""

from pathlib import Path

import pytest

from tests.builders import a_line, written
from tests.cli.conftest import Shell, ago

BOUND = 'rules.floor.bounds=[{ mentions = 5, within = "1h" }]'


@pytest.fixture
def imported(configured: Path, shell: Shell) -> Path:
    """Six mentions within minutes, five days ago, brought in today; no rule told of them."""
    lines = [
        a_line(n, text=f"Acme and the {word} of mine", created_at=ago(5 * 1440 + n))
        for n, word in enumerate(("parcel", "courier", "refund", "website", "login", "phone"))
    ]
    written(configured / "old.jsonl", lines)
    assert shell("import", "old.jsonl", "--source", "old").status == 0
    assert shell("run", "--once").status == 0
    assert shell("incidents", "--all", "--format", "jsonl").rows == []
    return configured


def test_programs_get_the_whole_the_rules_and_each_incident(imported: Path, shell: Shell) -> None:
    said = shell("backtest", "--since", "30d", "--set", BOUND, "--format", "jsonl")
    assert said.status == 0, said.err
    head, *others = said.rows
    assert head["kind"] == "backtest"
    assert (head["mentions"], head["history"]) == (6, 6)
    assert head["set"] == [BOUND]
    assert "floor" in head["ran"]
    assert head["left_out"].keys() == {"response", "quiet_source", "budget"}
    of_rules = {row["rule"]: row for row in others if row["kind"] == "rule"}
    assert (of_rules["floor"]["alarms"], of_rules["floor"]["new"]) == (1, 1)
    assert (of_rules["spike"]["alarms"], of_rules["all"]["alarms"]) == (0, 1)
    assert of_rules["floor"]["a_week"] == pytest.approx(1 / head["weeks"], rel=0.05)
    (alarm,) = (row for row in others if row["kind"] == "alarm")
    assert (alarm["rule"], alarm["stored"], alarm["marked"]) == ("floor", None, "unmarked")


def test_people_get_tables_and_a_chart(imported: Path, shell: Shell) -> None:
    out = shell("backtest", "--set", BOUND).out
    assert f"6 mentions, with {BOUND}" in out
    assert "did not run: quiet_source: what sources said" in out
    assert "Acme: negatives" in out
    (fires,) = (line for line in out.splitlines() if line.startswith("fires "))
    assert fires.count("1") == 1
    assert "nothing of this time is marked; `listener mark` says what was real" in out
    assert "new" in next(line for line in out.splitlines() if "floor" in line and "Acme" in line)


def test_what_was_marked_is_found_or_missed(imported: Path, shell: Shell) -> None:
    five, three = ago(5 * 1440)[:10], ago(3 * 1440)[:10]
    for day in (five, three):
        assert shell("mark", "real", "--day", day, "--subject", "Acme").status == 0
    out = shell("backtest", "--set", BOUND).out
    assert "marked as real: 2, of which 1 fire" in out
    assert f"  missed: Acme, {three}" in out
    rows = shell("backtest", "--set", BOUND, "--format", "jsonl").rows
    assert {r["kind"]: r["first"] for r in rows if r["kind"] in {"hit", "miss"}} == {
        "hit": five,
        "miss": three,
    }
    assert shell("backtest", "--format", "jsonl").rows[-1]["kind"] == "miss"


def test_a_wrong_setting_is_wrong_usage(imported: Path, shell: Shell) -> None:
    said = shell("backtest", "--set", "rules.spike.sensitivity=loud")
    assert (said.status, said.out) == (2, "")
    assert said.err.startswith(
        'listener: --set: [rules.spike] sensitivity "loud" is unknown; there is'
    )


def test_a_file_that_is_wrong_is_named_as_the_file(imported: Path, shell: Shell) -> None:
    path = imported / "config.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n[rules.spike]\nloud = 1\n", "utf-8")
    said = shell("backtest", "--set", "rules.spike.sensitivity=calm")
    assert said.status == 2
    assert said.err.startswith("listener: config.toml: [rules.spike] loud")


def test_a_time_of_which_nothing_is_stored_is_wrong_usage(imported: Path, shell: Shell) -> None:
    said = shell("backtest", "--since", "1d")
    assert said.status == 2
    assert "nothing is stored that was said since" in said.err
