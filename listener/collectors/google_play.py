"""Google Play: the reviews of your own apps, through the interface that Google gives publishers."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from listener.clock import WallClock
from listener.collectors.base import Cursor
from listener.domain.mention import Batch, Channel, Evidence, Kind, Mention, Reject, Response
from listener.domain.subject import Subject, check_brand
from listener.domain.times import from_text, to_text
from listener.domain.values import BadRecord, read_time
from listener.domain.walk import MOST_EMPTY, Turns, endless
from listener.errors import CollectorError, Trouble
from listener.http import Api, ApiError, Http
from listener.http.google import explained
from listener.http.oauth import GOOGLE_TOKEN_URL, Authorised, Held, ServiceAccount, read_key

SERVICE: Final = "google_play"
SCOPE: Final = "https://www.googleapis.com/auth/androidpublisher"
PAGE: Final = 100
KEPT_FOR: Final = timedelta(days=7)  # what was changed longer ago is not given any more
RIGHTS: Final = (
    "in the Play Console, under Users and permissions, give the service account the right to"
    " reply to reviews"
)

_PACKAGE = re.compile(r"[A-Za-z]\w*(?:\.\w+)+", re.ASCII)
_EXTRAS: Final = {  # ours -> Google's
    "device_language": "reviewerLanguage",
    "device": "device",
    "android_version": "androidOsVersion",
    "thumbs_down": "thumbsDownCount",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GooglePlay:
    """Reads all that is given, each time: reviews with words that were changed in the last 7 days.

    Of ratings without words nothing is seen here, nor of anybody else's apps.
    """

    packages: tuple[str, ...]
    service_account: str = field(repr=False, metadata={"secret": True})  # the JSON of its key
    brand: str
    every: timedelta = timedelta(hours=1)
    channel: Channel = Channel.REVIEW
    base_url: str = "https://androidpublisher.googleapis.com"
    token_url: str = GOOGLE_TOKEN_URL
    http: Http = field(metadata={"handed": True})
    name: str = field(metadata={"handed": True})
    follows: tuple[Subject, ...] = field(metadata={"handed": True})
    held: Held = field(default_factory=Held, repr=False, compare=False, metadata={"handed": True})

    def __post_init__(self) -> None:
        """Refuse what could never be asked; an empty secret was left out, and is told later."""
        if not self.packages:
            raise ValueError("packages names no app")
        for number, package in enumerate(self.packages, 1):
            if not _PACKAGE.fullmatch(package):
                raise ValueError(f'packages[{number}] is no package name such as "com.example.app"')
        check_brand(self.follows, self.brand)
        self._google()
        if self.service_account:
            read_key(self.service_account)

    @property
    def service(self) -> str:
        return SERVICE

    def fetch(self, cursor: Cursor | None, now: datetime) -> Batch:
        """One page of the reviews of one app."""
        turns = Turns.of(cursor, self.packages)
        package = turns.stream
        try:
            read, page = self._next(package, Pass(**turns.state), now)
        except ApiError as error:
            raise _refused(error, package) from None
        further = read.after(page, now)
        if further.empty > MOST_EMPTY:
            raise endless(further.empty, f"Google Play, asked for the reviews of {package},")
        turns = turns.after(further.written(), more=bool(further.token))
        return Batch.of(
            (one for review in page.reviews for one in self._read(review, package)),
            cursor=turns.written(),
            complete=turns.complete,
            gap_since=read.lost_since(now),
        )

    def committed(self, batch: Batch) -> None:
        """Nothing to do: Google does not know what we have kept."""

    def check(self) -> str:
        now = WallClock().now()
        for package in self.packages:
            try:
                self._page(package, "", 1, now)
            except ApiError as error:
                raise _refused(error, package) from None
        return "1 app" if len(self.packages) == 1 else f"{len(self.packages)} apps"

    def _next(self, package: str, read: "Pass", now: datetime) -> tuple["Pass", "Page"]:
        """The page that is due. Where its token is refused, the first one: the pass begins anew.

        Once only, or a service that refuses every token would be asked for ever.
        """
        try:
            return read, self._page(package, read.token, PAGE, now)
        except ApiError as error:
            if error.status != 400 or not read.token or read.anew:
                raise
        return Pass(done=read.done, anew=True), self._page(package, "", PAGE, now)

    def _page(self, package: str, token: str, count: int, now: datetime) -> "Page":
        path = f"/androidpublisher/v3/applications/{package}/reviews"
        params = {"maxResults": count, "token": token or None}
        page = read_page(self._google().get(path, params, now=now).value)
        if page is None or (token and page.token == token):
            words = "Google Play answered something that is no page of reviews"
            raise CollectorError(words, kind=Trouble.SHAPE)
        return page

    def _read(
        self, review: Mapping[str, Any], package: str
    ) -> tuple[Mention | Response | Reject, ...]:
        """A review and what was answered to it."""
        mention = to_mention(review, self.name, package)
        if isinstance(mention, Reject):
            return (mention,)
        mention = replace(mention, brand=self.brand, channel=self.channel)
        return (mention, *to_answers(review, self.name, self.brand))

    def _google(self) -> Authorised:
        api = Api(http=self.http, service="Google Play", base_url=self.base_url)
        return Authorised(
            api=api,
            issuer="Google's sign-in",
            token_url=self.token_url,
            grant=ServiceAccount(text=self.service_account, scope=SCOPE),
            held=self.held,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """How far an app's reviews were read. All are read each time, so there is no mark.

    done: when the last whole pass began. began, token: of the one under way, and of its next page.
    anew: its token was refused once, and it began a second time. empty: so many pages in a row,
    up to now, held nothing and promised another one.
    """

    done: str = ""
    began: str = ""
    token: str = ""
    anew: bool = False
    empty: int = 0

    def after(self, page: "Page", now: datetime) -> "Pass":
        began = self.began or to_text(now)
        if not page.token:
            return Pass(done=began)
        empty = 0 if page.reviews else self.empty + 1
        if empty == MOST_EMPTY:  # it is given up, and the next one begins anew
            return Pass(done=self.done, empty=empty)
        return replace(self, began=began, token=page.token, empty=empty)

    def lost_since(self, now: datetime) -> datetime | None:
        """Since when reviews may be gone unread, where a pass begins too long after the last."""
        if self.token or not self.done:
            return None
        done = from_text(self.done)
        return done if now - done > KEPT_FOR else None

    def written(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Reviews as they came; `token` asks for the next page, and is empty on the last."""

    reviews: tuple[Mapping[str, Any], ...]
    token: str


