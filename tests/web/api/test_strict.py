"""What is asked wrongly is refused politely, by its name, and is never a fault of ours."""

import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest

from listener.domain.times import to_text
from tests.builders import NOW
from tests.web.api.client import JSON, Client

LONG = "9" * 5000


@pytest.mark.parametrize(
    ("path", "name", "words"),
    [
        ("mentions?limt=5", "limt", "there is: q, subject, source, since, until, order, limit"),
        ("subjects?x=1", "x", "there is: none"),
        ("mentions/x:1?x=1", "x", "there is: none"),
        ("mentions/x:1?id=2", "id", "part of the path"),
        ("mentions?limit=1&limit=2", "limit", "named twice"),
        ("mentions?limit=0", "limit", "greater than or equal to 1"),
        ("mentions?limit=201", "limit", "less than or equal to 200"),
        (f"mentions?limit={LONG}", "limit", "whole number"),
        ("mentions?limit=%D9%A3", "limit", "whole number"),
        ("mentions?limit=5.0", "limit", "whole number"),
        ("mentions?limit=", "limit", "whole number"),
        ("mentions?limit=+5", "limit", "whole number"),
        ("mentions?order=best", "order", "newest"),
        ("clocks?state=late", "state", "overdue"),
        ("mentions?since=yesterday", "since", "as the document says"),
        ("mentions?since=2026-02-30", "since", "is no time"),
        ("mentions?since=2026-11-22T10:00:00", "since", "as the document says"),
        ("mentions?since=0001-01-01T00:00:00%2B14:00", "since", "outside our calendar"),
        ("mentions?q=%00", "q", "as the document says"),
        ("mentions?q=((", "q", "at character 3"),
        ("mentions?q=" + "a" * 501, "q", "at most 500"),
        ("mentions?subject=", "subject", "at least 1"),
        ("clocks?q=stars:9", "q", "stars"),
        ("incidents/x", "id", "whole number"),
        (f"incidents/{LONG}", "id", "whole number"),
        ("digests/week", "week", "as the document says"),
        ("mentions?cursor=nonsense", "cursor", "none of this list"),
        ("mentions?cursor=%3D%3D", "cursor", "as the document says"),
        ("/feeds/mentions.atom?cursor=x", "cursor", "there is no such name"),
    ],
)
def test_what_is_wrong_is_named(anybody: Client, path: str, name: str, words: str) -> None:
    told = anybody.refused(path)
    assert told["status"] == 400
    (mistake,) = told["errors"]
    assert mistake["name"] == name
    assert words in mistake["detail"]
    assert name in told["detail"]


def test_every_mistake_is_named(anybody: Client) -> None:
    told = anybody.refused("mentions?limit=0&order=best&colour=red")
    assert {one["name"] for one in told["errors"]} == {"limit", "order", "colour"}
    assert "and 2 more" in told["detail"]


@pytest.mark.parametrize("query", ["q=%FF", "q=%ED%A0%80", "&".join(["a=1"] * 99)])
def test_an_address_that_is_no_text_is_refused(anybody: Client, query: str) -> None:
    assert anybody.refused(f"mentions?{query}")["status"] == 400


@pytest.mark.parametrize(
    "kept",
    [
        ["clocks urgency", to_text(NOW), 1, 1],
        ["mentions relevance", 1],
        ["mentions newest", "1"],
        ["mentions newest", True],
        ["mentions newest", 1, 2],
        ["mentions newest", 1 << 64],
        ["mentions newest"],
        {"mentions newest": 1},
        17,
    ],
)
def test_the_cursor_of_another_list_is_refused(anybody: Client, kept: Any) -> None:
    cursor = urlsafe_b64encode(json.dumps(kept).encode()).decode().rstrip("=")
    assert anybody.refused(f"mentions?cursor={cursor}")["status"] == 400


