"""Stage five: intent, sending, landing; in order, each once, and nobody's words who is gone."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from listener import inbox
from listener.clock import WallClock
from listener.domain.incident import Event
from listener.domain.manners import Reason
from listener.errors import NotifyError
from listener.notifiers.base import Receipt, Sending
from listener.notifiers.slack import Slack
from listener.stages.notify import notify, recover
from listener.store import incidents, notices, outbox, overview
from listener.store.incidents import Outlets
from tests.builders import DAY, HOUR, MINUTE, NOW, SECOND, a_finding, a_mention, a_tombstone
from tests.fakes import FakeNotifier
from tests.notifiers.build import a_spike
from tests.servers.faults import Kind
from tests.servers.slack import SlackServer
from tests.stages.conftest import AT, SEEN
from tests.stages.world import World


def states(world: World) -> list[tuple[str, int, str | None]]:
    found = world.rows("SELECT state, attempts, error FROM outbox ORDER BY id")
    return [(r["state"], r["attempts"], r["error"]) for r in found]


def open_one(world: World, number: int) -> None:
    with world.store.write() as db:
        finding = a_finding(key=f"spike:{number}", title=f"number {number}")
        incident_id = incidents.open_incident(db, finding, AT)
        incidents.tell(
            db,
            finding,
            event=Event.SPIKE_OPENED,
            incident_id=incident_id,
            outlets=Outlets(["slack", "email"]),
            now=AT,
        )


def test_a_notice_is_sent_once(waiting: World) -> None:
    told = waiting.tell(AT)
    assert told.events() == [Event.RESPONSE_DUE_SOON]
    assert states(waiting) == [("sent", 1, None)]
    assert waiting.tell(AT).taken == []
    waiting.restart()
    assert waiting.tell(AT).taken == []


def test_the_first_message_of_an_incident_is_the_one_that_is_edited(waiting: World) -> None:
    told = waiting.tell(AT)
    waiting.think(NOW + 49 * MINUTE)
    waiting.tell(NOW + 49 * MINUTE, told)
    first, second = told.attempts
    assert first.root is None
    assert second.root is not None
    assert second.root.ref == first.notice.id


def test_what_was_never_sent_is_sent_after_a_crash(waiting: World) -> None:
    waiting.restart()
    assert recover(waiting.store, AT) == 0
    assert waiting.tell(AT).events() == [Event.RESPONSE_DUE_SOON]


@pytest.mark.parametrize("taken", [True, False])
def test_what_was_on_its_way_in_a_crash_is_looked_up_first(waiting: World, taken: bool) -> None:
    slack = FakeNotifier()
    with waiting.store.write() as db:
        out = outbox.next_out(db, "slack", AT)
        assert out is not None
        outbox.intend(db, out.id)
    if taken:  # Slack has it, and then the power went
        notify_as_before_the_crash(slack, out.notice_id)
    waiting.restart()
    assert recover(waiting.store, AT) == 1
    assert waiting.tell(AT + SECOND, slack).attempts == []  # it may still be in flight
    waiting.tell(AT + MINUTE, slack)
    assert slack.looked_up == [out.notice_id]
    assert [one.id for one in slack.taken].count(out.notice_id) == 1
    assert states(waiting) == [("sent", 2, None)]


def notify_as_before_the_crash(slack: FakeNotifier, notice_id: str) -> None:

    slack.taken.append(a_spike(id=notice_id))


def test_an_unclear_end_is_looked_up_and_not_sent_again(waiting: World) -> None:
    slack = FakeNotifier(troubles=[NotifyError("no answer", unclear=True)], taken_anyway=True)
    assert notify(waiting.store, "slack", slack, AT)
    assert states(waiting) == [("waiting", 1, "no answer")]
    assert not notify(waiting.store, "slack", slack, AT + 11 * SECOND)
    assert notify(waiting.store, "slack", slack, AT + 13 * SECOND)
    assert len(slack.taken) == 1
    assert len(slack.looked_up) == 1
    assert states(waiting) == [("sent", 2, None)]


def test_an_unclear_end_stays_unclear_through_a_clear_refusal(waiting: World) -> None:
    troubles: list[Exception] = [NotifyError("no answer", unclear=True), NotifyError("busy")]
    slack = FakeNotifier(troubles=troubles)
    for minutes in (0, 10, 20):
        notify(waiting.store, "slack", slack, AT + minutes * MINUTE)
    assert [one.unclear for one in slack.attempts] == [False, True, True]


def test_a_refusal_is_tried_again_later_and_later(waiting: World) -> None:
    slack = FakeNotifier(troubles=[NotifyError("busy") for _ in range(4)])
    now, tries = AT, []
    while states(waiting)[0][0] != "sent":
        if notify(waiting.store, "slack", slack, now):
            tries.append(now)
        now += SECOND
    waits = [(b - a).total_seconds() for a, b in pairwise(tries)]
    assert waits == sorted(waits)
    assert len(waits) == 4
    assert states(waiting) == [("sent", 5, None)]
    assert not any(one.unclear for one in slack.attempts)


def test_a_wait_that_is_asked_for_is_kept(waiting: World) -> None:
    slack = FakeNotifier(troubles=[NotifyError("slow down", retry_after=timedelta(seconds=90))])
    notify(waiting.store, "slack", slack, AT)
    assert not notify(waiting.store, "slack", slack, AT + 89 * SECOND)
    assert notify(waiting.store, "slack", slack, AT + 90 * SECOND)


def test_what_can_never_be_taken_is_kept_and_shown_and_stops_nothing(waiting: World) -> None:
    open_one(waiting, 1)
    slack = FakeNotifier(troubles=[NotifyError("no such channel", permanent=True)])
    waiting.tell(AT, slack)
    assert states(waiting)[0] == ("failed", 1, "no such channel")
    assert slack.events() == [Event.SPIKE_OPENED]
    with waiting.store.read() as db:
        standing = {one.outlet: one for one in overview.deliveries(db)}
    assert (standing["slack"].failed, standing["slack"].error) == (1, "no such channel")
    assert standing["email"].waiting == 1
    assert inbox.retry(waiting.store, (), AT, ["slack"]) == (0, 1)
    waiting.tell(AT, slack)
    assert len(slack.taken) == 2


def test_a_fault_in_a_notifier_is_kept_and_tried_again(waiting: World) -> None:
    slack = FakeNotifier(troubles=[ZeroDivisionError("by zero")])
    assert notify(waiting.store, "slack", slack, AT)
    (state,) = states(waiting)
    assert state[0] == "waiting"
    assert "a fault of ours, ZeroDivisionError" in str(state[2])
    assert notify(waiting.store, "slack", slack, AT + MINUTE)
    assert states(waiting)[0][0] == "sent"


def test_a_later_notice_never_overtakes_one_of_its_outlet(world: World) -> None:
    for number in range(3):
        open_one(world, number)
    slack, email = FakeNotifier(troubles=[NotifyError("busy")]), FakeNotifier(name="email")
    world.tell(AT, slack)
    while notify(world.store, "email", email, AT):
        pass
    assert slack.taken == []
    assert [one.title for one in email.taken] == ["number 0", "number 1", "number 2"]
    world.tell(AT + MINUTE, slack)
    assert [one.title for one in slack.taken] == ["number 0", "number 1", "number 2"]


def test_a_notice_written_twice_is_one(world: World) -> None:
    with world.store.write() as db:
        for _ in range(2):
            incidents.tell(
                db,
                a_finding(),
                event=Event.SPIKE_OPENED,
                incident_id=None,
                outlets=Outlets(["slack"]),
                now=NOW,
            )
    assert len(world.tell(AT).taken) == 1


def test_words_that_are_gone_are_in_no_later_notice(world: World) -> None:
    world.hear(a_mention(1, text="Acme canaryword"), a_mention(2), now=SEEN)
    world.think(NOW + 31 * MINUTE)
    assert "canaryword" in str(world.tell(NOW + 31 * MINUTE).taken)
    world.think(NOW + 49 * MINUTE)
    world.hear(now=NOW + 49 * MINUTE, gone=[a_tombstone(1)])
    told = world.tell(NOW + 49 * MINUTE)
    assert told.events() == [Event.RESPONSE_DUE_SOON]
    assert "canaryword" not in str(told.taken)
    assert [quote.name for quote in told.taken[0].quotes] == ["x:2"]


def test_no_words_are_kept_with_a_notice(world: World) -> None:
    world.hear(a_mention(1, text="Acme canaryword", author="canaryman"), now=SEEN)
    world.think(NOW + 2 * HOUR)
    assert "canary" not in str(world.rows("SELECT body FROM notice"))


def test_an_edit_goes_only_where_messages_last(world: World) -> None:
    open_one(world, 1)
    world.tell(AT)
    inbox.acknowledge(world.store, 1, "jo", ["slack"], AT)
    inbox.acknowledge(world.store, 1, "kata", ["slack"], AT)
    told = world.tell(AT)
    assert told.events() == [Event.INCIDENT_UPDATED]
    assert told.taken[0].incident_state == "acknowledged"
    edits = world.rows("SELECT outlet FROM notice WHERE event = 'incident.updated'")
    assert edits == [{"outlet": "slack"}]


def test_when_the_next_try_is_due_is_known(waiting: World) -> None:
    with waiting.store.read() as db:
        assert outbox.next_try(db, ["slack"]) == AT
        assert outbox.next_try(db, ["email"]) is None
        assert outbox.next_try(db, []) is None
    notify(waiting.store, "slack", FakeNotifier(troubles=[NotifyError("busy")]), AT)
    with waiting.store.read() as db:
        later = outbox.next_try(db, ["slack"])
    assert later is not None
    assert later > AT


def burst(world: World, *numbers: int, now: datetime = AT) -> None:
    """A notice of each of these incidents for Slack, in this order; each has its own moment."""
    with world.store.write() as db:
        for step, number in enumerate(numbers):
            finding = a_finding(key=f"spike:{number}", title=f"number {number}, {step}")
            known = incidents.latest(db, finding.key)
            incidents.tell(
                db,
                finding,
                event=Event.SPIKE_ESCALATED if known else Event.SPIKE_OPENED,
                incident_id=known.id if known else incidents.open_incident(db, finding, now),
                outlets=Outlets(["slack"]),
                now=now - (len(numbers) - step) * timedelta(milliseconds=1),
            )


def ids(world: World) -> list[str]:
    return [r["notice_id"] for r in world.rows("SELECT notice_id FROM outbox ORDER BY id")]


def test_what_waits_of_one_incident_is_told_in_its_lasting_message(world: World) -> None:
    """Also what is more than it can name: it shows where all of it led."""
    burst(world, *[1] * 30)
    told = world.tell(AT)
    assert [1 + len(one.also) for one in told.attempts] == [21]
    assert [one.id for one in told.taken] == ids(world)[:21]
    landed = world.rows("SELECT DISTINCT state, ref FROM outbox")
    assert [(r["state"], r["ref"]) for r in landed] == [("sent", told.taken[0].id)]


def test_where_messages_do_not_last_all_of_it_is_told(world: World) -> None:
    burst(world, *[1] * 30)
    told = world.tell(AT, FakeNotifier(edits=False))
    assert [1 + len(one.also) for one in told.attempts] == [21, 9]


def test_another_incident_is_never_told_in_the_same_message(world: World) -> None:
    burst(world, 1, 2, 1, 2, 1)
    told = world.tell(AT)
    titles = [[one.notice.title, *(n.title for n in one.also)] for one in told.attempts]
    assert titles == [
        ["number 1, 0", "number 1, 2", "number 1, 4"],
        ["number 2, 1", "number 2, 3"],
    ]


def test_what_belongs_to_no_incident_is_told_alone(world: World) -> None:
    with world.store.write() as db:
        for number in range(3):
            incidents.tell(
                db,
                a_finding(title=f"number {number}"),
                event=Event.DELIVERY_RESTORED,
                incident_id=None,
                outlets=Outlets(["slack"]),
                now=AT - (9 - number) * SECOND,
            )
    assert [one.also for one in world.tell(AT).attempts] == [(), (), ()]


def test_what_was_folded_is_tried_again_together_and_news_follows(world: World) -> None:
    burst(world, 1, 1, 1)
    slack = FakeNotifier(troubles=[NotifyError("no answer", unclear=True)], taken_anyway=True)
    notify(world.store, "slack", slack, AT)
    assert states(world) == [("waiting", 1, "no answer")] * 3
    burst(world, 1, now=AT + SECOND)
    world.tell(AT + MINUTE, slack)
    assert [(len(one.also), one.unclear) for one in slack.attempts] == [
        (2, False),
        (2, True),
        (0, False),
    ]
    assert [one.id for one in slack.taken] == ids(world)
    assert slack.looked_up == ids(world)[:3]


def test_what_was_folded_is_given_up_together(world: World) -> None:
    burst(world, 1, 1, 2)
    slack = FakeNotifier(troubles=[NotifyError("no such channel", permanent=True)])
    world.tell(AT, slack)
    assert [state for state, _, _ in states(world)] == ["failed", "failed", "sent"]


@pytest.mark.parametrize("known", [False, True])
def test_a_crash_after_a_folded_message_doubles_nothing(world: World, known: bool) -> None:
    now = WallClock().now()
    with SlackServer() as server:
        slack = Slack(token="t", channel="#cx", base_url=server.url, now=WallClock().now)
        if known:
            burst(world, 1, now=now)
            assert notify(world.store, "slack", slack, now)
        burst(world, *[1] * 5, now=now + SECOND)
        server.next(Kind.HANG_UP)
        with pytest.raises(KeyboardInterrupt):
            notify(world.store, "slack", _Dying(slack), now + SECOND)
        assert [state for state, _, _ in states(world)][-5:] == ["sending"] * 5
        world.restart()
        assert recover(world.store, now + SECOND) == 5
        burst(world, 1, now=now + 2 * SECOND)
        while notify(world.store, "slack", slack, now + MINUTE):
            pass
        assert [server.accepted(name) for name in ids(world)] == [1] * len(ids(world))
        assert {state for state, _, _ in states(world)} == {"sent"}


class _Dying:
    """Slack, and the power goes when it has taken the message."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    def __getattr__(self, name: str) -> Any:
        return getattr(self._slack, name)

    def send_incident(self, sending: Sending) -> Receipt:
        with pytest.raises(NotifyError):
            self._slack.send_incident(sending)
        raise KeyboardInterrupt


