"""What other programs send us, signed: any service that is none of ours, and survey answers."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from listener.collectors.base import Cursor
from listener.domain.mention import Batch, Channel, Mention, Reject, Response
from listener.domain.pointer import check_pointer, resolve
from listener.domain.record import FIELDS, BadRecord, Record, read_record
from listener.domain.scored import NPS
from listener.domain.times import from_text_or_none, to_text
from listener.errors import ListenerError

TOLERANCE: Final = timedelta(minutes=5)
SIGNATURE, MOMENT = "x-listener-signature", "x-listener-timestamp"
TYPEFORM_SIGNATURE: Final = "typeform-signature"
SIGNATURES: Final = (SIGNATURE, TYPEFORM_SIGNATURE)  # a delivery has one of them
MOST_ITEMS: Final = 1_000
LONGEST_REJECT: Final = 2_000
WIDEST: Final = 10  # of all scales that a form can have
_SCALES: Final = {NPS: 10, "opinion_scale": 10, "rating": 5}


class Form(StrEnum):
    """Who signs, and how."""

    LISTENER = "listener"  # HMAC-SHA256 of time and body, in hexadecimal
    TYPEFORM = "typeform"  # HMAC-SHA256 of the body, in Base64


class Refused(ListenerError):  # noqa: N818  # what became of a delivery
    """A delivery that is not taken; the words tell its sender why, and no secret.

    `signed`: it is from somebody who has the secret, but cannot be read.
    """

    def __init__(self, message: str, *, signed: bool = False) -> None:
        super().__init__(message)
        self.signed = signed


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What a delivery holds; `key` is the same for the same one, sent again."""

    key: str
    batch: Batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Takes deliveries at `POST /hooks/NAME`; it asks nobody.

    fields: a field of ours and the JSON pointer to its value in an item; without any, an item is a
    mention in our own form. items: the pointer to a list of items; empty for a delivery of one.
    """

    secret: str = field(repr=False)
    form: Form = Form.LISTENER
    items: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    channel: Channel = Channel.SOCIAL
    timezone: str = "UTC"  # of times without one
    every: timedelta = timedelta(hours=1)
    name: str = field(metadata={"handed": True})

    def __post_init__(self) -> None:
        """Refuse settings that could never take anything."""
        if len(self.secret) < 16:
            raise ValueError("secret must have 16 characters or more")
        for ours, pointer in self.fields.items():
            if ours not in FIELDS:
                raise ValueError(f"fields: {ours} is none of {', '.join(FIELDS)}")
            check_pointer(pointer)
        check_pointer(self.items)
        self._zone()

    @property
    def service(self) -> str:
        return "webhook"

    def fetch(self, cursor: Cursor | None, now: datetime) -> Batch:
        """Nothing, for what there is was sent; but what was sent while we were away is lost."""
        last = from_text_or_none((cursor or {}).get("at"))
        away = last is not None and now - last > 2 * self.every + TOLERANCE
        return Batch(cursor={"at": to_text(now)}, gap_since=last if away else None)

    def committed(self, batch: Batch) -> None:
        """Nothing to do."""

    def check(self) -> str:
        return f"takes signed deliveries at /hooks/{self.name}"

    def take(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Delivery:
        """Read a delivery; `headers` by their names in lower case. Raises Refused."""
        self._verify(body, headers, now)
        try:
            value = json.loads(body)
        except (ValueError, RecursionError):
            raise Refused("the body is no JSON", signed=True) from None
        if self.form is Form.TYPEFORM:
            items: Any = [_of_typeform(value)]
        else:
            items = resolve(value, self.items) if self.items else [value]
        if not isinstance(items, list):
            raise Refused(f"there is no list at {self.items}", signed=True)
        if len(items) > MOST_ITEMS:
            raise Refused(f"a delivery holds at most {MOST_ITEMS} items", signed=True)
        moment = headers.get(MOMENT, "") if self.form is Form.LISTENER else ""
        key = hashlib.sha256(f"{moment}.".encode() + body).hexdigest()[:32]
        return Delivery(key=key, batch=self._batch(items, key))

    def _verify(self, body: bytes, headers: Mapping[str, str], now: datetime) -> None:
        if self.form is Form.TYPEFORM:
            wanted = base64.b64encode(self._mac(body)).decode()
            given = headers.get(TYPEFORM_SIGNATURE, "")
        else:
            moment = headers.get(MOMENT, "")
            if not _is_near(moment, now):
                raise Refused(f"{MOMENT} is missing, or more than five minutes from now")
            wanted = self._mac(f"{moment}.".encode() + body).hex()
            given = headers.get(SIGNATURE, "")
        told = given.removeprefix("sha256=").encode("utf-8", "surrogatepass")
        if not hmac.compare_digest(told, wanted.encode()):
            raise Refused("the signature is not that of this body and our secret")

    def _mac(self, content: bytes) -> bytes:
        return hmac.new(self.secret.encode(), content, hashlib.sha256).digest()

    def _batch(self, items: list[Any], key: str) -> Batch:
        places = ((f"delivery {key[:8]}, item {n}", item) for n, item in enumerate(items, 1))
        return Batch.of(one for place, item in places for one in self._read(item, place))

    def _read(self, item: Any, place: str) -> tuple[Mention | Response | Reject | None, ...]:
        try:
            record = self._record(item)
        except BadRecord as bad:
            content = json.dumps(item, ensure_ascii=False)[:LONGEST_REJECT]
            return (Reject(place=place, reason=str(bad), content=content),)
        return record.mention, record.response

    def _record(self, item: Any) -> Record:
        if not isinstance(item, dict):
            raise BadRecord("it is no object")
        row = item
        if self.fields and self.form is Form.LISTENER:
            row = {ours: resolve(item, pointer) for ours, pointer in self.fields.items()}
        row = {**row, "source": self.name}  # whoever has the secret speaks for this source only
        channel = Channel.SURVEY if self.form is Form.TYPEFORM else self.channel
        return read_record(row, source=self.name, channel=channel, zone=self._zone())

    def _zone(self) -> tzinfo:
        if self.timezone == "UTC":
            return UTC
        try:
            return ZoneInfo(self.timezone)
        except (ValueError, OSError, LookupError):
            words = f"timezone: {self.timezone!r} is unknown; write it like Europe/Budapest"
            raise ValueError(words) from None


def _is_near(moment: str, now: datetime) -> bool:
    if not (moment.isascii() and moment.isdigit() and len(moment) <= 12):
        return False
    return abs(now.timestamp() - int(moment)) <= TOLERANCE.total_seconds()


def _of_typeform(value: Any) -> dict[str, Any]:
    """An answer to a form as a mention: its score as stars, its words joined; no hidden fields."""
    answers = resolve(value, "/form_response/answers")
    row: dict[str, Any] = {
        "id": resolve(value, "/form_response/token"),
        "created_at": resolve(value, "/form_response/submitted_at"),
        "kind": "survey_response",
        "channel": Channel.SURVEY.value,
        "product": resolve(value, "/form_response/definition/title"),
    }
    words: list[str] = []
    for answer in answers if isinstance(answers, list) else []:
        kind = resolve(answer, "/field/type")
        number = resolve(answer, "/number")
        if kind in _SCALES and _is_score(number) and "stars" not in row:
            scale = _SCALES[kind] if number <= _SCALES[kind] else WIDEST
            row |= {"stars": number, "stars_scale": scale}
            if kind == NPS:
                row[NPS] = number
        words += _words_of(answer)
    row["text"] = "\n".join(words)
    return row


def _is_score(number: Any) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= WIDEST


def _words_of(answer: Any) -> list[str]:
    """What a person wrote; a choice among given ones is none of it, nor how to reach them."""
    text = resolve(answer, "/text")
    return [text] if resolve(answer, "/type") == "text" and isinstance(text, str) else []
