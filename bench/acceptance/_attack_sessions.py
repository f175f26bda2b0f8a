"""Session fixation, stolen and stale sessions, cookies, and guessing at the way in."""

import re
import statistics

from bench.acceptance._attack_target import PEOPLE, PUBLIC, Target, routes, row
from bench.acceptance.verdicts import Verdicts
from listener.clock import monotonic
from tests.web.visitors import PASSWORD, Person

PLANTED = "planted-by-an-attacker-0123456789abcdefghij"


def attack(target: Target, verdicts: Verdicts) -> None:
    _planted(target, verdicts)
    _over(target, verdicts)
    _cookies(target, verdicts)
    _not_shown(target, verdicts)
    _guessed(target, verdicts)


def _opens(target: Target, session: str, name: str = "listener", **more: str) -> bool:
    answer = target.send("GET", "/inbox", {"cookie": f"{name}={session}", **more})
    return answer.status == 200


def _planted(target: Target, verdicts: Verdicts) -> None:
    with row(verdicts, "sessions", "a cookie planted before somebody signs in") as made:
        own = target.signed_in("agatha").session  # the attacker's
        for planted in (PLANTED, own, "", "' OR 1=1--", "A" * 10_000):
            victim = target.person()
            page = victim.get("/signin")
            hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
            victim.cookies["listener"] = planted
            answer = victim.post("/signin", {**hidden, "name": "abel", "password": PASSWORD})
            fresh = victim.session
            made.saw(answer.status, answer.status == 303 and fresh != planted, "the id stayed")
            made.must(not _opens(target, planted), f"the planted one opens: {planted[:20]}")
            made.must(_opens(target, fresh), "the new one does not")
            target.send("GET", "/inbox", {"cookie": f"listener={planted}; listener={fresh}"})
            made.must(not _opens(target, planted), "the planted one opens later")
    with row(verdicts, "sessions", "each sign-in has an id of its own") as made:
        ids = {target.signed_in("abel").session for _ in range(5)}
        made.saw(f"{len(ids)} ids", len(ids) == 5 and min(map(len, ids)) >= 43)
    with row(verdicts, "sessions", "an anonymous visit makes none") as made:
        for path in ("/", "/signin", "/inbox", "/healthz"):
            answer = target.send("GET", path)
            made.saw(
                answer.status, not re.search(r"(?i)set-cookie: (__Host-)?listener=", answer.head)
            )


def _over(target: Target, verdicts: Verdicts) -> None:
    with row(verdicts, "sessions", "ids after sign-out, expiry, a new password, removal") as made:
        person = target.signed_in("abel")
        person.post("/signout", {"token": person.token()})
        made.saw("signed out", not _opens(target, person.session or "gone"))
        old = target.signed_in("abel").session
        made.must(_opens(target, old), "it opened nothing before")
        columns = [name for (_, name, *_) in target.rows("PRAGMA table_info(session)")]
        times = [name for name in columns if name.endswith("_at")]
        target.change(
            "UPDATE session SET " + ", ".join(f"{n} = '2020-01-01T00:00:00Z'" for n in times)
        )
        made.saw("expired", not _opens(target, old))
        target.people = {name: target.signed_in(name) for name in PEOPLE}
        old = target.people["abel"].session
        target.command("user", "password", "abel", stdin="quite a different phrase\n")
        made.saw("new password", not _opens(target, old))
        old = target.signed_in("abel", "quite a different phrase").session
        target.command("user", "disable", "abel")
        made.saw("disabled", not _opens(target, old))
        made.must(
            target.person().try_password("quite a different phrase", "abel").status == 403, "in"
        )
        target.command("user", "enable", "abel")
        made.saw("enabled again", not _opens(target, old))
        old = target.signed_in("abel", "quite a different phrase").session
        target.command("user", "remove", "abel")
        made.saw("removed", not _opens(target, old))
        target.command("user", "add", "abel", "--role", "agent", stdin=f"{PASSWORD}\n")
        made.saw("added again", not _opens(target, old))
        target.people["abel"] = target.signed_in("abel")
    with row(verdicts, "sessions", "made up ids, and what stands in the database") as made:
        hashes = [str(value) for one in target.rows("SELECT * FROM session") for value in one]
        for made_up in (*hashes, "x", "0", "null", "undefined", "%00", "../", "'", "A" * 43):
            made.saw("refused", not _opens(target, made_up), made_up[:60])


