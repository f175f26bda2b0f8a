"""Intercom: conversations that customers began, and when they were first answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from listener.clock import WallClock
from listener.collectors.base import Cursor
from listener.collectors.desks.desk import (
    BEGINNING,
    Desk,
    found_in,
    opened,
    part,
    reply_told,
    worded,
)
from listener.domain.markup import without_markup
from listener.domain.mention import Batch, Channel, Mention, Reject, Response
from listener.domain.subject import check_brand
from listener.domain.walk import Walk
from listener.errors import CollectorError, Trouble
from listener.http import Api

SERVICE: Final = "intercom"
VERSION: Final = "2.11"  # of the interface
PAGE: Final = 150
FIRST_PAGES: Final = 5  # of a workspace that was never read
OVERLAP: Final = timedelta(minutes=5)
ROUNDING: Final = timedelta(days=1)  # the search may round a time to its day
EARLIEST: Final = int(BEGINNING.timestamp())
LATEST: Final = 7_258_118_400  # 2200-01-01
REFUSALS: Final = {
    401: "does not accept `token`; check it, and that `base_url` is that of your region",
    403: "refuses us; give the app of this token the right to read conversations",
}
CUSTOMERS: Final = frozenset({"user", "lead", "contact"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Intercom(Desk):
    """Searches conversations, those that changed last first.

    A mention is what the customer wrote first; of what followed only the time of the first answer
    by a teammate is read.
    """

    token: str = field(repr=False)
    base_url: str = "https://api.intercom.io"

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
        since = EARLIEST if walk.is_first else int(walk.mark) - int(OVERLAP.total_seconds())
        value = self._search(since, walk.resume or None, PAGE, now)
        found = value["conversations"]
        walk = _walked(walk, found, since, _following(value), now)
        return Batch.of(
            found_in(found, self._read, first_reply),
            cursor=walk.written(),
            complete=not walk.resume,
        )

    def check(self) -> str:
        count = self._search(EARLIEST, None, 1, WallClock().now()).get("total_count")
        return f"{count} conversations" if type(count) is int else "conversations can be read"

    def _search(
        self, since: int, resume: str | None, count: int, now: datetime
    ) -> Mapping[str, Any]:
        asked = max(EARLIEST, since - int(ROUNDING.total_seconds()))
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

    def _read(self, talk: Any) -> Mention | Reject | None:
        return to_mention(talk, self.name, self.brand, self.channel)

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
    made = opened(talk, source, brand, channel, called="conversation")
    if isinstance(made, Reject):
        return made
    first, writer = part(talk, "source"), part(talk, "source", "author")
    if writer.get("type") not in CUSTOMERS:
        return None
    return worded(
        made,
        title=_words(first.get("subject")),
        text=_words(first.get("body")),
        author=_words(writer.get("email")),
        author_name=_words(writer.get("name")),
        author_id=_words(writer.get("id")),
    )


def first_reply(talk: Mapping[str, Any], mention: Mention) -> Response | None:
    """The first answer of a teammate."""
    return reply_told(mention, part(talk, "statistics").get("first_admin_reply_at"))


def _walked(walk: Walk, found: list[Any], since: int, following: str | None, now: datetime) -> Walk:
    """The walk has arrived where a page ends with what was read before."""
    times = [at for talk in found if (at := _changed_at(talk)) is not None]
    newest = min(max(times, default=since), int(now.timestamp()))
    ends = bool(times) and min(times) < since
    ends = ends or (walk.is_first and walk.pages + 1 >= FIRST_PAGES)
    further = None if ends else following
    return walk.after(str(newest) if times or not further else "", further)


def _following(value: Mapping[str, Any]) -> str | None:
    """Where the next page begins; None after the last one."""
    following = part(value, "pages").get("next")
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


def _words(value: Any) -> str:
    return without_markup(value) if isinstance(value, str) else ""
