"""What is asked of which site, and how far that was read. Pure."""

import re
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from listener.domain.query import Field, Query
from listener.domain.query.dialect import AskedField, Dialect, is_never, quoted
from listener.domain.query.translation import Translation, translate

PAGE: Final = 100
FIRST_PAGES: Final = 3  # of a search that was never made
OVERLAP: Final = timedelta(hours=6)  # the index may be late

_WORD = re.compile(r"[^\W_]+")
_OPERATORS: Final = frozenset({"and", "or", "not"})
_KINDS: Final = frozenset({"post", "comment", "reply"})
_STREAM = re.compile(r"([a-z0-9.-]+)([?@#])(.*)", re.DOTALL)


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


def parts_of(stream: str) -> tuple[str, str, str]:
    """Site, mark and what is looked for; see `StackExchange._streams`."""
    found = _STREAM.fullmatch(stream)
    return (found[1], found[2], found[3]) if found else ("", "?", stream)


def site_of(stream: str) -> str:
    """The site of a search, or of a user."""
    return parts_of(stream)[0]


def translated(query: Query, source: str = "") -> Translation:
    """As few searches as find all that a query matches, and what they find beside it."""
    return translate(query, SEARCH, source)


def _write(text: str) -> tuple[str, ...]:
    """A bare word, or a phrase in quotes, in which signs are none of the site's operators."""
    is_bare = _WORD.fullmatch(text) and text.casefold() not in _OPERATORS
    return (text,) if is_bare else quoted(text)


def _field(one: Field, excluded: bool) -> AskedField:
    """Its items name nobody by a handle."""
    return AskedField(never=one.name == "author" or is_never(one, "", _KINDS))


SEARCH: Final = Dialect(
    service="Stack Exchange", write=_write, field=_field, both=None, either=None
)
