"""Freshdesk: what tickets become, and how changes are followed from the oldest on."""

import json
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from listener.collectors.desks.freshdesk import OVERLAP, PAGE, Freshdesk, first_reply, to_mention
from listener.domain.mention import Evidence, Mention, Reject, Tombstone
from listener.errors import CollectorError, Trouble
from listener.http import Http
from tests.builders import a_subject
from tests.collectors.conformance import NOW, HttpCollectorContract, Reader, World
from tests.servers.web import Asked, Step, WebServer, as_json, web_server

GOLDEN = Path(__file__).parents[1] / "golden" / "collectors" / "freshdesk"
SHARED = Path(__file__).parents[3] / "shared" / "fixtures" / "freshdesk"
PATH = "/api/v2/tickets"
KEY = "fd-s3same"
START = datetime(2026, 11, 20, tzinfo=UTC)
MOST_PAGES = 300


def iso(seconds: int) -> str:
    return f"{START + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"


def a_ticket(number: int, at: int | None = None, **changes: Any) -> dict[str, Any]:
    """Changed so many seconds after START; by its number if not told."""
    return {
        "id": number,
        "subject": "Late",
        "description_text": f"Parcel {number} is late",
        "created_at": "2026-11-19T09:00:00Z",
        "updated_at": iso(number if at is None else at),
        "stats": {"first_responded_at": None},
        **changes,
    }


def listing(server: WebServer, tickets: list[dict[str, Any]]) -> None:
    """Let the server list as the service does: by change, in numbered pages."""

    def answer(asked: Asked) -> Step:
        given = asked.headers.get("Authorization", "").removeprefix("Basic ")
        if b64decode(given).decode().partition(":")[0] != KEY:
            return as_json({"code": "invalid_credentials"}, status=401)
        query = asked.query
        count, page = int(query["per_page"]), int(query["page"])
        if count > 100 or not 1 <= page <= MOST_PAGES:
            return as_json({"description": "Validation failed"}, status=400)
        assert (query["order_by"], query["order_type"]) == ("updated_at", "asc")
        since = query["updated_since"]
        found = [one for one in tickets if one["updated_at"] >= since]
        found.sort(key=lambda one: one["updated_at"])
        include = query.get("include", "").split(",")
        hidden = {"stats", "requester"} - set(include)
        if "description" not in include:
            hidden |= {"description", "description_text"}
        shown = found[(page - 1) * count : page * count]
        return as_json([{k: v for k, v in one.items() if k not in hidden} for one in shown])

    server.routes[PATH] = answer


def a_source(server: WebServer, **changes: Any) -> Freshdesk:
    made = Freshdesk(
        name="desk",
        http=Http(),
        follows=(a_subject("Acme"),),
        base_url=server.url(""),
        api_key=KEY,
        brand="Acme",
    )
    return replace(made, **changes)


def ids(reader: Reader) -> set[int]:
    return {int(source_id) for _, source_id in reader.mentions}


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


class TestContract(HttpCollectorContract):
    golden_name = "freshdesk"

    @pytest.fixture
    def golden(
        self, golden: Callable[[str, str], None], server: WebServer
    ) -> Callable[[str, str], None]:
        """Without the server's port, which is another one each time."""
        return lambda name, text: golden(
            name, text.replace(server.url(""), "https://acme.freshdesk.com")
        )

    @pytest.fixture
    def world(self, server: WebServer) -> World:
        listing(server, json.loads((GOLDEN / "tickets.json").read_text("utf-8")))
        return World(make=lambda: a_source(server), count=3, secrets=(KEY,))

    @pytest.fixture
    def hurried(self, server: WebServer) -> Freshdesk:
        return a_source(server, http=Http(read_seconds=0.1))

    @pytest.fixture
    def many(self, server: WebServer) -> World:
        listing(server, [a_ticket(number) for number in range(2_500)])
        return World(make=lambda: a_source(server), count=2_500)


def test_a_ticket_that_changes_meanwhile_hides_no_other(server: WebServer) -> None:
    tickets = [a_ticket(number, 10 * number) for number in range(3 * PAGE)]
    listing(server, tickets)
    reader = Reader()
    reader.page(a_source(server))
    for number in range(30):
        tickets[number] |= {"updated_at": iso(10_000 + number)}
    reader.read(a_source(server))
    assert ids(reader) == set(range(3 * PAGE))


def test_a_second_may_fill_pages(server: WebServer) -> None:
    tickets = [a_ticket(0), *(a_ticket(number, 50) for number in range(1, 3 * PAGE))]
    listing(server, [*tickets, a_ticket(999, 60)])
    assert ids(Reader().read(a_source(server))) == {*range(3 * PAGE), 999}


def test_it_goes_on_from_the_last_change_and_looks_back_a_little(server: WebServer) -> None:
    tickets = [a_ticket(1, 600)]
    listing(server, tickets)
    reader = Reader().read(a_source(server))
    tickets += [a_ticket(2, 600 - int(OVERLAP.total_seconds())), a_ticket(3, 900), a_ticket(4, 1)]
    server.asked.clear()
    assert ids(reader.read(a_source(server))) == {1, 2, 3}
    assert server.asked[0].query["updated_since"] == iso(540)