def read_page(value: Any) -> Page | None:
    """An answer as a page; None where it is none. Without reviews it holds nothing at all."""
    if not isinstance(value, dict) or "error" in value:
        return None
    reviews, paging = value.get("reviews") or [], value.get("tokenPagination") or {}
    if not isinstance(reviews, list) or not isinstance(paging, dict):
        return None
    token = paging.get("nextPageToken") or ""
    if not isinstance(token, str):
        return None
    return Page(reviews=tuple(one if isinstance(one, dict) else {} for one in reviews), token=token)


def to_mention(review: Mapping[str, Any], source: str, package: str) -> Mention | Reject:
    """A review as a mention.

    All that Google tells is when it was last changed. Where the answer is older than that, the
    review is older than the answer, and was changed afterwards.

    The language it names is that of the device, and no reason to believe that the words are in it:
    it is kept beside the mention, and the language is looked for in the words.
    """
    number, said = review.get("reviewId"), _comment(review, "userComment")
    changed = _moment(said)
    if not isinstance(number, str) or not number or changed is None:
        return Reject(place=f"review {number}", reason="it has no id or no time", content="")
    title, text = _words(said)
    stars = said.get("starRating")
    stars = stars if isinstance(stars, int) and 1 <= stars <= 5 else None
    if not text and stars is None:
        return Reject(place=f"review {number}", reason="it has no words and no stars", content="")
    answered = _moment(_comment(review, "developerComment"))
    edited = answered is not None and answered < changed
    return Mention(
        source=source,
        source_id=number,
        kind=Kind.REVIEW,
        title=title,
        text=text,
        said_at=answered if answered and edited else changed,
        edited_at=changed if edited else None,
        author_name=_line(review.get("authorName")),
        stars=stars,
        likes=_count(said.get("thumbsUpCount")),
        product=package,
        product_version=_line(said.get("appVersionName")),
        raw={ours: said[theirs] for ours, theirs in _EXTRAS.items() if _is_plain(said.get(theirs))},
    )


def to_answers(review: Mapping[str, Any], source: str, brand: str) -> tuple[Response, ...]:
    """The developer's answer, if there is one. Of several edits the store keeps the first seen."""
    answer = _comment(review, "developerComment")
    said_at = _moment(answer)
    if said_at is None:
        return ()
    text = answer.get("text")
    return (
        Response(
            source=source,
            source_id=f"{review['reviewId']}#reply",  # as an import names it
            said_at=said_at,
            parent_id=review["reviewId"],
            author=brand,
            text=text if isinstance(text, str) else "",
            evidence=Evidence.FIELD,
        ),
    )


def _refused(error: ApiError, package: str) -> CollectorError:
    unknown = f"Google Play knows no app {package} of yours; check `packages`"
    return explained(error, "Google Play", rights=RIGHTS, unknown=unknown)


def _comment(review: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The first comment of a kind; empty where there is none."""
    comments = review.get("comments")
    entries = comments if isinstance(comments, list) else []
    found = (entry.get(name) for entry in entries if isinstance(entry, dict))
    return next((one for one in found if isinstance(one, dict)), {})


def _words(said: Mapping[str, Any]) -> tuple[str, str]:
    """Title and text, which come as one; as they were written, where they came translated."""
    for name in ("originalText", "text"):
        written = said.get(name)
        if isinstance(written, str) and written.strip():
            title, _tab, text = written.partition("\t")
            title, text = title.strip(), text.strip()
            return (title, text) if text else ("", title)
    return "", ""


def _moment(comment: Mapping[str, Any]) -> datetime | None:
    stamp = comment.get("lastModified")
    if not isinstance(stamp, dict):
        return None
    try:
        moment = read_time("lastModified", stamp.get("seconds"), UTC)
    except BadRecord:
        return None
    nanos = _count(stamp.get("nanos")) or 0
    return moment + timedelta(microseconds=nanos // 1000) if nanos < 10**9 else moment


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and 0 <= value < 2**63 else None


def _line(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int) and value != ""
