"""Intercom: what conversations become, and how the search is walked from the newest change down."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from listener.collectors.desks.intercom import (
    FIRST_PAGES,
    OVERLAP,
    PAGE,
    Intercom,
    first_reply,
    to_mention,
)
from listener.domain.mention import Evidence, Mention, Reject
from listener.errors import CollectorError, Trouble
from listener.http import Http
from tests.builders import a_subject
from tests.collectors.conformance import NOW, HttpCollectorContract, Reader, World
from tests.servers.web import Asked, Step, WebServer, as_json, web_server

GOLDEN = Path(__file__).parents[1] / "golden" / "collectors" / "intercom"
SHARED = Path(__file__).parents[3] / "shared" / "fixtures" / "intercom"
PATH = "/conversations/search"
TOKEN = "ic-s3same"
START = 1_795_000_000
DAY = 86_400


def a_talk(number: int, at: int | None = None, **changes: Any) -> dict[str, Any]:
    """Changed so many seconds after START; by its number if not told."""
    return {
        "type": "conversation",
        "id": str(number),
        "created_at": START - DAY,
        "updated_at": START + (number if at is None else at),
        "source": {
            "subject": "",
            "body": f"<p>Parcel {number} is late</p>",
            "author": {"type": "user", "id": "u1", "name": "Ann", "email": "ann@mail.example"},
        },
        "statistics": {"first_admin_reply_at": None},
        **changes,
    }


def search(server: WebServer, talks: list[dict[str, Any]], *, by_day: bool = False) -> None:
    """Let the server search as the service does; `by_day`: it rounds what is asked for."""

    def answer(asked: Asked) -> Step:
        if asked.headers.get("Authorization") != f"Bearer {TOKEN}":
            errors = [{"code": "unauthorized", "message": "Access Token Invalid"}]
            return as_json({"type": "error.list", "errors": errors}, status=401)
        assert asked.method == "POST"
        assert asked.headers.get("Intercom-Version")
        body = json.loads(asked.body)
        query, paging = body["query"], body["pagination"]
        assert (query["field"], query["operator"]) == ("updated_at", ">")
        assert body["sort"] == {"field": "updated_at", "order": "descending"}
        bound = (query["value"] // DAY + 1) * DAY if by_day else query["value"]
        found = [one for one in talks if one["updated_at"] > bound]
        found.sort(key=lambda one: (one["updated_at"], one["id"]), reverse=True)
        whole, after = len(found), paging.get("starting_after")
        if after is not None:
            place = tuple(json.loads(after))
            found = [one for one in found if (one["updated_at"], one["id"]) < place]
        page = found[: paging["per_page"]]
        pages: dict[str, Any] = {"type": "pages", "page": 1, "per_page": paging["per_page"]}
        if len(page) < len(found):
            last = [page[-1]["updated_at"], page[-1]["id"]]
            pages["next"] = {"page": 2, "starting_after": json.dumps(last)}
        value = {"type": "conversation.list", "conversations": page, "pages": pages}
        return as_json({**value, "total_count": whole})

    server.routes[PATH] = answer


def a_source(server: WebServer, **changes: Any) -> Intercom:
    made = Intercom(
        name="chat",
        http=Http(),
        follows=(a_subject("Acme"),),
        base_url=server.url(""),
        token=TOKEN,
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
    golden_name = "intercom"

    @pytest.fixture
    def world(self, server: WebServer) -> World:
        search(server, json.loads((GOLDEN / "conversations.json").read_text("utf-8")))
        return World(make=lambda: a_source(server), count=3, secrets=(TOKEN,))

    @pytest.fixture
    def hurried(self, server: WebServer) -> Intercom:
        return a_source(server, http=Http(read_seconds=0.1))

    @pytest.fixture
    def many(self, server: WebServer) -> World:
        search(server, [a_talk(number) for number in range(2_500)])
        return World(make=lambda: a_source(server), count=2_500, cursor={"mark": str(START)})


def test_a_first_search_ends_after_some_pages(server: WebServer) -> None:
    search(server, [a_talk(number) for number in range(PAGE * (FIRST_PAGES + 2))])
    reader = Reader().read(a_source(server))
    assert [len(batch.mentions) for batch in reader.batches] == [PAGE] * FIRST_PAGES
    assert reader.batches[0].mentions[0].source_id == str(PAGE * (FIRST_PAGES + 2) - 1)


@pytest.mark.parametrize("by_day", [False, True])
def test_it_goes_on_from_the_last_change_and_looks_back_a_little(
    server: WebServer, by_day: bool
) -> None:
    back = int(OVERLAP.total_seconds())
    talks = [a_talk(1, 1_000)]
    search(server, talks, by_day=by_day)
    reader = Reader().read(a_source(server))
    talks += [a_talk(2, 1_000 - back), a_talk(3, 2_000)]
    talks += [a_talk(number, -back - number) for number in range(1_000, 1_000 + 2 * PAGE)]
    server.asked.clear()
    reader.read(a_source(server))
    assert {1, 2, 3} <= ids(reader)
    assert len(server.asked) == 1  # what is older than that ends it


def test_a_talk_that_changes_meanwhile_is_not_lost(server: WebServer) -> None:
    talks = [a_talk(number, 10 * number) for number in range(3 * PAGE)]
    search(server, talks)
    reader = Reader()
    reader.page(a_source(server))
    for number in range(PAGE):
        talks[number] |= {"updated_at": START + 10_000 + number}
    reader.read(a_source(server)).read(a_source(server))
    assert ids(reader) == set(range(3 * PAGE))


def test_a_change_from_the_future_does_not_hide_what_comes(server: WebServer) -> None:
    talks = [a_talk(1, 90_000_000)]
    search(server, talks)
    reader = Reader().read(a_source(server))
    talks.append(a_talk(2, updated_at=int(NOW.timestamp()) - 1))
    assert ids(reader.read(a_source(server))) == {1, 2}


def test_an_answer_that_comes_later_is_seen(server: WebServer) -> None:
    talks = [a_talk(1)]
    search(server, talks)
    reader = Reader().read(a_source(server))
    assert reader.batches[-1].responses == ()
    talks[0] |= {"updated_at": START + 50, "statistics": {"first_admin_reply_at": START + 40}}
    (reply,) = reader.page(a_source(server)).responses
    assert (reply.parent_id, reply.source_id, reply.evidence) == ("1", "1#reply", Evidence.FIELD)
    assert reply.said_at == datetime.fromtimestamp(START + 40, UTC)


def test_a_wrong_token_is_told(server: WebServer) -> None:
    search(server, [a_talk(1), a_talk(2)])
    assert a_source(server).check() == "2 conversations"
    with pytest.raises(CollectorError, match="does not accept `token`") as caught:
        a_source(server, token="wrong-one").check()
    assert caught.value.kind is Trouble.CREDENTIALS
    assert "wrong-one" not in str(caught.value)
    assert TOKEN not in repr(a_source(server))


def test_a_missing_right_is_told(server: WebServer) -> None:
    server.failing = as_json({"type": "error.list"}, status=403)
    for ask in (lambda: a_source(server).fetch(None, NOW), a_source(server).check):
        with pytest.raises(CollectorError, match="right to read conversations") as caught:
            ask()
        assert caught.value.kind is Trouble.CREDENTIALS


def test_the_reset_of_its_limit_is_waited_for(server: WebServer) -> None:
    reset = str(int(NOW.timestamp()) + 9)
    server.failing = as_json({"type": "error.list"}, status=429, X_RateLimit_Reset=reset)
    with pytest.raises(CollectorError) as caught:
        a_source(server).fetch(None, NOW)
    assert caught.value.kind is Trouble.RATE
    assert caught.value.retry_after is not None
    assert caught.value.retry_after.total_seconds() == 9


@pytest.mark.parametrize(
    "value",
    [
        [],
        {},
        {"conversations": {}},
        {"conversations": [], "pages": {"next": "https://api.example/page2"}},
        {"conversations": [], "pages": {"next": {"starting_after": 7}}},
        "text",
    ],
)
def test_json_of_another_shape_is_refused(server: WebServer, value: Any) -> None:
    server.routes[PATH] = lambda asked: as_json(value)
    with pytest.raises(CollectorError) as caught:
        a_source(server).fetch(None, NOW)
    assert caught.value.kind is Trouble.SHAPE


def test_what_cannot_be_read_is_rejected_and_stops_nothing(server: WebServer) -> None:
    found: list[Any] = [
        None,
        [],
        {"id": 3},
        {"updated_at": True},
        a_talk(5, statistics=[], updated_at="x"),
    ]
    server.routes[PATH] = lambda asked: as_json({"conversations": found, "pages": []})
    batch = a_source(server).fetch(None, NOW)
    assert (len(batch.mentions), len(batch.rejects), batch.complete) == (1, 4, True)


@pytest.mark.parametrize(
    "talk", [None, [], {}, {"id": {}, "created_at": START}, {"id": "1", "created_at": "x"}]
)
def test_a_talk_without_number_or_time_is_rejected(talk: Any) -> None:
    assert isinstance(to_mention(talk, "chat", "Acme"), Reject)


@pytest.mark.parametrize(
    "source",
    [
        None,
        {"body": "<p>Hi</p>", "author": {"type": "admin"}},
        {"body": "<p>Hi</p>", "author": {"type": "bot"}},
        {"body": "<p>Hi</p>"},
        {"body": "<p> </p>", "author": {"type": "user"}},
    ],
)
def test_what_no_customer_began_is_left_aside(source: Any) -> None:
    assert to_mention(a_talk(1, source=source), "chat", "Acme") is None


@pytest.mark.parametrize("statistics", [None, [], {}, {"first_admin_reply_at": "soon"}])
def test_a_time_of_answer_that_is_none_is_no_answer(statistics: Any) -> None:
    talk = a_talk(1, statistics=statistics)
    mention = to_mention(talk, "chat", "Acme")
    assert isinstance(mention, Mention)
    assert first_reply(talk, mention) is None


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"base_url": "http://api.intercom.io"}, "use https"),
        ({"brand": "Other"}, 'brand "Other" is none of the subjects: Acme'),
    ],
)
def test_wrong_settings_are_refused(server: WebServer, changes: Any, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        a_source(server, **changes)


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/fixtures is not here")
def test_a_reply_from_the_documentation_is_understood(server: WebServer) -> None:
    recorded = json.loads((SHARED / "conversations.json").read_text("utf-8"))
    body = recorded["interactions"][0]["response"]["body"]
    server.routes[PATH] = lambda asked: as_json(body)
    batch = a_source(server).fetch(None, NOW)
    (mention,), (reply,) = batch.mentions, batch.responses
    assert (mention.source_id, mention.text, mention.author) == (
        "191",
        "App is down",
        "ann@example.com",
    )
    assert (reply.said_at - mention.said_at).total_seconds() == 1_800
    assert batch.complete


def test_pages_of_nothing_without_end_are_a_trouble(server: WebServer) -> None:
    search(server, [a_talk(1)])
    reader = Reader(NOW).read(a_source(server))

    def lie(asked: Asked) -> Step:
        after = json.loads(asked.body)["pagination"].get("starting_after", "")
        return as_json({"conversations": [], "pages": {"next": {"starting_after": f"{after}x"}}})

    server.routes[PATH] = lie
    reader.read(a_source(server))
    with pytest.raises(CollectorError, match="that held nothing") as caught:
        reader.read(a_source(server))
    assert caught.value.kind is Trouble.SHAPE
    assert len(reader.batches) < 20
    server.routes[PATH] = lambda asked: as_json({"conversations": [a_talk(2)], "pages": {}})
    assert ids(reader.read(a_source(server))) == {1, 2}
