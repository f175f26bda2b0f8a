"""SQL and FTS injection: every parameter, field and header, with what a database might believe."""

import json
from collections.abc import Iterator
from urllib.parse import quote_from_bytes, urlencode

from bench.acceptance._attack_forged import FILLED, INCIDENT, JSON
from bench.acceptance._attack_roles import named
from bench.acceptance._attack_target import RIVALS, Row, Target, changed, routes, row
from bench.acceptance.verdicts import Verdicts
from listener.web import saving
from listener.web.api import ADDRESSES
from listener.web.deeds import SAID
from tests.web.browser import FORM

MOST_SECONDS = 3.0  # a search may take two
SQL = (
    "'", '"', "''", "`", "\\", "';", "' OR '1'='1", "' OR 1=1--", '" OR ""="', "') OR ('1'='1",
    "1 OR 1=1", "1; DROP TABLE mention;--", "'; DELETE FROM mention; --", "' UNION SELECT 1--",
    "' UNION SELECT name, password FROM user--", "x' AND 1=(SELECT count(*) FROM user)--",
    "' AND randomblob(1000000000)--", "1 AND (SELECT like('ABC',upper(hex(randomblob(99999999)))))",
    "'||(SELECT sql FROM sqlite_master)||'", "/**/OR/**/1=1", "%' OR '%'='", "_%_%", "*/ /*",
    "ATTACH DATABASE 'x' AS y", "load_extension('x')", "? ?1 :a @a $a", "0x27", "NULL", "1e309",
    "-9223372036854775809", "9223372036854775808", "9999999999999999999", "٣", "²", "1_000",
)  # fmt: skip
FTS = (
    "*", "a*", "**", "^a", "^", "-", "--", "-a", "NOT", "AND", "OR", "a AND", "NOT a", "OR OR",
    "NEAR", "NEAR(", "NEAR(a b, 5)", "NEAR/", "a NEAR/99999999999 b", "a NEAR/0 b", "text:a",
    "{text author}:a", "rowid:1", "mention_search:a", "col:", ":a", '"', '"a', 'a"b"c', '""', '"*"',
    "(", ")", "((((", "a)", "a + b", "a+", "{", "}", "[", "sentiment:", "sentiment:x", "stars:<=x",
    "since:x", "lang:'", "a" + " OR a" * 300, "(" * 200 + "a" + ")" * 200, "-" * 400, "* " * 200,
    "a " * 400, "NEAR " * 80,
)  # fmt: skip
ODD = (
    "\0", "a\0b", "\x01\x02\x1b[31m", "\r\nX-Evil: 1", "\u2028", "\u202e", "\ufeff", "\ud800",
    "\udfff",
    "😀" * 50, "İ" * 50, "ß" * 300, "\u0301" * 300, "A" * 400, "{{7*7}}", "{%raw%}", "%s%n",
    "${7*7}",
)  # fmt: skip
HUGE = ("A" * 100_000, "' OR " * 20_000, "(" * 100_000, "\u0301" * 33_000, '"a" ' * 25_000)
EVERY = (*SQL, *FTS, *ODD)
# What addresses of the pages ask for; those of the API say it themselves.
PAGES = {
    "/": ("days", "from", "to"),
    "/inbox": ("q", "subject", "state", "order", "open", "done", "undo", "known", "part"),
    "/search": ("q", "subject", "source", "sentiment", "topic", "state", "from", "to", "order",
    "after"),
    "/subjects": ("days", "from", "to"), "/subjects/Acme": ("days", "from", "to"),
    "/compare": ("days", "from", "to", "with"), "/topics": ("subject", "days", "from", "to"),
    "/incidents": ("all",), "/incidents/1": ("done", "undo"), "/mentions/x:1": ("done", "undo"),
    "/digests/2026-W01": ("team",), "/settings": ("done",), "/settings/subject": ("name",),
    "/settings/topic": ("name",), "/settings/preview": ("q", "of", "part"),
    "/signin": ("next", "out"), "/signin/oidc/done": ("state", "code", "iss", "error"),
    "/static/keys.js": ("v",), "/unsubscribe/x": ("again",),
}  # fmt: skip
NARROWED = {"/inbox", "/search", "/api/v1/mentions", "/api/v1/mentions.csv", "/api/v1/clocks"}


