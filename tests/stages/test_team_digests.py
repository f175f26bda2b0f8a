"""A team's digest: what it can act on alone, made and sent once, beside the company's."""

from dataclasses import replace

import pytest

from listener.domain.digest import Outcome, verdict
from listener.domain.incident import Finding, Severity
from listener.domain.promise import Promise, Special
from listener.domain.week import Week
from listener.errors import NotifyError
from listener.stages.report import Edition, Reporting, build, make, make_due, send_next
from listener.store import digests, incidents
from listener.store.digests import MAIL, Reader
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    POSITIVE,
    a_mention,
    a_tombstone,
    an_answer,
)
from tests.fakes import FakeNotifier
from tests.stages.test_report import MONDAY, WEEK, reporting
from tests.stages.world import PROMISES, World

LAST = Week.parse("2026-W47")
SLACK = Reader("slack", "#logistics")


def logistics(*readers: Reader) -> Edition:
    return Edition(
        team="Logistics",
        topics=("Delivery", "packaging"),
        readers=readers or (Reader(MAIL, "logistics@example.com"),),
    )


def with_teams(world: World, *teams: Edition) -> Reporting:
    return replace(reporting(world), teams=teams or (logistics(),))


@pytest.fixture
def heard(world: World) -> World:
    """Of four mentions two are the team's: one it answered in time, and one of praise."""
    world.hear(
        a_mention(1, said_at=NOW - 13 * DAY, topics=("packaging",)),
        a_mention(2, topics=("delivery", "app")),
        a_mention(3, topics=("delivery", "packaging"), label=POSITIVE, author="kata"),
        a_mention(4, topics=("app",)),
        a_mention(5),
        now=NOW + MINUTE,
        answers=[an_answer(2, said_at=NOW + 30 * MINUTE)],
    )
    world.think(NOW + 2 * HOUR)
    return world


@pytest.fixture
def routed(world: World) -> World:
    """Where promises are routed by topic, as `[[topics]] team` has it."""
    social = next(p for c, p in PROMISES.items() if c.value == "social")
    theirs = Special(topics=frozenset({"delivery"}), promise=replace(social, team="Logistics"))
    world.promises = {
        c: replace(p, others=(theirs,)) if c.value == "social" else p for c, p in PROMISES.items()
    }
    world.restart()
    return world


def test_only_what_the_team_can_act_on_is_in_its_digest(heard: World) -> None:
    data = build(heard.store, with_teams(heard), LAST, MONDAY, edition=logistics())
    (theirs,) = data.subjects
    assert (theirs.now.mentions, theirs.now.negative, theirs.now.positive) == (2, 1, 1)
    assert {t.name: (t.mentions, t.mentions_before) for t in theirs.topics} == {
        "delivery": (2, 0),
        "packaging": (1, 1),
    }
    assert theirs.whole is not None
    assert theirs.whole.mentions == 4
    assert data.praise is not None
    assert (data.praise.mentions, data.praise.people) == (1, 1)
    assert [quote.author for quote in data.praise.quotes] == ["kata"]
    assert (data.sources, data.share_of_voice, data.aside) == ((), (), ())


def test_the_promises_are_those_that_were_routed_to_the_team(routed: World) -> None:
    routed.hear(
        a_mention(1, topics=("delivery",)),
        a_mention(2, topics=("app",)),
        now=NOW + MINUTE,
        answers=[an_answer(1, said_at=NOW + 30 * MINUTE)],
    )
    routed.think(NOW + 2 * HOUR)
    (line,) = build(routed.store, with_teams(routed), LAST, MONDAY, edition=logistics()).promises
    assert (line.due, line.kept, line.open) == (1, 1, 0)
    assert line.within == HOUR


def opened(world: World, key: str, team: str | None, topic: str | None, rule: str = "spike") -> int:
    found = Finding(
        key=key,
        rule=rule,
        subject_id=1,
        topic=topic,
        team=team,
        severity=Severity.HIGH,
        title=key,
        why="",
    )
    with world.store.write() as db:
        return incidents.open_incident(db, found, NOW)


def test_incidents_are_those_of_the_team_or_of_its_topics_with_their_end(heard: World) -> None:
    first = opened(heard, "told to it", "Logistics", None)
    opened(heard, "of its topic", None, "delivery", "creeping")
    opened(heard, "of others", "Desk", "app")
    opened(heard, "its promise", "Logistics", None, "response")
    with heard.store.write() as db:
        incidents.resolve(db, first, NOW + HOUR)
    data = build(heard.store, with_teams(heard), LAST, MONDAY, edition=logistics())
    assert {line.title: line.resolved_at for line in data.spikes} == {
        "told to it": NOW + HOUR,
        "of its topic": None,
    }


