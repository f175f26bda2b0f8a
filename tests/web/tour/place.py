"""What is toured: a whole site over a story, with people and a file of settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser as Chromium
from starlette.applications import Starlette

from listener.accounts.passwords import Passwords
from listener.domain.digest import COMPANY
from listener.domain.role import Role
from listener.store import search, subscriptions
from listener.store.connection import Store
from listener.web.serve import SiteServer
from listener.web.site import make_site
from tests.builders import MINUTE
from tests.store.kept import one
from tests.web.api.told import tell
from tests.web.conftest import KNOWN, HandClock
from tests.web.desks import until
from tests.web.story import a_complaint, take_in
from tests.web.test_settings import FILE, a_desk
from tests.web.tour.tourist import Tourist
from tests.web.visitors import Counting, add_user

MANY = 20  # mentions that wait, beside those of the story


@dataclass
class Place:
    """What is toured: a site with people, a file of settings, mentions and an incident."""

    site: Starlette
    store: Store
    clock: HandClock
    file: Path
    letter: str  # what a mail's link to unsubscribe says

    def one(self, sql: str) -> object:
        return one(self.store, sql)

    def comes_to(self, sql: str, value: object) -> None:
        """The database says so, at once or in a moment."""
        until(lambda: bool(self.one(sql) == value))


def a_place(store: Store, clock: HandClock, folder: Path) -> Place:
    tell(store, clock)
    take_in(store, clock, *[a_complaint(n, ago=n * MINUTE) for n in range(10, 10 + MANY)])
    search.index_new(store)
    add_user(store, "kim", Role.ADMIN)
    add_user(store, "jo", Role.AGENT)
    with store.write() as db:
        letter = subscriptions.token(db, "cx@example.com", COMPANY)
    file = folder / "config.toml"
    file.write_text(FILE, encoding="utf-8")
    site = make_site(
        store,
        clock.now,
        None,
        "127.0.0.1",
        ZoneInfo("UTC"),
        desk=a_desk(store, file),
        known=lambda: KNOWN,
        hashes=Passwords(Counting()),
    )
    return Place(site, store, clock, file, letter)


@contextmanager
def touring(chromium: Chromium, place: Place, *, scripted: bool) -> Iterator[Tourist]:
    server = SiteServer(place.site, host="127.0.0.1", port=0)
    base = f"http://127.0.0.1:{server.start()}"
    context = chromium.new_context(
        java_script_enabled=scripted, viewport={"width": 1280, "height": 900}
    )
    context.set_default_timeout(10_000)
    try:
        yield Tourist(context.new_page(), base, scripted)
    finally:
        context.close()
        server.stop()
