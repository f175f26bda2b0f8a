"""Google Play as its web pages ask it, written from what google-play-scraper sends and reads."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from listener.collectors.google_play_public import GooglePlayPublic
from listener.http import Http
from tests.builders import a_rival, a_subject
from tests.servers.web import Asked, Step, WebServer

APP = "com.boreal.parcels"
ASKED = "/_/PlayStoreUi/data/batchexecute"
DETAILS = "/store/apps/details"
NEWEST = 2
BEGAN = 1_795_000_000  # unix seconds
Row = list[Any]


def a_row(number: int, text: Any = "It works", stars: Any = 4, **changes: Any) -> Row:
    """A review as the pages get it. `at`, `name`, `likes`, `version`; `reply`: text and seconds."""
    at = changes.get("at", BEGAN + number)
    reply = changes.get("reply")
    answer = ["Boreal", reply[0], [reply[1], 0]] if reply else None
    writer = [changes.get("name", f"Person {number}"), [None, 2]]
    said = [f"gp:{number}", writer, stars, None, text, [at, 316_000_000]]
    return [*said, changes.get("likes", 0), answer, None, None, changes.get("version")]


def a_reply(inside: Any) -> Step:
    """The envelope; `inside` is text in it, or null where Google refuses."""
    text = None if inside is None else json.dumps(inside, ensure_ascii=False)
    refusal = [2, None, [["type.example/com.google.play.gateway.proto.PlayGatewayError", []]]]
    block = ["wrb.fr", "oCPfdb", text, None, None, None if text else refusal, "generic"]
    return Step(body=b")]}'\n\n" + json.dumps([block, ["di", 18]]).encode())


def a_page(rows: Sequence[Row], token: str = "") -> Step:
    return a_reply([list(rows), [None, token], None] if token else [list(rows)] if rows else [])


class Shop:
    """Shows the reviews of apps, the newest first, to who asks as the pages do.

    `rows[(app, language, country)]`. Its tokens need escaping, and `lost` ones are not taken.
    """

    def __init__(self, server: WebServer, size: int = 100) -> None:
        self.server, self.size = server, size
        self.rows: dict[tuple[str, str, str], list[Row]] = {}
        self.lost: set[str] = set()
        server.routes[ASKED] = self.page
        server.routes[DETAILS] = self.details

    def show(
        self, rows: list[Row], app: str = APP, language: str = "en", country: str = "us"
    ) -> "Shop":
        self.rows[(app, language, country)] = rows
        return self

    def page(self, asked: Asked) -> Step:
        app, count, token = question_of(asked)
        rows = self.rows.get((app, asked.query["hl"], asked.query["gl"]), [])
        newest_first = sorted(rows, key=lambda row: int(row[5][0]), reverse=True)
        if token in self.lost:
            return Step(status=400)
        start = int(re.sub(r"\D", "", token) or 0)
        end = start + min(count, self.size)
        return a_page(newest_first[start:end], f"Cs+{end}/&=%" if end < len(rows) else "")

    def details(self, asked: Asked) -> Step:
        known = any(app == asked.query["id"] for app, _, _ in self.rows)
        return Step(status=200 if known else 404, body=b"<!doctype html>")

    @property
    def pages(self) -> list[str]:
        """The tokens that were asked with since the last look."""
        asked = [question_of(one)[2] for one in self.server.asked if one.route == ASKED]
        self.server.asked.clear()
        return asked


def question_of(asked: Asked) -> tuple[str, int, str]:
    """App, count and token of a question, which must be one for the newest reviews."""
    assert asked.method == "POST"
    ((name, inside, _, _),) = json.loads(asked.form["f.req"])[0]
    assert name == "oCPfdb"
    _, (_, sort, paging, *_), (app, _) = json.loads(inside)
    assert sort == NEWEST
    count, token = paging[0], paging[2] if len(paging) > 1 else ""
    return app, count, token


def a_source(server: WebServer, **changes: Any) -> GooglePlayPublic:
    made = GooglePlayPublic(
        packages=(APP,),
        accept_unofficial=True,
        brand="Boreal",
        name="play",
        http=Http(),
        follows=(a_subject("Acme"), a_rival("Boreal")),
        base_url=server.url(""),
    )
    return replace(made, **changes)
