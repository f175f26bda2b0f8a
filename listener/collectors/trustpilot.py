"""Trustpilot: the reviews of your own company, and how you answered them."""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final, Self

from listener.clock import WallClock
from listener.collectors.base import Cursor
from listener.domain.mention import Batch, Channel, Evidence, Kind, Mention, Reject, Response
from listener.domain.subject import Subject, check_brand
from listener.domain.times import from_text, to_text
from listener.domain.values import BadRecord, read_time
from listener.domain.walk import Walk
from listener.errors import CollectorError, Trouble
from listener.http import Answer, Api, ApiError, Http
from listener.http.oauth import Held, Token, read_token

SERVICE: Final = "trustpilot"
PAGE: Final = 100
FIRST_PAGES: Final = 10  # of a company that was never read
OVERLAP: Final = timedelta(hours=1)  # reviews may be shown late
WHOLE_EVERY: Final = timedelta(days=1)
WHOLE: Final = timedelta(days=30)  # so far back replies and edits are looked for
MOST_KNOWN: Final = 5_000  # reviews; of more, the oldest are told again once a day
TOKEN_PATH: Final = "/v1/oauth/oauth-business-users-for-applications/accesstoken"  # noqa: S105

_MARKED: Final = ("id", "stars", "title", "text", "createdAt", "updatedAt", "numberOfLikes")
_ID = re.compile(r"[\w-]{1,100}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trustpilot:
    """Walks the reviews of one business unit from the newest down to what was read before.

    Once a day it goes 30 days back, for replies and edits. Trustpilot does not tell what was
    deleted, and a review that is missing is not taken for deleted.
    """

    business_unit: str  # its id
    api_key: str = field(repr=False)
    api_secret: str = field(repr=False)
    brand: str
    every: timedelta = timedelta(hours=1)
    channel: Channel = Channel.REVIEW
    base_url: str = "https://api.trustpilot.com"
    http: Http = field(metadata={"handed": True})
    name: str = field(metadata={"handed": True})
    follows: tuple[Subject, ...] = field(metadata={"handed": True})
    since: datetime | None = field(default=None, metadata={"handed": True})  # of a first walk
    _held: Held = field(default_factory=Held, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse what could never be asked."""
        if not _ID.fullmatch(self.business_unit):
            raise ValueError("business_unit must be the id of a business unit, not its web address")
        check_brand(self.follows, self.brand)
        self._api()

    @property
    def service(self) -> str:
        return SERVICE

    def reaching(self, since: datetime) -> Self:
        return replace(self, since=since)

    def fetch(self, cursor: Cursor | None, now: datetime) -> Batch:
        """One page of reviews; of them those that are new, or not as they were."""
        listing = Listing.of(cursor).begun(now, self.since)
        reviews = self._reviews(int(listing.walk.resume or 1), PAGE, now)
        read = [(mark_of(review), self._read(review), review) for review in reviews]
        told = listing.told
        fresh = [(found, review) for mark, found, review in read if mark not in told]
        found = [one for _, one, _ in read if isinstance(one, Mention)]
        after = listing.after(found, tuple(mark for mark, _, _ in read), now, self.since is None)
        answers = (self._answer(review, one) for one, review in fresh if isinstance(one, Mention))
        return Batch(
            mentions=tuple(one for one, _ in fresh if isinstance(one, Mention)),
            responses=tuple(answer for answer in answers if answer is not None),
            rejects=tuple(one for one, _ in fresh if isinstance(one, Reject)),
            cursor=after.written(),
            complete=not after.walk.resume,
        )

    def committed(self, batch: Batch) -> None:
        """Nothing to do: Trustpilot does not know what we have kept."""

    def check(self) -> str:
        found = "with reviews" if self._reviews(1, 1, WallClock().now()) else "without reviews"
        return f"business unit {self.business_unit}, {found}"

    def canary(self, now: datetime) -> bool:
        """Whether a review is listed, or none is counted where none is listed."""
        return bool(self._reviews(1, 1, now)) or self._total(now) == 0

    def _total(self, now: datetime) -> int | None:
        """How many reviews Trustpilot counts; None where it does not say."""
        path = f"/v1/business-units/{self.business_unit}"
        try:
            value = self._api().get(path, now=now, headers={"apikey": self.api_key}).value
        except ApiError as error:
            raise _key_refused(error) from None
        counts = value.get("numberOfReviews") if isinstance(value, dict) else None
        return _count(counts.get("total")) if isinstance(counts, dict) else None

    def _read(self, review: Mapping[str, Any]) -> Mention | Reject:
        mention = to_mention(review, self.name)
        if isinstance(mention, Reject):
            return mention
        return replace(mention, brand=self.brand, channel=self.channel)

    def _answer(self, review: Mapping[str, Any], mention: Mention) -> Response | None:
        answer = to_answer(review, mention)
        return None if answer is None else replace(answer, author=self.brand)

    def _reviews(self, page: int, count: int, now: datetime | None) -> list[Mapping[str, Any]]:
        path = f"/v1/private/business-units/{self.business_unit}/reviews"
        params: dict[str, str | int] = {"perPage": count, "page": page, "orderBy": "createdat.desc"}
        try:
            answer = self._asked(path, params, now)
        except ApiError as error:
            raise self._refused(error) from None
        reviews = answer.value.get("reviews") if isinstance(answer.value, dict) else None
        if not isinstance(reviews, list):
            words = "Trustpilot answered something that is no list of reviews"
            raise CollectorError(words, kind=Trouble.SHAPE)
        return [review if isinstance(review, dict) else {} for review in reviews]

    def _asked(self, path: str, params: Mapping[str, str | int], now: datetime | None) -> Answer:
        """Ask with the token we hold; where that is refused, once more with a new one."""
        held = self._held.token
        if held is not None and now is not None and held.lives(now):
            try:
                return self._api().get(path, params, now=now, headers=_bearer(held.text))
            except ApiError as error:
                if error.status != 401:
                    raise
        return self._api().get(path, params, now=now, headers=_bearer(self._new_token(now)))

    def _new_token(self, now: datetime | None) -> str:
        pair = b64encode(f"{self.api_key}:{self.api_secret}".encode()).decode()
        headers = {"Authorization": f"Basic {pair}"}
        form = {"grant_type": "client_credentials"}
        try:
            answer = self._api().post(TOKEN_PATH, now=now, form=form, headers=headers)
        except ApiError as error:
            raise _key_refused(error) from None
        token = token_of(answer.value, now or datetime.fromtimestamp(0, UTC))
        if token is None:
            words = "Trustpilot answered something that is no token"
            raise CollectorError(words, kind=Trouble.SHAPE)
        self._held.token = token if now is not None else None
        return token.text

    def _refused(self, error: ApiError) -> CollectorError:
        where = f"business unit {self.business_unit}"
        words = {
            401: f"Trustpilot refuses the token that it gave for our key, for {where}",
            403: f"Trustpilot does not let this key read {where}; it must be a key of that company,"
            " with the API module",
            404: f"Trustpilot knows no {where}; check `business_unit`",
        }.get(error.status)
        if words is None:
            return error
        return CollectorError(f"{words} (HTTP {error.status})", kind=error.kind)

    def _api(self) -> Api:
        return Api(http=self.http, service="Trustpilot", base_url=self.base_url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """How far the reviews were read; its walk's marks are times, and it goes on at page `resume`.

    floor: how far back the walk under way goes; empty for a first one. whole: it is the daily one;
    whole_at: when one last began. known: marks of what was told, newest first; seen: of what this
    walk has met. Only a whole walk forgets what it did not meet.
    """

    walk: Walk = field(default_factory=Walk)
    floor: str = ""
    whole: bool = False
    whole_at: str = ""
    known: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()

    @classmethod
    def of(cls, cursor: Cursor | None) -> "Listing":
        state = dict(cursor or {})
        walk = Walk.of(state.pop("walk", {}))
        known, seen = (tuple(state.pop(name, "").split()) for name in ("known", "seen"))
        return cls(**state, walk=walk, known=known, seen=seen)

    def begun(self, now: datetime, since: datetime | None) -> "Listing":
        """As the next page finds it: at the beginning of a walk it is decided how far it goes."""
        if self.walk.resume:
            return self
        age = now - from_text(self.whole_at) if self.whole_at else WHOLE_EVERY
        whole = not timedelta() <= age < WHOLE_EVERY  # or the clock was moved back
        begun = replace(self, whole=whole, whole_at=to_text(now) if whole else self.whole_at)
        if self.walk.is_first:
            return replace(begun, floor=to_text(since) if since else "")
        floor = from_text(self.walk.mark) - OVERLAP
        return replace(begun, floor=to_text(min(floor, now - WHOLE) if whole else floor))

    @property
    def told(self) -> frozenset[str]:
        """The marks of what need not be told again."""
        return frozenset((*self.known, *self.seen))

    def after(
        self, reviews: list[Mention], marks: tuple[str, ...], now: datetime, few_at_first: bool
    ) -> "Listing":
        """After a page; `marks` of all that was on it, readable or not, and none for the end.

        A review from the future must not hide those that are written until then. Raises
        CollectorError where a page is the one before it: the walk would have no end.
        """
        if marks and marks == self.seen[-len(marks) :]:
            words = "Trustpilot gives the same page twice"
            raise CollectorError(words, kind=Trouble.SHAPE)
        seen = tuple(dict.fromkeys((*self.seen, *marks)))
        newest = max((to_text(min(one.said_at, now)) for one in reviews), default="")
        arrived = bool(reviews) and to_text(reviews[-1].said_at) < self.floor
        enough = few_at_first and self.walk.is_first and self.walk.pages + 1 >= FIRST_PAGES
        if marks and not (arrived or enough):
            walk = self.walk.after(newest, str(int(self.walk.resume or 1) + 1))
            return replace(self, walk=walk, seen=seen)
        known = seen if self.whole else tuple(dict.fromkeys((*seen, *self.known)))
        walk = self.walk.after(newest, None)
        return Listing(walk=walk, whole_at=self.whole_at, known=known[:MOST_KNOWN])

    def written(self) -> dict[str, Any]:
        """As JSON, without what is empty."""
        state = {
            "walk": self.walk.written(),
            "floor": self.floor,
            "whole": self.whole,
            "whole_at": self.whole_at,
            "known": " ".join(self.known),
            "seen": " ".join(self.seen),
        }
        return {name: value for name, value in state.items() if value}


def to_mention(review: Mapping[str, Any], source: str) -> Mention | Reject:
    """A review as a mention."""
    number, stars = review.get("id"), review.get("stars")
    if not isinstance(number, str) or not _ID.fullmatch(number):
        return Reject(place="a review", reason="it has no id", content="")
    place = f"review {number}"
    if isinstance(stars, bool) or stars not in (1, 2, 3, 4, 5):
        return Reject(place=place, reason="it has not one to five stars", content="")
    said_at, edited_at = _time(review, "createdAt"), _time(review, "updatedAt")
    if said_at is None:
        return Reject(place=place, reason="it does not say when it was written", content="")
    writer = review.get("consumer")
    writer = writer if isinstance(writer, dict) else {}
    return Mention(
        source=source,
        source_id=number,
        channel=Channel.REVIEW,
        kind=Kind.REVIEW,
        title=_line(review.get("title")) or "",
        text=_line(review.get("text")) or "",
        said_at=said_at,
        edited_at=edited_at if edited_at and edited_at > said_at else None,
        language=_line(review.get("language")),
        url=f"https://www.trustpilot.com/reviews/{number}",
        author_name=_line(writer.get("displayName")),
        author_id=_line(writer.get("id")),
        stars=float(stars),
        likes=_count(review.get("numberOfLikes")),
        raw=_extras(review),
    )


def to_answer(review: Mapping[str, Any], mention: Mention) -> Response | None:
    """The company's reply; None where there is none, or where it does not say when it was given.

    Trustpilot keeps the time of the first one when it is edited.
    """
    found = review.get("companyReply")
    reply: Mapping[str, Any] = found if isinstance(found, dict) else {}
    said_at = _time(reply, "createdAt")
    if said_at is None:
        return None
    return Response(
        source=mention.source,
        source_id=f"{mention.source_id}#reply",  # as an import names it
        said_at=said_at,
        parent_id=mention.source_id,
        text=_line(reply.get("text")) or "",
        evidence=Evidence.FIELD,
    )


def mark_of(review: Mapping[str, Any]) -> str:
    """A short hash of what we read of a review: 40 bits, for some thousand of them."""
    reply = review.get("companyReply")
    said = [review.get(name) for name in _MARKED]
    said += [reply.get("text"), reply.get("createdAt")] if isinstance(reply, dict) else []
    plain = [part if isinstance(part, str | int | float) else None for part in said]
    return sha256(repr(plain).encode()).hexdigest()[:10]


def token_of(value: Any, now: datetime) -> Token | None:
    """The token of an answer, which says in a text for how many seconds it lives."""
    lives = value.get("expires_in") if isinstance(value, dict) else None
    if isinstance(lives, str) and lives.isascii() and lives.isdigit() and len(lives) < 10:
        value = {**value, "expires_in": int(lives)}
    return read_token(value, now)


def _key_refused(error: ApiError) -> CollectorError:
    if error.status not in (400, 401, 403):
        return error
    words = "Trustpilot does not accept api_key and api_secret"
    return CollectorError(f"{words} (HTTP {error.status})", kind=Trouble.CREDENTIALS)


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _extras(review: Mapping[str, Any]) -> dict[str, Any]:
    """What is none of our fields, but helps whoever answers. The writer's mail address does not
    leave Trustpilot through us."""
    found = {"verified": review.get("isVerified"), "reference_id": _line(review.get("referenceId"))}
    return {name: value for name, value in found.items() if isinstance(value, bool | str)}


def _time(value: Mapping[str, Any], name: str) -> datetime | None:
    try:
        return read_time(name, value.get(name), UTC) if value.get(name) else None
    except BadRecord:
        return None


def _line(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _count(value: Any) -> int | None:
    counts = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value if counts else None
