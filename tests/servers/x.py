"""X as far as its recent search goes: the query language, ids as marks, tokens, seven days; and
posts by their ids."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from listener.collectors.x.snowflake import id_at, moment_of
from tests.servers.web import Asked, Step, WebServer, as_json

TOKEN = "AAAA-bearer-of-tests"
Post = dict[str, Any]
Test = Callable[[Post], bool]

SEARCH, COUNTS = "/2/tweets/search/recent", "/2/tweets/counts/recent"
LOOK_UP = "/2/tweets"
PROBLEMS = "https://api.twitter.com/2/problems"
COMMON = {"query", "since_id", "until_id", "start_time", "end_time", "next_token"}
KNOWN = {
    SEARCH: COMMON | {"max_results", "expansions", "tweet.fields", "user.fields", "sort_order"},
    COUNTS: COMMON | {"granularity"},
    LOOK_UP: {"ids", "expansions", "tweet.fields", "user.fields"},
}
_PIECE = re.compile(r'\s*(\(|\)|-?(?:[a-z]+:)?"[^"]*"|[^\s()"]+)')
_PIECES = re.compile(rf"(?:{_PIECE.pattern})*\s*")


@dataclass
class XService:
    """Holds posts, and gives them to who has the token. `asked` is the server's ledger."""

    server: WebServer
    now: datetime
    posts: list[Post] = field(default_factory=list)
    users: list[dict[str, Any]] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)  # told beside every page
    expired_tokens: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)  # ids of posts of accounts that are not shown

    def __post_init__(self) -> None:
        self.server.routes[SEARCH] = self._search
        self.server.routes[COUNTS] = self._counts
        self.server.routes[LOOK_UP] = self._look_up

    @property
    def searches(self) -> list[Mapping[str, str]]:
        return [asked.query for asked in self.server.asked if asked.route == SEARCH]

    def _search(self, asked: Asked) -> Step:
        if refused := self._refused(asked):
            return refused
        size = int(asked.query.get("max_results", "10"))
        if not 10 <= size <= 100:
            return invalid("max_results", str(size))
        found = self._found(asked.query)
        token = asked.query.get("next_token", "")
        if token:
            found = [post for post in found if int(post["id"]) < int(token[1:])]
        page = found[:size]
        if not page:
            return as_json({"meta": {"result_count": 0}})
        meta = {"newest_id": page[0]["id"], "oldest_id": page[-1]["id"], "result_count": len(page)}
        if len(found) > size:
            meta["next_token"] = f"b{page[-1]['id']}"
        answer: dict[str, Any] = {"data": page, "includes": self._writers(page), "meta": meta}
        if self.errors:
            answer["errors"] = self.errors
        return as_json(answer)

    def _counts(self, asked: Asked) -> Step:
        if refused := self._refused(asked):
            return refused
        return as_json({"data": [], "meta": {"total_tweet_count": len(self._found(asked.query))}})

    def _look_up(self, asked: Asked) -> Step:
        if refused := self._not_let_in(asked):
            return refused
        ids = asked.query["ids"].split(",")
        if not 1 <= len(ids) <= 100:
            return invalid("ids", asked.query["ids"])
        there = {post["id"]: post for post in self.posts}
        page = [there[one] for one in ids if one in there and one not in self.hidden]
        errors = [hidden(one) for one in ids if one in self.hidden]
        errors += [not_found(one) for one in ids if one not in there and one not in self.hidden]
        answer: dict[str, Any] = {"errors": errors} if errors else {}
        return as_json(answer | ({"data": page, "includes": self._writers(page)} if page else {}))

    def _writers(self, page: list[Post]) -> dict[str, Any]:
        writers = {post.get("author_id") for post in page}
        return {"users": [user for user in self.users if user["id"] in writers]}

    def _refused(self, asked: Asked) -> Step | None:
        if refused := self._not_let_in(asked):
            return refused
        query = asked.query["query"]
        if len(query) > 512 or not is_readable(query):
            return invalid("query", query)
        since = asked.query.get("since_id")
        if since is not None and int(since) < id_at(self.now - timedelta(days=7)):
            return invalid("since_id", since)
        token = asked.query.get("next_token")
        if token is not None and (token in self.expired_tokens or token[0] != "b"):
            return invalid("next_token", token)
        return None

    def _not_let_in(self, asked: Asked) -> Step | None:
        headers = {name.lower(): value for name, value in asked.headers.items()}
        if headers.get("authorization") != f"Bearer {TOKEN}":
            return as_json({"title": "Unauthorized", "status": 401}, status=401)
        for name in asked.query.keys() - KNOWN[asked.route]:
            return invalid(name, asked.query[name])
        return None

    def _found(self, query: Mapping[str, str]) -> list[Post]:
        oldest = max(int(query.get("since_id", 0)), id_at(self.now - timedelta(days=7)))
        names = {user["id"]: user["username"].casefold() for user in self.users}
        test = reading(query["query"])
        return [
            post
            for post in sorted(self.posts, key=lambda post: -int(post["id"]))
            if int(post["id"]) > oldest
            and test({**post, "username": names.get(post.get("author_id"))})
        ]


