"""Host, forwarded and odd headers; ways off the site; split answers; frames; methods."""

import re
from urllib.parse import quote, urlencode

from bench.acceptance._attack_forged import FILLED
from bench.acceptance._attack_roles import named
from bench.acceptance._attack_target import PUBLIC, Target, routes, row
from bench.acceptance._attack_wire import Told
from bench.acceptance.verdicts import Verdicts
from listener.web.guard import HEADERS
from tests.web.browser import FORM
from tests.web.visitors import PASSWORD

AWAY = (
    "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example",
    "\\\\evil.example",
    "/%5cevil.example", "/%2f/evil.example", "https:evil.example", "http:/evil.example",
    "/\t/evil.example",
    "\t//evil.example", "/\n/evil.example", " //evil.example", "/%09/evil.example",
    "javascript:alert(1)",
    "/.evil.example", "/..//evil.example", "/./\\evil.example", "data:text/html,x",
    "/inbox@evil.example",
    "@evil.example", ".evil.example", ":80", "//127.0.0.1@evil.example",
    "/inbox\\..\\..//evil.example",
    "//evil%E3%80%82example", "/／evil.example", "/\u2215evil.example",
    "/inbox\r\nLocation: //evil",
    "/inbox%0d%0aLocation:%20//evil", "/inbox\x00//evil", "/signout", "/signin?next=//evil",
    "x" * 3000,
    "/a/%2e%2e//evil.example", "/%2e%2e/%2fevil.example", "/inbox?//evil.example",
    "?next=//evil", "#//evil",
)  # fmt: skip
SPLIT = (
    "a\r\nX-Evil: 1",
    "a\nX-Evil: 1",
    "a\rX-Evil: 1",
    "a%0d%0aX-Evil: 1",
    "a\r\n\r\n<b>",
    "a\u010d\u010aX-Evil: 1",
)
HOSTS = (
    "evil.example", "127.0.0.1.evil.example", "localhost.evil.example", f"{PUBLIC}.evil.example",
    f"evil.{PUBLIC}", f"evil{PUBLIC}", f"{PUBLIC}@evil.example", f"evil.example#{PUBLIC}",
    "127.0.0.1@evil.example", "evil.example:80", "127.0.0.1:80:evil", "0.0.0.0", "[::]", "",
    " ", "169.254.169.254",
    "127.0.0.1, evil.example", "127.0.0.1 evil.example", "127.0.0.1/evil",
    "evil.example\\@127.0.0.1", "１２７.0.0.1",
)  # fmt: skip


def attack(target: Target, verdicts: Verdicts) -> None:
    _hosts(target, verdicts)
    _away(target, verdicts)
    _split(target, verdicts)
    _framed(target, verdicts)
    _forwarded(target, verdicts)
    _methods(target, verdicts)


def leads(answer: Told) -> str:
    return answer.header("location")


def _is_ours(address: str) -> bool:
    """As a browser reads it: tabs and line ends are not there, a backslash is a slash."""
    read = re.sub(r"[\t\r\n]", "", address).strip().replace("\\", "/")
    return read.startswith("/") and not read.startswith("//")


def _hosts(target: Target, verdicts: Verdicts) -> None:
    with row(verdicts, "headers", "pages under a name that is not ours (rebinding)") as made:
        for host in HOSTS:
            for path in ("/inbox", "/signin", "/api/v1/mentions", "/events", "/metrics"):
                answer = target.send("GET", path, {"host": host}, who="adam")
                made.saw(answer.status, answer.status in (400, 403), f"{host} {path}")
        for head in (
            b"host: 127.0.0.1\r\nhost: evil.example\r\n",
            b"host: evil.example\r\nhost: 127.0.0.1\r\n",
            b"",
        ):
            answer = target.raw(b"GET /inbox HTTP/1.1\r\n" + head + b"connection: close\r\n\r\n")
            made.saw(answer.status, answer.status in (400, 403), repr(head))
        answer = target.raw(
            b"GET http://evil.example/inbox HTTP/1.1\r\n"
            b"host: 127.0.0.1\r\nconnection: close\r\n\r\n"
        )
        made.saw(answer.status, answer.status != 200 and _is_ours(leads(answer)), "absolute")
    with row(
        verdicts, "headers", "a Host of ours is in no link of a page or a feed but as is"
    ) as made:
        for path in ("/inbox", "/incidents", "/api/v1/mentions", "/feeds/mentions.atom"):
            sent = {
                "x-forwarded-host": "evil.example",
                "x-host": "evil.example",
                "x-original-host": "evil.example",
            }
            answer = target.send("GET", path, sent, who="adam")
            made.saw(answer.status, "evil.example" not in answer.text, path)


