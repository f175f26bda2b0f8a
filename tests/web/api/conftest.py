"""A site with a story in it, and programs that ask its API."""

import json
from collections.abc import Callable
from datetime import datetime

import pytest

from listener.domain.role import Scope
from listener.store import api_tokens
from listener.store.connection import Store
from tests.builders import NOW
from tests.web.api.client import Client
from tests.web.api.told import tell
from tests.web.browser import Browser
from tests.web.conftest import HandClock

Making = Callable[..., Client]


@pytest.fixture
def story(store: Store, clock: HandClock) -> Store:
    tell(store, clock)
    return store


@pytest.fixture
def anybody(browser: Browser, story: Store) -> Client:
    """A program that bears nothing."""
    return Client(browser, json.loads(browser.get("/api/v1/openapi.json").text))


@pytest.fixture
def bearing(anybody: Client, story: Store) -> Making:
    """Makes programs with a token of these scopes."""

    def make(*scopes: Scope, expires_at: datetime | None = None) -> Client:
        name = "-".join(scopes) + str(expires_at)
        with story.write() as db:
            token = api_tokens.add(db, name, scopes, NOW, expires_at)
        return Client(anybody.browser, anybody.document, token)

    return make


@pytest.fixture
def agent(bearing: Making) -> Client:
    """A program that may act."""
    return bearing(Scope.ACT)
