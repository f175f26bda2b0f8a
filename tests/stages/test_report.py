"""Stage six: a digest is made once for each week and recipient, and mailed once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from listener.domain.events import KnownEvent
from listener.domain.promise import Promise
from listener.domain.week import Schedule, Week
from listener.errors import NotifyError
from listener.stages.report import Reporting, build, make, make_due, send_next, sent_or_built
from listener.store import asides, digests, labels, sources
from listener.store.digests import MAIL, Reader
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    NEUTRAL,
    NOW,
    POSITIVE,
    a_label,
    a_mention,
    a_review,
    an_answer,
)
from tests.fakes import FakeNotifier
from tests.stages.world import World

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)  # NOW is the Sunday before
WEEK = 7 * DAY


def reporting(world: World, *recipients: str) -> Reporting:
    return Reporting(
        subjects=world.subjects,
        promises={channel.value: promise for channel, promise in world.promises.items()},
        schedule=Schedule(),
        zone=ZoneInfo("UTC"),
        language="en",
        readers=tuple(Reader(MAIL, to) for to in recipients or ("cx@example.com",)),
    )


def sent(world: World, now: datetime, mailer: FakeNotifier | None = None) -> list[tuple[str, str]]:
    made = mailer or FakeNotifier()
    while send_next(world.store, {MAIL: made}, now):
        pass
    return [(digest.week, digest.recipient) for digest in made.digests]


def test_a_digest_is_made_and_sent_once_for_each_recipient(heard: World) -> None:
    two = reporting(heard, "a@example.com", "b@example.com")
    assert make_due(heard.store, two, MONDAY) == 2
    assert make_due(heard.store, two, MONDAY) == 0
    assert sent(heard, MONDAY) == [("2026-W47", "a@example.com"), ("2026-W47", "b@example.com")]
    heard.restart()
    assert make_due(heard.store, two, MONDAY + DAY) == 0
    assert sent(heard, MONDAY + DAY) == []


def test_a_digest_that_is_asked_for_again_is_not_sent_again(heard: World) -> None:
    week = Week.parse("2026-W47")
    assert make(heard.store, reporting(heard), week, MONDAY) == 1
    assert len(sent(heard, MONDAY)) == 1
    assert make(heard.store, reporting(heard), week, MONDAY + DAY) == 0
    assert sent(heard, MONDAY + DAY) == []
    later = reporting(heard, "cx@example.com", "new@example.com")
    assert make(heard.store, later, week, MONDAY + DAY) == 1
    assert sent(heard, MONDAY + DAY) == [("2026-W47", "new@example.com")]


def test_nothing_is_due_before_its_time(heard: World) -> None:
    assert make_due(heard.store, reporting(heard), MONDAY - MINUTE) == 0
    assert make_due(heard.store, reporting(heard), MONDAY) == 1


def test_before_anything_was_said_there_is_no_digest(world: World) -> None:
    assert make_due(world.store, reporting(world), MONDAY) == 0
    world.hear(a_mention(said_at=MONDAY + HOUR), now=MONDAY + HOUR)
    world.think(MONDAY + HOUR)
    assert make_due(world.store, reporting(world), MONDAY + 2 * HOUR) == 0
    assert make_due(world.store, reporting(world), MONDAY + WEEK) == 1


def test_with_nobody_to_write_to_none_is_made(heard: World) -> None:
    assert make_due(heard.store, replace(reporting(heard), readers=()), MONDAY) == 0


def test_after_a_downtime_the_last_ones_are_mailed_and_older_ones_linked(heard: World) -> None:
    make_due(heard.store, reporting(heard), MONDAY)
    sent(heard, MONDAY)
    late = MONDAY + 5 * WEEK + 3 * DAY
    make_due(heard.store, reporting(heard), late)
    mailed = [week for week, _ in sent(heard, late)]
    assert mailed[-1] == "2026-W52"
    assert 1 <= len(mailed) <= 2
    found = heard.rows("SELECT week, state FROM digest ORDER BY week")
    assert [r["week"] for r in found] == [f"2026-W{n}" for n in range(47, 53)]
    assert [r["state"] for r in found].count("linked") == 5 - len(mailed)


def test_a_crash_while_missed_ones_are_made_forgets_none_of_their_links(heard: World) -> None:
    make_due(heard.store, reporting(heard), MONDAY)
    late = MONDAY + 5 * WEEK + 3 * DAY
    missed = (Week(2026, 48), Week(2026, 49), Week(2026, 50))
    with heard.store.write() as db:  # as far as it came
        for week in missed[:2]:
            data = build(heard.store, reporting(heard), week, late, missed=missed)
            digests.add(db, data, reporting(heard).readers, "linked", late)
    heard.restart()
    make_due(heard.store, reporting(heard), late + HOUR)
    with heard.store.read() as db:
        newest = digests.data_of(db, Week(2026, 52))
    assert newest is not None
    assert newest.missed == missed
    make_due(heard.store, reporting(heard), late + WEEK)
    with heard.store.read() as db:
        after = digests.data_of(db, Week(2026, 53))
    assert after is not None
    assert after.missed == ()


def test_a_retry_keeps_the_message_id(heard: World) -> None:
    make_due(heard.store, reporting(heard), MONDAY)
    mailer = FakeNotifier(troubles=[NotifyError("try later")])
    assert sent(heard, MONDAY, mailer) == []
    (row,) = heard.rows("SELECT state, error, message_id FROM digest")
    assert (row["state"], row["error"]) == ("waiting", "try later")
    assert not send_next(heard.store, {MAIL: mailer}, MONDAY + timedelta(seconds=1))
    assert sent(heard, MONDAY + HOUR, mailer) == [("2026-W47", "cx@example.com")]
    assert mailer.digests[0].id == row["message_id"]
    assert heard.rows("SELECT state, error FROM digest") == [{"state": "sent", "error": None}]


def test_a_crash_while_sending_sends_the_same_again(heard: World) -> None:
    make_due(heard.store, reporting(heard), MONDAY)
    with heard.store.write() as db:
        kept = digests.next_to_send(db, [MAIL], MONDAY)
        assert kept is not None
        digests.sending(db, kept.id)
    heard.restart()
    mailer = FakeNotifier()
    sent(heard, MONDAY, mailer)
    assert [digest.id for digest in mailer.digests] == [kept.message_id]


def test_a_refusal_for_good_is_kept_and_stops_no_other(heard: World) -> None:
    make_due(heard.store, reporting(heard, "gone@example.com", "b@example.com"), MONDAY)
    mailer = FakeNotifier(troubles=[NotifyError("nobody of that name", permanent=True)])
    assert sent(heard, MONDAY, mailer) == [("2026-W47", "b@example.com")]
    found = heard.rows("SELECT recipient, state, error FROM digest ORDER BY id")
    assert found[0]["state"] == "failed"
    assert found[0]["error"] == "nobody of that name"


def test_what_was_sent_is_shown_as_it_was_sent(heard: World) -> None:
    week = Week.parse("2026-W47")
    make(heard.store, reporting(heard), week, MONDAY)
    heard.hear(a_mention(3, label=NEUTRAL), now=MONDAY + HOUR)
    heard.think(MONDAY + HOUR)
    shown = sent_or_built(heard.store, reporting(heard), week, MONDAY + DAY, exact=True)
    assert shown.subjects[0].now.mentions == 2
    anew = build(heard.store, reporting(heard), week, MONDAY + DAY)
    assert anew.subjects[0].now.mentions == 3


def test_a_quiet_week_gives_way_to_the_last_in_which_something_was_said(heard: World) -> None:
    later = Week.parse("2026-W50")
    asked = sent_or_built(heard.store, reporting(heard), later, MONDAY + 4 * WEEK, exact=True)
    given = sent_or_built(heard.store, reporting(heard), later, MONDAY + 4 * WEEK, exact=False)
    assert (str(asked.week), str(given.week)) == ("2026-W50", "2026-W47")


def test_the_figures_are_those_of_the_rows(world: World) -> None:
    world.hear(
        a_mention(1, said_at=NOW - 13 * DAY),
        a_mention(2),
        a_mention(3, label=POSITIVE),
        a_mention(4, text="Boreal", label=NEUTRAL),
        now=NOW + MINUTE,
        answers=[an_answer(2, said_at=NOW + 30 * MINUTE)],
    )
    world.think(NOW + 2 * HOUR)
    data = build(world.store, reporting(world), Week.parse("2026-W47"), MONDAY)
    acme, boreal = data.subjects
    assert (acme.now.mentions, acme.now.negative, acme.now.positive) == (2, 1, 1)
    assert acme.before is not None
    assert acme.before.mentions == 1
    assert boreal.now.neutral == 1
    (promise,) = data.promises
    assert (promise.kept, promise.late, promise.open) == (1, 0, 0)
    assert promise.median_first_response_s == 1800
    assert promise.late_before == 1  # first seen two weeks later


def test_a_mention_with_two_labels_is_counted_once_in_its_topic(world: World) -> None:
    world.hear(a_mention(topics=("delivery",)), now=NOW)
    world.think(NOW)
    with world.store.write() as db:
        labels.add(db, [a_label(1, by="jo", topics=("delivery", "refund"), made_at=NOW + HOUR)])
    data = build(world.store, reporting(world), Week.parse("2026-W47"), MONDAY)
    topics = {theme.name: theme.mentions for theme in data.subjects[0].topics}
    assert topics == {"delivery": 1, "refund": 1}


def test_a_gap_is_told_in_the_digest(heard: World) -> None:
    ran(heard, MONDAY - 30 * DAY)
    with heard.store.write() as db:
        sources.open_gap(db, "x", "social", NOW - DAY)
    data = build(heard.store, reporting(heard), Week.parse("2026-W47"), MONDAY)
    assert [(gap.source, gap.start) for gap in data.coverage] == [("x", NOW - DAY)]


def test_what_is_kept_aside_is_told_and_is_in_no_figure(heard: World) -> None:
    week = Week.parse("2026-W47")
    heard.hear(a_mention(3), now=NOW + MINUTE)
    heard.think(NOW + MINUTE)
    before = build(heard.store, reporting(heard), week, MONDAY)
    assert before.aside == ()
    with heard.store.write() as db:
        asides.put_aside(db, [(1, 1, "relevance"), (2, 1, "spam:links")])
    heard.think(MONDAY)
    data = build(heard.store, reporting(heard), week, MONDAY)
    assert [(row.subject, row.mentions) for row in data.aside] == [("Acme", 2)]
    assert data.subjects[0].now.mentions == before.subjects[0].now.mentions - 2
    assert sum(p.due for p in data.promises) == sum(p.due for p in before.promises) - 1


def test_what_arrived_after_the_last_digest_is_told_in_the_next(heard: World) -> None:
    make_due(heard.store, reporting(heard), MONDAY)
    heard.hear(a_mention(9, said_at=NOW), now=MONDAY + HOUR)
    heard.think(MONDAY + HOUR)
    data = build(heard.store, reporting(heard), Week.parse("2026-W48"), MONDAY + WEEK)
    assert data.late_arrivals == 1


def test_a_promise_of_the_settings_is_in_the_digest(heard: World) -> None:
    only = replace(reporting(heard), promises={"review": Promise(within=7 * DAY)})
    assert build(heard.store, only, Week.parse("2026-W47"), MONDAY).promises == ()


def ran(world: World, at: datetime) -> None:
    with world.store.write() as db:
        sources.add_run(db, "x", at, at, {}, None)


def test_time_before_the_first_reading_was_not_measured(world: World) -> None:
    ran(world, NOW)
    world.hear(a_mention(said_at=NOW + HOUR), now=NOW + HOUR)
    world.think(NOW + HOUR)
    data = build(world.store, reporting(world), Week.parse("2026-W47"), MONDAY)
    assert [(g.source, g.start, g.end) for g in data.coverage] == [("listener", data.start, NOW)]
    assert [day.measured for day in data.subjects[0].days][:-1] == [0.0] * 13
    assert 0 < data.subjects[0].days[-1].measured < 1


def test_imported_history_was_measured_from_its_first_word_to_its_last(world: World) -> None:
    ran(world, NOW)
    said = [NOW - 4 * DAY, NOW - 3 * DAY]
    world.hear(*[a_mention(n, said_at=at) for n, at in enumerate(said)], now=NOW)
    world.think(NOW)
    data = build(world.store, reporting(world), Week.parse("2026-W47"), MONDAY)
    assert [(g.start, g.end) for g in data.coverage] == [
        (data.start, said[0]),
        (said[1], NOW),
    ]


def test_where_nothing_was_ever_read_all_of_the_period_is_a_gap(world: World) -> None:
    data = build(world.store, reporting(world), Week.parse("2026-W47"), MONDAY)
    assert [(g.source, g.start) for g in data.coverage] == [("listener", data.start)]
    assert all(day.measured == 0 for day in data.subjects[0].days)


def test_a_day_of_25_hours_is_measured_whole(world: World) -> None:
    begin = datetime(2026, 10, 1, tzinfo=UTC)
    ran(world, begin)
    world.hear(a_mention(said_at=begin), now=begin)
    world.think(begin)
    with world.store.write() as db:  # noon of 25 October to midnight, of 25 hours
        sources.lose(db, "x", "social", datetime(2026, 10, 25, 11, tzinfo=UTC))
        sources.close_gap(db, "x", datetime(2026, 10, 25, 23, tzinfo=UTC))
    here = replace(reporting(world), zone=ZoneInfo("Europe/Berlin"))
    data = build(world.store, here, Week.parse("2026-W44"), MONDAY)
    (day,) = [d for d in data.subjects[0].days if d.date == date(2026, 10, 25)]
    assert day.measured == pytest.approx(13 / 25)


def test_a_rating_that_changes_after_its_answer_is_a_recovery(world: World) -> None:
    reviews = [a_review(n, stars, source="x") for n, stars in ((1, 1), (2, 2), (3, 1), (4, 5))]
    world.hear(*reviews, now=NOW, answers=[an_answer(1), an_answer(2), an_answer(4)])
    better = [a_review(1, 4, source="x"), a_review(2, 1, source="x"), a_review(3, 5, source="x")]
    world.hear(*better, now=NOW + 10 * MINUTE + HOUR)  # the third was never answered
    world.hear(a_review(1, 5, source="x"), now=NOW + 10 * MINUTE + 3 * HOUR)
    world.think(NOW + DAY)
    (line,) = build(world.store, reporting(world), Week.parse("2026-W47"), MONDAY).recoveries
    assert (line.subject, line.up, line.down) == ("Acme", 2, 1)
    assert line.before == pytest.approx(7 / 3)
    assert line.after == pytest.approx(10 / 3)
    assert line.median_s == 3600


def test_a_rating_that_changed_before_its_answer_is_none(world: World) -> None:
    world.hear(a_review(1, 1, source="x"), now=NOW)
    world.hear(a_review(1, 4, source="x"), now=NOW + MINUTE)
    world.hear(now=NOW + HOUR, answers=[an_answer(1)])
    world.think(NOW + DAY)
    assert build(world.store, reporting(world), Week.parse("2026-W47"), MONDAY).recoveries == ()


def test_a_rating_edited_before_its_answer_is_none_whenever_both_were_seen(world: World) -> None:
    world.hear(a_review(1, 1, source="x"), now=NOW)
    edited = a_review(1, 4, source="x", edited_at=NOW + 5 * MINUTE)
    world.hear(edited, now=NOW + HOUR, answers=[an_answer(1)])  # ten minutes after NOW
    world.think(NOW + DAY)
    assert build(world.store, reporting(world), Week.parse("2026-W47"), MONDAY).recoveries == ()


def test_a_rating_that_changes_after_an_automatic_answer_is_none(world: World) -> None:
    world.hear(a_review(1, 1, source="x"), now=NOW, answers=[an_answer(1, automatic=True)])
    world.hear(a_review(1, 4, source="x"), now=NOW + HOUR)
    world.think(NOW + DAY)
    assert build(world.store, reporting(world), Week.parse("2026-W47"), MONDAY).recoveries == ()


def test_the_days_of_known_events_are_named(world: World) -> None:
    ran(world, MONDAY - 21 * DAY)
    sale = KnownEvent(
        name="Winter sale",
        since=datetime(2026, 11, 18, 12, tzinfo=UTC),
        until=datetime(2026, 11, 19, 12, tzinfo=UTC),
        subjects=("Acme",),
    )
    here = replace(reporting(world), events=(sale,))
    days = build(world.store, here, Week.parse("2026-W47"), MONDAY).subjects[0].days
    assert {day.date.day: day.events for day in days if day.events} == {
        18: ("Winter sale",),
        19: ("Winter sale",),
    }
