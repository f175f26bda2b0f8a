"""A Reddit that lists, refuses and forgets as the real one does, on a local server."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from listener.collectors.reddit.things import number
from tests.servers import searching
from tests.servers.searching import Post
from tests.servers.web import Asked, Step, WebServer, as_json

SECRET, PASSWORD = "s3cret-of-the-app", "s3cret-of-the-account"
NEARLY_SPENT = {  # prawcore would sleep for seconds after each answer
    "x-ratelimit-remaining": "1.0",
    "x-ratelimit-used": "99",
    "x-ratelimit-reset": "600",
}
Thing = Mapping[str, Any]


def a_post(count: int, text: str = "acme air is late", **changes: Any) -> Thing:
    at = 1_795_000_000 + count
    data = {"name": f"t3_{base36(count)}", "author": "ann", "created_utc": at, "title": text}
    return {"kind": "t3", "data": {**data, "selftext": "", "subreddit": "travel", **changes}}


def a_comment(count: int, text: str = "acme air is late", **changes: Any) -> Thing:
    at = 1_795_000_000 + count
    data = {"name": f"t1_{base36(count)}", "author": "ann", "created_utc": at, "body": text}
    ids = {"parent_id": "t3_1", "link_id": "t3_1", "subreddit": "travel"}
    return {"kind": "t1", "data": {**data, **ids, **changes}}


def base36(count: int) -> str:
    digits = ""
    while count:
        count, digit = divmod(count, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits or "0"


@dataclass
class FakeReddit:
    """Answers as Reddit does: a token for the right secret; listings newest first, a thousand
    things at most, by `after`, and none where that one is gone."""

    server: WebServer
    things: list[Thing] = field(default_factory=list)
    tokens: int = 0
    good_tokens: set[str] = field(default_factory=set)
    refusing: dict[str, Step] = field(default_factory=dict)  # a path's own answer

    def __post_init__(self) -> None:
        self.server.routes["/api/v1/access_token"] = self.token
        self.server.routes["/api/info/"] = self.info
        for where in ("all", "travel", "travel+flying"):
            for kind in ("search", "new", "comments"):
                self.server.routes[f"/r/{where}/{kind}/"] = self.listing
        for user in ("acme_support", "wanderer"):
            for kind in ("comments", "submitted"):
                self.server.routes[f"/user/{user}/{kind}/"] = self.listing

    def token(self, asked: Asked) -> Step:
        right = b64encode(f"app:{SECRET}".encode()).decode()
        if asked.method != "POST" or asked.headers["Authorization"] != f"Basic {right}":
            return as_json({"message": "Unauthorized", "error": 401}, status=401)
        grant = asked.form["grant_type"]
        if grant == "password" and asked.form["password"] != PASSWORD:
            return as_json({"error": "invalid_grant"})
        assert grant in ("client_credentials", "password")
        self.tokens += 1
        self.good_tokens.add(f"token-{self.tokens}")
        token = {"access_token": f"token-{self.tokens}", "token_type": "bearer"}
        return as_json({**token, "expires_in": 86_400, "scope": "*"})

    def info(self, asked: Asked) -> Step:
        wanted = asked.query["id"].split(",")
        found = [thing for thing in self.things if thing["data"]["name"] in wanted]
        return as_json({"kind": "Listing", "data": {"children": found, "after": None}})

    def listing(self, asked: Asked) -> Step:
        if asked.headers["Authorization"].removeprefix("bearer ") not in self.good_tokens:
            return as_json({"error": 401}, status=401)  # no www-authenticate: KeyError in prawcore
        if asked.route in self.refusing:
            return self.refusing[asked.route]
        query = asked.query
        assert "before" not in query
        assert (query["raw_json"], query["sort"]) == ("1", "new")
        found = sorted(filter(self.shows(asked), self.things), key=age)[:1000]
        names = [thing["data"]["name"] for thing in found]
        if "after" in query:
            found = found[names.index(query["after"]) + 1 :] if query["after"] in names else []
        page = found[: int(query["limit"])]
        after = page[-1]["data"]["name"] if len(page) < len(found) else None
        step = as_json({"kind": "Listing", "data": {"children": page, "after": after}})
        return replace(step, headers={**step.headers, **NEARLY_SPENT})

    def shows(self, asked: Asked) -> Callable[[Thing], bool]:
        *_, where, kind = asked.route.strip("/").split("/")

        def is_shown(thing: Thing) -> bool:
            data = thing["data"]
            if (thing["kind"] == "t1") != (kind == "comments"):
                return False
            if asked.route.startswith("/user/"):
                return bool(str(data["author"]).casefold() == where)
            inside = where == "all" or data["subreddit"] in where.split("+")
            if "q" not in asked.query:
                return bool(inside)
            said = f"{data.get('title', '')} {data.get('selftext', '')}"
            post = Post(text=said, author=str(data["author"]), link=str(data.get("url") or ""))
            return bool(inside) and searching.reddit(asked.query["q"])(post)

        return is_shown


def age(thing: Thing) -> int:
    return -number(thing["data"]["name"])
