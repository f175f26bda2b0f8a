"""Every address for everybody: who is refused what."""

import json
from urllib.parse import urlencode

from bench.acceptance._attack_forged import FILLED, JSON, forms, writes
from bench.acceptance._attack_target import Target, changed, routes, row
from bench.acceptance.verdicts import Verdicts
from tests.web.browser import FORM

OPEN = {"/healthz", "/readyz", "/site.css", "/static/{name}", "/signin", "/signin/oidc",
    "/signin/oidc/done", "/unsubscribe/{token}", "/language/{language}"}  # fmt: skip
PARTS = {"{name:path}": "x:1", "{id:path}": "x:1", "{number:row}": "1", "{id}": "1",
    "{language}": "hu", "{week}": "2026-W01", "{token}": "x", "{name}": "keys.js"}  # fmt: skip


def named(path: str) -> str:
    """An address of a route, of something that is there where there is any."""
    if path.startswith("/subjects/"):
        return "/subjects/Acme"
    for part, value in PARTS.items():
        path = path.replace(part, value)
    return path


def reads() -> list[str]:
    return [path for path, methods in routes() if "GET" in methods and "POST" not in methods]


def attack(target: Target, verdicts: Verdicts) -> None:
    with row(verdicts, "roles", "nobody reads what is not for all") as made:
        for path in reads():
            answer = target.send("GET", named(path), seconds=5)
            if path not in OPEN:
                made.saw(answer.status, answer.status in (303, 401), path)
                made.must(not target.too_much(answer) and "parcel number" not in answer.text, path)
    for who, role in (("rita", "a reader"), ("agatha", "an agent"), ("adam", "an admin")):
        with row(verdicts, "roles", f"{role} reads every page") as made:
            for path in reads():
                if path in (
                    "/events",
                    "/digests/{week}",
                    "/api/v1/digests/{week}",
                    "/signin/oidc/done",
                ):
                    continue
                status = target.send("GET", named(path), who=who).status
                made.saw(status, status in (200, 303, 307), path)
    _writes(target, verdicts)
    _programs(target, verdicts)


def _writes(target: Target, verdicts: Verdicts) -> None:
    before = target.kept()
    with row(verdicts, "roles", "a reader writes nothing, with a form that is right") as made:
        token = target.people["rita"].token()
        for path, fields in forms(target, token):
            if path in ("/signin", "/signout", "/settings/preview"):
                continue
            status = target.send("POST", path, FORM, urlencode(fields).encode(), who="rita").status
            made.saw(status, status == 403, f"{path} {fields.get('act', '')}")
    with row(verdicts, "roles", "an agent changes no settings") as made:
        token = target.people["agatha"].token()
        for path, fields in forms(target, token):
            if path != "/settings/change" or fields["step"] in ("wake", "back"):
                continue
            for what in ("subject", "topic", "team", "digest", "alerts", "quiet"):
                sent = urlencode({**fields, "what": what}).encode()
                status = target.send("POST", path, FORM, sent, who="agatha").status
                made.saw(status, status == 403, f"{fields['step']} {what}")
    with row(verdicts, "roles", "a role that was taken away holds at once") as made:
        target.command("user", "role", "abel", "reader")
        token = target.people["abel"].token("/inbox")
        fields = {**FILLED, "act": "note", "on": target.mention(), "token": token}
        status = target.send("POST", "/act", FORM, urlencode(fields).encode(), who="abel").status
        made.saw(status, status == 403)
        target.command("user", "role", "abel", "agent")
    after = [name for name in changed(before, target.kept()) if name != "user"]
    verdicts.claim(not after, f"roles: no row and no file has changed {after or ''}")


def _programs(target: Target, verdicts: Verdicts) -> None:
    before = target.kept()
    for scope in ("read", "feed", "none"):
        with row(verdicts, "roles", f"a token with the scope {scope}: what it may not") as made:
            text = target.tokens.get(scope, "lst_" + "A" * 43)
            bears = {"authorization": f"Bearer {text}"}
            for path, deed in writes(target):
                sent = {**bears, "content-type": JSON}
                status = target.send("POST", path, sent, json.dumps(deed).encode()).status
                made.saw(status, status in (401, 403), path)
            for path in reads():
                if path in OPEN or _may_read(scope, path):
                    continue
                status = target.send("GET", named(path), bears, seconds=5).status
                made.saw(status, status in (303, 307, 401, 403), path)
    _lost(target, verdicts)
    after = [name for name in changed(before, target.kept()) if name != "user"]
    verdicts.claim(
        not after, f"roles: programs without the right scope change nothing {after or ''}"
    )


def _may_read(scope: str, path: str) -> bool:
    if scope == "read":
        return path.startswith(("/api", "/metrics", "/feeds"))
    of_nobody = ("/api/v1/", "/api/v1/openapi.json")  # the document tells of nobody
    return scope == "feed" and (path.startswith("/feeds") or path in of_nobody)


def _lost(target: Target, verdicts: Verdicts) -> None:
    with row(verdicts, "roles", "a token in an address opens feeds of its scope alone") as made:
        for scope, text in target.tokens.items():
            for path in ("/feeds/mentions.atom", "/api/v1/mentions", "/metrics", "/inbox"):
                status = target.send("GET", f"{path}?token={text}").status
                right = scope == "feed" and path.startswith("/feeds")
                made.saw(status, (status == 200) == right, f"{scope} {path}")
    with row(verdicts, "roles", "a token after its user lost the role, or was disabled") as made:
        bears = {"authorization": f"Bearer {target.tokens['act']}", "content-type": JSON}
        path, deed = next(writes(target))
        for command in (("role", "agatha", "reader"), ("disable", "agatha")):
            target.command("user", *command)
            status = target.send("POST", path, bears, json.dumps(deed).encode()).status
            made.saw(status, status in (401, 403), " ".join(command))
        target.command("user", "enable", "agatha")
        target.command("user", "role", "agatha", "agent")
        target.people["agatha"] = target.signed_in("agatha")
