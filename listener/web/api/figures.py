"""Measures and response times of a span."""

from collections.abc import Hashable
from datetime import datetime
from typing import Any, Final

from pydantic import Field

from listener import figures, insights, views
from listener.daybook import Make
from listener.domain.period import Span
from listener.domain.response_times import By
from listener.domain.times import to_json
from listener.domain.when import moment_of
from listener.store.connection import Db
from listener.web.api.asked import Asked, Name, When
from listener.web.api.endpoint import Endpoint
from listener.web.api.figure_shapes import Measures, Responses, Topics
from listener.web.behind import Behind

USUAL_SPAN: Final = "30d"


class Since(Asked):
    """A span up to now."""

    since: When = Field(USUAL_SPAN, description="A time, a day in UTC, or a span such as 90d.")


class SpanAsked(Since):
    """A span, of one subject or of all."""

    subject: Name | None = None
    until: When | None = Field(None, description="The end of the span; now, if it is not named.")


class ResponsesAsked(Since):
    """Response times."""

    by: By = By.CHANNEL


def _span(behind: Behind, asked: SpanAsked) -> tuple[datetime, datetime]:
    now = _minute(behind)
    until = moment_of(asked.until, now) if asked.until else now
    return moment_of(asked.since, now), min(until, now)


def _measures(behind: Behind, asked: SpanAsked) -> dict[str, Any]:
    since, until = _span(behind, asked)

    def make(_: Db, __: int, since: datetime, until: datetime) -> list[dict[str, Any]]:
        return figures.of_span(behind.store, behind.known(), since, until, asked.subject)

    rows = _kept(behind, ("measures", asked.subject), Span(since, until), make)
    return {"since": to_json(since), "until": to_json(until), "items": rows}


def _responses(behind: Behind, asked: ResponsesAsked) -> dict[str, Any]:
    now = _minute(behind)

    def make(_: Db, __: int, since: datetime, until: datetime) -> list[dict[str, Any]]:
        rows = views.responses(behind.store, asked.by, since, behind.known().calendars, until)
        return [{"name": row.pop(asked.by.value), **row} for row in rows]

    span = Span(moment_of(asked.since, now), now)
    items = _kept(behind, ("responses", asked.by), span, make)
    return {"since": to_json(span.since), "items": items}


def _minute(behind: Behind) -> datetime:
    """Now, to the minute: what is dear to count is counted once in it, however often it is read."""
    return behind.now().replace(second=0, microsecond=0)


def _kept(
    behind: Behind, what: Hashable, span: Span, make: Make[list[dict[str, Any]]]
) -> list[dict[str, Any]]:
    with behind.store.read() as db:
        return behind.book.refresh(db).for_a_while((what, _minute(behind)), 0, span, make)


def _topics(behind: Behind, asked: SpanAsked) -> dict[str, Any]:
    since, until = _span(behind, asked)
    rows = insights.topics_of(behind.store, asked.subject, since, until)
    return {"since": to_json(since), "until": to_json(until), "items": rows}


ENDPOINTS: Final = (
    Endpoint(
        path="/measures",
        name="list_measures",
        summary="Share of voice, negative share with its band, NPS, CES, CSAT, stars, response"
        " times: of each brand and competitor.",
        asked=SpanAsked,
        shape=Measures,
        answer=_measures,
    ),
    Endpoint(
        path="/responses",
        name="list_responses",
        summary="How soon questions were answered, by channel, team or subject.",
        asked=ResponsesAsked,
        shape=Responses,
        answer=_responses,
    ),
    Endpoint(
        path="/topics",
        name="list_topics",
        summary="How much was said of each topic.",
        asked=SpanAsked,
        shape=Topics,
        answer=_topics,
    ),
)
