"""Incidents: the list, and each with its receipt."""

from enum import StrEnum
from typing import Any, Final

from pydantic import Field

from listener import listings, receipts
from listener.domain.when import moment_of
from listener.store.incidents import IncidentKey
from listener.web.api import cursors
from listener.web.api.asked import Asked, Cursor, Limit, Name, Number, When
from listener.web.api.endpoint import Endpoint, Made
from listener.web.api.incident_shapes import IncidentPage, Receipt
from listener.web.api.mentions import act, paged
from listener.web.behind import Behind

OF: Final = "incidents"


class Stands(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"
    ALL = "all"


class IncidentsAsked(Asked):
    """A page of incidents."""

    state: Stands = Stands.ALL
    subject: Name | None = None
    since: When | None = Field(
        None, description="Those that opened since a time, a day in UTC, or for a span such as 30d."
    )
    limit: Limit = 50
    cursor: Cursor | None = Field(None, description="`next` of the page before.")


class IncidentAsked(Asked):
    """One incident."""

    id: Number


def _list(behind: Behind, asked: IncidentsAsked) -> dict[str, Any]:
    after = None
    if asked.cursor is not None:
        after = IncidentKey(*cursors.read(OF, asked.cursor, (str, int)))
    page = listings.incident_page(
        behind.store,
        is_open=None if asked.state is Stands.ALL else asked.state is Stands.OPEN,
        subject=asked.subject,
        since=moment_of(asked.since, behind.now()) if asked.since else None,
        limit=asked.limit,
        after=after,
    )
    return paged(page, OF)


def _one(behind: Behind, asked: IncidentAsked) -> Made:
    found = receipts.receipt(behind.store, asked.id)
    hours = receipts.hours_around(behind.store, asked.id, behind.now(), behind.events)
    acts = [act(row) for row in receipts.acts(behind.store, asked.id)]
    seen = acts[-1]["number"] if acts else 0
    body = {**found, "hours": receipts.as_rows(hours), "acts": acts, "seen": seen}
    return Made(body=body, headers={"etag": f'"{seen}"'})


ENDPOINTS: Final = (
    Endpoint(
        path="/incidents",
        name="list_incidents",
        summary="Incidents, the newest first.",
        asked=IncidentsAsked,
        shape=IncidentPage,
        answer=_list,
    ),
    Endpoint(
        path="/incidents/{id}",
        name="get_incident",
        summary="The receipt of an incident: what it rests on, who was told, and what was done.",
        asked=IncidentAsked,
        shape=Receipt,
        answer=_one,
    ),
)
