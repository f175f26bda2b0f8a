"""The search over all mentions: by words and fields, newest or best first, a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from listener.domain.label import Sentiment
from listener.domain.query.fields import BadValueError
from listener.domain.query.reading import whole
from listener.domain.stars import as_text
from listener.domain.times import from_text
from listener.domain.week import midnight
from listener.domain.wording import Wording
from listener.errors import QueryError
from listener.outlook import search as searches
from listener.outlook.search import Found, Looked
from listener.store.searching import Order
from listener.texts.marked import harmless
from listener.web.behind import Behind
from listener.web.outlooks import outlook_of
from listener.web.pages import render
from listener.web.posts import source_link
from listener.web.speaking import speaking
from listener.web.words import later

LONGEST: Final = 2_000  # characters of a query; what links of pages ask for is far shorter
LONGEST_TEXT: Final = 360
NARROWED: Final = ("subject", "source", "sentiment", "topic", "state")
EXAMPLES: Final = (  # what may be asked, and what it finds
    ('refund OR "late parcel"', later("one of them, or both; words in quotes stand together")),
    ("delay NEAR/5 airport", later("both, with at most five words between them")),
    ("sentiment:negative topic:billing", later("negative ones with a topic")),
    ("stars:<=2 since:2026-11-01", later("reviews of two stars or fewer, since a day")),
    ("state:overdue", later("whose answer is overdue")),
    ("booking -is:repost lang:hu", later("in Hungarian, and not handed on")),
    ("author:acme_fan", later("by somebody")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks for, as it was written."""

    text: str
    fields: Mapping[str, str]
    since: str
    until: str
    order: Order
    after: int | None

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Asked":
        after, order = given.get("after", ""), given.get("order", "")
        is_number = after.isascii() and after.removeprefix("-").isdecimal() and len(after) < 20
        return cls(
            text=given.get("q", "").strip()[:LONGEST],
            fields={name: given.get(name, "").strip()[:LONGEST] for name in NARROWED},
            since=given.get("from", "")[:10],
            until=given.get("to", "")[:10],
            order=Order(order) if order in set(Order) else Order.NEWEST,
            after=int(after) if is_number else None,
        )

    @property
    def is_blank(self) -> bool:
        return not (self.text or any(self.fields.values()) or self.since or self.until)

    def address(self, after: int | None = None, **changes: str) -> str:
        """The same search with something changed, from its beginning."""
        wanted = {
            "q": self.text,
            **self.fields,
            "from": self.since,
            "to": self.until,
            "order": "" if self.order is Order.NEWEST else self.order.value,
            "after": "" if after is None else str(after),
            **changes,
        }
        kept = {key: value for key, value in wanted.items() if value}
        return f"/search?{urlencode(kept)}" if kept else "/search"

    def looked(self, zone: ZoneInfo) -> Looked:
        """Raises ValueError for a day that is none."""
        return Looked(
            text=self.text,
            fields={name: value for name, value in self.fields.items() if value},
            since=_midnight(self.since, zone) if self.since else None,
            until=_midnight(self.until, zone, 1) if self.until else None,
            order=self.order,
            after=self.after,
        )


def _midnight(written: str, zone: ZoneInfo, later_by: int = 0) -> datetime:
    day = date.fromisoformat(written)
    if not 1970 <= day.year <= 9000:  # beyond, a zone's midnight has no UTC
        raise ValueError(written)
    return midnight(day + timedelta(days=later_by), zone)


def search_page(behind: Behind, given: Mapping[str, str]) -> str:
    """The page of a search that an address asks for; what cannot be read is explained."""
    asked, outlook = Asked.of(given), outlook_of(behind)
    found, mistake = _find(behind, asked)
    return render(
        "search.html.j2",
        behind,
        here="/search",
        asked=asked,
        choices=searches.choices(outlook) | {"sentiment": [one.value for one in Sentiment]},
        orders=[one.value for one in Order],
        mistake=mistake,
        examples=[
            (query, words, f"/search?{urlencode({'q': query})}") for query, words in EXAMPLES
        ],
        rows=[_row(one, found) for one in found.search.rows] if found else [],
        number=found.number if found else None,
        gone=_gone(found, asked) if found else 0,
        unfinished=found.search.unfinished if found else None,
        older=asked.address(found.search.next) if found and found.search.next is not None else None,
        newest=asked.address() if asked.after is not None else None,
        is_blank=asked.is_blank,
        **speaking(behind),
    )


def _find(behind: Behind, asked: Asked) -> tuple[Found | None, str | None]:
    """What was found, or what of the question cannot be read."""
    try:
        looked = asked.looked(behind.zone)
    except (OverflowError, ValueError):
        return None, later("from and to are days, like 2026-11-01")
    if looked.is_blank:
        looked = replace(looked, order=Order.NEWEST)
    try:
        teams = behind.pack().topic_teams
        return searches.find(outlook_of(behind), looked, behind.now(), teams), None
    except QueryError as error:
        return None, error.args[0]
    except BadValueError as error:
        return None, Wording("expected %(expected)s", expected=error.args[0])


def _gone(found: Found, asked: Asked) -> int:
    """How many count and cannot be shown any more, as far as one page can tell."""
    one_page = asked.after is None and found.search.next is None and found.search.is_complete
    if not one_page or found.number is None or not found.number.is_all:
        return 0
    return max(0, found.number.mentions - len(found.search.rows))


def _row(row: Mapping[str, Any], found: Found) -> dict[str, Any]:
    said = harmless(whole(row["title"], row["text"]), row["places"], LONGEST_TEXT)
    return {
        **row,
        "pieces": said.pieces,
        "said_at": from_text(row["said_at"]),
        "about": found.about.get(row["row"], []),
        "stars": None if row["stars"] is None else as_text(row["stars"], row["stars_scale"]),
        "link": source_link(row["url"]),
        "address": f"/mentions/{quote(str(row['row']))}",
    }
