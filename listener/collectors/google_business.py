"""Google Business Profile: what people write of your places on Google Maps and in its search."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

from listener.clock import WallClock
from listener.collectors.base import Cursor
from listener.domain.mention import Batch, Channel, Evidence, Kind, Mention, Reject, Response
from listener.domain.subject import Subject, check_brand
from listener.domain.times import from_text, to_text
from listener.domain.values import BadRecord, read_time
from listener.domain.walk import Turns, Walk
from listener.errors import CollectorError, Trouble
from listener.http import Api, ApiError, Http
from listener.http.api import Params
from listener.http.google import explained
from listener.http.oauth import GOOGLE_TOKEN_URL, Authorised, Held, RefreshToken

SERVICE: Final = "google_business"
PAGE: Final = 50  # the service gives no more
FIRST_PAGES: Final = 10  # of a place that was never read
OVERLAP: Final = timedelta(
    days=30
)  # an answer is no change of its review, so old ones are read too
RIGHTS: Final = (
    "the person who signed in must manage this place, and Google must have granted your project"
    " access to the Business Profile APIs"
)
STARS: Final = {"ONE": 1, "TWO": 2, "THREE": 3, "FOUR": 4, "FIVE": 5}

_NUMBER = re.compile(r"[0-9A-Za-z_-]+")
_SAME = timedelta(seconds=1)  # the two times of a review that was never changed differ by less
_TRANSLATED = "(Translated by Google)"
_ORIGINAL = "(Original)"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleBusiness:
    """Reads the reviews of places, those that were changed last first, down to what it has read.

    Where one of several places is not known any more, the others are read all the same.
    """

    account: str
    locations: tuple[str, ...]
    client_id: str = field(repr=False, metadata={"secret": True, "literal": True})
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)
    brand: str
    every: timedelta = timedelta(hours=1)
    channel: Channel = Channel.REVIEW
    base_url: str = "https://mybusiness.googleapis.com/v4"
    token_url: str = GOOGLE_TOKEN_URL
    http: Http = field(metadata={"handed": True})
    name: str = field(metadata={"handed": True})
    follows: tuple[Subject, ...] = field(metadata={"handed": True})
    since: datetime | None = field(default=None, metadata={"handed": True})  # of a first walk
    held: Held = field(default_factory=Held, repr=False, compare=False, metadata={"handed": True})

    def __post_init__(self) -> None:
        """Refuse what could never be asked."""
        if not _NUMBER.fullmatch(_bare(self.account)):
            raise ValueError('account is no number of an account such as "accounts/123"')
        if not self.locations:
            raise ValueError("locations names no place")
        for number, location in enumerate(self.locations, 1):
            if not _NUMBER.fullmatch(_bare(location)):
                raise ValueError(f'locations[{number}] is no number such as "locations/456"')
        check_brand(self.follows, self.brand)
        self._google()

    @property
    def service(self) -> str:
        return SERVICE

    def reaching(self, since: datetime) -> Self:
        return replace(self, since=since)

    def fetch(self, cursor: Cursor | None, now: datetime) -> Batch:
        """One page of the reviews of one place."""
        turns = Turns.of(cursor, self._places())
        place, known = turns.stream, Place.of(turns.state)
        try:
            known, page = self._next(place, known, now)
        except ApiError as error:
            if error.status != 404 or not _others_are_known(turns):
                raise _refused(error, place) from None
            return _left_aside(turns, known, _refused(error, place))
        known = known.after(page, now, self.since)
        turns = turns.after(known.written(), more=bool(known.walk.resume))
        return Batch.of(
            (one for review in page.reviews for one in self._read(review, place)),
            cursor=turns.written(),
            complete=turns.complete,
        )

    def committed(self, batch: Batch) -> None:
        """Nothing to do: Google does not know what we have kept."""

    def check(self) -> str:
        now, found = WallClock().now(), 0
        places = self._places()
        for place in places:
            try:
                found += self._page(place, "", now, count=1).total
            except ApiError as error:
                raise _refused(error, place) from None
        return f"{found} reviews of {'1 place' if len(places) == 1 else f'{len(places)} places'}"

    def _places(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(map(_bare, self.locations)))

    def _next(self, place: str, known: "Place", now: datetime) -> tuple["Place", "Page"]:
        """The page that is due. Where its token is refused, the first one: the walk begins anew.

        Once only, or a service that refuses every token would be asked for ever.
        """
        token = known.walk.resume
        try:
            return known, self._page(place, token, now)
        except ApiError as error:
            if error.status != 400 or not token or known.anew:
                raise
        again = Place(walk=Walk(mark=known.walk.mark), anew=True)
        return again, self._page(place, "", now)

    def _page(self, place: str, token: str, now: datetime, count: int = PAGE) -> "Page":
        path = f"/accounts/{_bare(self.account)}/locations/{place}/reviews"
        params: Params = {
            "pageSize": count,
            "orderBy": "updateTime desc",
            "pageToken": token or None,
        }
        page = read_page(self._google().get(path, params, now=now).value)
        if page is None or (token and page.token == token):
            words = "Google Business Profile answered something that is no page of reviews"
            raise CollectorError(words, kind=Trouble.SHAPE)
        return page

    def _read(
        self, review: Mapping[str, Any], place: str
    ) -> tuple[Mention | Response | Reject, ...]:
        """A review and what was answered to it."""
        mention = to_mention(review, self.name, place)
        if isinstance(mention, Reject):
            return (mention,)
        mention = replace(mention, brand=self.brand, channel=self.channel)
        return (mention, *to_answers(review, mention))

    def _google(self) -> Authorised:
        return Authorised(
            api=Api(http=self.http, service="Google Business Profile", base_url=self.base_url),
            issuer="Google's sign-in",
            token_url=self.token_url,
            grant=RefreshToken(
                client_id=self.client_id,
                client_secret=self.client_secret,
                refresh_token=self.refresh_token,
            ),
            held=self.held,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Reviews as they came; `token` asks for the next page, and is empty on the last."""

    reviews: tuple[Mapping[str, Any], ...]
    token: str
    total: int = 0  # of the place's reviews, as Google counts them


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """How far a place's reviews were read. Marks are the times of last changes.

    anew: the walk's token was refused once, and it began a second time. gone: the place was not
    known when it was last asked for.
    """

    walk: Walk = field(default_factory=Walk)
    anew: bool = False
    gone: bool = False

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> "Place":
        return cls(
            walk=Walk.of(state.get("walk", {})),
            anew=state.get("anew", False),
            gone=state.get("gone", False),
        )

    def after(self, page: Page, now: datetime, since: datetime | None) -> "Place":
        """After a page. It has arrived where all there is was read, or what is older was.

        since: how far back a first walk goes; None for so many pages.
        """
        walk = self.walk
        times = [at for review in page.reviews if (at := _time(review, "updateTime")) is not None]
        newest = to_text(min(max(times), now)) if times else ""
        floor = since if walk.is_first else from_text(walk.mark) - OVERLAP
        ends = not page.token or (floor is not None and min(times, default=floor) < floor)
        if walk.is_first and since is None:
            ends = ends or walk.pages + 1 >= FIRST_PAGES
        walk = walk.after(newest, None if ends else page.token)
        return Place(walk=walk, anew=self.anew and not ends)

    def written(self) -> dict[str, Any]:
        parts = {"walk": self.walk.written(), "anew": self.anew, "gone": self.gone}
        return {name: value for name, value in parts.items() if value}


