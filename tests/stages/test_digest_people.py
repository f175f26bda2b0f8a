"""Whom to thank and whom to win back, what came too late, and what was spent, in a digest."""

from dataclasses import replace

import pytest

from listener.domain.actions import Standing
from listener.domain.digest import LateRow, Theme
from listener.domain.week import Week
from listener.stages.report import build, make, make_due
from listener.store import spending
from listener.texts.actions import pack
from tests.builders import DAY, HOUR, MINUTE, NOW, POSITIVE, a_mention, a_tombstone, an_answer
from tests.stages.test_report import MONDAY, WEEK, reporting
from tests.stages.world import World

LAST, NEXT = Week.parse("2026-W47"), Week.parse("2026-W48")


@pytest.fixture
def heard(world: World) -> World:
    """Wanda praises twice, Peter blames twice and is answered, Jo does as much of either."""
    world.hear(
        a_mention(1, author="wanda", label=POSITIVE, followers=12_000),
        a_mention(2, author="wanda", label=POSITIVE),
        a_mention(3, author="peter"),
        a_mention(4, author="peter"),
        a_mention(5, author="jo"),
        a_mention(6, author="jo", label=POSITIVE),
        a_mention(7, author="early", label=POSITIVE, said_at=NOW - 8 * DAY),
        now=NOW + MINUTE,
        answers=[an_answer(3, said_at=NOW + 30 * MINUTE)],
    )
    world.think(NOW + HOUR)
    return world


def test_promoters_and_critics_of_the_period_are_named_with_what_to_do(heard: World) -> None:
    here = replace(reporting(heard), pack=pack("en"))
    promoter, critic = build(heard.store, here, LAST, MONDAY).people
    assert (promoter.standing, promoter.quotes[0].author) == (Standing.PROMOTER, "wanda")
    assert (promoter.mentions, promoter.positive, promoter.reach) == (2, 2, 12_000)
    assert promoter.action.startswith("Thank them by name")
    assert (critic.standing, critic.quotes[0].author) == (Standing.CRITIC, "peter")
    assert (critic.negative, critic.answered) == (2, True)


def test_who_is_gone_is_in_no_kept_digest(heard: World) -> None:
    make_due(heard.store, reporting(heard), MONDAY)
    heard.hear(now=MONDAY, gone=[a_tombstone(n) for n in (1, 2)])
    kept = heard.rows("SELECT data FROM digest")[0]["data"]
    assert "wanda" not in kept
    assert "peter" in kept


def test_late_arrivals_are_told_by_source_with_what_tells_most(heard: World) -> None:
    make_due(heard.store, reporting(heard), MONDAY)
    heard.hear(
        a_mention(11, said_at=NOW, label=POSITIVE),
        a_mention(12, said_at=NOW),
        a_mention(13, said_at=NOW - 40 * DAY),  # history is not late
        now=MONDAY + HOUR,
    )
    heard.think(MONDAY + HOUR)
    late = build(heard.store, reporting(heard), NEXT, MONDAY + WEEK).late
    assert late is not None
    assert late.sources == (LateRow(source="x", mentions=2, negative=1),)
    assert [quote.name for quote in late.quotes] == ["x:12", "x:11"]


def test_what_was_spent_since_the_digest_before_is_told_across_months(heard: World) -> None:
    with heard.store.write() as db:
        spending.book(db, "x", 30.0, NOW)
    make(heard.store, reporting(heard), LAST, MONDAY)
    assert build(heard.store, reporting(heard), LAST, MONDAY).spent_usd is None
    later = MONDAY + WEEK  # the last day of November
    with heard.store.write() as db:
        spending.book(db, "x", 4.0, MONDAY + HOUR)
        spending.book(db, "x", 2.5, later + DAY)
    assert build(heard.store, reporting(heard), NEXT, later + DAY).spent_usd == pytest.approx(6.5)


def test_of_two_topics_a_mention_is_quoted_once(world: World) -> None:
    world.hear(
        a_mention(1, topics=("delivery", "app")),
        a_mention(2, topics=("delivery", "app")),
        *(a_mention(n, topics=("delivery",)) for n in (3, 4)),
        now=NOW,
    )
    world.think(NOW)
    topics = build(world.store, reporting(world), LAST, MONDAY).subjects[0].topics
    names = [quote.name for topic in topics for quote in topic.quotes]
    assert len(names) == len(set(names))
    assert [shown(topic) for topic in topics] == [("delivery", 4), ("app", 2)]


def shown(topic: Theme) -> tuple[str, int]:
    return topic.name, topic.negative