def test_a_team_with_nothing_hears_that_nothing_happened(world: World) -> None:
    world.hear(a_mention(1, said_at=NOW - 20 * DAY), a_mention(2), now=NOW - 20 * DAY)
    world.think(NOW)
    found = verdict(build(world.store, with_teams(world), LAST, MONDAY, edition=logistics()))
    assert found is not None
    assert found.outcome in {Outcome.NOTHING, Outcome.UNHEARD}


def test_each_kind_is_sent_once_to_each_reader_with_an_id_of_its_own(heard: World) -> None:
    both = with_teams(heard, logistics(Reader(MAIL, "cx@example.com"), SLACK))
    ways = {MAIL: FakeNotifier(), "slack": FakeNotifier()}
    for now in (MONDAY, MONDAY + HOUR):
        make_due(heard.store, both, now)
        while send_next(heard.store, ways, now):
            pass
    mailed, posted = ways[MAIL].digests, ways["slack"].digests
    assert [one.recipient for one in mailed] == ["cx@example.com", "cx@example.com"]
    assert [one.recipient for one in posted] == ["#logistics"]
    assert len({one.id for one in mailed + posted}) == 3
    assert ["Logistics" in one.subject for one in mailed] == [False, True]
    assert make(heard.store, both, LAST, MONDAY + DAY, both.teams[0]) == 0


def test_a_team_that_is_added_later_changes_nothing_of_the_company(heard: World) -> None:
    make_due(heard.store, reporting(heard), MONDAY)
    assert make_due(heard.store, with_teams(heard), MONDAY + WEEK) == 2
    kinds = heard.rows("SELECT week, kind FROM digest ORDER BY week, kind")
    assert [(r["week"], r["kind"]) for r in kinds] == [
        ("2026-W47", "company"),
        ("2026-W48", "company"),
        ("2026-W48", "team:Logistics"),
    ]


def test_what_one_way_out_refuses_keeps_no_other_waiting(heard: World) -> None:
    make_due(heard.store, with_teams(heard, logistics(SLACK)), MONDAY)
    ways = {MAIL: FakeNotifier(troubles=[NotifyError("later")]), "slack": FakeNotifier()}
    while send_next(heard.store, ways, MONDAY):
        pass
    assert [len(one.digests) for one in ways.values()] == [0, 1]


def test_without_its_way_out_a_digest_waits(heard: World) -> None:
    make_due(heard.store, with_teams(heard, logistics(SLACK)), MONDAY)
    mail = {MAIL: FakeNotifier()}
    while send_next(heard.store, mail, MONDAY):
        pass
    with heard.store.read() as db:
        assert digests.next_try(db, [MAIL]) is None
        assert digests.next_try(db, ["slack"]) == MONDAY


def test_who_reads_it_later_gets_the_figures_that_were_sent(heard: World) -> None:
    make(heard.store, with_teams(heard), LAST, MONDAY, logistics())
    heard.hear(a_mention(9, topics=("delivery",)), now=MONDAY)
    heard.think(MONDAY)
    make(heard.store, with_teams(heard), LAST, MONDAY + HOUR, logistics(SLACK))
    assert len(heard.rows("SELECT DISTINCT data FROM digest")) == 1


def test_addresses_that_differ_in_a_sign_have_ids_of_their_own(heard: World) -> None:
    two = [Reader(MAIL, "a.b@example.com"), Reader(MAIL, "a+b@example.com")]
    make_due(heard.store, with_teams(heard, logistics(*two)), MONDAY)
    ids = [r["message_id"] for r in heard.rows("SELECT message_id FROM digest")]
    assert len({"".join(filter(str.isalnum, one)) for one in ids}) == 3


def test_praise_that_is_gone_at_its_source_is_quoted_no_more(heard: World) -> None:
    make_due(heard.store, with_teams(heard), MONDAY)
    heard.hear(now=MONDAY, gone=[a_tombstone(3)])
    kept = heard.rows("SELECT data FROM digest WHERE kind = 'team:Logistics'")
    assert '"x:3"' not in kept[0]["data"]
    assert '"praise": {"mentions": 1' in kept[0]["data"]


def test_a_promise_without_a_span_is_that_of_its_channel(routed: World) -> None:
    """Clocks that were started before the span was kept."""
    routed.hear(a_mention(1, topics=("delivery",)), now=NOW + MINUTE)
    routed.think(NOW + MINUTE)
    with routed.store.write() as db:
        db.execute("UPDATE clock SET within_s = NULL")
    here = replace(with_teams(routed), promises={"social": Promise(within=3 * HOUR)})
    (line,) = build(routed.store, here, LAST, MONDAY, edition=logistics()).promises
    assert line.within == 3 * HOUR