def _cookies(target: Target, verdicts: Verdicts) -> None:
    with row(verdicts, "sessions", "flags of the cookies, by http and by https") as made:
        for host, secure in ((None, False), (PUBLIC, True)):
            answer = Person(target.person().place, host=host).try_password(PASSWORD, "abel")
            for cookie in answer.cookies:
                name, flags = cookie.partition("=")[0], cookie.lower()
                right = "httponly" in flags and "samesite=lax" in flags and "path=/" in flags
                right = right and ("; secure" in flags) == secure and "domain=" not in flags
                right = right and name.startswith("__Host-") == secure
                made.saw("secure" if secure else "plain", right, cookie.partition("=")[2][44:])
            made.must(len(answer.cookies) >= 1, "no cookie")
    with row(verdicts, "sessions", "by https a cookie without __Host- is not looked at") as made:
        session = target.signed_in("abel").session
        made.saw("refused", not _opens(target, session, host=PUBLIC))
        made.saw("taken with it", _opens(target, session, "__Host-listener", host=PUBLIC))


def _not_shown(target: Target, verdicts: Verdicts) -> None:
    with row(verdicts, "sessions", "no session id in a page, an address or a header") as made:
        person = target.people["adam"]
        for path, methods in routes():
            if "GET" not in methods or "{" in path or path == "/events":
                continue
            answer = target.send("GET", path, who="adam")
            made.saw(answer.status, person.session not in answer.head + answer.text, path)
        for way in (f"/inbox?listener={person.session}", f"/inbox;listener={person.session}"):
            answer = target.send("GET", way)
            made.saw(answer.status, answer.status in (303, 404), "a session in an address opens")


def _guessed(target: Target, verdicts: Verdicts) -> None:
    with row(verdicts, "sessions", "a name that nobody has, and a wrong password") as made:
        took: dict[str, list[float]] = {"rita": [], "nobody-here": []}
        said: dict[str, set[str]] = {"rita": set(), "nobody-here": set()}
        for _ in range(5):
            for name in took:
                began = monotonic()
                answer = target.person().try_password("a wrong password", name)
                took[name].append(monotonic() - began)
                said[name].add(re.sub(rf"{name}|[\w-]{{43}}", "", answer.text))
                made.saw(answer.status, answer.status == 403)
        one, other = (statistics.median(times) for times in took.values())
        made.more = f"{one * 1e3:.0f} and {other * 1e3:.0f} ms"
        made.must(said["rita"] == said["nobody-here"], "the words differ")
        made.must(0.6 < one / other < 1.67, f"the times differ: {made.more}")
    with row(
        verdicts, "sessions", "a sixth try within the minute, from other X-Forwarded-For"
    ) as made:
        for n in range(3):
            more = {
                "x-forwarded-for": f"10.0.0.{n}",
                "x-real-ip": f"10.0.0.{n}",
                "forwarded": f"for=10.0.0.{n}",
            }
            answer = target.person(more=more).try_password(PASSWORD, "rita")
            held = answer.status == 429 and "retry-after" in answer.headers
            made.saw(answer.status, held, "right after five wrong ones")
    with row(verdicts, "sessions", "a name after a name from one address") as made:
        for n in range(30):
            answer = target.person().try_password("a wrong password", f"name{n}")
            made.saw(answer.status, answer.status in (403, 429))
        made.must(made.outcomes["429"] >= 15, "they are let try on")
