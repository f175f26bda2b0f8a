"""Stage five: intent, sending, landing; in order, each once, and nobody's words who is gone."""

from datetime import timedelta
from itertools import pairwise

import pytest

from listener import inbox
from listener.domain.incident import Event
from listener.errors import NotifyError
from listener.stages.notify import notify, recover
from listener.store import incidents, outbox, overview
from listener.store.incidents import Outlets
from tests.builders import HOUR, MINUTE, NOW, SECOND, a_finding, a_mention, a_tombstone
from tests.fakes import FakeNotifier
from tests.notifiers.build import a_spike
from tests.stages.world import World

SEEN = NOW + 30 * SECOND


@pytest.fixture
def waiting(world: World) -> World:
    """One notice waits: a promise that is about to run out."""
    world.hear(a_mention(), now=SEEN)
    world.think(NOW + 31 * MINUTE)
    return world


AT = NOW + 31 * MINUTE


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