def asked() -> dict[str, tuple[str, ...]]:
    """Every address that is read, with the names it knows."""
    known = {one.whole: tuple(one.asked.model_fields) for one in ADDRESSES}
    in_path = ("id", "week")
    found = dict(PAGES)
    for path, names in known.items():
        if not path.endswith("/actions"):
            found[named(path.replace("mentions/{id}", "mentions/{id:path}"))] = tuple(
                name for name in names if name not in in_path
            )
    return found


def attack(target: Target, verdicts: Verdicts) -> None:
    known = {named(path) for path, methods in routes() if "GET" in methods}
    strange = sorted(set(asked()) - known)
    verdicts.claim(
        not strange, f"queries: every address that is asked is one of the site {strange or ''}"
    )
    before = target.kept()
    for path, names in asked().items():
        if names:
            with row(verdicts, "queries", f"GET {path}: {', '.join(names)}"[:56]) as made:
                _addressed(target, made, path, names)
    _parts(target, verdicts)
    after = changed(before, target.kept())
    verdicts.claim(not after, f"queries: reading changes no row {after or ''}")
    _forms(target, verdicts)
    _bodies(target, verdicts)
    _headers(target, verdicts)
    _standing(target, verdicts, before)


def _written(words: str) -> str:
    return quote_from_bytes(words.encode("utf-8", "surrogatepass"))


def _judge(
    target: Target,
    made: Row,
    method: str,
    path: str,
    what: str,
    *,
    hidden: bool = False,
    **sent: object,
) -> None:
    answer = target.send(method, path, who="adam", **sent)  # type: ignore[arg-type]
    leaked = target.too_much(answer)
    if hidden and RIVALS in answer.text:
        leaked = "what was said of another"
    held = (answer.status == 0 or 200 <= answer.status < 500) and not leaked
    held = held and answer.seconds < MOST_SECONDS and "x-evil" not in answer.names
    made.saw(answer.status, held, f"{path[:60]} {what[:40]!r} {leaked} {answer.seconds:.1f} s")


def _addressed(target: Target, made: Row, path: str, names: tuple[str, ...]) -> None:
    for name in names:
        every = EVERY if name in ("q", "subject", "after", "cursor") else EVERY[::3]
        for words in every:
            # A query may well ask for everything; a subject beside it still narrows.
            hidden = path in NARROWED and name not in ("subject", "open")
            beside = "&subject=Acme" if hidden else ""
            of_subject = path in NARROWED and name == "subject"
            wanted = f"{path}?{name}={_written(words)}{beside}"
            _judge(
                target,
                made,
                "GET",
                wanted,
                words,
                hidden=(hidden or of_subject) and bool(words.strip()),
            )
        for words in HUGE[:1]:
            _judge(target, made, "GET", f"{path}?{name}={_written(words)}", words)
    _judge(
        target, made, "GET", f"{path}?" + "&".join(f"{n}=1&{n}=2&{n}[]=3" for n in names), "twice"
    )
    _judge(target, made, "GET", f"{path}?" + "&".join(f"a{n}=1" for n in range(2000)), "2000 names")
    _judge(target, made, "GET", f"{path}?{_written(SQL[7])}={_written(SQL[7])}", "as a name")


def _parts(target: Target, verdicts: Verdicts) -> None:
    """What stands in the path itself."""
    for path, methods in routes():
        if "{" in path and "GET" in methods:
            before, _, rest = path.partition("{")
            with row(verdicts, "queries", f"GET {path}"[:56]) as made:
                for words in EVERY:
                    wanted = before + _written(words) + rest.partition("}")[2]
                    _judge(target, made, "GET", wanted, words)


