"""What programs read: every address answers, as the document says."""

import csv
import json
import re
from datetime import UTC
from io import StringIO

import pytest

from listener.domain.mention import Channel
from listener.domain.record import read_record
from listener.store import search
from listener.store.connection import Store
from tests.builders import DAY, MINUTE, NOW
from tests.web.api.client import Client
from tests.web.conftest import HandClock
from tests.web.story import a_complaint, take_in


def names(answered: dict[str, object], key: str = "name") -> list[object]:
    items = answered["items"]
    assert isinstance(items, list)
    return [one[key] for one in items]


def test_mentions_are_listed_the_newest_first(anybody: Client) -> None:
    found = anybody.get("mentions")
    assert names(found) == ["play:https://shop.example/4", "x:2", "x:3", "x:1"]
    assert (found["next"], found["unfinished"]) == (None, None)
    _, _, third, last = found["items"]
    assert last["title"] == "A title"
    assert (last["brand"], last["subjects"], last["label"]) == ("Acme", ["Acme"], "negative")
    assert (last["topics"], third["topics"]) == ([], ["delivery"])


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=parcel", ["x:2", "x:3", "x:1"]),
        ("q=parcel+-%22parcel+1%22", ["x:2", "x:3"]),
        ("q=sentiment:positive", ["play:https://shop.example/4"]),
        ("q=state:met", ["x:3"]),
        ("source=play", ["play:https://shop.example/4"]),
        ("source=x&q=parcel&limit=1", ["x:2"]),
        ("source=nowhere", []),
        ("since=1h", ["play:https://shop.example/4", "x:2"]),
        ("since=2026-11-22T10:30:00Z&until=2026-11-22T11:00:00Z", ["x:3"]),
        ("until=2026-11-22", []),
        ("subject=acme&q=negative", ["x:2", "x:3", "x:1"]),
        ("subject=Boreal", []),
        ("q=parcel&order=relevance&limit=2", ["x:2", "x:3"]),
    ],
)
def test_mentions_are_narrowed(anybody: Client, asked: str, found: list[str]) -> None:
    assert names(anybody.get(f"mentions?{asked}")) == found


def test_a_found_mention_says_where(anybody: Client) -> None:
    found = anybody.get("mentions?q=parcel+title&limit=1")["items"][0]
    assert found["terms"] == ["parcel", "title"]
    assert sorted(place[2] for place in found["places"]) == ["parcel", "title"]
    whole = f"{found['title']}\n{found['text']}"
    assert {whole[start:end] for start, end, _ in found["places"]} == {"parcel", "title"}


def test_what_is_read_can_be_imported_again(anybody: Client) -> None:
    for one in anybody.get("mentions")["items"]:
        record = read_record(one, source="x", channel=Channel.SOCIAL, zone=UTC)
        assert (record.mention.source_id, record.mention.text) == (one["id"], one["text"])
        assert record.mention.topics == tuple(one["topics"])


def test_a_mention_is_found_by_its_name_and_by_its_row(anybody: Client) -> None:
    by_name = anybody.get("mentions/x:1")
    assert by_name == anybody.get("mentions/1")
    assert by_name["clocks"][0]["state"] == "overdue"
    assert by_name["matches"][0]["subject"] == "Acme"
    assert (by_name["acts"], by_name["seen"]) == ([], 0)
    assert anybody.get("mentions/x:3")["answers"][0]["text"] == "We are sorry."


def test_an_address_may_be_an_id(anybody: Client) -> None:
    for name in ("play:https://shop.example/4", "play:https%3A%2F%2Fshop.example%2F4"):
        assert anybody.get(f"mentions/{name}")["stars"] == 5.0
        assert anybody.get(f"mentions/{name}/labels")["items"][0]["sentiment"] == "positive"


@pytest.mark.parametrize(
    "path", ["mentions/x:99", "mentions/99", "mentions/x:99/labels", "incidents/99",
             "digests/2020-W01", "digests/2026-W54", "mentions?subject=Nobody",
             "clocks?subject=Nobody", "incidents?subject=Nobody", "measures?subject=Nobody",
             "themes?subject=Nobody", "topics?subject=Nobody", "nowhere", "/feeds/nowhere"],
)  # fmt: skip
def test_what_is_not_there_is_said(anybody: Client, path: str) -> None:
    assert anybody.refused(path)["status"] == 404


def test_labels_say_who_said_them(anybody: Client) -> None:
    (label,) = anybody.get("mentions/x:1/labels")["items"]
    assert (label["by"], label["model"], label["sentiment"]) == ("model", "fake@1", "negative")
    assert round(label["negative"] + label["neutral"] + label["positive"], 3) == 1


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["x:1", "x:2"]),
        ("state=overdue", ["x:1"]),
        ("state=due_soon", ["x:2"]),
        ("state=waiting", []),
        ("state=met", ["x:3"]),
        ("order=latest", ["x:2", "x:1"]),
        ("q=%22parcel+2%22", ["x:2"]),
        ("subject=acme", ["x:1", "x:2"]),
        ("due_before=2026-11-22T12:00:00Z", ["x:1"]),
    ],
)
def test_clocks_are_listed_by_what_is_asked(anybody: Client, asked: str, found: list[str]) -> None:
    assert names(anybody.get(f"clocks?{asked}"), "id") == found