def test_after_a_start_only_what_is_new_is_tried_again(world: World) -> None:
    troubles: list[Exception] = [NotifyError("gone", permanent=True) for _ in range(2)]
    burst(world, 1)
    burst(world, 2, now=AT + 2 * DAY)
    world.tell(AT + 2 * DAY, FakeNotifier(troubles=troubles))
    with world.store.write() as db:
        assert outbox.revive(db, ["slack"], AT + 2 * DAY + HOUR) == 1
    assert [state for state, _, _ in states(world)] == ["failed", "waiting"]
    assert inbox.retry(world.store, (), AT + 2 * DAY + HOUR, ["slack"]) == (0, 1)


def test_what_has_waited_for_a_week_is_told_no_more(world: World) -> None:
    burst(world, 1, 1, 2)
    burst(world, 3, now=AT + 5 * DAY)
    told = world.tell(AT + 8 * DAY)
    assert [one.title for one in told.taken] == ["number 3, 0"]
    assert states(world)[:3] == [("failed", 0, "too old to tell")] * 3
    assert not notify(world.store, "slack", told, AT + 30 * DAY)


def test_the_next_try_is_that_of_the_head(world: World) -> None:
    burst(world, 1, 2)
    notify(world.store, "slack", FakeNotifier(troubles=[NotifyError("busy")]), AT)
    with world.store.read() as db:
        later = outbox.next_try(db, ["slack", "email"])
    assert later is not None
    assert later > AT


def test_summaries_that_waited_together_are_one_message(waiting: World) -> None:
    waiting.tell(AT)
    with waiting.store.write() as db:
        for hour in range(3):
            found = a_finding(key=f"summary:{hour}", subject_id=None)
            draft = notices.draft(found, "slack", Event.SUMMARY_TOLD, None, AT)
            notices.write(db, draft, reason=Reason.NOTE, loud=False, now=AT, shadowed=False)
    slack = waiting.tell(AT + MINUTE)
    (one,) = slack.attempts
    assert [notice.event for notice in one.news] == [Event.SUMMARY_TOLD] * 3
