"""The daemon as a process: it starts, stops, takes up settings, and one bad thing stays one."""

import contextlib
import json
import signal
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.daemon.conftest import CANARY, TOKEN, Home
from tests.daemon.processes import listener, pause, running, wait_for
from tests.servers.faults import Kind
from tests.servers.slack import SlackServer

HANGS = '[collectors.hangs]\ntype = "feed"\nurls = ["{url}"]\nevery = "1m"\nallow_private = true\n'


class _Handler(BaseHTTPRequestHandler):
    server: "_Web"

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.answering.wait(30)
        with contextlib.suppress(ConnectionError):
            self.send_response(200)
            self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as the parent has it
        """Say nothing."""


class _Web(ThreadingHTTPServer):
    """Counts who asks, and lets them wait until it is stopped."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[str] = []
        self.answering = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_address[1]}/beat"


@contextlib.contextmanager
def hanging() -> Iterator[_Web]:
    """An address where nobody gets an answer."""
    with _Web() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.answering.set()
            server.shutdown()
            thread.join()


def test_systemd_is_told_that_it_is_ready_alive_and_stopping(home: Home) -> None:
    home.settings()
    address = str(home.folder / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(address)
        systemd.settimeout(10)
        daemon = home.daemon(NOTIFY_SOCKET=address)
        assert systemd.recv(100) == b"READY=1"
        assert systemd.recv(100) == b"WATCHDOG=1"
        daemon.stop()
        left = [systemd.recv(100)]
        while left[-1] == b"WATCHDOG=1":
            left.append(systemd.recv(100))
    assert left[-1] == b"STOPPING=1"
    assert daemon.process.returncode == 0
    assert daemon.lines()[-1]["event"] == "stopped"


def test_it_stops_in_time_with_a_source_and_an_outlet_that_hang(home: Home) -> None:
    home.slack.plan.seconds = 30.0
    with hanging() as web:
        home.settings(more=HANGS.format(url=web.url))
        daemon = home.daemon()
        home.slack.next(Kind.SLOW)
        home.drop("one", 1)
        wait_for("both to hang", lambda: web.asked and home.slack.in_flight, 15)
        children = daemon.children()
        assert daemon.stop() < 6  # the promise is five; nothing here is measured
        assert not running(children)
    assert daemon.process.returncode == 0


def test_what_cannot_be_searched_for_is_told_at_the_start(home: Home) -> None:
    home.settings(more='[collectors.tags]\ntype = "mastodon"\nbase_url = "http://127.0.0.1:9"\n')
    daemon = home.daemon()
    told = daemon.wait_for_event("cannot be searched for", 10)
    assert (told["source"], told["subject"], told["level"]) == ("tags", "Acme", "warning")
    assert "acme cannot be asked for: Mastodon is searched for words with" in told["why"]
    daemon.stop()


def test_a_second_daemon_refuses_and_a_killed_one_leaves_no_lock(home: Home) -> None:
    config = home.settings()
    daemon = home.daemon()
    second = listener(config, "run", "--no-web", SLACK_BOT_TOKEN=TOKEN)
    assert second.returncode == 2
    assert f"`listener run` (process {daemon.process.pid})" in second.stderr
    daemon.kill()
    home.daemon().stop()


def test_settings_are_taken_up_and_wrong_ones_are_not(home: Home) -> None:
    home.settings(within="12h")
    daemon = home.daemon()
    home.drop("one", 1)
    wait_for("the first to be read", lambda: home.ask("SELECT count(*) FROM clock"), 15)
    home.settings(within="soon")
    daemon.signal(signal.SIGHUP)
    refused = daemon.wait_for_event("settings not taken up", 10)
    assert "[respond.social] within" in refused["mistakes"][0]
    assert home.told() == []
    home.settings(within="1h")
    daemon.signal(signal.SIGHUP)
    taken = daemon.wait_for_event("settings taken up", 10)
    assert taken["changed"] == ["[respond.social] within"]
    home.drop("two", 2)
    wait_for("an alert by the new settings", home.told, 15)
    daemon.stop()


def test_settings_whose_queries_fail_their_tests_are_not_taken_up(home: Home) -> None:
    home.settings()
    daemon = home.daemon()
    right = home.config.read_text(encoding="utf-8")
    wrong = right.replace("[[subjects]]", "[[subjects]]\nmust_match = 'of something else'", 1)
    home.config.write_text(wrong, encoding="utf-8")
    daemon.signal(signal.SIGHUP)
    refused = daemon.wait_for_event("settings not taken up", 10)
    assert "must_match: the query does not find" in refused["mistakes"][0]
    daemon.stop()
    started = listener(home.config, "run", "--no-web", "--once", SLACK_BOT_TOKEN=TOKEN)
    assert started.returncode == 2
    assert refused["mistakes"][0] in started.stderr


def test_a_source_that_fails_stops_no_other(home: Home) -> None:
    home.settings(more='[collectors.gone]\ntype = "folder"\npath = "gone"\nevery = "1s"\n')
    daemon = home.daemon()
    home.drop("one", 1)
    wait_for("an alert", home.told, 15)
    assert "gone" in daemon.wait_for_event("source failed", 10)["error"]
    assert home.ask("SELECT error FROM source_state WHERE source = 'gone'")
    assert daemon.alive
    daemon.stop()


def test_an_outlet_that_was_down_is_told_once_when_it_is_up(home: Home) -> None:
    home.settings()
    port = int(home.slack.url.split(":")[2].split("/")[0])
    home.slack.stop()
    daemon = home.daemon()
    home.drop("one", 1)
    tried = "SELECT count(*) FROM outbox WHERE attempts > 0 AND state = 'waiting'"
    wait_for("an attempt", lambda: home.ask(tried), 15)
    with SlackServer(port=port) as slack:
        home.slack = slack
        wait_for("the alert", home.told, 20)
        pause(1)
        daemon.stop()
        assert len(home.told()) == 1
    home.slack = SlackServer().start()  # the fixture stops one


def test_the_dead_mans_switch_is_asked_and_holds_nothing_up(home: Home) -> None:
    with hanging() as web:
        home.settings(within="12h")
        daemon = home.daemon()
        home.drop("one", 1)
        wait_for("the model to be there", lambda: home.ask("SELECT count(*) FROM label"), 30)
        home.settings(listener=f'dead_man_url = "{web.url}?key=secret-canary-9"')
        daemon.signal(signal.SIGHUP)
        wait_for("the switch to be asked", lambda: web.asked, 15)
        home.drop("two", 2)
        wait_for("an alert meanwhile", home.told, 9)  # it hangs for ten
        assert web.asked == ["/beat?key=secret-canary-9"]
        daemon.stop()
    assert "secret-canary-9" not in daemon.text()


def test_the_log_is_json_without_texts_and_secrets(home: Home) -> None:
    home.settings(more='[collectors.gone]\ntype = "folder"\npath = "gone"\nevery = "1s"\n')
    home.slack.next(Kind.ERROR, Kind.HANG_UP)
    daemon = home.daemon()
    (home.folder / "drop" / "bad.jsonl").write_text(f'{{"text": "{CANARY}"}}\n{CANARY}\n')
    home.drop("one", 1)
    wait_for("an attempt", lambda: home.ask("SELECT sum(attempts) FROM outbox"), 15)
    daemon.stop()
    lines = daemon.lines()
    assert {line["event"] for line in lines} >= {"started", "source read", "stopped"}
    assert all({"event", "level", "at"} <= line.keys() for line in lines)
    text = json.dumps(lines, ensure_ascii=False)
    assert CANARY not in text
    assert TOKEN not in text


def test_its_pages_say_that_it_is_well(home: Home) -> None:
    home.settings(more="[web]\nport = 0\n")
    daemon = home.daemon(pages=True)
    page = daemon.events("started")[0]["page"]
    wait_for("its first tick", lambda: _status(f"{page}readyz") == 200, 10)
    assert _status(f"{page}healthz") == 200
    daemon.stop()


def test_the_door_for_slacks_requests_is_there_while_there_is_a_signing_secret(home: Home) -> None:
    web = "[web]\nport = 0\n"
    home.settings(more=web)
    daemon = home.daemon(pages=True)
    door = Request(f"{daemon.events('started')[0]['page']}slack/events", data=b"{}")
    assert _status(door) == 404
    text = home.settings(more=web).read_text(encoding="utf-8")
    home.config.write_text(f'{text}signing_secret = "{"0" * 32}"\n', encoding="utf-8")
    daemon.signal(signal.SIGHUP)
    daemon.wait_for_event("settings taken up", 10)
    assert _status(door) == 401
    daemon.stop()


def _status(url: str | Request) -> int:
    try:
        with urlopen(url, timeout=5) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def test_what_it_writes_is_for_its_user_alone(home: Home) -> None:
    home.settings()
    home.daemon().stop()
    for file in home.folder.glob("listener.db*"):
        assert file.stat().st_mode & 0o077 == 0, file.name