def test_a_change_from_the_future_does_not_hide_what_comes(server: WebServer) -> None:
    tickets = [a_ticket(1, updated_at="2031-01-01T00:00:00Z")]
    listing(server, tickets)
    reader = Reader().read(a_source(server))
    tickets.append(a_ticket(2, updated_at=f"{NOW:%Y-%m-%dT%H:%M:%SZ}"))
    assert ids(reader.read(a_source(server))) == {1, 2}


def test_at_first_it_begins_where_it_is_told(server: WebServer) -> None:
    listing(server, [a_ticket(1, updated_at="2023-12-31T00:00:00Z"), a_ticket(2)])
    assert ids(Reader().read(a_source(server, since="2024-01-01"))) == {2}


def test_an_answer_that_comes_later_is_seen(server: WebServer) -> None:
    tickets = [a_ticket(1)]
    listing(server, tickets)
    reader = Reader().read(a_source(server))
    assert reader.batches[-1].responses == ()
    tickets[0] |= {"updated_at": iso(500), "stats": {"first_responded_at": iso(450)}}
    (reply,) = reader.page(a_source(server)).responses
    assert (reply.parent_id, reply.source_id, reply.evidence) == ("1", "1#reply", Evidence.FIELD)
    assert reply.said_at == START + timedelta(seconds=450)


def test_a_wrong_key_is_told(server: WebServer) -> None:
    listing(server, [])
    assert a_source(server).check() == "tickets can be read"
    with pytest.raises(CollectorError, match="`api_key`") as caught:
        a_source(server, api_key="wrong-one").check()
    assert caught.value.kind is Trouble.CREDENTIALS
    assert "wrong-one" not in str(caught.value)
    assert KEY not in repr(a_source(server))


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (403, Trouble.CREDENTIALS, "let this agent see all tickets"),
        (404, Trouble.SETTINGS, "no such account; check `base_url`"),
    ],
)
def test_a_refusal_says_what_to_do(
    server: WebServer, status: int, kind: Trouble, words: str
) -> None:
    server.failing = as_json({"code": "s3cret_words"}, status=status)
    for ask in (lambda: a_source(server).fetch(None, NOW), a_source(server).check):
        with pytest.raises(CollectorError, match=words) as caught:
            ask()
        assert caught.value.kind is kind


@pytest.mark.parametrize("value", [{}, {"tickets": []}, "text", 7])
def test_json_of_another_shape_is_refused(server: WebServer, value: Any) -> None:
    server.routes[PATH] = lambda asked: as_json(value)
    with pytest.raises(CollectorError) as caught:
        a_source(server).fetch(None, NOW)
    assert caught.value.kind is Trouble.SHAPE


def test_tickets_that_cannot_be_read_are_rejected_and_passed(server: WebServer) -> None:
    bad: list[Any] = [[], "x", None, {"id": 1}, {"updated_at": 7}]
    server.routes[PATH] = lambda asked: as_json(
        (bad * PAGE)[:PAGE] if asked.query["page"] == "1" else []
    )
    reader = Reader().read(a_source(server))
    assert len(reader.batches) == 2
    assert len(reader.batches[0].rejects) == PAGE


@pytest.mark.parametrize(
    "ticket", [None, [], {}, {"id": {}, "created_at": "2026-11-20"}, {"id": 1, "created_at": 3}]
)
def test_a_ticket_without_number_or_time_is_rejected(ticket: Any) -> None:
    assert isinstance(to_mention(ticket, "desk", "Acme", "https://a.example"), Reject)


def test_what_is_no_customers_words_is_left_aside() -> None:
    for changes in ({"spam": True}, {"source": 10}, {"subject": 3, "description_text": " "}):
        assert to_mention(a_ticket(1, **changes), "desk", "Acme", "https://a.example") is None
    gone = to_mention(a_ticket(1, deleted=True), "desk", "Acme", "https://a.example")
    assert isinstance(gone, Tombstone)


@pytest.mark.parametrize("stats", [None, [], {}, {"first_responded_at": "soon"}])
def test_a_time_of_answer_that_is_none_is_no_answer(stats: Any) -> None:
    ticket = a_ticket(1, stats=stats)
    mention = to_mention(ticket, "desk", "Acme", "https://a.example/")
    assert isinstance(mention, Mention)
    assert mention.url == "https://a.example/a/tickets/1"
    assert first_reply(ticket, mention) is None


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"base_url": "http://acme.freshdesk.com"}, "use https"),
        ({"brand": "Other"}, 'brand "Other" is none of the subjects: Acme'),
        ({"since": "last year"}, "since is no time"),
    ],
)
def test_wrong_settings_are_refused(server: WebServer, changes: Any, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        a_source(server, **changes)


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/fixtures is not here")
def test_recorded_tickets_are_understood(server: WebServer) -> None:
    ticket = json.loads((SHARED / "ticket_1.json").read_text("utf-8"))
    server.routes[PATH] = lambda asked: as_json([ticket])
    batch = a_source(server).fetch(None, NOW)
    (mention,), (reply,) = batch.mentions, batch.responses
    assert (mention.source_id, mention.title) == ("1", ticket["subject"])
    assert (mention.text, mention.author) == (ticket["description_text"], "dummyname@example.com")
    assert reply.said_at == datetime(2020, 6, 17, 20, 23, 43, tzinfo=UTC)
    older = json.loads((SHARED / "all_tickets.json").read_text("utf-8"))
    made = [to_mention(one, "desk", "Acme", "https://a.example") for one in older]
    assert [type(one) for one in made] == [Mention] * len(older)