def invalid(name: str, value: str) -> Step:
    """A 400, in the form that X uses for a parameter it does not take."""
    message = f"Invalid '{name}': [{value[:20]}]"
    return as_json(
        {
            "errors": [{"parameters": {name: [value]}, "message": message}],
            "title": "Invalid Request",
            "detail": "One or more parameters to your request was invalid.",
            "type": f"{PROBLEMS}/invalid-request",
        },
        status=400,
    )


def not_found(number: str, **changes: Any) -> dict[str, Any]:
    """What X says beside the posts of one that was deleted."""
    return {
        "value": number,
        "detail": f"Could not find tweet with ids: [{number}].",
        "title": "Not Found Error",
        "resource_type": "tweet",
        "parameter": "ids",
        "resource_id": number,
        "type": f"{PROBLEMS}/resource-not-found",
        **changes,
    }


def hidden(number: str) -> dict[str, Any]:
    """What X says of a post of an account that is suspended or protected."""
    return not_found(
        number,
        detail=f"Sorry, you are not authorized to see the Tweet with ids: [{number}].",
        title="Authorization Error",
        type=f"{PROBLEMS}/not-authorized-for-resource",
    )


def is_readable(query: str) -> bool:
    try:
        reading(query)
    except (ValueError, StopIteration):
        return False
    return True


def reading(query: str) -> Test:
    """A test for posts out of a search; AND binds before OR. Raises ValueError."""
    if not _PIECES.fullmatch(query):
        raise ValueError("there is something that is no piece")
    rest = iter([*(match[1] for match in _PIECE.finditer(query)), ""])
    test, end = _either(rest, next(rest))
    if end:
        raise ValueError("there is more than one search")
    return test


def _either(rest: Iterator[str], piece: str) -> tuple[Test, str]:
    tests = []
    while True:
        test, piece = _both(rest, piece)
        tests.append(test)
        if piece != "OR":
            return (lambda post: any(test(post) for test in tests)), piece
        piece = next(rest)


def _both(rest: Iterator[str], piece: str) -> tuple[Test, str]:
    tests = []
    while piece not in ("", ")", "OR"):
        if piece == "(":
            test, end = _either(rest, next(rest))
            if end != ")":
                raise ValueError("a group does not end")
        else:
            test = _one(piece)
        tests.append(test)
        piece = next(rest)
    if not tests:
        raise ValueError("nothing stands here")
    return (lambda post: all(test(post) for test in tests)), piece


def _one(piece: str) -> Test:
    if piece.startswith("-"):
        if piece == "-":
            raise ValueError("a group must not be negated")
        test = _one(piece[1:])
        return lambda post: not test(post)
    name, colon, value = piece.partition(":")
    if colon and not piece.startswith('"'):
        return _operator(name, value.strip('"').casefold())
    words = _words(piece.strip('"').casefold())
    if not words:
        raise ValueError("there is no word in it")
    return lambda post: _stands_in(words, post["text"].casefold())


def _operator(name: str, value: str) -> Test:
    if name == "from":
        return lambda post: post["username"] == value
    if name == "is":
        kind = {"reply": "replied_to", "retweet": "retweeted", "quote": "quoted"}[value]
        return lambda post: any(r["type"] == kind for r in post.get("referenced_tweets", ()))
    if name == "lang":
        return lambda post: post.get("lang", "und").casefold() == value
    if name == "has" and value == "links":
        return lambda post: bool(post.get("entities", {}).get("urls"))
    if name == "url":
        return lambda post: any(
            value in link["expanded_url"].casefold()
            for link in post.get("entities", {}).get("urls", ())
        )
    raise ValueError(f"{name}: is no operator")


def _words(text: str) -> list[str]:
    """Words without what stands between them; a picture is a word too."""
    return re.findall(r"[@#]?\w+|[^\w\s\x00-\x7f]", text)


def _stands_in(words: list[str], text: str) -> bool:
    marked = len(words) == 1 and words[0][0] in "@#"
    words = words if marked else [word.lstrip("@#") for word in words]
    found = [word if marked else word.lstrip("@#") for word in _words(text)]
    return any(found[at : at + len(words)] == words for at in range(len(found)))


def a_post(number: int, said_at: datetime, text: str, **changes: Any) -> Post:
    """A post of that moment; numbers tell those of one moment apart."""
    post_id = str(id_at(said_at) + number)
    moment = moment_of(post_id)
    assert moment is not None
    return {
        "id": post_id,
        "text": text,
        "author_id": "11",
        "created_at": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "conversation_id": post_id,
        "edit_history_tweet_ids": [post_id],
        **changes,
    }


def a_user(number: str, username: str, followers: int = 10) -> dict[str, Any]:
    return {
        "id": number,
        "username": username,
        "name": username.title(),
        "public_metrics": {"followers_count": followers},
    }
