"""Who unsubscribed gets no digest, until he wants it again."""

import pytest

from listener import subscriptions as service
from listener.domain.digest import COMPANY
from listener.domain.week import Week
from listener.errors import UsageError
from listener.stages.report import make, make_due, send_next
from listener.store import digests, subscriptions
from listener.store.digests import MAIL
from tests.builders import DAY
from tests.fakes import FakeNotifier
from tests.stages.test_report import MONDAY, WEEK, reporting, sent
from tests.stages.world import World

HOME = "https://listener.example.com/"
A, B = "a@example.com", "B@example.com"


def token(world: World, recipient: str) -> str:
    with world.store.write() as db:
        return subscriptions.token(db, recipient, COMPANY)


def states(world: World) -> list[tuple[str, str]]:
    with world.store.read() as db:
        return [(row["recipient"], row["state"]) for row in digests.listing(db)]


def test_a_mail_has_a_link_to_its_pages_and_to_an_end_of_its_own(heard: World) -> None:
    make_due(heard.store, reporting(heard, A, B), MONDAY)
    mailer = FakeNotifier()
    while send_next(heard.store, {MAIL: mailer}, MONDAY, HOME):
        pass
    ends = [digest.unsubscribe for digest in mailer.digests]
    assert ends == [f"{HOME}unsubscribe/{token(heard, one)}" for one in (A, B)]
    assert len(set(ends)) == 2
    for digest in mailer.digests:
        for part in (digest.html, digest.text):
            assert str(digest.unsubscribe) in part
            assert f"{HOME}digests/2026-W47" in part
        assert f'href="{HOME}mentions/x:1"' in digest.html


def test_without_an_address_of_ours_nothing_of_ours_is_linked(heard: World) -> None:
    make_due(heard.store, reporting(heard, A), MONDAY)
    mailer = FakeNotifier()
    assert send_next(heard.store, {MAIL: mailer}, MONDAY)
    assert mailer.digests[0].unsubscribe is None
    assert "unsubscribe" not in mailer.digests[0].html.lower()


def test_who_unsubscribed_is_sent_no_more_and_nothing_is_made_twice(heard: World) -> None:
    both = reporting(heard, A, B)
    found = service.press(heard.store, token(heard, B), MONDAY, again=False)
    assert found is not None
    assert found.unsubscribed_at == MONDAY
    make_due(heard.store, both, MONDAY)
    assert sent(heard, MONDAY) == [("2026-W47", A)]
    assert states(heard) == [(A, "sent"), (B, "unsubscribed")]
    assert make_due(heard.store, both, MONDAY + DAY) == 0
    heard.restart()
    make(heard.store, both, Week.parse("2026-W47"), MONDAY + DAY)
    assert sent(heard, MONDAY + DAY) == []


def test_what_waits_is_not_sent_any_more(heard: World) -> None:
    make_due(heard.store, reporting(heard, A, B), MONDAY)
    service.press(heard.store, token(heard, "b@EXAMPLE.com"), MONDAY, again=False)
    assert sent(heard, MONDAY) == [("2026-W47", A)]


@pytest.mark.parametrize("ended", ["killed", "refused"])
def test_what_was_on_its_way_is_not_sent_again(heard: World, ended: str) -> None:
    make_due(heard.store, reporting(heard, A), MONDAY)
    with heard.store.write() as db:
        kept = digests.next_to_send(db, [MAIL], MONDAY)
        assert kept is not None
        digests.sending(db, kept.id)
    service.press(heard.store, token(heard, A), MONDAY, again=False)
    if ended == "refused":
        with heard.store.write() as db:
            digests.retry(db, kept.id, "try later", MONDAY)
    heard.restart()
    assert sent(heard, MONDAY + DAY) == []
    assert states(heard) == [(A, "unsubscribed")]


def test_who_wants_it_again_gets_the_next_one(heard: World) -> None:
    only = reporting(heard, A)
    service.press(heard.store, token(heard, A), MONDAY, again=False)
    make_due(heard.store, only, MONDAY)
    service.subscribe_again(heard.store, "A@example.com ")
    assert service.unsubscribed(heard.store) == []
    assert sent(heard, MONDAY) == []
    make_due(heard.store, only, MONDAY + WEEK)
    assert sent(heard, MONDAY + WEEK) == [("2026-W48", A)]
    with pytest.raises(UsageError, match="has not unsubscribed"):
        service.subscribe_again(heard.store, A)


def test_the_first_time_counts(heard: World) -> None:
    one = token(heard, A)
    service.press(heard.store, one, MONDAY, again=False)
    found = service.press(heard.store, one, MONDAY + DAY, again=False)
    assert found is not None
    assert found.unsubscribed_at == MONDAY


def test_nobody_can_make_a_token_up(heard: World) -> None:
    good = token(heard, A)
    number, signature = good.split("-")
    token(heard, B)
    made_up = ["", "-", number, f"{number}-", f"2-{signature}", f"{number}-{signature[:-1]}",
               f"{number}-{'0' * 32}", f"{number}-é", f"９-{signature}", f"{'9' * 40}-{signature}",
               f" {good}", good.upper() + "x"]  # fmt: skip
    for wrong in made_up:
        assert service.of_token(heard.store, wrong) is None, wrong
        assert service.press(heard.store, wrong, MONDAY, again=False) is None
    assert service.of_token(heard.store, good) is not None
    assert service.unsubscribed(heard.store) == []
