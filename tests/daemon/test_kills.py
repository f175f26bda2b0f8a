"""A few kill -9, one of them inside a send; bench/acceptance/kill9.py does hundreds."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence

from tests.daemon.conftest import Home
from tests.daemon.processes import running, wait_for

TOLD = "SELECT count(*) FROM outbox WHERE state = 'sent'"
KEPT = "SELECT count(*) FROM mention"


def more_than(home: Home, mentions: int) -> Callable[[], bool]:
    return lambda: home.ask(KEPT) > mentions


def ended(processes: Sequence[int]) -> Callable[[], bool]:
    return lambda: not running(processes)


def test_killed_at_any_moment_it_loses_nothing_and_tells_nothing_twice(home: Home) -> None:
    home.slack.delay_ms = (100, 200)
    home.settings()
    for kill in range(5):
        daemon = home.daemon()
        more = {} if kill < 2 else {"text": "Acme opens a new office on Monday"}
        home.drop(f"file{kill}", *range(kill * 30, kill * 30 + 30), **more)
        if kill == 0:  # first, for it is looked up 12 s later
            wait_for("a send", lambda: home.slack.in_flight, 20, every=0.005)
        else:
            wait_for("progress", more_than(home, kill * 30), 20, every=0.005)
        children = daemon.children()
        daemon.kill()
        wait_for("the model to end by itself", ended(children), 5)
    daemon = home.daemon()
    wait_for("all to be read", lambda: home.ask(KEPT) == 150, 20)
    wait_for("all to be labelled", lambda: home.ask("SELECT count(*) FROM label") == 150, 20)
    wait_for("all to be measured", lambda: home.ask("SELECT count(*) FROM clock") == 60, 20)
    unsent = "SELECT count(*) FROM outbox WHERE state <> 'sent'"
    wait_for("all to be told", lambda: home.ask(TOLD) and not home.ask(unsent), 40)
    daemon.stop()
    db = sqlite3.connect(home.database)
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    news = "SELECT id FROM notice WHERE event <> 'incident.updated'"  # an edit is no message
    notices = {name for (name,) in db.execute(news)}
    db.close()
    assert Counter(home.told()) == Counter(dict.fromkeys(notices, 1))
