"""Cookies that say who somebody is: what they are named, and what browsers may do with them."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Final

from starlette.responses import Response

SESSION: Final = "listener"
BEFORE: Final = "listener-form"  # of who is not signed in yet, so that the form is theirs
FORM: Final = "form"  # for what a secret is used
_MOST: Final = 1000  # characters


@dataclass(frozen=True, slots=True)
class Jar:
    """The cookies of one request. `secure`: it came by https.

    By https the names begin with __Host-, so that no other host of the same domain can set them
    (RFC 6265bis), and one without is not looked at.
    """

    given: Mapping[str, str]
    secure: bool

    def named(self, name: str) -> str:
        return f"__Host-{name}" if self.secure else name

    def get(self, name: str) -> str:
        value = self.given.get(self.named(name), "")
        return value if len(value) <= _MOST else ""

    def put(self, answer: Response, name: str, value: str, lasts: timedelta) -> None:
        answer.set_cookie(
            self.named(name),
            value,
            max_age=int(lasts.total_seconds()),
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )

    def take_away(self, answer: Response, name: str) -> None:
        answer.delete_cookie(
            self.named(name), path="/", secure=self.secure, httponly=True, samesite="lax"
        )


def derived(secret: str, use: str) -> str:
    """A secret for one use, 43 characters: it tells nothing of the one it is made of."""
    digest = hmac.digest(secret.encode(), use.encode(), sha256)
    return urlsafe_b64encode(digest).decode().rstrip("=")
