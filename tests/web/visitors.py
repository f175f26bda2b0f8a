"""People at the pages: a browser that keeps its cookies, and sites where somebody must sign in."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher

from listener.accounts import users
from listener.accounts.passwords import Passwords
from listener.config.tables import WebTable
from listener.domain.role import Role
from listener.store.connection import Store
from listener.web.serve import SiteServer
from listener.web.site import make_site
from listener.web.throttle import Throttle
from tests.builders import NOW
from tests.web.browser import FORM, Answer, Browser
from tests.web.conftest import HandClock

PASSWORD = "correct horse battery"
PUBLIC = "listen.example"
NOTHING: Mapping[str, str] = MappingProxyType({})


class Counting(PasswordHasher):
    """Cheap, and it counts what is dear."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.compared = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]  # noqa: A002
        self.compared += 1
        return bool(super().verify(hash, password))


@dataclass
class Tick:
    at: float = 1000.0

    def __call__(self) -> float:
        return self.at


@dataclass
class Place:
    """A site that is served. `table` may be changed, as a reload does."""

    port: int
    table: WebTable
    hasher: Counting
    tick: Tick


@contextmanager
def served(
    store: Store, clock: HandClock, table: WebTable | None = None, host: str = "127.0.0.1"
) -> Iterator[Place]:
    hasher, tick = Counting(), Tick()
    place = Place(0, table or WebTable(), hasher, tick)
    site = make_site(
        store,
        clock.now,
        None,
        host,
        ZoneInfo("UTC"),
        public_url=place.table.public_url,
        who="kim",
        web=lambda: place.table,
        hashes=Passwords(hasher),
        throttle=Throttle(tick),
    )
    server = SiteServer(site, host="127.0.0.1", port=0)
    place.port = server.start()
    try:
        yield place
    finally:
        server.stop()


def add_user(
    store: Store, name: str = "eve", role: Role = Role.AGENT, password: str | None = PASSWORD
) -> None:
    users.add(store, name, role, password, "admin", NOW, Passwords(Counting()))


@dataclass
class Person:
    """A browser that keeps cookies and sends what browsers send, but runs nothing."""

    place: Place
    host: str | None = None
    cookies: dict[str, str] = field(default_factory=dict)
    more: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, headers: Mapping[str, str] = NOTHING, **asked: Any) -> Answer:
        answer = Browser(self.place.port).get(
            path, {**self._headers(), **headers}, host=self.host, **asked
        )
        return self._kept(answer)

    def post(
        self, path: str, fields: Mapping[str, str], headers: Mapping[str, str] = NOTHING
    ) -> Answer:
        sent = {**FORM, "sec-fetch-site": "same-origin", **self._headers(), **headers}
        answer = Browser(self.place.port).post(path, urlencode(fields), sent, host=self.host)
        return self._kept(answer)

    def _headers(self) -> dict[str, str]:
        pairs = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {**self.more, **({"cookie": pairs} if pairs else {})}

    def _kept(self, answer: Answer) -> Answer:
        for cookie in answer.cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            if "max-age=0" in cookie.lower():
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return answer

    def try_password(
        self, password: str = PASSWORD, name: str = "eve", wanted: str = "/", **fields: str
    ) -> Answer:
        """Fill the form of /signin in, and press."""
        page = self.get(f"/signin?{urlencode({'next': wanted})}")
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
        return self.post("/signin", {**hidden, "name": name, "password": password, **fields})

    @property
    def session(self) -> str:
        return self.cookies.get("listener", "") or self.cookies.get("__Host-listener", "")

    def token(self, path: str = "/sources") -> str:
        """Of the button that signs out, on any page."""
        found = re.search(r'action="/signout"><input [^>]*value="([^"]+)"', self.get(path).text)
        assert found is not None
        return found[1]


def signed_in(place: Place, name: str = "eve", host: str | None = None) -> Person:
    person = Person(place, host)
    answer = person.try_password(name=name)
    assert (answer.status, answer.headers["location"]) == (303, "/")
    return person
