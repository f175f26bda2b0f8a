"""A site that is served over loopback, with a time and a pulse that tests set."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from listener.domain.promise import DEFAULT_PROMISES
from listener.figures import Known
from listener.store.connection import Store
from listener.web.serve import SiteServer
from listener.web.site import make_site
from tests.builders import NOW
from tests.web.browser import Browser


@dataclass(frozen=True)
class Errors:
    """How a classifier fared on a set of posts."""

    set: str
    family: str = "social"
    hits: int = 80
    missed: int = 20
    false_alarms: int = 10
    passed: int = 90


KNOWN = Known(
    promises={channel.value: promise for channel, promise in DEFAULT_PROMISES.items()},
    errors=[Errors("a"), Errors("b"), Errors("c")],
    budgets={"x": 50.0},
)


@dataclass
class FakePulse:
    last_tick: datetime | None = NOW
    found: list[str] = field(default_factory=list)

    def problems(self, now: datetime) -> list[str]:
        return self.found


@dataclass
class HandClock:
    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "listener.db").open(NOW)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def pulse() -> FakePulse:
    return FakePulse()


@pytest.fixture
def browser(store: Store, clock: HandClock, pulse: FakePulse) -> Iterator[Browser]:
    yield from _served(store, clock, pulse)


@pytest.fixture
def public(store: Store, clock: HandClock, pulse: FakePulse) -> Iterator[Browser]:
    """Pages that are reached by a public address, too."""
    yield from _served(store, clock, pulse, public_url="https://listen.example/")


def _served(
    store: Store, clock: HandClock, pulse: FakePulse, public_url: str = ""
) -> Iterator[Browser]:
    zone = ZoneInfo("Europe/Budapest")
    site = make_site(
        store,
        clock.now,
        pulse,
        "pages.example",
        zone,
        public_url=public_url,
        who="kim",
        known=lambda: KNOWN,
    )
    server = SiteServer(site, host="127.0.0.1", port=0)
    yield Browser(server.start())
    server.stop()


from tests.web.desks import chromium, jo, kim  # noqa: E402, F401  # fixtures, of what stands above
from tests.web.story import three  # noqa: E402, F401  # the same
