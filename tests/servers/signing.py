"""Requests as Slack signs and posts them to a public address."""

import hashlib
import hmac
import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
PATH = "/slack/events"


@dataclass(frozen=True)
class Answered:
    status: int
    text: str

    @property
    def json(self) -> dict[str, Any]:
        """{} where there is no body."""
        found: dict[str, Any] = json.loads(self.text or "{}")
        return found


def signature(secret: str, moment: int | str, body: bytes, version: str = "v0") -> str:
    said = f"{version}:{moment}:".encode() + body
    return f"{version}=" + hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()


def signed(secret: str, moment: int | str, body: bytes, kind: str = FORM) -> dict[str, str]:
    return {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": str(moment),
        "X-Slack-Signature": signature(secret, moment, body),
    }


def forgeries(secret: str, body: bytes, now: int) -> dict[str, tuple[bytes, dict[str, str]]]:
    """Requests about this body that Slack has not signed, or not now, by what is wrong."""
    good = signed(secret, now, body)
    moment, mac = "X-Slack-Request-Timestamp", "X-Slack-Signature"
    v1 = signature(secret, now, body, "v1")
    return {
        "another secret": (body, signed("0" * 32, now, body)),
        "the empty secret": (body, signed("", now, body)),
        "six minutes old": (body, signed(secret, now - 360, body)),
        "of the future": (body, signed(secret, now + 360, body)),
        "a later time than was signed": (body, good | {moment: str(now + 1)}),
        "another body": (body.replace(b"%22user%22", b"%22User%22", 1), good),
        "said twice": (body + b"&" + body, good),
        "another version": (body, good | {mac: v1}),
        "another version's name": (body, good | {mac: good[mac].replace("v0=", "v1=")}),
        "no version": (body, good | {mac: good[mac].removeprefix("v0=")}),
        "no time": (body, {name: value for name, value in good.items() if name != moment}),
        "no signature": (body, {name: value for name, value in good.items() if name != mac}),
        "a time that is no number": (body, signed(secret, "now", body)),
        "no UTF-8": (body + b"\xff", signed(secret, now, body + b"\xff")),
        "no ASCII": (body, good | {mac: "v0=\xe9"}),
    }


def pressed(payload: Mapping[str, Any]) -> bytes:
    """A press or a saved window."""
    return urlencode({"payload": json.dumps(payload)}).encode()


def post(
    port: int, body: bytes, headers: Mapping[str, str], *, host: str = "", method: str = "POST"
) -> Answered:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        named = {"Host": host or f"127.0.0.1:{port}", **headers}
        connection.request(method, PATH, body, named)
        reply = connection.getresponse()
        return Answered(reply.status, reply.read().decode())
    finally:
        connection.close()
