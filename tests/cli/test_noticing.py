"""explain and mark at the shell: what they say, and what they refuse."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.builders import DAY, HOUR, MINUTE, a_mention
from tests.cli.conftest import Shell
from tests.stages.crowds import a_crowd, ordinary
from tests.stages.world import World

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)  # noqa: TID251  # the shell's
CRISIS = NOW - 2 * DAY
EVENT = """
[[events]]
name = "Sale"
dates = "{day}"
"""


@pytest.fixture
def noticed(configured: Path) -> Path:
    """The shell's folder, with a database in which a crisis was noticed two days ago."""
    with (configured / "config.toml").open("a", encoding="utf-8") as file:
        file.write(EVENT.format(day=CRISIS.date()))
    world = World(configured / "made")
    for one in ordinary(NOW - 18 * DAY, NOW):
        world.hear(one, now=one.said_at + MINUTE)
    world.measure(NOW)
    crowd = a_crowd(CRISIS, followers=10)
    crowd[3] = a_mention(
        source_id="loud", said_at=CRISIS + 3 * MINUTE, author="star", followers=90_000,
        text="Acme, look what it did to my \x1b[31msuitcase",
    )  # fmt: skip
    now = CRISIS
    while now < CRISIS + 4 * HOUR:
        world.hear(*[m for m in crowd if now - 2 * MINUTE < m.said_at <= now], now=now)
        world.think(now)
        now += 2 * MINUTE
    world.tell(now)
    world.store.close()
    (configured / "made" / "listener.db").replace(configured / "listener.db")
    return configured


def number(shell: Shell, rule: str = "spike") -> int:
    rows = shell("incidents", "--all", "--format", "jsonl").rows
    return int(next(row["id"] for row in rows if row["rule"] == rule))


def test_a_spike_is_explained_in_words(noticed: Path, shell: Shell) -> None:
    out = shell("explain", number(shell)).out
    for said in (
        "high, spike", "-> ", "window", "counted", "expected", "times as many were counted",
        "usually", "By chance", "authors", "Negatives an hour", "opened", "first: ",
        "reached most: star, x:loud, 90,000 followers", "Life", "Told",
        "slack: a spike began",
    ):  # fmt: skip
        assert said in out, said
    assert "\x1b" not in out


def test_a_promise_is_explained_too(noticed: Path, shell: Shell) -> None:
    out = shell("explain", number(shell, "response")).out
    assert "promised        1 h" in out
    assert "Negatives an hour" not in out


def test_explained_for_programs_it_has_the_hours_too(noticed: Path, shell: Shell) -> None:
    (row,) = shell("explain", number(shell), "--format", "jsonl").rows
    assert row["quotes"][0]["role"] == "first"
    assert sum(hour["count"] for hour in row["hours"]) >= 25
    assert any("opened" in hour["mark"] for hour in row["hours"])
    opened = next(hour for hour in row["hours"] if "opened" in hour["mark"])
    assert opened["count"] > opened["upto"] > opened["expected"] > 0


def test_a_mark_is_shown_and_taken_back(noticed: Path, shell: Shell) -> None:
    incident = number(shell)
    said = shell("mark", incident, "real", "--note", "the strike")
    assert said.err == f"incident {incident} is marked as real.\n"
    assert "marked as real by" in shell("explain", incident).out
    assert "the strike" in shell("explain", incident).out
    assert shell("mark", incident, "--undo").err == f"incident {incident} is no longer marked.\n"
    assert "marked as real" not in shell("explain", incident).out


def test_a_day_is_marked_whether_anything_alerted_or_not(noticed: Path, shell: Shell) -> None:
    day = (NOW - 5 * DAY).date().isoformat()
    said = shell("mark", "--day", day, "--subject", "Acme", "real")
    assert said.err == f"{day} of Acme is marked as real.\n"
    undone = shell("mark", "--day", day, "--subject", "Acme", "--undo")
    assert undone.err == f"{day} of Acme is no longer marked.\n"
    again = shell("mark", "--day", day, "--subject", "Acme", "--undo")
    assert again.status == 2


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("1",), "say real or false"),
        (("1", "real", "--undo"), "say real or false"),
        (("--day", "2026-11-03", "--undo"), "name an incident, or a day"),
        (("1", "real", "--day", "2026-11-03", "--subject", "Acme"), "name an incident, or a day"),
        (("1", "maybe"), "'maybe' is neither an incident's number, real nor false"),
        (("1", "2", "real"), "name one incident"),
        (("real", "false"), "name one incident, and one of real and false"),
        (("1", "--undo"), "incident 1 is not marked"),
    ],
)
def test_a_mark_that_is_unclear_is_refused(
    noticed: Path,
    shell: Shell,
    args: tuple[str, ...],
    said: str,
) -> None:
    answer = shell("mark", *args)
    assert answer.status == 2
    assert said in answer.err
