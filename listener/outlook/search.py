"""A search over all mentions as its page shows it: a page of what was found, and how much it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from listener import views
from listener.domain.query import And, Query, parse
from listener.domain.query.fields import read_value
from listener.domain.query.nodes import Field, Node
from listener.domain.subject import EVERYTHING
from listener.outlook.desk import Outlook
from listener.store import matches, searching, sources, subjects
from listener.store.searching import Number, Order

A_PAGE: Final = 50
FIELDS: Final = ("subject", "source", "topic", "sentiment", "state")


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What somebody looks for. `fields`: what else has to hold, by the name of a field."""

    text: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None
    order: Order = Order.NEWEST
    after: int | None = None

    @property
    def is_blank(self) -> bool:
        return not (self.text or self.fields or self.since or self.until)

    def query(self) -> Query:
        """Raises QueryError where the text cannot be read, BadValueError where a field cannot."""
        nodes: list[Node] = []
        if self.text:
            root = parse(self.text, broad=True).root
            nodes += root.parts if isinstance(root, And) else (root,)
        given = {**self.fields, "since": _written(self.since), "until": _written(self.until)}
        for name, value in given.items():
            if value:
                op, read, high = read_value(name, value)
                nodes.append(Field(name, read, op, high))
        if not nodes:
            return EVERYTHING
        return Query(self.text, nodes[0] if len(nodes) == 1 else And(tuple(nodes)))


def _written(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page. `number` None: it was not asked how many there are, for there is no question.

    about: of each mention by its row whom it is about, and how it sounds towards them.
    """

    search: views.Search
    number: Number | None
    about: Mapping[int, list[tuple[str, str | None]]]


def find(outlook: Outlook, looked: Looked, now: datetime, teams: Mapping[str, str]) -> Found:
    """Raises what `Looked.query` does."""
    query = looked.query()
    page = views.find(
        outlook.store,
        query,
        now,
        order=looked.order,
        limit=A_PAGE,
        after=looked.after,
        teams=teams,
    )
    with outlook.store.read() as db:
        number = None if looked.is_blank else searching.count(db, query, now, teams)
        about = matches.about(db, [row["row"] for row in page.rows])
    return Found(search=page, number=number, about=about)


def choices(outlook: Outlook) -> dict[str, list[Any]]:
    """What a search may be narrowed to: the names of subjects and of sources."""
    with outlook.store.read() as db:
        return {
            "subject": list(subjects.followed(db).values()),
            "source": sorted(sources.names(db)),
        }
