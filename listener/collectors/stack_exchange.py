"""Stack Exchange: questions on Stack Overflow and its sister sites, and a brand's answers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any, Final, Self

from listener.clock import WallClock
from listener.collectors.base import Cursor
from listener.collectors.streams import RefusedError, StreamPage, read_in_turn
from listener.domain.markup import without_markup
from listener.domain.mention import Batch, Channel, Kind, Mention, Reject
from listener.domain.subject import Matcher, Subject, accounts_of, looked_for
from listener.domain.times import from_text, in_words, to_text
from listener.domain.values import BadRecord, is_link, read_time
from listener.domain.walk import Turns
from listener.errors import CollectorError, ConfigError, Trouble
from listener.http import Api, ApiError, Http

SERVICE: Final = "stack_exchange"
PAGE: Final = 100
FIRST_PAGES: Final = 3  # of a search that was never made
OVERLAP: Final = timedelta(hours=6)  # the index may be late
LONGEST_WAIT: Final = timedelta(hours=24)
NOTHING: Final = (
    "Stack Exchange was not asked: no subject has a query that can be searched for, or an account"
    " `stack_exchange` on one of the sites"
)

_KINDS: Final = {500: Trouble.SERVER, 502: Trouble.RATE, 503: Trouble.SERVER}  # by error_id
_KEY_REFUSED: Final = (401, 402, 403, 405, 406)
_NO_RIGHT: Final = 403
_BAD_PARAMETER: Final = 400
_REFUSED: Final = (400, 404, 414)  # by status: the question, not us
_NO_SITE: Final = 'no name of a site, such as "stackoverflow" or "askubuntu"'
_NO_TAG: Final = 'no tag, such as "acme-sdk"'
_NO_ACCOUNT: Final = (
    'no account `stack_exchange`: that is a site and the number of a user, as "stackoverflow/123"'
)

_WAIT = re.compile(r"available in (\d{1,7}) seconds", re.ASCII)
_SITE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")
_TAG = re.compile(r"[^\s;]+")
_ACCOUNT = re.compile(r"[a-z0-9.-]+/\d{1,18}", re.ASCII)
_STREAM = re.compile(r"([a-z0-9.-]+)([?@#])(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class StackExchange:
    """Searches questions for what the subjects' queries ask for, and reads what accounts answer.

    How the search works is not told, so each question is matched here once more. It finds
    questions only: what others than the brand answer is not seen.
    """

    sites: tuple[str, ...] = ("stackoverflow",)
    key: str | None = field(default=None, repr=False)  # of an application; for more questions a day
    tags: tuple[str, ...] = ()  # a question has one of these; none: any
    every: timedelta = timedelta(minutes=30)
    channel: Channel = Channel.SOCIAL
    base_url: str = "https://api.stackexchange.com/2.3"
    http: Http = field(metadata={"handed": True})
    name: str = field(metadata={"handed": True})
    follows: tuple[Subject, ...] = field(metadata={"handed": True})
    since: datetime | None = field(default=None, metadata={"handed": True})  # of a first search

    def __post_init__(self) -> None:
        """Refuse what could never be asked."""
        accounts = accounts_of(self.follows, SERVICE)
        mistakes = [
            *(f"sites[{n}] is {_NO_SITE}" for n in _wrong(self.sites, _SITE)),
            *(f"tags[{n}] is {_NO_TAG}" for n in _wrong(self.tags, _TAG)),
            *(f'"{accounts[n - 1]}" is {_NO_ACCOUNT}' for n in _wrong(accounts, _ACCOUNT)),
        ]
        if not self.sites:
            mistakes.append('sites names none; leave it out for "stackoverflow"')
        if mistakes:
            raise ConfigError(mistakes)
        self._api()

    @property
    def service(self) -> str:
        return SERVICE

    def reaching(self, since: datetime) -> Self:
        return replace(self, since=since)

    def fetch(self, cursor: Cursor | None, now: datetime) -> Batch:
        """One page of one search on one site."""
        pauses = Pauses.of(cursor, now)

        def ask(stream: str, state: Mapping[str, Any], now: datetime) -> StreamPage:
            nonlocal pauses
            pauses.check((stream,), now)
            search = Search(**state).begun(self.since)
            page = self._page(stream, search.asked(), now)
            pauses = pauses.after(_site(stream), page.backoff, now)
            return self._taken(stream, search, page, now)

        turns = pauses.free_first(Turns.of(cursor, self._streams()), now)
        batch = read_in_turn(turns, ask, now)
        return replace(batch, cursor={**(batch.cursor or {}), **pauses.written()})

    def committed(self, batch: Batch) -> None:
        """Nothing to do: Stack Exchange does not know who reads it."""

    def check(self) -> str:
        """Asks each site once, so that a wrong name is found."""
        streams, now = self._streams(), WallClock().now()
        for stream in {_site(one): one for one in reversed(streams)}.values():
            self._page(stream, {"order": "desc", "pagesize": 1}, now)
        searches = f"{len(streams)} search{'es' if len(streams) > 1 else ''}"
        return f"{searches} on {', '.join(dict.fromkeys(map(_site, streams)))}"

    def _streams(self) -> tuple[str, ...]:
        """What is asked for: words, as `site?words`; what a user answered, as `site@number`, and
        commented, as `site#number`."""
        accounts = [account.split("/") for account in accounts_of(self.follows, SERVICE)]
        found = [
            *(f"{site}?{term}" for site in self.sites for term in looked_for(self.follows)),
            *(f"{site}{mark}{n}" for site, n in accounts if site in self.sites for mark in "@#"),
        ]
        if not found:
            raise CollectorError(NOTHING, kind=Trouble.SETTINGS)
        return tuple(dict.fromkeys(found))

    def _page(
        self, stream: str, asked: Mapping[str, str | int | None], now: datetime | None
    ) -> "Page":
        site, mark, what = _parts(stream)
        params: dict[str, str | int | None] = {
            **asked,
            "site": site,
            "sort": "creation",
            "filter": "withbody",
            "key": self.key or None,
        }
        path = f"/users/{what}/{'answers' if mark == '@' else 'comments'}"
        if mark == "?":
            path = "/search/advanced"
            params["q"] = f'"{what}"' if len(what.split()) > 1 else what
            params["tagged"] = ";".join(self.tags) or None
        try:
            page = read_page(self._api().get(path, params, now=now).value)
        except ApiError as error:
            raise trouble_of(error, site, now) from None
        if page is None:
            words = "Stack Exchange answered something that is no list of items"
            raise CollectorError(words, kind=Trouble.SHAPE)
        return page

    def _taken(self, stream: str, search: "Search", page: "Page", now: datetime) -> StreamPage:
        found = [to_mention(item, self.name, _site(stream)) for item in page.items]
        times = [one.said_at for one in found if isinstance(one, Mention)]
        after = search.after(times, page.has_more, now)
        rejects = tuple(one for one in found if isinstance(one, Reject))
        batch = Batch(mentions=tuple(self._concerning(found)), rejects=rejects)
        return StreamPage(state=after.written(), more=after.goes_on, found=batch)

    def _concerning(self, found: list[Mention | Reject]) -> list[Mention]:
        """Those that are about somebody we follow, or by them."""
        matcher = Matcher(self.follows)
        mentions = (one for one in found if isinstance(one, Mention))
        ours = (replace(one, channel=self.channel) for one in mentions)
        return [one for one in ours if matcher.concerns(SERVICE, one)]

    def _api(self) -> Api:
        return Api(http=self.http, service="Stack Exchange", base_url=self.base_url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How far one search was read; times are unix time.

    The first one begins with the newest and ends after some pages; `page` of it is the next one.
    Afterwards all is read forward from `mark`. at: where the pass under way goes on. newest: of
    the first one.
    """

    mark: int = 0
    at: int = 0
    page: int = 0
    newest: int = 0

    @property
    def is_first(self) -> bool:
        return not self.mark and not self.at

    @property
    def goes_on(self) -> bool:
        return bool(self.at or self.page)

    def begun(self, since: datetime | None) -> "Search":
        """As the next page finds it; a search that goes back to a moment goes forward from it."""
        if self.is_first and since is not None:
            return replace(self, at=max(1, int(since.timestamp())))
        return self

    def asked(self) -> dict[str, str | int | None]:
        if self.is_first:
            return {"order": "desc", "pagesize": PAGE, "page": self.page or 1}
        return {"order": "asc", "pagesize": PAGE, "fromdate": self._from()}

    def after(self, times: list[datetime], has_more: bool, now: datetime) -> "Search":
        """After a page. What is from the future must not hide what is written until then."""
        newest = max((int(time.timestamp()) for time in times), default=0)
        known = min(newest, max(1, int(now.timestamp())))
        if self.is_first:
            known = max(self.newest, known)
            page = self.page or 1
            if times and has_more and page < FIRST_PAGES:
                return Search(page=page + 1, newest=known)
            return Search(mark=known)
        mark = max(self.mark, known)
        if not times or not has_more:
            return Search(mark=mark)
        # A second that fills a page is left behind with that page.
        return Search(mark=mark, at=max(newest, self._from() + 1))

    def _from(self) -> int:
        return self.at or max(1, self.mark - int(OVERLAP.total_seconds()))

    def written(self) -> dict[str, int]:
        """As JSON, without what is nothing."""
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses:
    """The sites that asked us to wait, and until when."""

    until: Mapping[str, datetime]

    @classmethod
    def of(cls, cursor: Cursor | None, now: datetime) -> "Pauses":
        """Those that are not over. One that is longer than any was made by another clock."""
        kept = {site: from_text(at) for site, at in (cursor or {}).get("pauses", {}).items()}
        return cls(until={site: at for site, at in kept.items() if now < at <= now + LONGEST_WAIT})

    def free_first(self, turns: Turns, now: datetime) -> Turns:
        """With a search of a site that may be asked in front. Raises CollectorError."""
        self.check(turns.waiting, now)
        return turns.first(next(one for one in turns.waiting if _site(one) not in self.until))

    def check(self, streams: Sequence[str], now: datetime) -> None:
        """Raises CollectorError where each of these sites asked us to wait."""
        if any(_site(stream) not in self.until for stream in streams):
            return
        wait = min(self.until[_site(stream)] for stream in streams) - now
        words = f"Stack Exchange asked us to wait for {in_words(wait)}"
        raise CollectorError(words, kind=Trouble.RATE, retry_after=wait)

    def after(self, site: str, seconds: int, now: datetime) -> "Pauses":
        """After an answer of a site, which asks us to wait for so many seconds; 0 for none."""
        wait = min(timedelta(seconds=min(seconds, 86_400)), LONGEST_WAIT)
        return Pauses(until={**self.until, site: now + wait}) if seconds else self

    def written(self) -> dict[str, Any]:
        return {"pauses": {site: to_text(at) for site, at in self.until.items()}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Items as they came. backoff: so many seconds its site must not be asked."""

    items: tuple[Mapping[str, Any], ...]
    has_more: bool
    backoff: int


def read_page(value: Any) -> Page | None:
    """An answer as a page; None where it is none."""
    items = value.get("items") if isinstance(value, dict) else None
    if not isinstance(items, list):
        return None
    return Page(
        items=tuple(item if isinstance(item, dict) else {} for item in items),
        has_more=value.get("has_more") is True,
        backoff=_count(value.get("backoff")) or 0,
    )


def to_mention(item: Mapping[str, Any], source: str, site: str) -> Mention | Reject:
    """A question, an answer or a comment of a site as a mention.

    Numbers are a site's own, and so are those of users. Titles come escaped.
    """
    kind, number = _what(item)
    said_at, edited_at = _time(item, "creation_date"), _time(item, "last_edit_date")
    place = f"{site}/{number}"
    if not number or said_at is None:
        return Reject(place=place, reason="it has no number or no time", content="")
    title, text = unescape(_line(item.get("title"))), without_markup(_line(item.get("body")))
    if not text:
        title, text = "", title
    if not text:
        return Reject(place=place, reason="it has no words", content="")
    writer = item.get("owner")
    writer = writer if isinstance(writer, dict) else {}
    user, link = _count(writer.get("user_id")), _line(item.get("link"))
    parent = _count(item.get("post_id" if kind is Kind.COMMENT else "question_id"))
    above = None if parent is None else f"{site}/{parent}"
    return Mention(
        source=source,
        source_id=place,
        kind=kind,
        title=title,
        text=text,
        said_at=said_at,
        edited_at=edited_at if edited_at and edited_at > said_at else None,
        url=link if is_link(link) else None,
        author_name=unescape(_line(writer.get("display_name"))) or None,
        author_id=None if user is None else f"{site}/{user}",
        likes=_count(item.get("score")),
        replies=_count(item.get("answer_count")),
        views=_count(item.get("view_count")),
        parent_id=None if kind is Kind.POST else above,
        thread_id=None if kind is Kind.COMMENT else above,
        raw=_extras(item),
    )


def trouble_of(error: ApiError, site: str, now: datetime | None) -> CollectorError:
    """What a refusal means: its number stands in the body, most come as HTTP 400.

    Its message is read for what it is about, and never repeated.
    """
    value = error.value if isinstance(error.value, dict) else {}
    number, message = _count(value.get("error_id")), _line(value.get("error_message"))
    if number in _KINDS:
        busy = "asks us to come later" if number != 502 else "was asked too often"
        words = f"Stack Exchange {busy} (error {number})"
        wait = error.retry_after or _wait(message, now)
        return CollectorError(words, kind=_KINDS[number], retry_after=wait)
    if number in _KEY_REFUSED or (number == _BAD_PARAMETER and message.startswith(("`key", "key"))):
        does = "let this key read that" if number == _NO_RIGHT else "accept `key`; check it"
        words = f"Stack Exchange does not {does} (error {number})"
        return CollectorError(words, kind=Trouble.CREDENTIALS)
    if number == _BAD_PARAMETER and "site" in message.casefold():
        words = f"Stack Exchange knows no site {site}; check `sites` (error {number})"
        return RefusedError(words, kind=Trouble.SETTINGS)
    if error.status in _REFUSED:
        return RefusedError(str(error), kind=error.kind)
    return error


def _wait(message: str, now: datetime | None) -> timedelta | None:
    said = _WAIT.search(message)
    if said is None or now is None:
        return None
    return max(timedelta(seconds=1), min(timedelta(seconds=int(said[1])), LONGEST_WAIT))


def _what(item: Mapping[str, Any]) -> tuple[Kind, str]:
    """What an item is, and its number on its site: posts share theirs, comments have others."""
    if "comment_id" in item:
        number = _count(item["comment_id"])
        return Kind.COMMENT, f"c{number}" if number else ""
    kind, name = (Kind.REPLY, "answer_id") if "answer_id" in item else (Kind.POST, "question_id")
    return kind, str(_count(item.get(name)) or "")


def _extras(item: Mapping[str, Any]) -> dict[str, Any]:
    """What is none of our fields; the licence wants its writer and its link named."""
    licence, tags = _line(item.get("content_license")), item.get("tags")
    words = [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    return ({"tags": words} if words else {}) | ({"license": licence} if licence else {})


def _wrong(texts: tuple[str, ...], pattern: re.Pattern[str]) -> Iterator[int]:
    return (number for number, text in enumerate(texts, 1) if not pattern.fullmatch(text))


def _parts(stream: str) -> tuple[str, str, str]:
    """Site, mark and what is looked for; see `StackExchange._streams`."""
    found = _STREAM.fullmatch(stream)
    return (found[1], found[2], found[3]) if found else ("", "?", stream)


def _site(stream: str) -> str:
    return _parts(stream)[0]


def _time(item: Mapping[str, Any], name: str) -> datetime | None:
    try:
        return read_time(name, item.get(name), UTC) if item.get(name) else None
    except BadRecord:
        return None


def _line(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _count(value: Any) -> int | None:
    counts = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**18
    return value if counts else None
