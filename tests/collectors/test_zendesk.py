"""Zendesk: what tickets become, and how the export is followed."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from listener.collectors.desks.zendesk import PAGE, Zendesk, first_reply, to_mention
from listener.domain.mention import Evidence, Mention, Reject, Tombstone
from listener.errors import CollectorError, Trouble
from listener.http import Http
from tests.builders import a_subject
from tests.collectors.conformance import NOW, HttpCollectorContract, Reader, World
from tests.servers.web import Asked, Step, WebServer, as_json, web_server

GOLDEN = Path(__file__).parents[1] / "golden" / "collectors" / "zendesk"
PATH = "/api/v2/incremental/tickets/cursor.json"
TOKEN = "zd-s3same"
START = 1_795_000_000
Ticket = Mapping[str, Any]


def a_ticket(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": number,
        "status": "open",
        "subject": "Late",
        "description": f"Parcel {number} is late",
        "created_at": "2026-11-20T09:00:00Z",
        "generated_timestamp": START + number,
        "metric_set": {"reply_time_in_minutes": {"calendar": None}},
        **changes,
    }


def export(server: WebServer, tickets: list[dict[str, Any]]) -> None:
    """Let the server export as the service does: by change, each cursor a place in that order."""

    def answer(asked: Asked) -> Step:
        given = asked.headers.get("Authorization", "").removeprefix("Basic ")
        if b64decode(given).decode() != f"bot@acme.example/token:{TOKEN}":
            return as_json({"error": "Couldn't authenticate you"}, status=401)
        query = asked.query
        if ("cursor" in query) == ("start_time" in query):
            return as_json({"error": "one of them"}, status=400)
        if "cursor" in query:
            at, number = json.loads(b64decode(query["cursor"]))
        else:
            at, number = int(query["start_time"]) - 1, 1 << 60
        ordered = sorted(tickets, key=_place)
        found = [one for one in ordered if _place(one) > (at, number)]
        page = found[: int(query["per_page"])]
        if query.get("include") != "metric_sets":
            page = [{k: v for k, v in one.items() if k != "metric_set"} for one in page]
        place = _place(page[-1]) if page else (at, number)
        return as_json(
            {
                "tickets": page,
                "after_cursor": b64encode(json.dumps(place).encode()).decode(),
                "after_url": None,
                "before_cursor": None,
                "end_of_stream": len(page) == len(found),
            }
        )

    server.routes[PATH] = answer


def _place(ticket: Ticket) -> tuple[int, int]:
    return ticket["generated_timestamp"], ticket["id"]


def a_source(server: WebServer, **changes: Any) -> Zendesk:
    made = Zendesk(
        name="tickets",
        http=Http(),
        follows=(a_subject("Acme"),),
        base_url=server.url(""),
        email="bot@acme.example",
        token=TOKEN,
        brand="Acme",
    )
    return replace(made, **changes)


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


class TestContract(HttpCollectorContract):
    golden_name = "zendesk"

    @pytest.fixture
    def golden(
        self, golden: Callable[[str, str], None], server: WebServer
    ) -> Callable[[str, str], None]:
        """Without the server's port, which is another one each time."""
        return lambda name, text: golden(
            name, text.replace(server.url(""), "https://acme.zendesk.com")
        )

    @pytest.fixture
    def world(self, server: WebServer) -> World:
        export(server, json.loads((GOLDEN / "tickets.json").read_text("utf-8")))
        return World(make=lambda: a_source(server), count=3, secrets=(TOKEN,))

    @pytest.fixture
    def hurried(self, server: WebServer) -> Zendesk:
        return a_source(server, http=Http(read_seconds=0.1))

    @pytest.fixture
    def many(self, server: WebServer) -> World:
        export(server, [a_ticket(number) for number in range(2_500)])
        return World(make=lambda: a_source(server), count=2_500)


def test_pages_follow_each_other_and_changes_come_again(server: WebServer) -> None:
    tickets = [a_ticket(number) for number in range(PAGE + 5)]
    export(server, tickets)
    reader = Reader().read(a_source(server))
    assert [len(batch.mentions) for batch in reader.batches] == [PAGE, 5]
    assert [batch.complete for batch in reader.batches] == [False, True]
    nothing = reader.page(a_source(server))
    assert (nothing.mentions, nothing.complete) == ((), True)
    answered = {"reply_time_in_minutes": {"calendar": 30, "business": 10}}
    tickets[3] |= {"generated_timestamp": START + 9_999, "metric_set": answered}
    changed = reader.page(a_source(server))
    assert [one.source_id for one in changed.mentions] == ["3"]
    (reply,) = changed.responses
    assert (reply.parent_id, reply.source_id, reply.evidence) == ("3", "3#reply", Evidence.FIELD)
    assert reply.said_at - changed.mentions[0].said_at == timedelta(minutes=30)


def test_only_the_first_page_is_asked_for_by_time(server: WebServer) -> None:
    export(server, [a_ticket(1), a_ticket(2, generated_timestamp=1_704_067_200)])
    reader = Reader().read(a_source(server, since="2024-02-01")).read(a_source(server))
    assert [one.query.get("start_time") for one in server.asked] == ["1706745600", None]
    assert {source_id for _, source_id in reader.mentions} == {"1"}


def test_a_deleted_ticket_is_a_tombstone(server: WebServer) -> None:
    tickets = [a_ticket(1)]
    export(server, tickets)
    reader = Reader().read(a_source(server))
    tickets[0] |= {"status": "deleted", "generated_timestamp": START + 50}
    assert reader.page(a_source(server)).tombstones == (
        Tombstone(source="tickets", source_id="1", reason="deleted at Zendesk"),
    )


