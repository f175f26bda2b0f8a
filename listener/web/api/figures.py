"""Measures and response times of a span."""

from datetime import datetime
from typing import Any, Final

from pydantic import Field

from listener import figures, insights, views
from listener.domain.response_times import By
from listener.domain.times import to_json
from listener.domain.when import moment_of
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
    now = behind.now()
    until = moment_of(asked.until, now) if asked.until else now
    return moment_of(asked.since, now), min(until, now)


def _measures(behind: Behind, asked: SpanAsked) -> dict[str, Any]:
    since, until = _span(behind, asked)
    rows = figures.of_span(behind.store, behind.known(), since, until, asked.subject)
    return {"since": to_json(since), "until": to_json(until), "items": rows}


def _responses(behind: Behind, asked: ResponsesAsked) -> dict[str, Any]:
    now = behind.now()
    since = moment_of(asked.since, now)
    rows = views.responses(behind.store, asked.by, since, behind.known().calendars, now)
    items = [{"name": row.pop(asked.by.value), **row} for row in rows]
    return {"since": to_json(since), "items": items}


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
