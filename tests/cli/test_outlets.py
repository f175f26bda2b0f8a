"""Other ways out at the shell: what they are told, and that a test message reaches them."""

import base64
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from listener.app import plugins
from listener.clock import WallClock
from listener.config import load
from listener.notifiers.apprise import Apprise
from listener.notifiers.slack import SlackWebhook
from listener.notifiers.webhook import Webhook
from tests.builders import a_line, written
from tests.cli.conftest import Shell, ago
from tests.servers.web import Step, WebServer, web_server

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "ways-out.toml"
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


@pytest.fixture
def refused(heard: Path, shell: Shell, server: WebServer) -> Path:
    """An answer is overdue, and the webhook did not want to hear of it."""
    hooked(heard, server)
    server.play(Step(status=422), Step(), path="/hook")
    late = [a_line(9, text="Acme is awful, I hate it", created_at=ago(90))]
    written(heard / "drop" / "late.jsonl", late)
    assert shell("collect").status == 0  # the source was read just now, and is not due
    assert shell("run", "--once").status == 0
    return heard


def test_deliveries_say_what_each_outlet_was_told(refused: Path, shell: Shell) -> None:
    rows = shell("deliveries", "--format", "jsonl").rows
    assert [(row["outlet"], row["state"], row["attempts"]) for row in rows] == [
        ("n8n", "failed", 1),
        ("jsonl", "sent", 1),
    ]
    failed, sent = rows
    assert failed["event"] == sent["event"] == "response.overdue"
    assert failed["error"] == "[notify.n8n] 127.0.0.1 did not accept this message (HTTP 422)"
    assert (failed["sent_at"], sent["error"]) == (None, None)
    assert sent["sent_at"] >= sent["at"]
    assert shell("deliveries", "--state", "failed", "--format", "jsonl").rows == [failed]
    assert shell("deliveries", "--outlet", "jsonl", "--format", "jsonl").rows == [sent]
    assert len(shell("deliveries", "--limit", "1", "--format", "jsonl").rows) == 1
    assert "HTTP 422" in shell("deliveries").out


def test_what_was_given_up_is_sent_again_by_its_id(
    refused: Path, shell: Shell, server: WebServer
) -> None:
    (failed,) = shell("deliveries", "--state", "failed", "--format", "jsonl").rows
    said = shell("deliveries", "--again", failed["id"])
    assert said.status == 0, said.err
    assert shell("run", "--once").status == 0
    first, second = server.asked
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    (row,) = shell("deliveries", "--outlet", "n8n", "--format", "jsonl").rows
    assert (row["state"], row["attempts"], row["error"]) == ("sent", 2, None)
    said = shell("deliveries", "--again", failed["id"])
    assert said.status == 2
    assert "only what failed is sent again, and it is sent" in said.err


def test_a_digest_that_nobody_took_is_sent_again(
    heard: Path, shell: Shell, server: WebServer
) -> None:
    hooked(heard, server)
    server.play(Step(status=410), Step(), path="/hook")
    assert shell("digest", "--send").status == 3
    (row,) = shell("deliveries", "--outlet", "digest", "--format", "jsonl").rows
    assert (row["id"], row["place"], row["state"]) == ("digest:1", "n8n", "failed")
    assert shell("deliveries", "--again", "digest:1").status == 0
    assert shell("digest", "--send").status == 0
    assert events(server) == ["digest.sent", "digest.sent"]


def test_a_delivery_that_is_none_is_a_mistake(configured: Path, shell: Shell) -> None:
    shell("collect")  # makes the database
    for name in ("99", "digest:99", "mail:1", "x", "-1", "9" * 30, "1:1"):
        said = shell("deliveries", f"--again={name}")
        assert said.status == 2
        assert "there is none" in said.err


def test_all_that_are_named_are_sent_again_or_none(refused: Path, shell: Shell) -> None:
    failed, sent = shell("deliveries", "--format", "jsonl").rows
    said = shell("deliveries", "--again", failed["id"], "--again", sent["id"])
    assert said.status == 2
    assert shell("deliveries", "--state", "failed", "--format", "jsonl").rows == [failed]
    assert shell("deliveries", "--again", failed["id"], "--outlet", "n8n").status == 2


def test_what_is_old_or_of_no_outlet_stays_given_up(refused: Path, shell: Shell) -> None:
    (failed,) = shell("deliveries", "--state", "failed", "--format", "jsonl").rows
    config = (refused / "config.toml").read_text()
    (refused / "config.toml").write_text(config.partition("[notify.n8n]")[0])
    said = shell("deliveries", "--again", failed["id"])
    assert "there is no [notify.n8n] any more" in said.err
    (refused / "config.toml").write_text(config)
    with sqlite3.connect(refused / "listener.db") as db:
        db.execute("UPDATE notice SET made_at = '2020-01-01T00:00:00.000Z'")
    db.close()
    said = shell("deliveries", "--again", failed["id"])
    assert (said.status, "more than 7 days old" in said.err) == (2, True)


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
def test_apprise_is_tested_and_checked(configured: Path, shell: Shell, server: WebServer) -> None:
    with (configured / "config.toml").open("a") as file:
        url = f"json://jo:canary@127.0.0.1:{server.port}/hook"
        file.write(f'\n[notify.phones]\ntype = "apprise"\nurls = "{url}"\n')
    said = shell("send-test", "phones")
    assert said.status == 0, said.err
    assert said.out == "phones: told JSON.\n"
    (message,) = (json.loads(asked.body) for asked in server.asked)
    assert (message["title"], message["type"]) == (
        "[info] listener: A test message from listener",
        "info",
    )
    said = shell("check", "--online")
    assert "way out   phones: tells at least once" in said.out
    assert "way out   phones: tells JSON;" in said.out
    assert len(server.asked) == 1
    assert "canary" not in said.out + said.err


def test_the_example_holds_one_of_each_kind() -> None:
    names = ("N8N_URL", "SLACK_WEBHOOK_URL", "NTFY_URL", "DISCORD_URL")
    environ = dict.fromkeys(names, "https://service.example/canary") | {"N8N_SECRET": SECRET}
    config = load(EXAMPLE, plugins(WallClock()), environ=environ)
    kinds = {name: type(one) for name, one in config.notifiers.items()}
    assert kinds == {"n8n": Webhook, "phones": Apprise, "slack_webhook": SlackWebhook}
    assert config.notifiers["phones"].by_team == {"logistics": (environ["DISCORD_URL"],)}
    assert config.notes == ()
    without = load(EXAMPLE, plugins(WallClock()), secrets=False)
    assert list(without.notifiers) == list(kinds)  # commands without secrets know them, too
