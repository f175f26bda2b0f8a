"""Stage five, once more: words that are gone leave the messages that show them."""

import sqlite3
from contextlib import closing

from listener.domain.times import to_text
from listener.errors import NotifyError
from listener.notifiers.base import Receipt, Sending
from listener.stages.notify import notify
from listener.store import overview, shown
from tests.builders import DAY, MINUTE, SECOND, a_tombstone
from tests.fakes import FakeNotifier
from tests.stages.conftest import AT
from tests.stages.world import World


def test_deleted_words_leave_the_messages_that_show_them(waiting: World) -> None:
    slack = waiting.tell(AT)
    assert [quote.name for quote in slack.taken[0].quotes] == ["x:1"]
    waiting.hear(gone=[a_tombstone()], now=AT + MINUTE)
    waiting.tell(AT + 2 * MINUTE, slack)
    (at, sending), *others = slack.redrawn
    assert others == []
    assert at == Receipt(place="#cx", ref=slack.taken[0].id)
    assert sending.notice.quotes == ()
    assert sending.notice.id == slack.taken[0].id
    assert waiting.rows("SELECT * FROM redraw") == []
    assert waiting.rows("SELECT * FROM shown") == []


def test_what_cannot_be_drawn_anew_is_tried_again(waiting: World) -> None:
    slack = waiting.tell(AT)
    waiting.hear(gone=[a_tombstone()], now=AT + MINUTE)
    slack.troubles = [NotifyError("away"), NotifyError("no right", permanent=True)]
    assert notify(waiting.store, "slack", slack, AT + MINUTE)
    assert not notify(waiting.store, "slack", slack, AT + 2 * MINUTE)
    assert notify(waiting.store, "slack", slack, AT + 4 * MINUTE)
    assert not notify(waiting.store, "slack", slack, AT + DAY)
    (left,) = waiting.rows("SELECT error, next_try_at FROM redraw")
    assert (left["error"], left["next_try_at"]) == ("no right", None)
    with waiting.store.write() as db:
        shown.revive(db, AT + DAY)
    assert notify(waiting.store, "slack", slack, AT + DAY)
    assert len(slack.redrawn) == 1


def test_words_deleted_while_their_message_is_on_its_way_leave_it_too(waiting: World) -> None:
    class Deleting(FakeNotifier):
        def send_incident(self, sending: Sending) -> Receipt:
            waiting.hear(gone=[a_tombstone()], now=AT)
            return super().send_incident(sending)

    slack = Deleting()
    assert notify(waiting.store, "slack", slack, AT)
    assert notify(waiting.store, "slack", slack, AT + SECOND)
    assert [sending.notice.quotes for _, sending in slack.redrawn] == [()]


def test_after_an_unclear_end_a_message_is_drawn_once_more(waiting: World) -> None:
    slack = FakeNotifier(troubles=[NotifyError("no answer", unclear=True)], taken_anyway=True)
    assert notify(waiting.store, "slack", slack, AT)
    waiting.hear(gone=[a_tombstone()], now=AT + SECOND)
    assert notify(waiting.store, "slack", slack, AT + MINUTE)
    assert notify(waiting.store, "slack", slack, AT + 2 * MINUTE)
    assert [sending.notice.quotes for _, sending in slack.redrawn] == [()]


def test_the_database_is_free_while_a_message_is_drawn(waiting: World) -> None:
    written: list[bool] = []

    class Slow(FakeNotifier):
        def redraw(self, at: Receipt, sending: Sending) -> None:
            with closing(sqlite3.connect(waiting.store.path, timeout=0)) as other:
                other.execute("BEGIN IMMEDIATE")
                written.append(True)

    slack = Slow()
    waiting.tell(AT, slack)
    waiting.hear(gone=[a_tombstone()], now=AT + MINUTE)
    assert notify(waiting.store, "slack", slack, AT + MINUTE)
    assert written == [True]
    assert waiting.rows("SELECT * FROM redraw") == []


def test_a_message_asked_for_while_its_drawing_failed_waits_no_longer(waiting: World) -> None:
    class Interrupted(FakeNotifier):
        def redraw(self, at: Receipt, sending: Sending) -> None:
            with waiting.store.write() as db:
                shown.ask(db, "slack", at.place, at.ref, AT)
            raise NotifyError("no right", permanent=True)

    slack = Interrupted()
    waiting.tell(AT, slack)
    waiting.hear(gone=[a_tombstone()], now=AT)
    assert notify(waiting.store, "slack", slack, AT)
    (left,) = waiting.rows("SELECT round, next_try_at FROM redraw")
    assert (left["round"], left["next_try_at"]) == (2, to_text(AT))


def test_what_cannot_be_drawn_anew_is_told_with_the_deliveries(waiting: World) -> None:
    slack = waiting.tell(AT)
    waiting.hear(gone=[a_tombstone()], now=AT)
    slack.troubles = [NotifyError("no right", permanent=True)]
    assert notify(waiting.store, "slack", slack, AT)
    with waiting.store.read() as db:
        (delivery,) = overview.deliveries(db)
    assert (delivery.stale, delivery.error) == (1, "no right")
