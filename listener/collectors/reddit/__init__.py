"""Reddit, by its own interface: for those to whom Reddit gave a key."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import quote

from listener.clock import WallClock
from listener.collectors.base import Cursor, searched_for
from listener.collectors.reddit.searches import translated
from listener.collectors.reddit.things import moment, number, to_mention
from listener.collectors.streams import RefusedError, StreamPage, read_in_turn
from listener.domain.mention import Batch, Channel, Mention, Reject, Tombstone
from listener.domain.query import Query
from listener.domain.query.translation import Translation
from listener.domain.subject import Matcher, Role, Subject, accounts_of
from listener.domain.walk import Turns, Walk
from listener.errors import CollectorError, Trouble
from listener.http import ApiError, Http, HttpError, check_base_url

if TYPE_CHECKING:
    from listener.collectors.reddit.client import Client

SERVICE: Final = "reddit"
PAGE: Final = 100
FIRST_PAGES: Final = 5  # of a stream that was never read
MOST_PAGES: Final = 10  # Reddit lists about a thousand things and no more

NOTHING: Final = (
    "Reddit was not asked: no subject has a query that can be searched for, or an account `reddit`"
)
_SUBREDDIT = re.compile(r"(?:/?r/)?([A-Za-z0-9_]{2,24})/?")
_USERNAME = re.compile(r"[A-Za-z0-9_-]{1,30}")
_REFUSED: Final = {
    302: (Trouble.SETTINGS, "knows no such subreddit or account (HTTP 302)"),
    403: (Trouble.CREDENTIALS, "does not show it to us: it is private or quarantined (HTTP 403)"),
    404: (Trouble.SETTINGS, "knows no such subreddit or account, or has banned it (HTTP 404)"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reddit:
    """Searches posts for what the subjects' queries ask for, and reads what is new in subreddits
    and by accounts; all is matched here once more.

    Reddit refuses single streams, as of a subreddit that went private.
    """

    client_id: str
    client_secret: str = field(repr=False)
    username: str = ""
    password: str = field(default="", repr=False)
    subreddits: tuple[str, ...] = ()  # none: posts are searched for in all, comments are not read
    every: timedelta = timedelta(minutes=2)
    channel: Channel = Channel.SOCIAL
    base_url: str = "https://oauth.reddit.com"
    http: Http = field(metadata={"handed": True})
    name: str = field(metadata={"handed": True})
    follows: tuple[Subject, ...] = field(metadata={"handed": True})
    since: datetime | None = field(default=None, metadata={"handed": True})  # of a first walk
    _clients: "list[Client]" = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse what could never be asked."""
        _check_names(self.subreddits)
        if not self.client_id or not self.client_secret:
            raise ValueError("client_id and client_secret must both be given")
        if bool(self.username) != bool(self.password):
            raise ValueError("username and password must be given together, or neither")
        if self.username and not _USERNAME.fullmatch(self.username):
            raise ValueError("username is no name of Reddit's; give it without u/")
        try:
            check_base_url(self.base_url)
        except HttpError as error:
            raise ValueError(str(error)) from None

    @property
    def service(self) -> str:
        return SERVICE

    @property
    def recheck_most(self) -> int:
        return PAGE

    @classmethod
    def translated(cls, query: Query) -> Translation:
        return translated(query)

    def asks(self, query: Query) -> Translation:
        return translated(query, self.name)

    def reaching(self, since: datetime) -> Self:
        made = replace(self, since=since)
        made._clients.append(self._client())  # one token for all
        return made

    def recheck(self, source_ids: Sequence[str], now: datetime) -> Batch:
        """What Reddit says of them now. One of which it says nothing may be in a subreddit that is
        private for a day, and is no deletion."""
        asked = [source_id for source_id in source_ids if number(source_id)]
        if not asked:
            return Batch()
        things, _ = self._things("api/info/", {"id": ",".join(asked)}, now)
        made = [to_mention(thing, self.name) for thing in things]
        return Batch(
            mentions=tuple(one for one in made if isinstance(one, Mention)),
            tombstones=tuple(one for one in made if isinstance(one, Tombstone)),
        )

    def fetch(self, cursor: Cursor | None, now: datetime) -> Batch:
        """One page of a listing or a search."""
        return read_in_turn(Turns.of(cursor, self._streams()), self._page, now)

    def committed(self, batch: Batch) -> None:
        """Nothing to do: Reddit does not know who reads it."""

    def check(self) -> str:
        """One search, and each subreddit and account once."""
        streams, now = self._streams(), WallClock().now()
        searches = [stream for stream in streams if " " in stream]
        for stream in (*searches[:1], *(one for one in streams if one not in searches)):
            try:
                self._listing(stream, "", 1, now)
            except RefusedError as error:
                raise CollectorError(f"{stream}: {error}", kind=error.kind) from None
        who = f"as {self.username}" if self.username else "without an account"
        said = "1 search" if len(searches) == 1 else f"{len(searches)} searches"
        others = len(streams) - len(searches)
        return f"{who}, {said} and {others} listing{'' if others == 1 else 's'}"

    def canary(self, now: datetime) -> bool:
        """Whether anything is new in all of Reddit."""
        things, _ = self._listing("/r/all/new", "", 1, now)
        return bool(things)

    def _streams(self) -> tuple[str, ...]:
        """What is read: a listing by its path; of a search, the words follow after a space."""
        names = dict.fromkeys(_plain(name) for name in self.subreddits)
        where = f"/r/{'+'.join(names) or 'all'}"
        words = [f"{where}/search {search}" for search in searched_for(self)]
        brands = [quote(name, safe="") for name in accounts_of(self.follows, SERVICE)]
        others = accounts_of(self.follows, SERVICE, (Role.INFLUENCER,))
        influencers = [quote(name, safe="") for name in others]
        if not (words or brands or influencers):
            raise CollectorError(NOTHING, kind=Trouble.SETTINGS)
        return (
            *words,
            *((f"{where}/new", f"{where}/comments") if names else ()),
            *(f"/user/{name}/comments" for name in (*brands, *influencers)),
            *(f"/user/{name}/submitted" for name in influencers),
        )

    def _page(self, stream: str, state: Mapping[str, Any], now: datetime) -> StreamPage:
        walk = Walk.of(state)
        things, after = self._listing(stream, walk.resume, PAGE, now)
        walked, gap_since = _walked(walk, things, after, now, self.since)
        made = [to_mention(thing, self.name) for thing in things]
        matcher = Matcher(self.follows)
        found = Batch(
            mentions=tuple(
                one for one in made if isinstance(one, Mention) and matcher.concerns(SERVICE, one)
            ),
            tombstones=tuple(one for one in made if isinstance(one, Tombstone)),
            rejects=tuple(one for one in made if isinstance(one, Reject)),
            gap_since=gap_since,
        )
        return StreamPage(state=walked.written(), more=bool(walked.resume), found=found)

    def _listing(
        self, stream: str, after: str, count: int, now: datetime | None
    ) -> tuple[list[Any], str]:
        """A page of a stream, newest first, and what to ask for the next one; empty: no more."""
        path, _, words = stream.partition(" ")
        params: dict[str, str | int] = {"limit": count, "sort": "new"}
        if words:
            inside = "false" if path.startswith("/r/all/") else "true"
            params |= {"q": words, "restrict_sr": inside, "t": "all", "type": "link"}
        if after:
            params["after"] = after
        try:
            things, further = self._things(f"{path.lstrip('/')}/", params, now)
        except ApiError as error:
            raise _meant(error) from None
        return things, further if further != after else ""

    def _things(
        self, path: str, params: dict[str, str | int], now: datetime | None
    ) -> tuple[list[Any], str]:
        value = self._client().ask(path, params, now)
        data = value.get("data") if isinstance(value, dict) else None
        things = data.get("children") if isinstance(data, dict) else None
        if not isinstance(data, dict) or not isinstance(things, list):
            words = "Reddit answered something that is no listing"
            raise CollectorError(words, kind=Trouble.SHAPE)
        further = data.get("after")
        return things, further if isinstance(further, str) else ""

    def _client(self) -> "Client":
        """Kept, for its token is good for an hour or more."""
        if not self._clients:
            from listener.collectors.reddit.client import Client  # noqa: PLC0415  # brings PRAW

            client = Client(
                http=self.http,
                base_url=self.base_url,
                client_id=self.client_id,
                client_secret=self.client_secret,
                username=self.username,
                password=self.password,
            )
            self._clients.append(client)
        return self._clients[0]