def posted(target: Target) -> Iterator[tuple[str, dict[str, str]]]:
    token = target.people["adam"].token()
    for act in (*SAID, *saving.ACTS, "undo", "here", "leave"):
        on = {"incident": "1"} if act in INCIDENT else {"on": "x:40"}
        yield (
            "/act",
            {**FILLED, **on, "seen": "0", "order": "", "q": "acme", "act": act, "token": token},
        )
    for step in ("look", "wake", "back"):
        for what in ("subject", "topic", "quiet"):
            fields = {
                "what": what,
                "of": "Acme",
                "name": "Acme",
                "query": "acme",
                "was": "{}",
                "mark": "x",
            }
            yield "/settings/change", {**fields, "step": step, "token": token}
    yield (
        "/settings/preview",
        {"what": "subject", "of": "Acme", "query": "acme", "part": "1", "token": token},
    )
    yield "/signin", {"name": "x", "password": "x", "next": "/"}


def _forms(target: Target, verdicts: Verdicts) -> None:
    for path in ("/act", "/settings/change", "/settings/preview", "/signin"):
        with row(verdicts, "queries", f"POST {path}: each field of each form") as made:
            turn = 0
            for to, fields in posted(target):
                if to != path:
                    continue
                for name in fields:
                    turn += 1
                    for words in (*SQL[::4], *FTS[::6], *ODD[::2], *HUGE[:1])[turn % 5 :: 5]:
                        body = urlencode({**fields, name: ""}) + f"&{name}={_written(words)}"
                        _judge(
                            target,
                            made,
                            "POST",
                            path,
                            f"{name} {words}",
                            headers=FORM,
                            body=body.encode(),
                        )


def _bodies(target: Target, verdicts: Verdicts) -> None:
    bears = {"authorization": f"Bearer {target.tokens['act']}", "content-type": JSON}
    deeds = [
        {"act": "note", "note": ""}, {"act": "assign", "to": ""}, {"act": "link", "issue": ""},
        {"act": "correct", "sentiment": ""}, {"act": "correct", "topics": [""]}, {"act": ""},
        {"act": "judge", "subject": "", "about": False}, {"act": "snooze", "span": ""},
        {"seen": ""},
    ]  # fmt: skip
    with row(verdicts, "queries", "API writes: each field of each deed") as made:
        for deed in deeds:
            name = next(key for key in reversed(deed) if deed[key] in ("", [""]))
            for words in EVERY[::2]:
                value = [words] if deed[name] == [""] else words
                body = json.dumps({**deed, name: value}).encode()
                for path in ("/api/v1/mentions/x:40/actions", "/api/v1/incidents/1/actions"):
                    _judge(target, made, "POST", path, words, headers=bears, body=body)
        for header in ("if-match", "idempotency-key", "authorization"):
            for words in SQL:
                body = b'{"act": "answer", "seen": 0}'
                sent = {**bears, header: words}
                _judge(
                    target,
                    made,
                    "POST",
                    "/api/v1/mentions/x:40/actions",
                    words,
                    headers=sent,
                    body=body,
                )


def _headers(target: Target, verdicts: Verdicts) -> None:
    with row(verdicts, "queries", "cookies, Authorization, Accept-Language, Last-Event-ID") as made:
        for words in EVERY:
            value = words.replace("\r", "").replace("\n", "").replace("\0", "")
            for name in ("accept-language", "referer", "user-agent"):
                _judge(target, made, "GET", "/inbox", words, headers={name: value})
            for name, path in (("cookie", "/inbox"), ("authorization", "/api/v1/mentions")):
                shown = f"listener={value}" if name == "cookie" else f"Bearer {value}"
                answer = target.send("GET", path, {name: shown})
                made.saw(answer.status, answer.status in (303, 400, 401), f"{name} {words[:40]!r}")


def _standing(target: Target, verdicts: Verdicts, before: dict[str, list[object]]) -> None:
    with row(verdicts, "queries", "the tables, the rows and their number afterwards") as made:
        after = target.kept()
        for name in ("mention", "match", "subject", "user", "author", "config.toml"):
            same = [r[:2] if isinstance(r, tuple) else r for r in after[name]] == [
                r[:2] if isinstance(r, tuple) else r for r in before[name]
            ]
            made.saw("as before" if same else "changed", same, name)
        whole = target.rows("PRAGMA integrity_check")[0][0]
        made.saw(f"integrity {whole}", whole == "ok")