def read_page(value: Any) -> Page | None:
    """An answer as a page; None where it is none. The last one holds no reviews."""
    if not isinstance(value, dict) or "error" in value:
        return None
    reviews, token = value.get("reviews") or [], value.get("nextPageToken") or ""
    if not isinstance(reviews, list) or not isinstance(token, str):
        return None
    total = value.get("totalReviewCount")
    return Page(
        reviews=tuple(one if isinstance(one, dict) else {} for one in reviews),
        token=token,
        total=total if isinstance(total, int) else 0,
    )


def to_mention(review: Mapping[str, Any], source: str, place: str) -> Mention | Reject:
    """A review as a mention. A rating without words is one too."""
    number, said_at = review.get("reviewId"), _time(review, "createTime")
    if not isinstance(number, str) or not number or said_at is None:
        return Reject(place=f"review {number}", reason="it has no id or no time", content="")
    text, stars = original(review.get("comment")), STARS.get(str(review.get("starRating")))
    if not text and stars is None:
        return Reject(place=f"review {number}", reason="it has no words and no stars", content="")
    changed = _time(review, "updateTime")
    return Mention(
        source=source,
        source_id=number,
        kind=Kind.REVIEW,
        text=text,
        said_at=said_at,
        edited_at=changed if changed and changed - said_at >= _SAME else None,
        author_name=_name(review.get("reviewer")),
        stars=stars,
        place=place,
    )


def to_answers(review: Mapping[str, Any], mention: Mention) -> tuple[Response, ...]:
    """The owner's answer, if there is one. Of several edits the store keeps the first seen."""
    reply = review.get("reviewReply")
    said_at = _time(reply, "updateTime") if isinstance(reply, dict) else None
    if not isinstance(reply, dict) or said_at is None:
        return ()
    return (
        Response(
            source=mention.source,
            source_id=f"{mention.source_id}#reply",  # as an import names it
            said_at=said_at,
            parent_id=mention.source_id,
            author=mention.brand,
            text=original(reply.get("comment")),
            evidence=Evidence.FIELD,
        ),
    )


def original(comment: Any) -> str:
    """The words as they were written: Google puts its translation before or behind them."""
    if not isinstance(comment, str):
        return ""
    translation, _, words = comment.partition(f"\n{_ORIGINAL}")
    if words.strip() and translation.lstrip().startswith(_TRANSLATED):
        return words.strip()
    return comment.partition(f"\n{_TRANSLATED}")[0].strip()


def _others_are_known(turns: Turns) -> bool:
    """Whether a place is left that was not missing when it was last asked for."""
    others = [state for name, state in turns.states.items() if name != turns.stream]
    return any(not Place.of(state).gone for state in others)


def _left_aside(turns: Turns, known: Place, why: CollectorError) -> Batch:
    """The page of a place that is gone: told once, and its mark kept for when it is back."""
    told = (
        () if known.gone else (Reject(place=f"place {turns.stream}", reason=str(why), content=""),)
    )
    gone = Place(walk=Walk(mark=known.walk.mark), gone=True)
    turns = turns.after(gone.written(), more=False)
    return Batch(rejects=told, cursor=turns.written(), complete=turns.complete)


def _refused(error: ApiError, place: str) -> CollectorError:
    unknown = (
        f"Google Business Profile knows no place {place} in this account; check `account` and"
        " `locations`"
    )
    return explained(error, "Google Business Profile", rights=RIGHTS, unknown=unknown)


def _bare(name: str) -> str:
    """The number in a name such as "locations/456"; a number alone is taken too."""
    return name.removeprefix("accounts/").removeprefix("locations/")


def _time(holder: Mapping[str, Any], name: str) -> datetime | None:
    try:
        return read_time(name, holder.get(name), UTC)
    except BadRecord:
        return None


def _name(reviewer: Any) -> str | None:
    """Anonymous people share one name, and are not one person."""
    if not isinstance(reviewer, dict) or reviewer.get("isAnonymous") is True:
        return None
    name = reviewer.get("displayName")
    return name.strip() or None if isinstance(name, str) else None
