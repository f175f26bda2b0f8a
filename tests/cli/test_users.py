"""`listener user` and `listener token`, and a daemon that others can reach."""

from pathlib import Path

import pytest

from listener.accounts.passwords import Passwords
from listener.clock import WallClock
from listener.store.connection import Store
from tests.cli.conftest import CONFIG, Shell
from tests.store.kept import on_disk, rows
from tests.web.visitors import Counting

PASSWORD = b"correct horse battery\n"


@pytest.fixture
def added(configured: Path, shell: Shell) -> Path:
    assert shell("user", "add", "eve", "--role", "agent", stdin=PASSWORD).status == 0
    return configured


def test_a_user_is_added_listed_changed_and_removed(added: Path, shell: Shell) -> None:
    (row,) = shell("user", "list", "--format", "jsonl").rows
    assert row.keys() == {"name", "role", "signs_in", "made_at", "disabled_at"}
    assert (row["name"], row["role"], row["signs_in"]) == ("eve", "agent", ["password"])
    assert "eve is admin" in shell("user", "role", "eve", "admin").err
    assert "0 browsers are signed out" in shell("user", "disable", "EVE").err
    (row,) = shell("user", "list", "--format", "jsonl").rows
    assert row["role"] == "admin"
    assert row["disabled_at"] is not None
    assert shell("user", "enable", "eve").status == 0
    assert shell("user", "password", "eve", stdin=b"another long phrase\n").status == 0
    removed = shell("user", "remove", "eve")
    assert "nobody is left" in removed.err
    assert shell("user", "list").err == (
        "there is no user; `listener user add NAME --role admin` adds one.\n"
    )


def test_the_record_says_who_changed_whom(added: Path, shell: Shell) -> None:
    shell("user", "role", "eve", "reader")
    store = Store(added / "listener.db").open(WallClock().now())
    did = [(r["did"], r["what"], r["detail"]) for r in rows(store, "SELECT * FROM audit")]
    assert did == [("added", "user eve", "agent"), ("changed the role of", "user eve", "reader")]
    hashed = rows(store, "SELECT password FROM user")[0]["password"]
    assert hashed.startswith("$argon2id$v=19$m=47104,t=2,p=1$")
    assert PASSWORD.strip() not in on_disk(store)
    store.close()


@pytest.mark.parametrize(
    ("arguments", "stdin", "words"),
    [
        (["user", "add", "bob", "--role", "agent"], b"short\n", "has 5 characters; take 12"),
        (["user", "add", "bob", "--role", "agent"], b"aaaaaaaaaaaaaaaa\n", "easily guessed"),
        (["user", "add", "bob", "--role", "agent"], b"my name is bob\n", "easily guessed"),
        (["user", "add", "bob", "--role", "agent"], b"", "no password came on stdin"),
        (["user", "add", "b b", "--role", "agent"], PASSWORD, "is no name for a user"),
        (["user", "add", "x\x1b[31m", "--role", "agent"], PASSWORD, "is no name for a user"),
        (["user", "add", "EVE", "--role", "agent"], PASSWORD, "there is a user EVE already"),
        (["user", "add", "bob"], PASSWORD, "--role"),
        (["user", "add", "bob", "--role", "boss"], PASSWORD, "boss"),
        (["user", "role", "bob", "agent"], b"", "there is no user 'bob'"),
        (["user", "password", "bob"], b"", "there is no user 'bob'"),
        (["user", "password", "eve"], b"short\n", "take 12 or more"),
        (["user", "remove", "bob"], b"", "there is no user 'bob'"),
        (["token", "add", "wall"], b"", "--scope"),
        (["token", "add", "a b", "--scope", "read"], b"", "is no name for a token"),
        (["token", "add", "x", "--scope", "read", "--user", "bob"], b"", "there is no user 'bob'"),
        (["token", "add", "x", "--scope", "read", "--days", "0"], b"", "0 is not in the range"),
        (["token", "revoke", "wall"], b"", "there is no token 'wall'"),
    ],
)
def test_what_cannot_be_done_is_said(
    added: Path, shell: Shell, arguments: list[str], stdin: bytes, words: str
) -> None:
    said = shell(*arguments, stdin=stdin)
    assert said.status == 2
    assert words in said.err
    assert "\x1b" not in said.err
    assert len(shell("user", "list", "--format", "jsonl").rows) == 1


def test_a_password_is_good_whatever_keyboard_it_was_typed_at() -> None:
    hashes = Passwords(Counting())
    assert hashes.match(hashes.hash("caf\u00e9 au lait s.v.p."), "cafe\u0301 au lait s.v.p.")
    assert not hashes.match(hashes.hash("a"), "b")
    assert not hashes.match("no hash", "b")
    assert not hashes.match(None, "nobody has this password")


def test_a_token_is_printed_once(added: Path, shell: Shell) -> None:
    said = shell("token", "add", "wall", "--scope", "read", "--days", "3")
    token = said.out.strip()
    assert token.startswith("lst_")
    assert "cannot be shown again" in said.err
    hers = shell("token", "add", "hers", "--scope", "act", "--scope", "read", "--user", "eve")
    assert hers.status == 0
    first, second = shell("token", "list", "--format", "jsonl").rows
    assert (first["name"], first["user"], first["scopes"]) == ("hers", "eve", ["act", "read"])
    assert (second["name"], second["state"], second["used_at"]) == ("wall", "good", None)
    assert second["expires_at"] > second["made_at"]
    assert token not in str([first, second])
    shell("token", "revoke", "wall")
    assert "revoked" in shell("token", "list").out
    again = shell("token", "add", "wall", "--scope", "read")
    assert again.status == 2
    assert "there is, or was, a token wall" in again.err
    shell("user", "remove", "eve")
    assert [row["name"] for row in shell("token", "list", "--format", "jsonl").rows] == ["wall"]


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_where_others_come_the_daemon_starts_only_if_somebody_can_sign_in(
    configured: Path, shell: Shell, host: str
) -> None:
    (configured / "config.toml").write_text(f'{CONFIG}\n[web]\nhost = "{host}"\nport = 0\n')
    said = shell("run")
    assert said.status == 2
    assert f"[web] host {host} can be reached by others, and nobody can sign in" in said.err
    assert "listener user add NAME --role admin" in said.err
