"""Who may read, act and subscribe: tokens with scopes."""

from datetime import timedelta

import pytest

from listener.domain.role import Scope
from listener.store import api_tokens
from listener.store.connection import Store
from tests.builders import DAY, NOW
from tests.store.kept import rows
from tests.web.api.client import Client
from tests.web.api.conftest import Making
from tests.web.conftest import HandClock

ACTIONS = "mentions/x:1/actions"
DISMISS = {"act": "dismiss"}


def test_where_nobody_signs_in_anybody_reads_and_nobody_acts_without_a_token(
    anybody: Client,
) -> None:
    assert anybody.get("mentions")["items"]
    told = anybody.ask(ACTIONS, DISMISS)
    assert told.status == 401
    assert told.headers["www-authenticate"].startswith("Bearer")
    assert anybody.get("mentions/x:1")["acts"] == []


def test_who_may_not_act_is_told_so_before_the_body_is_looked_at(anybody: Client) -> None:
    assert anybody.refused(ACTIONS, "{")["status"] == 401
    assert anybody.refused("mentions/x:99/actions", DISMISS)["status"] == 401


@pytest.mark.parametrize(
    ("scope", "reads", "acts", "feeds"),
    [
        (Scope.READ, 200, 403, 200),
        (Scope.ACT, 200, 200, 200),
        (Scope.FEED, 403, 403, 200),
    ],
)
def test_a_token_is_good_for_its_scopes(
    bearing: Making, scope: Scope, reads: int, acts: int, feeds: int
) -> None:
    client = bearing(scope)
    assert client.ask("mentions").status == reads
    assert client.ask(ACTIONS, DISMISS).status == acts
    assert client.ask("/feeds/due.ics").status == feeds


@pytest.mark.parametrize(
    "written", ["Bearer lst_guessed", "Bearer ", "bearer lst_x", "Bearer é", "Bearer a b"]
)
def test_what_is_no_token_opens_nothing(anybody: Client, written: str) -> None:
    """Also where reading needs none: whoever sends one wants to be known by it."""
    headers = {"authorization": written.encode().decode("latin-1")}
    for path in ("mentions", "/feeds/due.ics"):
        assert anybody.refused(path, headers=headers)["status"] == 401


def test_a_token_that_is_over_or_revoked_opens_nothing(
    bearing: Making, store: Store, clock: HandClock
) -> None:
    short, revoked = bearing(Scope.ACT, expires_at=NOW + DAY), bearing(Scope.READ)
    assert short.ask("mentions").status == revoked.ask("mentions").status == 200
    with store.write() as db:
        token = api_tokens.find(db, revoked.token, NOW)
        assert token is not None
        api_tokens.revoke(db, token, NOW)
    clock.at = NOW + DAY + timedelta(seconds=1)
    assert short.refused(ACTIONS, DISMISS)["status"] == 401
    assert revoked.refused("mentions")["status"] == 401


def test_it_acts_in_its_own_name_or_in_its_users(agent: Client, store: Store) -> None:
    agent.post(ACTIONS, DISMISS)
    with store.write() as db:
        db.execute("INSERT INTO user (name, role, made_at) VALUES ('eve', 'agent', '2026')")
        token = api_tokens.add(db, "hers", (Scope.ACT,), NOW, None, user_id=1)
    hers = Client(agent.browser, agent.document, token)
    hers.post(ACTIONS, {"act": "assign"})
    acts = agent.get("mentions/x:1")["acts"]
    assert [(one["who"], one["did"], one["detail"]) for one in acts] == [
        ("token actNone", "dismissed", ""),
        ("eve", "assigned", "eve"),
    ]


def test_its_use_is_written_down_beside_the_answer(bearing: Making, store: Store) -> None:
    bearing(Scope.ACT).post(ACTIONS, DISMISS)  # by the one who writes, in turn
    (used,) = rows(store, "SELECT used_at FROM api_token")
    assert used["used_at"] is not None


def test_the_password_of_a_proxy_is_no_token(anybody: Client) -> None:
    assert anybody.ask("mentions", headers={"authorization": "Basic a2ltOmtpbQ=="}).status == 200
    basic = {"authorization": "Basic a2ltOmtpbQ=="}
    assert anybody.refused(ACTIONS, DISMISS, basic)["status"] == 401


def test_where_people_sign_in_a_program_reads_with_a_token_alone(
    anybody: Client, bearing: Making, store: Store
) -> None:
    reads, feeds = bearing(Scope.READ), bearing(Scope.FEED)
    with store.write() as db:
        db.execute("INSERT INTO user (name, role, made_at) VALUES ('eve', 'agent', '2026')")
    for path in ("mentions", "incidents/1", "mentions.csv", "/feeds/due.ics", "openapi.json"):
        told = anybody.ask(path)
        assert (told.status, told.headers["www-authenticate"][:6]) == (401, "Bearer")
        assert reads.ask(path).status == 200
    assert anybody.refused(ACTIONS, DISMISS)["status"] == 401
    assert feeds.ask("/feeds/due.ics").status == 200
    assert anybody.ask(f"/feeds/due.ics?token={feeds.token}").status == 200
    assert feeds.ask("mentions").status == 403


def test_a_feed_may_bear_its_token_in_the_address(bearing: Making, anybody: Client) -> None:
    feed = bearing(Scope.FEED).token
    for name in ("mentions.atom", "incidents.atom", "due.ics"):
        answer = anybody.ask(f"/feeds/{name}?token={feed}")
        assert answer.status == 200
        assert feed not in answer.text


def test_only_a_token_for_feeds_may_stand_in_an_address(bearing: Making, anybody: Client) -> None:
    for scopes in ((Scope.READ,), (Scope.ACT,), (Scope.READ, Scope.FEED)):
        token = bearing(*scopes).token
        assert anybody.refused(f"/feeds/due.ics?token={token}")["status"] == 403
    feed = bearing(Scope.FEED).token
    assert anybody.refused(f"mentions?token={feed}")["status"] == 400
    assert anybody.refused("/feeds/due.ics?token=lst_guessed")["status"] == 401


def test_the_document_says_what_each_address_takes(anybody: Client) -> None:
    paths = anybody.document["paths"]
    assert paths["/api/v1/mentions"]["get"]["security"] == [{"bearer": ["read"]}, {}]
    assert paths["/api/v1/mentions/{id}/actions"]["post"]["security"] == [{"bearer": ["act"]}]
    feed = paths["/feeds/due.ics"]["get"]["security"]
    assert feed == [{"bearer": ["feed"]}, {"token": []}, {}]
