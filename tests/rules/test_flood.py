"""Floods of copies: many accounts, few texts, and more of it than the brand is used to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from listener.domain.incident import Severity
from listener.rules.flood import FloodRule, FloodScene
from tests.builders import DAY, HOUR, MINUTE, NOW


@dataclass(frozen=True)
class Copy:
    id: int
    head: int
    author_id: int | None
    first_seen: datetime | None = None
    followers: int | None = None
    source: str = "x"
    said_at: datetime = NOW
    negative: bool = False


def copies(count: int, texts: int = 3, **more: Any) -> tuple[Copy, ...]:
    """By an account each; the first `texts` of them are the firsts."""
    return tuple(Copy(n, 1 + (n - 1) % texts, 1000 + n, **more) for n in range(1, count + 1))


def scene(said: tuple[Copy, ...], **more: Any) -> FloodScene:
    return FloodScene(subject_id=1, subject="Acme", now=NOW, copies=said, **more)


def test_four_hundred_copies_of_three_texts_are_a_flood() -> None:
    (finding,) = FloodRule()(scene(copies(400), names={1: "x:1"}))
    assert finding.title == "Acme: 400 copies of 3 texts by 400 accounts in 1 h"
    assert finding.key == "flood:Acme"
    assert finding.severity is Severity.WATCH
    assert finding.mentions == (1, 2, 3)
    assert finding.evidence["texts"][0] == {"first": "x:1", "mentions": 134, "authors": 134}


def test_less_than_fifty_are_none() -> None:
    assert FloodRule()(scene(copies(49))) == []
    assert len(FloodRule()(scene(copies(50)))) == 1
    assert len(FloodRule(at_least=30)(scene(copies(30)))) == 1


def test_many_texts_copied_a_little_are_none() -> None:
    assert FloodRule()(scene(copies(400, texts=100))) == []


def test_only_the_largest_clusters_count() -> None:
    said = copies(100, texts=20)
    assert FloodRule()(scene(said)) != []
    assert FloodRule(clusters=5)(scene(said)) == []


def test_a_few_accounts_are_loud_but_no_flood() -> None:
    said = tuple(Copy(n, 1, 1 + n % 19) for n in range(1, 200))
    assert FloodRule()(scene(said)) == []


def test_what_the_brand_is_used_to_is_none() -> None:
    assert FloodRule()(scene(copies(100), usual_most=60)) == []
    assert len(FloodRule()(scene(copies(120), usual_most=60))) == 1


def test_a_negative_flood_is_grave() -> None:
    (finding,) = FloodRule()(scene(copies(60, negative=True)))
    assert finding.severity is Severity.HIGH
    assert "60 of them are negative" in finding.why


def test_it_says_how_new_the_accounts_are_and_where_it_was_said_first() -> None:
    old = copies(10, texts=1, first_seen=NOW - 90 * DAY)
    new = tuple(
        Copy(n, 1, n, first_seen=NOW - MINUTE, source="reddit", said_at=NOW - MINUTE)
        for n in range(11, 71)
    )
    (finding,) = FloodRule()(scene(old + new, begun={1: NOW - 3 * HOUR}))
    assert "60 of 70 accounts were first seen in the last day" in finding.why
    assert "On reddit, x." in finding.why
    assert finding.evidence["first_said_at"] == "2026-11-22T09:00:00Z"
    assert finding.evidence["sources"] == {"x": 10, "reddit": 60}


def test_the_one_that_reaches_most_is_shown_after_the_first() -> None:
    said = [*copies(60, texts=1)]
    said[30] = Copy(31, 1, 1031, followers=1_000_000)
    (finding,) = FloodRule()(scene(tuple(said)))
    assert finding.mentions == (1, 31)


def test_another_time_is_said_as_it_is() -> None:
    (finding,) = FloodRule(within=timedelta(minutes=30))(scene(copies(60)))
    assert finding.title.endswith("in 30 min")
    assert finding.evidence["window_minutes"] == 30
