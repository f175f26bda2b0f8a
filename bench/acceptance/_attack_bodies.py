"""Bodies, headers and addresses that are too long, or say other than they are."""

import gzip
import json
from collections.abc import Iterator

from bench.acceptance._attack_forged import JSON
from bench.acceptance._attack_target import Target, changed, row
from bench.acceptance._attack_wire import LATE, NOTHING, Told
from bench.acceptance.verdicts import Verdicts
from tests.web.browser import FORM

MB = 1_000_000
MOST_SECONDS = 7.0  # a body has five to come
MOST_GROWN = 60.0  # MB of the daemon's memory, over everything here
TO = (
    "/act", "/signin", "/signout", "/settings/change", "/settings/preview", "/unsubscribe/x",
    "/hooks/shop", "/slack/events", "/api/v1/mentions/x:1/actions", "/inbox", "/static/keys.js",
)  # fmt: skip
SIGNED = {
    "x-listener-signature": "sha256=0",
    "x-hub-signature-256": "sha256=0",
    "x-slack-signature": "v0=0",
}


def bodies() -> Iterator[tuple[str, str, bytes, dict[str, str]]]:
    """What it is, its type, itself, and headers beside."""
    plain = FORM["content-type"]
    yield "a form of 10 MB", plain, b"note=" + b"A" * 10 * MB, {}
    yield "JSON of 10 MB", JSON, b'{"act": "note", "note": "' + b"A" * 10 * MB + b'"}', {}
    part = b'--x\r\ncontent-disposition: form-data; name="f"; filename="f"\r\n\r\n'
    yield (
        "multipart of 10 MB",
        "multipart/form-data; boundary=x",
        part + b"A" * 10 * MB + b"\r\n--x--",
        {},
    )
    yield "10,000 fields", plain, b"&".join(b"a%d=1" % n for n in range(10_000)), {}
    yield "300,000 empty fields", plain, b"a&" * 300_000, {}
    yield "1 MB of one name", plain, b"A" * 999_000 + b"=1", {}
    yield "1 MB of per cents", plain, b"a=" + b"%" * 990_000, {}
    yield "100,000 brackets", JSON, b"[" * 100_000, {}
    yield "100,000 braces", JSON, b'{"a":' * 100_000 + b"1" + b"}" * 100_000, {}
    yield "a number of 900,000 digits", JSON, b'{"seen": ' + b"9" * 900_000 + b"}", {}
    yield "100,000 names", JSON, json.dumps({f"a{n}": n for n in range(60_000)}).encode(), {}
    bomb = gzip.compress(b"A" * 300 * MB, 9)
    yield "a bomb of 300 MB", plain, bomb, {"content-encoding": "gzip"}
    yield "a bomb of 300 MB as JSON", JSON, bomb, {"content-encoding": "gzip"}
    yield "not UTF-8", plain, b"\xff\xfe" * 1000, {}


def attack(target: Target, verdicts: Verdicts) -> None:
    before, at_first = target.kept(), target.memory()
    most = at_first
    for name, kind, body, more in bodies():
        with row(verdicts, "bodies", name) as made:
            for path in TO:
                for who in ("", "adam"):
                    bears = {} if who else {"authorization": f"Bearer {target.tokens['act']}"}
                    sent = {"content-type": kind, **SIGNED, **bears, **more}
                    answer = target.send("POST", path, sent, body, who=who)
                    made.saw(answer.status, _is_refused(answer), f"{path} {answer.seconds:.1f} s")
            most = max(most, target.memory())
            made.more = f"{target.memory() - at_first:+.0f} MB"
    _lies(target, verdicts)
    _long(target, verdicts)
    with row(verdicts, "bodies", "memory of the daemon, over all of it") as made:
        grown = max(most, target.memory()) - at_first
        made.saw(f"{at_first:.0f} MB, at most {grown:+.0f}", grown < MOST_GROWN)
    after = changed(before, target.kept())
    verdicts.claim(not after, f"bodies: no row and no file has changed {after or ''}")


def _is_refused(answer: Told) -> bool:
    refused = 400 <= answer.status < 500 or answer.status == NOTHING
    return refused and answer.seconds < MOST_SECONDS


