"""Mentions: the list that a query finds, as JSON and for spreadsheets, and each with all of it."""

from datetime import datetime
from io import StringIO
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field

from listener import detail, listings
from listener.domain.query import Query, parse
from listener.domain.query.fields import BadValueError
from listener.domain.subject import EVERYTHING
from listener.domain.when import moment_of
from listener.files import write_csv
from listener.store.searching import Order, Span
from listener.web.api import cursors
from listener.web.api.asked import MOST_ROWS, Asked, Cursor, Limit, Name, When, Written, digits
from listener.web.api.endpoint import CSV, Endpoint, Made
from listener.web.api.mention_shapes import Labels, Mention, MentionDetail, MentionPage
from listener.web.api.problems import ProblemError, mistake
from listener.web.behind import Behind

MOST_IN_CSV: Final = 10_000
UNFINISHED: Final = "listener-unfinished"  # a header: why there may be more


class Filters(Asked):
    """What mentions are asked for."""

    q: Written = Field(
        "",
        description="A query, as at the pages: see docs/queries.md. Empty: everything.",
    )
    subject: Name | None = Field(
        None,
        description="Only of this subject; what the query asks of labels is then towards it.",
    )
    source: Name | None = None
    since: When | None = Field(
        None, description="A time, a day in UTC, or a span such as 30d: what was said since then."
    )
    until: When | None = Field(None, description="What was said before then.")


class MentionsAsked(Filters):
    """A page of mentions."""

    order: Order = Field(
        Order.NEWEST,
        description="relevance: the best among the newest 150 that are found, on one page.",
    )
    limit: Limit = 50
    cursor: Cursor | None = Field(None, description="`next` of the page before.")


class CsvAsked(Filters):
    """Mentions for a spreadsheet."""

    limit: Annotated[int, Field(ge=1, le=MOST_IN_CSV), BeforeValidator(digits)] = 1000


class MentionAsked(Asked):
    """One mention."""

    id: Annotated[str, Field(max_length=1000, pattern=r"^[^\x00]+$")]
    """SOURCE:ID, or the row number."""


def query_of(asked: Filters) -> Query:
    """Raises QueryError and ProblemError for what cannot be asked."""
    query = parse(asked.q, broad=True) if asked.q.strip() else EVERYTHING
    fields = {"subject": asked.subject, "source": asked.source}
    try:
        return query.narrowed({name: value for name, value in fields.items() if value is not None})
    except BadValueError as error:
        words = f"write {error}"
        wrong = mistake("query", "source", words)
        raise ProblemError("request", f"source: {words}.", mistakes=[wrong]) from None


def span_of(asked: Filters, now: datetime) -> Span:
    return Span(
        moment_of(asked.since, now) if asked.since else None,
        moment_of(asked.until, now) if asked.until else None,
    )


def found(
    behind: Behind,
    asked: Filters,
    *,
    order: Order = Order.NEWEST,
    limit: int,
    after: int | None = None,
) -> listings.Page:
    """A page of what is asked for."""
    now = behind.now()
    return listings.mentions(
        behind.store,
        query_of(asked),
        now,
        order=order,
        limit=limit,
        span=span_of(asked, now),
        after=after,
        subject=asked.subject,
        teams=behind.pack().topic_teams,
    )


def _list(behind: Behind, asked: MentionsAsked) -> dict[str, Any]:
    after = None
    if asked.cursor is not None:
        (after,) = cursors.read(f"mentions {asked.order}", asked.cursor, (int,))
    page = found(behind, asked, order=asked.order, limit=asked.limit, after=after)
    return paged(page, f"mentions {asked.order}")


def paged(page: listings.Page, of: str) -> dict[str, Any]:
    """A page as it is answered. `of`: the list, and its order."""
    following = None if page.next is None else cursors.write(of, page.next)
    return {"items": page.rows, "next": following, "unfinished": page.unfinished}


def _csv(behind: Behind, asked: CsvAsked) -> Made:
    rows: list[dict[str, Any]] = []
    after, why = None, None
    while len(rows) < asked.limit:
        most = min(MOST_ROWS, asked.limit - len(rows))
        page = found(behind, asked, limit=most, after=after)
        rows += page.rows
        why = page.unfinished
        if page.next is None or why is not None:
            break
        (after,) = page.next
    stream = StringIO()
    write_csv(stream, list(Mention.model_fields), rows)
    headers = {"content-disposition": 'attachment; filename="mentions.csv"'}
    return Made(body=stream.getvalue(), headers=headers | ({UNFINISHED: why} if why else {}))


def _one(behind: Behind, asked: MentionAsked) -> Made:
    whole = detail.of_mention(behind.store, asked.id, behind.now(), behind.pack())
    told = listings.mention(behind.store, whole.head["row"])
    body = {
        **told,
        "assignee": whole.head["assignee"],
        "matches": [match(row) for row in whole.subjects],
        "clocks": whole.waits,
        "answers": [{**row, "automatic": bool(row["automatic"])} for row in whole.answers],
        "acts": [act(row) for row in whole.acts],
        "seen": whole.last_act,
    }
    return Made(body=body, headers={"etag": f'"{whole.last_act}"'})


def match(row: dict[str, Any]) -> dict[str, Any]:
    """A subject that a mention was found for, as other programs read it."""
    as_they_are = ("subject", "role", "origin", "aside", "sentiment", "confidence")
    told = {name: row[name] for name in as_they_are}
    return told | {"counts": bool(row["counts"]), "stars_disagree": bool(row["at_odds"])}


def act(row: dict[str, Any]) -> dict[str, Any]:
    """What somebody did, as other programs read it."""
    told = {name: row[name] for name in ("at", "who", "did", "detail", "note")}
    return {"number": row["id"], **told, "undone": bool(row["undone"])}


def _labels(behind: Behind, asked: MentionAsked) -> dict[str, Any]:
    return {"items": detail.labels_of(behind.store, asked.id)}


ENDPOINTS: Final = (
    Endpoint(
        path="/mentions",
        name="list_mentions",
        summary="The mentions that a query finds, the newest first.",
        asked=MentionsAsked,
        shape=MentionPage,
        answer=_list,
    ),
    Endpoint(
        path="/mentions.csv",
        name="export_mentions",
        summary="The same for a spreadsheet; no cell is a formula.",
        asked=CsvAsked,
        shape=str,
        media=CSV,
        answer=_csv,
    ),
    Endpoint(
        path="/mentions/{id}/labels",
        name="list_labels",
        summary="What a model and people said of a mention, the oldest first.",
        asked=MentionAsked,
        shape=Labels,
        answer=_labels,
    ),
    Endpoint(
        path="/mentions/{id}",
        name="get_mention",
        summary="A mention with its clocks, its answers and what people did.",
        asked=MentionAsked,
        shape=MentionDetail,
        answer=_one,
    ),
)
