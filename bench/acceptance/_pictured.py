"""A site that is worth a picture: the demo's story, with people who work on it; and a new one."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from listener import inbox, notes, saved, views
from listener.accounts import users
from listener.accounts.passwords import passwords
from listener.app import usual_config
from listener.clock import WallClock
from listener.domain.digest import COMPANY
from listener.domain.role import Role
from listener.figures import Known
from listener.store import digests, subscriptions
from listener.store.connection import Store
from listener.store.digests import Reader
from listener.store.saved_views import View
from listener.web.serve import SiteServer
from listener.web.site import make_site
from tests.texts.digests import CRISIS
from tests.web.test_settings import a_desk

PASSWORD = "a long enough password"
WHO = "dora.kovacs"
NOTE = "The courier says it is at the depot.\nI ask again at ten."
CAUSE = "The payment provider is down; their status page says so."
NEW = """\
[listener]
database = "listener.db"

[[subjects]]
name = "Norvelune"
query = "norvelune"
"""
CONFIG = """\
[listener]
database = "listener.db"

[[subjects]]
name = "Norvelune"
query = "norvelune OR @norvelune_help OR 诺维伦"
accounts = { x = "norvelune_help" }

[[subjects]]
name = "Quillaire"
role = "competitor"
query = "quillaire OR @quillaire_care"

[[topics]]
name = "delivery"
description = "parcel late, lost or damaged; courier"
examples = ["Where is my parcel?", "The courier never came"]
team = "logistics"

[[teams]]
name = "logistics"
slack = "#logistics"
email = ["logistics@example.com"]
digest = true

[digest]
to = ["head-of-cx@example.com", "board@example.com"]

[notify]
quiet_hours = ["mon-fri 20:00-07:00"]

[notify.email]
host = "localhost"
sender = "listener@example.com"
to = ["cx@example.com"]
"""


@dataclass(frozen=True)
class Pictured:
    """Where a site answers, and what its addresses hold."""

    base: str
    letter: str = "none"  # of a link to unsubscribe
    mention: int = 1
    incident: int = 1
    spike: int = 1


def told_story(folder: Path) -> Path:
    """The database of the demo."""
    if not (folder / "listener.db").is_file():
        demo = [sys.executable, "-m", "listener", "demo", str(folder), "--no-serve"]
        subprocess.run(demo, check=True, capture_output=True)
    return folder / "listener.db"


@contextmanager
def served(database: Path, *, is_new: bool = False) -> Iterator[Pictured]:
    """`is_new`: nothing was read yet, and nobody need sign in."""
    wall = WallClock()
    store = Store(database).open(wall.now())
    now = views.last_changed(store) or wall.now()
    file = database.with_name("config.toml")
    file.write_text(NEW if is_new else CONFIG, "utf-8")
    worked = Pictured("") if is_new else _worked(store)
    known = Known.of_config(usual_config(wall))
    site = make_site(
        store,
        lambda: now,
        None,
        "127.0.0.1",
        ZoneInfo("Europe/Budapest"),
        who=WHO,
        desk=a_desk(store, file, now),
        known=lambda: known,
    )
    server = SiteServer(site, host="127.0.0.1", port=0)
    try:
        base = f"http://127.0.0.1:{server.start()}"
        yield replace(worked, base=base)
    finally:
        server.stop()
        store.close()


def _worked(store: Store) -> Pictured:
    """A morning's work of two people; at a second call it is there already."""
    now = views.last_changed(store) or WallClock().now()
    with store.read() as db:
        waiting = db.execute(
            "SELECT m.id, m.source || ':' || m.source_id FROM clock AS c JOIN mention AS m"
            " ON m.id = c.mention_id WHERE c.state IN ('due_soon', 'waiting')"
            " ORDER BY c.due_at LIMIT 8"
        ).fetchall()
        incident = db.execute(
            "SELECT id FROM incident ORDER BY resolved_at NOTNULL, id DESC LIMIT 1"
        ).fetchone()[0]
        spike = db.execute("SELECT max(id) FROM incident WHERE rule = 'spike'").fetchone()[0]
        begun = db.execute("SELECT count(*) FROM user").fetchone()[0]
    with store.write() as db:
        letter = subscriptions.token(db, "head-of-cx@example.com", COMPANY)
        if not begun:
            digests.add(db, CRISIS, [Reader("email", "head-of-cx@example.com")], "sent", now)
    first = waiting[0]
    if not begun:
        users.add(store, WHO, Role.ADMIN, PASSWORD, "admin", now, passwords())
        names = [row[1] for row in waiting]
        inbox.assign(store, names[0], WHO, WHO, now)
        notes.on_mention(store, names[0], NOTE, "jo", now)
        inbox.assign(store, names[1], "jo", "jo", now)
        inbox.snooze(store, names[3], timedelta(hours=4), "jo", now)
        notes.on_incident(store, incident, CAUSE, WHO, now)
        inbox.acknowledge(store, incident, WHO, [], now)
        for name, query in (("Angry and heard", "negative reach:>1000"), ("Refunds", "refund")):
            saved.save(store, name, View(state="open", query=query), WHO, now)
    return Pictured("", letter, first[0], incident, spike)