def test_a_cursor_of_nonsense_ends_nowhere_and_harms_nobody(anybody: Client) -> None:
    for number in (0, -1, (1 << 63) - 1, -(1 << 63) + 1):
        kept = json.dumps(["mentions newest", number]).encode()
        cursor = urlsafe_b64encode(kept).decode().rstrip("=")
        assert anybody.ask(f"mentions?cursor={cursor}").status == 200


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        ("", 400, ""),
        ("{", 400, ""),
        ("[" * 100_000, 400, ""),
        ('{"act": "dismiss", "act": NaN}', 422, "act"),
        ('{"act": "assign", "to": "\\ud800"}', 400, ""),
        ("[]", 422, ""),
        ("null", 422, ""),
        ("{}", 422, "act"),
        ({"act": "explode"}, 422, "act"),
        ({"act": "ack"}, 422, "act"),
        ({"act": 1}, 422, "act"),
        ({"act": "dismiss", "why": "x"}, 422, "why"),
        ({"act": "snooze"}, 422, "span"),
        ({"act": "snooze", "span": "for ever"}, 422, "span"),
        ({"act": "assign", "to": ""}, 422, "to"),
        ({"act": "assign", "to": "\x00"}, 422, "to"),
        ({"act": "assign", "to": "x" * 201}, 422, "to"),
        ({"act": "assign", "to": ["x"]}, 422, "to"),
        ({"act": "link"}, 422, "issue"),
        ({"act": "correct"}, 422, ""),
        ({"act": "correct", "sentiment": "angry"}, 422, "sentiment"),
        ({"act": "correct", "subject": "Acme"}, 422, ""),
        ({"act": "correct", "subject": "Acme", "sentiment": "neutral", "topics": []}, 422, ""),
        ({"act": "correct", "topics": ["a,b"]}, 422, "topics.0"),
        ({"act": "correct", "topics": [" "]}, 422, "topics.0"),
        ({"act": "judge", "subject": "Acme"}, 422, "about"),
        ({"act": "judge", "subject": "Acme", "about": "yes"}, 422, "about"),
        ({"act": "dismiss", "seen": -1}, 422, "seen"),
        ({"act": "dismiss", "seen": "0"}, 422, "seen"),
        ({"act": "dismiss", "seen": 2**70}, 422, "seen"),
        ('{"act": "dismiss", "seen": ' + LONG + "}", 400, ""),
        ('{"act": "dismiss", "seen": ' + LONG[:99] + "}", 422, "seen"),
        ('{"act": "dismiss", "seen": 1e999}', 422, "seen"),
    ],
)
def test_a_body_of_another_shape_does_nothing(
    agent: Client, body: Any, status: int, name: str
) -> None:
    told = agent.refused("mentions/x:1/actions", body, {"content-type": JSON})
    assert told["status"] == status
    assert told["errors"][0]["name"].endswith(name)
    assert agent.get("mentions/x:1")["acts"] == []


def test_only_json_of_bounded_length_is_taken(agent: Client) -> None:
    path, body = "mentions/x:1/actions", {"act": "dismiss"}
    for media in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        assert agent.refused(path, body, {"content-type": media})["status"] == 415
    told = agent.refused(path, json.dumps({"act": "assign", "to": "x" * 1_000_001}))
    assert told["status"] == 413
    charset = {"content-type": f"{JSON}; charset=utf-8"}
    assert agent.ask(path, body, charset).status == 200


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("if-match", '"1", "2"'),
        ("if-match", 'W/"12"'),
        ("if-match", f'"{LONG}"'),
        ("idempotency-key", ""),
        ("idempotency-key", "a b"),
        ("idempotency-key", "x" * 201),
    ],
)
def test_a_header_that_is_written_wrongly_is_named(agent: Client, header: str, value: str) -> None:
    told = agent.refused("mentions/x:1/actions", {"act": "dismiss"}, {header: value})
    assert (told["status"], told["errors"][0]["in"]) == (400, "header")
    assert agent.get("mentions/x:1")["acts"] == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_another_method_is_told_which_are_taken(anybody: Client, method: str) -> None:
    for path, allowed in (
        ("mentions", "GET, HEAD"),
        ("mentions/x:1", "GET, HEAD"),
        ("mentions/x:1/actions", "POST"),
        ("/feeds/due.ics", "GET, HEAD"),
    ):
        answer = anybody.ask(path, method=method)
        assert (answer.status, set(answer.headers["allow"].split(", "))) == (
            405,
            set(allowed.split(", ")),
        )


def test_nothing_is_posted_to_what_is_read(agent: Client) -> None:
    assert agent.ask("mentions", {}).status == 405
    assert agent.ask("mentions/x:1/actions").status == 405
    assert agent.ask("/feeds/due.ics", {}).status == 405


def test_head_gives_the_headers_alone(anybody: Client) -> None:
    answer = anybody.browser.get("/api/v1/mentions", method="HEAD")
    assert (answer.status, answer.text) == (200, "")


def test_no_page_elsewhere_may_read_it(anybody: Client) -> None:
    answer = anybody.browser.get("/api/v1/mentions", {"origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert anybody.browser.get("/api/v1/mentions", host="evil.example").status == 403
