"""Tokens of programs: what is kept of them, and when they open nothing."""

from datetime import datetime

import pytest

from listener.domain.role import Role, Scope
from listener.store import api_tokens
from listener.store.connection import Store
from tests.builders import DAY, NOW, SECOND
from tests.store.kept import on_disk, rows

BOTH = (Scope.READ, Scope.ACT)


def added(
    store: Store, name: str = "wall", *scopes: Scope, expires_at: datetime | None = None
) -> str:
    with store.write() as db:
        return api_tokens.add(db, name, scopes or (Scope.READ,), NOW, expires_at)


def found(store: Store, token: str, now: datetime = NOW) -> api_tokens.Token | None:
    with store.read() as db:
        return api_tokens.find(db, token, now)


def run(store: Store, sql: str) -> None:
    with store.write() as db:
        db.execute(sql)


def test_a_token_is_found_by_its_text_and_is_on_disk_nowhere(store: Store) -> None:
    token = added(store)
    one = found(store, token)
    assert one is not None
    assert (one.name, one.who, one.role) == ("wall", "token wall", Role.READER)
    assert token.encode() not in on_disk(store)
    assert len(token) > 40


def test_two_tokens_are_not_the_same(store: Store) -> None:
    assert added(store, "a") != added(store, "b")


@pytest.mark.parametrize(
    "wrong", ["", "lst_", "lst_nothing", "lst_é", "lst_" + "x" * 100_000, "'--"]
)
def test_what_is_no_token_of_ours_is_not_found(store: Store, wrong: str) -> None:
    added(store)
    assert found(store, wrong) is None


def test_a_token_that_acts_reads_too(store: Store) -> None:
    reads, acts = found(store, added(store, "a")), found(store, added(store, "b", Scope.ACT))
    assert reads is not None
    assert acts is not None
    assert [reads.may(one) for one in BOTH] == [True, False]
    assert [acts.may(one) for one in BOTH] == [True, True]


def test_a_token_is_over_at_its_end(store: Store) -> None:
    token = added(store, expires_at=NOW + DAY)
    assert found(store, token, NOW + DAY - SECOND) is not None
    assert found(store, token, NOW + DAY) is None


def test_a_token_that_was_revoked_opens_nothing_and_is_still_listed(store: Store) -> None:
    token = added(store)
    with store.write() as db:
        one = api_tokens.named(db, "WALL")
        assert one is not None
        api_tokens.revoke(db, one, NOW)
        api_tokens.revoke(db, one, NOW + DAY)
        (listed,) = api_tokens.listed(db)
    assert listed.revoked_at == NOW
    assert found(store, token) is None


def test_a_token_of_a_user_may_no_more_than_the_user(store: Store) -> None:
    run(store, "INSERT INTO user (name, role, made_at) VALUES ('eve', 'reader', '2026-11-22')")
    with store.write() as db:
        token = api_tokens.add(db, "hers", BOTH, NOW, None, user_id=1)
    one = found(store, token)
    assert one is not None
    assert (one.who, one.role, one.may(Scope.ACT)) == ("eve", Role.READER, False)
    run(store, "UPDATE user SET role = 'agent'")
    one = found(store, token)
    assert one is not None
    assert one.may(Scope.ACT)
    run(store, "UPDATE user SET role = 'admin'")
    one = found(store, token)
    assert one is not None
    assert one.role is Role.AGENT
    run(store, "UPDATE user SET disabled_at = '2026-11-22'")
    assert found(store, token) is None
    run(store, "DELETE FROM user")
    assert rows(store, "SELECT * FROM api_token") == []


def test_a_use_is_written_down_once_a_minute(store: Store) -> None:
    token = added(store)
    one = found(store, token)
    assert one is not None
    assert api_tokens.must_note(one, NOW)
    with store.write() as db:
        api_tokens.note_use(db, one, NOW)
    one = found(store, token)
    assert one is not None
    assert not api_tokens.must_note(one, NOW + 59 * SECOND)
    assert api_tokens.must_note(one, NOW + 60 * SECOND)