def _walked(
    walk: Walk, things: list[Any], after: str, now: datetime, first_since: datetime | None
) -> tuple[Walk, datetime | None]:
    """How far it was read then, and since when something may be missing.

    A mark is a name and its time, as `t3_abc@1795000000`. What has no greater number than the
    marked one is known, so that nothing is missed when that one is deleted.
    """
    found = [mark for thing in things if (mark := _mark(thing, now))]
    known = bool(walk.mark) and any(_number(mark) <= _number(walk.mark) for mark in found)
    if walk.is_first and first_since is not None:
        known = any(_time(mark) < first_since.timestamp() for mark in found)
    most = FIRST_PAGES if walk.is_first and first_since is None else MOST_PAGES
    ends = known or not after or walk.pages + 1 >= most
    newest = max([*found, *([walk.mark] if walk.mark else [])], key=_number, default="")
    lost = ends and bool(walk.mark) and not known and walk.pages > 0
    since = moment(_time(walk.mark)) if lost else None
    return walk.after(newest, None if ends else after), since


def _mark(thing: Any, now: datetime) -> str:
    data = thing.get("data") if isinstance(thing, dict) else None
    name = data.get("name") if isinstance(data, dict) else None
    at = moment(data.get("created_utc")) if isinstance(data, dict) else None
    if not isinstance(name, str) or not number(name) or at is None:
        return ""
    return f"{name}@{int(min(at, now).timestamp())}"


def _number(mark: str) -> int:
    return number(mark.partition("@")[0])


def _time(mark: str) -> int:
    return int(mark.partition("@")[2])


def _meant(error: ApiError) -> CollectorError:
    """What a refusal means. A page in HTML is what stands before Reddit, and refuses us, not the
    question."""
    if error.status not in _REFUSED or (error.status == 403 and not isinstance(error.value, dict)):
        return error
    kind, words = _REFUSED[error.status]
    return RefusedError(f"Reddit {words}", kind=kind)


def _check_names(subreddits: tuple[str, ...]) -> None:
    for place, name in enumerate(subreddits, 1):
        if not _SUBREDDIT.fullmatch(name):
            raise ValueError(f"subreddits[{place}] is no subreddit's name, as in `travel`")


def _plain(name: str) -> str:
    found = _SUBREDDIT.fullmatch(name)
    return found[1].lower() if found else name
