"""Path traversal: every address with a part that somebody may write, and what leads out of it."""

from bench.acceptance._attack_roles import named
from bench.acceptance._attack_target import SECRET, Target, routes, row
from bench.acceptance.verdicts import Verdicts

FILES = ("etc/passwd", "listener/config/__init__.py", "config.toml", "listener.db", "site.css")
UP = (
    b"../", b"..%2f", b"%2e%2e/", b"%2e%2e%2f", b"%252e%252e%252f", b"..%5c", b"..\\", b"....//",
    b"%c0%ae%c0%ae%c0%af", b"..%c0%af", b"%uff0e%uff0e%u2215", b"..;/", b".%00./", b"%e2%80%a5/",
    b"\xef\xbc\x8e\xef\xbc\x8e/", b"..%ef%bc%8f",
)  # fmt: skip
WHOLE = (
    b"/etc/passwd", b"%2fetc%2fpasswd", b"file:///etc/passwd", b"C:%5cWindows%5cwin.ini", b"//evil",
    b"%00", b"keys.js%00.png", b"keys.js%0d%0aX-Evil:%201", b".", b"..", b"%2e", b"%ff%fe", b"%",
    b"%zz", b"~root", b"|id", b"$(id)", b"A" * 8000, b"%41" * 5000, b"9" * 4400, b"-1", b"%F0%9F",
    b"\xed\xa0\x80", b"{}", b"{{7*7}}", b"CON", b"a/" * 2000,
)  # fmt: skip


def attack(target: Target, verdicts: Verdicts) -> None:
    steps = [up * n + file.encode() for up in UP for n in (1, 4) for file in FILES]
    for path, methods in routes():
        if "{" not in path or "GET" not in methods:
            continue
        before, _, rest = path.partition("{")
        after = rest.partition("}")[2]
        with row(verdicts, "paths", path[:56]) as made:
            for part in (*WHOLE, *steps):
                wanted = before.encode() + part + after.encode()
                answer = target.send("GET", wanted, who="adam")
                leaked = target.too_much(answer) or (
                    SECRET if b"[collectors" in answer.body else ""
                )
                safe = answer.status in (200, 303, 307, 400, 404, 405, 422, 431, 0) and not leaked
                safe = safe and answer.seconds < 3
                made.saw(answer.status, safe, f"{part[:40]!r} {leaked} {answer.seconds:.1f} s")
                if answer.status == 200 and b"../" not in part[:3]:
                    made.must("x-evil" not in answer.names, repr(part[:40]))
    with row(verdicts, "paths", "from the root, by any way to write it") as made:
        for part in steps:
            answer = target.send("GET", b"/" + part)
            made.saw(
                answer.status, answer.status in (303, 400, 404) and not target.too_much(answer)
            )
        for part in (b"/inbox/", b"/INBOX", b"//inbox", b"/./inbox", b"/static/../inbox",
        b"/;/inbox",
            b"/healthz/../inbox", b"/static/%2e%2e/inbox", b"/inbox%2f", b"/%69nbox", b"/inbox%00",
            b"/unsubscribe/../inbox", b"/signin/../inbox", b"/hooks/../inbox",
            b"http://x/inbox"):  # fmt: skip
            answer = target.send("GET", part)
            made.saw(
                answer.status,
                answer.status != 200 or b"parcel number" not in answer.body,
                repr(part),
            )
    with row(verdicts, "paths", "afterwards everything is where it was") as made:
        for path in ("/static/keys.js", named("/mentions/{name:path}"), "/incidents/1/pack"):
            status = target.send("GET", path, who="adam").status
            made.saw(status, status == 200, path)
