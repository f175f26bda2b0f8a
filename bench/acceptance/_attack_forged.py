"""CSRF: forms and API writes that a page elsewhere has somebody's browser send."""

import json
from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

from bench.acceptance._attack_target import Target, changed, routes, row
from bench.acceptance.verdicts import Verdicts
from listener.web import saving
from listener.web.deeds import SAID
from tests.web.browser import FORM

JSON = "application/json"
INCIDENT = {"ack", "resolve", "real", "false"}
FILLED = {
    "to": "kim", "span": "1h", "sentiment": "positive", "topics": "price", "issue": "A-1",
    "note": "forged", "name": "forged", "view": "1", "back": "/inbox", "undo": "1",
}  # fmt: skip
# What each address takes where a form is right; one that is new has to be written down here.
SIGNED = {"/hooks/{name}", "/slack/events"}
OF_SECRET = {"/unsubscribe/{token}"}  # the address holds the secret
FORMS = {"/act", "/settings/change", "/settings/preview", "/signin", "/signout"}
DEEDS = {"/api/v1/mentions/{id:path}/actions", "/api/v1/incidents/{id}/actions"}
ELSEWHERE = {
    "Origin elsewhere": {"origin": "https://evil.example"},
    "Origin: null": {"origin": "null"},
    "Origin of another port": {"origin": "http://127.0.0.1:1"},
    "Origin that begins as ours": {"origin": "http://127.0.0.1.evil.example"},
    "Origin empty": {"origin": ""},
    "Referer elsewhere, no Origin, said to be cross-site": {
        "referer": "https://evil.example/", "sec-fetch-site": "cross-site",
    },
    "same-site, not same-origin": {"sec-fetch-site": "same-site"},
    "opened by a bookmark or a link (none)": {"sec-fetch-site": "none"},
}  # fmt: skip


def attack(target: Target, verdicts: Verdicts) -> None:
    posts = {path for path, methods in routes() if "POST" in methods}
    known = FORMS | DEEDS | SIGNED | OF_SECRET
    verdicts.claim(
        posts == known, f"CSRF: every address that takes a post is tried {posts ^ known or ''}"
    )
    before = target.kept()
    _without_a_token(target, verdicts)
    _from_elsewhere(target, verdicts)
    _otherwise(target, verdicts)
    _as_other_types(target, verdicts)
    _by_programs(target, verdicts)
    _signed(target, verdicts)
    after = changed(before, target.kept())
    verdicts.claim(not after, f"CSRF: no row and no file has changed {after or ''}")
    _the_right_ones(target, verdicts)


def forms(target: Target, token: str | None) -> Iterator[tuple[str, dict[str, str]]]:
    """Each form of the pages as it is sent, with this token."""
    bears = {} if token is None else {"token": token}
    for act in (*SAID, *saving.ACTS, "undo", "here", "leave"):
        on = {"incident": "1"} if act in INCIDENT else {"on": target.mention()}
        yield "/act", {**FILLED, **on, "act": act, **bears}
    change = {"what": "subject", "of": "Acme", "name": "Acme", "query": "forged", "was": "{}"}
    for step in ("look", "write", "reload", "back", "wake"):
        yield "/settings/change", {**change, "step": step, **bears}
    yield "/settings/preview", {**change, "q": "forged", **bears}
    yield "/signout", bears
    yield "/signin", {"name": "adam", "password": "correct horse battery", **bears}


def _post(target: Target, path: str, fields: Mapping[str, str], who: str, **headers: str) -> int:
    sent = {**FORM, **{name.replace("_", "-"): value for name, value in headers.items()}}
    answer = target.send("POST", path, sent, urlencode(fields).encode(), who=who)
    return answer.status


def _is_refused(status: int) -> bool:
    return 400 <= status < 500


def _without_a_token(target: Target, verdicts: Verdicts) -> None:
    own, hers = target.people["adam"], target.people["agatha"]
    again = target.signed_in("adam")  # the same person at another browser
    tokens = {
        "without a token": None, "with an empty token": "", "with a made up token": "A" * 43,
        "with another user's token": hers.token(), "with that of another session": again.token(),
        "with the session itself": own.session, "with a token of the API": target.tokens["act"],
        "with a token in another script": "ａ" * 43, "with a NUL": "\0",
    }  # fmt: skip
    for name, token in tokens.items():
        with row(verdicts, "CSRF", f"forms {name}") as made:
            for path, fields in forms(target, token):
                status = _post(target, path, fields, "adam")
                made.saw(status, _is_refused(status), f"{path} {fields.get('act', '')}")
            made.must(target.send("GET", "/inbox", who="adam").status == 200, "adam is out")


def _from_elsewhere(target: Target, verdicts: Verdicts) -> None:
    token = target.people["adam"].token()
    for name, headers in ELSEWHERE.items():
        with row(verdicts, "CSRF", f"the right token, {name}"[:56]) as made:
            for path, fields in forms(target, token):
                sent = {key.replace("-", "_"): value for key, value in headers.items()}
                status = _post(target, path, fields, "adam", **sent)
                made.saw(status, _is_refused(status), f"{path} {fields.get('act', '')}")
    with row(verdicts, "CSRF", "no session, the token of one") as made:
        for path, fields in forms(target, token):
            status = _post(target, path, fields, "")
            made.saw(status, _is_refused(status), path)