def _lies(target: Target, verdicts: Verdicts) -> None:
    """Lengths that are not so. A second request hidden in the first is never answered."""
    smuggled = b"GET /api/v1/smuggled HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"
    lies: dict[str, tuple[bytes, bytes]] = {
        "longer than what comes": (b"content-length: 5000\r\n", b"a=1"),
        "negative": (b"content-length: -1\r\n", b"a=1"),
        "with a plus": (b"content-length: +3\r\n", b"a=1"),
        "hexadecimal": (b"content-length: 0x3\r\n", b"a=1"),
        "no number": (b"content-length: three\r\n", b"a=1"),
        "of 400 digits": (b"content-length: " + b"9" * 400 + b"\r\n", b"a=1"),
        "twice, and different": (b"content-length: 3\r\ncontent-length: 90\r\n", b"a=1" + smuggled),
        "twice in one": (b"content-length: 3, 90\r\n", b"a=1" + smuggled),
        "beside chunks": (b"content-length: 3\r\ntransfer-encoding: chunked\r\n",
        b"0\r\n\r\n" + smuggled),
        "chunked, written oddly": (b"transfer-encoding: xchunked\r\n", b"0\r\n\r\n" + smuggled),
        "chunked, then identity": (b"transfer-encoding: chunked, identity\r\n",
        b"0\r\n\r\n" + smuggled),
        "chunked twice": (b"transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n",
        b"0\r\n\r\n" + smuggled),
        "a space before the colon": (b"content-length : 3\r\n", b"a=1"),
        "a folded header": (b"content-length:\r\n 3\r\n", b"a=1"),
        "a chunk of no number": (b"transfer-encoding: chunked\r\n", b"zz\r\na=1\r\n0\r\n\r\n"),
        "a chunk of 2^64": (b"transfer-encoding: chunked\r\n", b"f" * 16 + b"\r\na=1"),
        "a chunk below zero": (b"transfer-encoding: chunked\r\n", b"-1\r\na=1\r\n0\r\n\r\n"),
        "10 MB of a chunk's extension": (b"transfer-encoding: chunked\r\n", b"3;" + b"a" * 10 * MB),
        "chunks without end": (b"transfer-encoding: chunked\r\n",
        b"3e8\r\n" + (b"A" * 1000 + b"\r\n3e8\r\n") * 20_000),
        "chunks of one byte": (b"transfer-encoding: chunked\r\n", b"1\r\nA\r\n" * 50_000),
    }  # fmt: skip
    for name, (lie, body) in lies.items():
        with row(verdicts, "bodies", f"a length that is {name}"[:56]) as made:
            for path in ("/act", "/signin", "/api/v1/mentions/x:1/actions"):
                kind = JSON if path.startswith("/api") else FORM["content-type"]
                head = (
                    f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: {kind}\r\n"
                    f"authorization: Bearer {target.tokens['act']}\r\n"
                    f"cookie: listener={target.people['adam'].session}\r\n"
                )
                answer = target.raw(head.encode() + lie + b"\r\n" + body, seconds=12)
                late = answer.seconds > 11 and answer.status in (LATE, NOTHING)
                made.saw(
                    answer.status,
                    answer.status < 500 and not late,
                    f"{path} {answer.seconds:.0f} s",
                )
                made.must(
                    b"smuggled" not in answer.body and answer.body.count(b"HTTP/1.1 ") < 2,
                    "smuggled",
                )
    with row(verdicts, "bodies", "a body shorter than what comes: the rest is no request") as made:
        head = b"POST /act HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 3\r\n\r\na=1"
        answer = target.raw(head + b"SMUGGLED / HTTP/1.1\r\n\r\n", seconds=12)
        made.saw(answer.status, 400 <= answer.status < 500)


def _long(target: Target, verdicts: Verdicts) -> None:
    with row(verdicts, "bodies", "1 MB of headers: one, many, and a name") as made:
        for more in (
            {"x-long": "A" * MB}, {f"x-{n}": "A" * 100 for n in range(9000)}, {"x" * MB: "1"},
            {"cookie": "; ".join(f"c{n}=1" for n in range(100_000))},
            {"accept-language": "a," * 500_000},
        ):  # fmt: skip
            answer = target.send("GET", "/inbox", more, who="adam")
            made.saw(answer.status, _is_refused(answer), f"{answer.seconds:.1f} s")
    with row(verdicts, "bodies", "60 KB of headers, which is read") as made:
        for name in (
            "accept-language",
            "if-none-match",
            "accept",
            "x-forwarded-for",
            "last-event-id",
        ):
            answer = target.send("GET", "/inbox", {name: "a,b;q=0.1," * 6000}, who="adam")
            made.saw(answer.status, answer.status in (200, 400) and answer.seconds < 3, name)
    with row(verdicts, "bodies", "an address of 100 KB") as made:
        for path in (
            "/inbox?q=",
            "/mentions/",
            "/api/v1/mentions?q=",
            "/static/",
            "/signin?next=/",
        ):
            answer = target.send("GET", path + "A" * 100_000, who="adam")
            made.saw(answer.status, _is_refused(answer), f"{path} {answer.seconds:.1f} s")
    with row(verdicts, "bodies", "what is no HTTP at all") as made:
        tls = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500 + b"\r\n\r\n"
        for data in (
            tls, b"\0" * 100_000, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\r\n" * 50_000,
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"GET /\r\n\r\n",
            b"A" * 10 * MB, b"GET / HTTP/1.1\nhost: 127.0.0.1\n\n",
            b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nhost: evil\r\n\r\n",
            b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx\0y: 1\r\n\r\n",
        ):  # fmt: skip
            answer = target.raw(data, seconds=13)
            ended = answer.status != LATE and answer.seconds < 12.5
            made.saw(answer.status, ended and answer.status not in (200, 500), repr(data[:30]))
