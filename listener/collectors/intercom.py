"""Intercom: conversations that customers began, and when they were first answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from listener.clock import WallClock
from listener.collectors.base import Cursor
from listener.domain.markup import without_markup
from listener.domain.mention import Batch, Channel, Evidence, Kind, Mention, Reject, Response
from listener.domain.subject import Subject, check_brand
from listener.domain.values import BadRecord, read_line, read_time
from listener.domain.walk import Walk
from listener.errors import CollectorError, Trouble
from listener.http import Api, Http

SERVICE: Final = "intercom"
VERSION: Final = "2.11"  # of the interface
PAGE: Final = 150
FIRST_PAGES: Final = 5  # of a workspace that was never read
OVERLAP: Final = timedelta(minutes=5)
ROUNDING: Final = timedelta(days=1)  # the search may round a time to its day
BEGINNING: Final = 946_684_800  # 2000-01-01, before there was an Intercom
LATEST: Final = 7_258_118_400  # 2200-01-01
REFUSALS: Final = {
    401: "does not accept `token`; check it, and that `base_url` is that of your region",
    403: "refuses us; give the app of this token the right to read conversations",
}
CUSTOMERS: Final = frozenset({"user", "lead", "contact"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Intercom:
    """Searches conversations, those that changed last first.

    A mention is what the customer wrote first; of what followed only the time of the first answer
    by a teammate is read.
    """

    token: str = field(repr=False)
    brand: str  # a subject's name
    base_url: str = "https://api.intercom.io"
    every: timedelta = timedelta(minutes=5)
    channel: Channel = Channel.TICKET
    http: Http = field(metadata={"handed": True}, repr=False)
    name: str = field(metadata={"handed": True})
    follows: tuple[Subject, ...] = field(metadata={"handed": True})

    def __post_init__(self) -> None:
        """Refuse an address or a brand that is none."""
        self._api()
        check_brand(self.follows, self.brand)

    @property
    def service(self) -> str:
        return SERVICE

    def fetch(self, cursor: Cursor | None, now: datetime) -> Batch:
        """One page of the search."""
        walk = Walk.of(cursor or {})
        since = BEGINNING if walk.is_first else int(walk.mark) - int(OVERLAP.total_seconds())
        value = self._search(since, walk.resume or None, PAGE, now)
        found = value["conversations"]
        read = [to_mention(one, self.name, self.brand, self.channel) for one in found]
        mentions = [one for one in read if isinstance(one, Mention)]
        replies = (
            first_reply(talk, made)
            for talk, made in zip(found, read, strict=True)
            if isinstance(made, Mention)
        )
        walk = _walked(walk, found, since, _following(value), now)
        return Batch(
            mentions=tuple(mentions),
            responses=tuple(reply for reply in replies if reply is not None),
            rejects=tuple(one for one in read if isinstance(one, Reject)),
            cursor=walk.written(),
            complete=not walk.resume,
        )

    def committed(self, batch: Batch) -> None:
        """Nothing to do: the search does not know who reads it."""

    def check(self) -> str:
        count = self._search(BEGINNING, None, 1, WallClock().now()).get("total_count")
        return f"{count} conversations" if type(count) is int else "conversations can be read"

    def _search(
        self, since: int, resume: str | None, count: int, now: datetime
    ) -> Mapping[str, Any]:
        asked = max(BEGINNING, since - int(ROUNDING.total_seconds()))
        paging = {"per_page": count} | ({"starting_after": resume} if resume else {})
        answer = self._api().post(
            "/conversations/search",
            value={
                "query": {"field": "updated_at", "operator": ">", "value": asked},
                "sort": {"field": "updated_at", "order": "descending"},
                "pagination": paging,
            },
            now=now,
        )
        value = answer.value
        if not isinstance(value, dict) or not isinstance(value.get("conversations"), list):
            words = "Intercom answered something that is no list of conversations"
            raise CollectorError(words, kind=Trouble.SHAPE)
        return value

    def _api(self) -> Api:
        headers = {"Authorization": f"Bearer {self.token}", "Intercom-Version": VERSION}
        return Api(
            http=self.http,
            service="Intercom",
            base_url=self.base_url,
            headers=headers,
            means=REFUSALS,
        )


def to_mention(
    talk: Any, source: str, brand: str, channel: Channel = Channel.TICKET
) -> Mention | Reject | None:
    """A conversation as a mention; None where no customer began it, or it says nothing."""
    if not isinstance(talk, dict):
        return Reject(place="a conversation", reason="it is no object", content=str(talk))
    try:
        given = talk.get("id")
        number = None if given is None else read_line("id", given)
        said_at = read_time("created_at", talk.get("created_at"), UTC)
    except BadRecord as bad:
        return Reject(place=f"conversation {talk.get('id')}", reason=str(bad), content="")
    if not number:
        return Reject(place="a conversation", reason="it has no number", content="")
    first = _part(talk, "source")
    writer = _part(first, "author")
    title, text = _words(first.get("subject")), _words(first.get("body"))
    if writer.get("type") not in CUSTOMERS or not (title or text):
        return None
    return Mention(
        source=source,
        source_id=number,
        channel=channel,
        kind=Kind.TICKET,
        title=title if text else "",
        text=text or title,
        said_at=said_at,
        author=_words(writer.get("email")) or None,
        author_name=_words(writer.get("name")) or None,
        author_id=_words(writer.get("id")) or None,
        brand=brand,
    )


def first_reply(talk: Mapping[str, Any], mention: Mention) -> Response | None:
    """The first answer of a teammate: of it only the time is told."""
    at = _part(talk, "statistics").get("first_admin_reply_at")
    try:
        said_at = read_time("first_admin_reply_at", at, UTC)
    except BadRecord:
        return None
    return Response(
        source=mention.source,
        source_id=f"{mention.source_id}#reply",
        said_at=said_at,
        parent_id=mention.source_id,
        evidence=Evidence.FIELD,
    )


def _walked(walk: Walk, found: list[Any], since: int, following: str | None, now: datetime) -> Walk:
    """The walk has arrived where a page ends with what was read before."""
    times = [at for talk in found if (at := _changed_at(talk)) is not None]
    newest = min(max(times, default=since), int(now.timestamp()))
    ends = bool(times) and min(times) < since
    ends = ends or (walk.is_first and walk.pages + 1 >= FIRST_PAGES)
    return walk.after(str(newest), None if ends else following)


def _following(value: Mapping[str, Any]) -> str | None:
    """Where the next page begins; None after the last one."""
    following = _part(value, "pages").get("next")
    if following is None:
        return None
    token = following.get("starting_after") if isinstance(following, dict) else None
    if not isinstance(token, str) or not token:
        words = "Intercom does not say where its next page begins"
        raise CollectorError(words, kind=Trouble.SHAPE)
    return token


def _changed_at(talk: Any) -> int | None:
    at = talk.get("updated_at") if isinstance(talk, dict) else None
    return at if type(at) is int and 0 < at < LATEST else None


def _part(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def _words(value: Any) -> str:
    return without_markup(value) if isinstance(value, str) else ""
