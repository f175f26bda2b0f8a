"""Other ways out at the shell: what they are told, and that a test message reaches them."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Shell
from tests.servers.web import Step, WebServer, web_server

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        running.play(Step(), path="/hook")
        yield running


def hooked(folder: Path, server: WebServer, more: str = "") -> None:
    with (folder / "config.toml").open("a") as file:
        file.write(
            f'\n[notify.n8n]\ntype = "webhook"\nurl = "{server.url("/hook")}"\n'
            f'secret = "{SECRET}"\n{more}\n'
        )


def events(server: WebServer) -> list[str]:
    return [json.loads(asked.body)["event"] for asked in server.asked]


def test_a_test_message_reaches_a_webhook_and_so_does_a_digest(
    configured: Path, shell: Shell, server: WebServer
) -> None:
    hooked(configured, server)
    said = shell("send-test", "n8n")
    assert said.status == 0, said.err
    assert said.out.splitlines() == ["n8n: told 127.0.0.1.", "n8n, digests to n8n: told 127.0.0.1."]
    notice, digest = (json.loads(asked.body) for asked in server.asked)
    assert notice["evidence"] == {"test": True}
    assert digest["event"] == "digest.sent"


def test_a_digest_is_posted_once_though_nobody_is_mailed(
    heard: Path, shell: Shell, server: WebServer
) -> None:
    hooked(heard, server)
    said = shell("digest", "--send")
    assert said.status == 0, said.err
    assert "n8n: sent" in said.err
    assert shell("digest", "--send").status == 0
    assert events(server) == ["digest.sent"]


def test_a_webhook_that_wants_no_digests_gets_none(
    heard: Path, shell: Shell, server: WebServer
) -> None:
    hooked(heard, server, "digests = false")
    said = shell("digest", "--send")
    assert (said.status, events(server)) == (2, [])
    assert "nobody would get it" in said.err