def test_incidents_are_listed_and_each_has_its_receipt(anybody: Client) -> None:
    (one,) = anybody.get("incidents")["items"]
    assert one["title"] == "Acme: 9 negative"
    assert anybody.get("incidents?state=resolved")["items"] == []
    assert anybody.get("incidents?state=open&subject=Acme&since=1d")["items"] == [one]
    receipt = anybody.get(f"incidents/{one['id']}")
    assert receipt["evidence"]["negative"] == 9
    assert receipt["history"][0]["event"] == "opened"
    assert receipt["hours"]


def test_measures_are_those_of_the_command(anybody: Client) -> None:
    found = anybody.get("measures?since=30d&subject=Acme")
    measures = {one["measure"]: one for one in found["items"]}
    assert measures["negative_share_raw"]["value"] == pytest.approx(2 / 3)
    assert measures["share_of_voice"]["value"] == 1.0
    assert measures["stars"]["n"] == 1
    assert not measures["stars"]["enough"]
    assert (found["since"], found["until"]) == ("2026-10-23T12:00:00Z", "2026-11-22T12:00:00Z")
    earlier = anybody.get("measures?since=30d&until=7d")["items"]
    assert {one["n"] for one in earlier} <= {0}


def test_response_times_stand_by_what_is_asked(anybody: Client) -> None:
    for by, group in (("channel", "social"), ("subject", "Acme"), ("team", "")):
        found = anybody.get(f"responses?by={by}")["items"]
        assert [one["name"] for one in found] == [group, "all"]
        assert (found[0]["questions"], found[0]["answered"]) == (3, 1)


def test_short_lists(anybody: Client) -> None:
    assert names(anybody.get("subjects")) == ["Acme", "Boreal"]
    assert anybody.get("topics?subject=Acme")["items"] == [
        {"subject": "Acme", "topic": "delivery", "mentions": 1, "negative": 1}
    ]
    assert anybody.get("themes?subject=Acme")["items"] == []
    assert names(anybody.get("sources")) == ["x"]
    (week,) = anybody.get("digests")["items"]
    digest = anybody.get(f"digests/{week}")
    assert digest["data"]["week"] == week


def test_a_spreadsheet_is_given_no_formula(anybody: Client) -> None:
    answer = anybody.ask("mentions.csv?q=parcel&limit=2")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "mentions.csv" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(StringIO(answer.text)))
    assert [row["name"] for row in rows] == ["x:2", "x:3"]
    assert rows[0]["author"] == "'=cmd()"


def pages_of(client: Client, path: str) -> list[str]:
    """All names, page by page, and each once."""
    found: list[str] = []
    following = ""
    while True:
        page = client.get(path + (f"&cursor={following}" if following else ""))
        found += [one.get("name") or one["id"] for one in page["items"]]
        if page["next"] is None:
            return found
        following = page["next"]


@pytest.mark.parametrize(
    "path",
    [
        "mentions?limit=3",
        "mentions?limit=3&q=parcel",
        "clocks?limit=3",
        "clocks?limit=3&order=latest",
        "clocks?limit=3&q=parcel",
        "clocks?limit=3&state=overdue",
    ],
)
def test_pages_hold_each_row_once(
    anybody: Client, store: Store, clock: HandClock, path: str
) -> None:
    take_in(store, clock, *(a_complaint(n, ago=MINUTE * (n // 2)) for n in range(10, 40)))
    search.index_new(store)
    whole = anybody.get(path.replace("limit=3", "limit=200"))["items"]
    found = pages_of(anybody, path)
    assert found == [one.get("name") or one["id"] for one in whole]
    assert len(found) == len(set(found))


def test_what_comes_meanwhile_moves_nothing(
    anybody: Client, store: Store, clock: HandClock
) -> None:
    first = anybody.get("mentions?limit=2")
    waiting = anybody.get("clocks?limit=1")
    clock.at = NOW + MINUTE
    take_in(store, clock, *(a_complaint(n, said_at=NOW + MINUTE) for n in range(50, 60)))
    take_in(store, clock, a_complaint(60, ago=3 * 60 * MINUTE), a_complaint(61, ago=DAY))
    second = anybody.get(f"mentions?limit=2&cursor={first['next']}")
    assert names(second) == ["x:3", "x:1"]
    assert names(anybody.get(f"clocks?limit=1&cursor={waiting['next']}"), "id") == ["x:2"]


def test_the_document_is_public_and_whole(anybody: Client) -> None:
    assert anybody.browser.get("/api/v1").status in (307, 200)
    assert anybody.browser.get("/api/v1/").headers["location"] == "/api/v1/openapi.json"
    document = json.dumps(anybody.document)
    for ref in set(re.findall(r'"#/components/(\w+)/(\w+)"', document)):
        assert ref[1] in anybody.document["components"][ref[0]]