def test_a_wrong_token_is_told(server: WebServer) -> None:
    export(server, [])
    with pytest.raises(CollectorError, match="`email` and `token`") as caught:
        a_source(server, token="wrong-one").check()
    assert caught.value.kind is Trouble.CREDENTIALS
    assert "wrong-one" not in str(caught.value)
    assert TOKEN not in repr(a_source(server))


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (403, Trouble.CREDENTIALS, "the role of an administrator"),
        (404, Trouble.SETTINGS, "no such help desk; check `base_url`"),
    ],
)
def test_a_refusal_says_what_to_do(
    server: WebServer, status: int, kind: Trouble, words: str
) -> None:
    server.failing = as_json({"error": {"title": "s3cret words"}}, status=status)
    for ask in (lambda: a_source(server).fetch(None, NOW), a_source(server).check):
        with pytest.raises(CollectorError, match=words) as caught:
            ask()
        assert caught.value.kind is kind


def test_a_place_that_does_not_move_does_not_turn_for_ever(server: WebServer) -> None:
    page: dict[str, Any] = {"tickets": [], "after_cursor": "same", "end_of_stream": False}
    server.routes[PATH] = lambda asked: as_json(page)
    reader = Reader().read(a_source(server))
    assert len(reader.batches) == 2


def test_empty_pages_without_end_are_refused_until_one_holds_something(
    server: WebServer,
) -> None:
    tickets: list[dict[str, Any]] = []

    def answer(asked: Asked) -> Step:
        following = f"p{len(server.asked)}"
        return as_json({"tickets": tickets, "after_cursor": following, "end_of_stream": False})

    server.routes[PATH] = answer
    reader, source = Reader(cursor={"after": "old"}), a_source(server)
    for _ in range(9):
        reader.page(source)
    with pytest.raises(CollectorError, match=r"export.* 10 pages in a row") as caught:
        reader.page(source)
    assert caught.value.kind is Trouble.SHAPE
    tickets.append(a_ticket(1))
    assert len(reader.page(source).mentions) == 1
    assert server.asked[-1].query["cursor"] == server.asked[-2].query["cursor"]
    tickets.clear()
    assert not reader.page(source).complete


def test_an_empty_last_page_after_others_is_an_end(server: WebServer) -> None:
    server.routes[PATH] = lambda asked: as_json(
        {
            "tickets": [],
            "after_cursor": f"p{len(server.asked)}",
            "end_of_stream": len(server.asked) % 10 == 0,
        }
    )
    source = a_source(server)
    reader = Reader().read(source).read(source)
    assert [batch.complete for batch in reader.batches] == ([False] * 9 + [True]) * 2


def test_without_a_new_cursor_the_old_one_is_kept(server: WebServer) -> None:
    page: dict[str, Any] = {"tickets": [], "after_cursor": None, "end_of_stream": True}
    server.routes[PATH] = lambda asked: as_json(page)
    assert a_source(server).fetch({"after": "old"}, NOW).cursor is None


@pytest.mark.parametrize(
    "value",
    [
        [],
        {},
        {"tickets": 3, "end_of_stream": True},
        {"tickets": [], "end_of_stream": "yes", "after_cursor": "a"},
        {"tickets": [], "end_of_stream": False},
        {"tickets": [], "end_of_stream": False, "after_cursor": 7},
        "text",
    ],
)
def test_json_of_another_shape_is_refused(server: WebServer, value: Any) -> None:
    server.routes[PATH] = lambda asked: as_json(value)
    with pytest.raises(CollectorError) as caught:
        a_source(server).fetch(None, NOW)
    assert caught.value.kind is Trouble.SHAPE


@pytest.mark.parametrize(
    "ticket", [None, [], {}, {"id": [], "created_at": "2026-11-20"}, {"id": 1, "created_at": "x"}]
)
def test_a_ticket_without_number_or_time_is_rejected(ticket: Any) -> None:
    assert isinstance(to_mention(ticket, "tickets", "Acme", "https://a.example"), Reject)


@pytest.mark.parametrize("minutes", [None, -1, True, "5", 1.5, 10**30, [], {}])
def test_a_reply_time_that_is_none_is_no_reply(minutes: Any) -> None:
    ticket = a_ticket(1, metric_set={"reply_time_in_minutes": {"calendar": minutes}})
    mention = to_mention(ticket, "tickets", "Acme", "https://a.example/")
    assert isinstance(mention, Mention)
    assert mention.url == "https://a.example/agent/tickets/1"
    assert first_reply(ticket, mention) is None
    assert first_reply(a_ticket(1, metric_set=minutes), mention) is None


@pytest.mark.parametrize(
    "via",
    [None, 3, {}, {"source": []}, {"source": {"from": None}}, {"source": {"from": {"name": 7}}}],
)
def test_a_writer_that_is_not_told_is_none(via: Any) -> None:
    mention = to_mention(a_ticket(1, via=via, requester_id=5), "t", "Acme", "https://a.example")
    assert isinstance(mention, Mention)
    assert (mention.author, mention.author_name, mention.author_id) == (None, None, "5")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"base_url": "http://acme.zendesk.com"}, "use https"),
        ({"brand": "Other"}, 'brand "Other" is none of the subjects: Acme'),
        ({"since": "last year"}, "since is no time"),
    ],
)
def test_wrong_settings_are_refused(server: WebServer, changes: Any, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        a_source(server, **changes)