def _otherwise(target: Target, verdicts: Verdicts) -> None:
    token = target.people["adam"].token()
    with row(verdicts, "CSRF", "GET and HEAD instead of POST, all in the address") as made:
        for path, fields in forms(target, token):
            if path in ("/settings/preview", "/signin"):  # they are read, too; that changes nothing
                continue
            for method in ("GET", "HEAD"):
                status = target.send(method, f"{path}?{urlencode(fields)}", who="adam").status
                made.saw(status, status == 405, path)
    _overridden(target, verdicts, token)


def _overridden(target: Target, verdicts: Verdicts, token: str) -> None:
    with row(verdicts, "CSRF", "method overrides, by header and by field") as made:
        for path, fields in forms(target, None):
            if path in ("/settings/preview", "/signin"):
                continue
            for name in ("x-http-method-override", "x-http-method", "x-method-override"):
                sent = f"{path}?{urlencode({**fields, '_method': 'POST', 'token': token})}"
                status = target.send("GET", sent, {name: "POST"}, who="adam").status
                made.saw(status, status == 405, path)
    with row(verdicts, "CSRF", "PUT, PATCH, DELETE with the right form") as made:
        for path, fields in forms(target, token):
            for method in ("PUT", "PATCH", "DELETE"):
                body = urlencode(fields).encode()
                status = target.send(method, path, FORM, body, who="adam").status
                made.saw(status, _is_refused(status), path)


def _as_other_types(target: Target, verdicts: Verdicts) -> None:
    for kind in ("text/plain", JSON, "multipart/form-data; boundary=x"):
        with row(verdicts, "CSRF", f"forms as {kind} without a token"[:56]) as made:
            for path, fields in forms(target, None):
                body = json.dumps(fields).encode() if kind == JSON else _plainly(fields, kind)
                status = target.send("POST", path, {"content-type": kind}, body, who="adam").status
                made.saw(status, _is_refused(status), path)


def _plainly(fields: Mapping[str, str], kind: str) -> bytes:
    if kind == "text/plain":
        return "\r\n".join(f"{name}={value}" for name, value in fields.items()).encode()
    parts = "".join(
        f'--x\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    return f"{parts}--x--\r\n".encode()


def _by_programs(target: Target, verdicts: Verdicts) -> None:
    """The API takes no cookie for a write, whatever comes with it."""
    token = target.people["adam"].token()
    for path, deed in writes(target):
        with row(verdicts, "CSRF", f"POST {path} by a session") as made:
            for kind in (JSON, "text/plain", FORM["content-type"], "multipart/form-data"):
                for more in ({}, {"sec-fetch-site": "same-origin"}, *ELSEWHERE.values()):
                    sent = {"content-type": kind, "x-csrf-token": token, **more}
                    body = json.dumps(deed).encode()
                    status = target.send("POST", path, sent, body, who="adam").status
                    made.saw(status, _is_refused(status), kind)
            for method in ("GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
                sent = {"x-http-method-override": "POST", "content-type": JSON}
                status = target.send(method, path, sent, b"", who="adam").status
                made.saw(status, _is_refused(status), method)
    with row(verdicts, "CSRF", "answers let no other origin read or send (CORS)") as made:
        for path in ("/api/v1/mentions", "/inbox", "/events?after=x", *dict(writes(target))):
            for method in ("OPTIONS", "GET"):
                if path.startswith("/events") and method == "GET":
                    continue
                sent = {"origin": "https://evil.example", "access-control-request-method": "POST"}
                answer = target.send(method, path, sent, who="adam")
                allowed = [name for name in answer.names if name.startswith("access-control")]
                made.saw(answer.status, not allowed, f"{path} {allowed}")


def writes(target: Target) -> Iterator[tuple[str, dict[str, str]]]:
    """The API's writes, each with one that is right."""
    yield f"/api/v1/mentions/{target.mention()}/actions", {"act": "note", "note": "forged"}
    yield "/api/v1/incidents/1/actions", {"act": "note", "note": "forged"}


def _signed(target: Target, verdicts: Verdicts) -> None:
    with row(verdicts, "CSRF", "hooks, Slack and mail links without their signature") as made:
        line = b'{"id": "1", "text": "acme forged"}'
        signatures = {"x-hub-signature-256": "sha256=" + "0" * 64, "x-slack-signature": "v0=0"}
        for headers in ({}, signatures, {**signatures, "x-slack-request-timestamp": "1"}):
            for path in ("/hooks/shop", "/hooks/none", "/slack/events"):
                status = target.send("POST", path, {"content-type": JSON, **headers}, line).status
                made.saw(status, _is_refused(status), path)
        for token in ("1", "1.forged", "1-" + "A" * 43, "x"):
            body = b"List-Unsubscribe=One-Click"
            status = target.send("POST", f"/unsubscribe/{token}", FORM, body).status
            made.saw(status, status == 404, token)


def _the_right_ones(target: Target, verdicts: Verdicts) -> None:
    """What is refused above is what is taken here: the attack could have succeeded."""
    with row(verdicts, "CSRF", "the same with everything right is taken") as made:
        before = target.kept()
        token = target.people["adam"].token()
        fields = {**FILLED, "act": "note", "on": target.mention(), "token": token}
        status = _post(target, "/act", fields, "adam")
        made.saw(status, status == 303)
        for path, deed in writes(target):
            bears = {"content-type": JSON, "authorization": f"Bearer {target.tokens['act']}"}
            status = target.send("POST", path, bears, json.dumps(deed).encode()).status
            made.saw(status, status == 200)
        made.must("note" in changed(before, target.kept()), "nothing was written")