def _away(target: Target, verdicts: Verdicts) -> None:
    with row(verdicts, "headers", "next= at the way in, signed in already") as made:
        for way in AWAY:
            for path in ("/signin", "/signin/oidc"):
                answer = target.send("GET", f"{path}?{urlencode({'next': way})}", who="adam")
                made.saw(
                    answer.status,
                    answer.status == 303 and _is_ours(leads(answer)),
                    f"{way[:40]!r} {leads(answer)}",
                )
    with row(verdicts, "headers", "back= of the choice of a language") as made:
        for way in (*AWAY, *SPLIT):
            for who in ("", "adam"):
                answer = target.send("GET", f"/language/hu?{urlencode({'back': way})}", who=who)
                held = answer.status == 303 and _is_ours(leads(answer))
                held = held and "x-evil" not in answer.names
                made.saw(answer.status, held, f"{way[:40]!r} {leads(answer)}")
    with row(verdicts, "headers", "next= in the form, with the right password") as made:
        for way in AWAY[::2]:  # sixty sign-ins a minute are taken in all
            person = target.person()
            page = person.get(f"/signin?{urlencode({'next': way})}")
            shown = re.findall(r'name="next" value="([^"]*)"', page.text)
            made.must(all(map(_is_ours, shown)), f"{way[:40]!r} {shown}")
            hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
            sent = {**hidden, "name": "adam", "password": PASSWORD, "next": way}
            answer = person.post("/signin", sent)
            led = answer.headers.get("location", "")
            made.saw(answer.status, answer.status == 303 and _is_ours(led), f"{way[:40]!r} {led}")
            person.post("/signout", {"token": person.token()})
    with row(verdicts, "headers", "back= of a form that was carried out") as made:
        token = target.people["agatha"].token()
        for way in (*AWAY, *SPLIT, "/inbox?q=\r\nX-Evil: 1", "/inbox//evil", "/inbox/../..//evil"):
            fields = {**FILLED, "act": "note", "on": "x:2", "back": way, "token": token}
            answer = target.send("POST", "/act", FORM, urlencode(fields).encode(), who="agatha")
            held = answer.status == 303 and _is_ours(leads(answer)) and "x-evil" not in answer.names
            made.saw(answer.status, held, f"{way[:40]!r} {leads(answer)}")
    with row(verdicts, "headers", "an address that leads to the way in, and on") as made:
        for way in AWAY:
            path = "/" + quote(way, safe="/\\:@?=%.").lstrip("/")
            answer = target.send("GET", path)
            held = _is_ours(leads(answer) or "/") and answer.status < 500
            made.saw(answer.status, held, path[:50])


def _split(target: Target, verdicts: Verdicts) -> None:
    with row(verdicts, "headers", "line ends in what an answer's headers repeat") as made:
        for words in SPLIT:
            asked = quote(words, safe="")
            for path in (
                f"/inbox?q={asked}", f"/{asked}", f"/mentions/{asked}",
                f"/incidents/1/pack?x={asked}", f"/signin?next=/{asked}",
                f"/signin/oidc?next=/{asked}", f"/api/v1/mentions/{asked}", f"/static/{asked}",
                f"/events/{asked}", f"/api/v1/mentions.csv?q={asked}",
            ):  # fmt: skip
                for who in ("", "adam"):
                    answer = target.send("GET", path, who=who)
                    held = "x-evil" not in answer.names and 0 < answer.status < 500
                    made.saw(answer.status, held, f"{path[:50]} {who}")


def _framed(target: Target, verdicts: Verdicts) -> None:
    with row(
        verdicts, "headers", "every answer forbids frames, sniffing, scripts and caches"
    ) as made:
        loose = ("/site.css", "/static/{name}")  # they are kept in caches
        for path, methods in routes():
            if "GET" not in methods or path == "/events":
                continue
            for who in ("", "adam"):
                answer = target.send("GET", named(path), who=who)
                policy = answer.header("content-security-policy")
                wrong = [name for name in HEADERS if name not in answer.names]
                wrong += [
                    one
                    for one in ("frame-ancestors 'none'", "default-src 'none'")
                    if one not in policy
                ]
                wrong += ["unsafe"] * (
                    "unsafe-inline" in policy.partition("script-src")[2].partition(";")[0]
                )
                if path not in loose and "no-store" not in answer.header("cache-control"):
                    wrong.append("cache-control")
                if "server" in answer.names or "x-powered-by" in answer.names:
                    wrong.append("it says what it runs on")
                made.saw(answer.status, not wrong, f"{path} {wrong}")


def _forwarded(target: Target, verdicts: Verdicts) -> None:
    with row(verdicts, "headers", "headers of a proxy, from an address that is none") as made:
        lies = {
            "x-forwarded-user": "adam", "x-remote-user": "adam", "remote-user": "adam",
            "x-auth-request-user": "adam",
            "x-forwarded-for": "127.0.0.1", "x-real-ip": "127.0.0.1",
            "forwarded": "for=127.0.0.1;proto=https",
            "x-original-url": "/healthz", "x-rewrite-url": "/healthz",
            "x-forwarded-prefix": "//evil.example",
            "x-forwarded-host": "evil.example", "authorization": "Basic YWRhbTphZGFt",
            "x-client-cert": "adam",
        }  # fmt: skip
        for name, value in lies.items():
            answer = target.send("GET", "/inbox", {name: value})
            held = answer.status == 303 and _is_ours(leads(answer))
            made.saw(answer.status, held, name)
        for name in ("x-forwarded-proto", "x-forwarded-ssl", "front-end-https", "x-url-scheme"):
            answer = target.send("GET", "/signin", {name: "https" if "s" in name else "on"})
            made.saw(answer.status, "Secure" not in answer.header("set-cookie"), name)
        answer = target.send(
            "GET", "/healthz", {"x-original-url": "/inbox", "x-rewrite-url": "/inbox"}, who="adam"
        )
        made.saw(answer.status, answer.body == b"alive\n")


def _methods(target: Target, verdicts: Verdicts) -> None:
    with row(verdicts, "headers", "TRACE, OPTIONS, CONNECT, and methods there are not") as made:
        for method in (
            "TRACE",
            "TRACK",
            "OPTIONS",
            "CONNECT",
            "PROPFIND",
            "DEBUG",
            "get",
            "A" * 3000,
        ):
            for path in (
                "/inbox",
                "/act",
                "/signin",
                "/healthz",
                "/static/keys.js",
                "/events",
                "/api/v1/mentions",
                "*",
            ):
                answer = target.send(method, path, {"x-canary": "reflected"}, who="adam")
                held = 400 <= answer.status < 500 and "reflected" not in answer.text
                held = held and target.people["adam"].session not in answer.text
                made.saw(answer.status, held, f"{method[:10]} {path}")
