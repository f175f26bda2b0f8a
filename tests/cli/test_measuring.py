"""Measures at the shell, and the loop closed there."""

from pathlib import Path
from typing import Any

from tests.builders import a_line, written
from tests.cli.conftest import Shell, ago

MEASURES = """
[measures]
yearly_revenue = 100
years = 3
acquisition_cost = 50
critic_up_to = 5
"""


def a_survey(number: int, **fields: object) -> dict[str, Any]:
    given = {"channel": "survey", "brand": "Acme", "created_at": ago(5), "text": ""} | fields
    return a_line(number, **given)


def test_measures_are_told_with_what_they_rest_on(configured: Path, shell: Shell) -> None:
    config = configured / "config.toml"
    config.write_text(config.read_text("utf-8") + MEASURES, "utf-8")
    lines = [
        *(a_survey(n, text=f"fine {n}", nps=9, csat=5, ces="4") for n in range(6)),
        *(a_survey(n, text=f"so so {n}", nps=6, csat=3) for n in range(6, 12)),
        *(
            a_line(n, text=f"Boreal number {n} is terrible", stars=2, created_at=ago(5))
            for n in range(12, 24)
        ),
    ]
    written(configured / "drop" / "old.jsonl", lines)
    assert shell("run", "--once").status == 0
    rows = {(r["subject"], r["measure"]): r for r in shell("measures", "--format", "jsonl").rows}
    assert rows["Acme", "nps"]["value"] == 50  # a six is passive here
    assert (rows["Acme", "csat"]["value"], rows["Acme", "csat"]["n"]) == (0.5, 12)
    assert rows["Acme", "ces"]["n"] == 6
    assert rows["Acme", "ces"]["enough"] is False
    assert rows["Acme", "share_of_voice"]["value"] == 0.5
    assert rows["Boreal", "stars"]["value"] == 2
    band = rows["Boreal", "negative_share"]
    assert band["low"] < band["value"] <= band["high"]
    assert "labelled sets and none of yours" in band["note"]
    assert rows["Acme", "value_at_risk"]["assumed"]
    table = shell("measures", "--subject", "acme").out
    assert "too few to tell" in table
    assert "Boreal" not in table


def test_mentions_are_drawn_to_be_checked_and_then_count(heard: Path, shell: Shell) -> None:
    drawn = shell("measures", "--draw", "3", "--format", "jsonl").rows
    assert len(drawn) == 3
    assert [row["id"] for row in shell("measures", "--draw", "3", "--format", "jsonl").rows] == [
        row["id"] for row in drawn
    ]
    (first, *_) = drawn
    towards = ("--sentiment", "positive", "--subject", "Acme")  # is no check of the text
    assert shell("correct", first["id"], *towards).status == 0
    again = shell("measures", "--draw", "3", "--format", "jsonl").rows
    assert {row["id"] for row in again} == {row["id"] for row in drawn}
    for row in drawn:
        assert shell("correct", row["id"], "--sentiment", "negative").status == 0
    assert shell("run", "--once").status == 0
    (band, *_) = [
        row
        for row in shell("measures", "--format", "jsonl").rows
        if row["measure"] == "negative_share" and "mentions of yours" in row["note"]
    ]
    assert "and mentions of yours (3)" in band["note"]


def test_the_loop_is_closed_at_the_shell(heard: Path, shell: Shell) -> None:
    assert shell("link", "drop:1", "CX-7").status == 0
    assert [row["issue"] for row in shell("issues", "--format", "jsonl").rows] == ["CX-7"]
    said = shell("fixed", "CX-7")
    assert "1 of 1 wait to hear that it is fixed" in said.err
    (draft,) = [line for line in said.out.splitlines() if "It is fixed now" in line]
    assert (draft[:2], draft[-15:]) == ("Hi", "please tell us.")  # whole, in no table
    assert shell("fixed", "CX-7", "--undo", "--told", "drop:1").status == 2
    assert "0 of 1 wait" in shell("fixed", "CX-7", "--told", "drop:1").err
    assert shell("export", "--kind", "issues").rows[0]["told_by"]
    assert shell("fixed", "CX-7", "--undo").status == 0
    assert shell("link", "drop:1", "CX-7", "--undo").status == 0
    assert "no mention is tied" in shell("issues").err


def test_what_is_drawn_is_drawn_among_all(heard: Path, shell: Shell) -> None:
    said = shell("measures", "--draw", "3", "--subject", "Acme")
    assert (said.status, "leave --subject out" in said.err) == (2, True)
