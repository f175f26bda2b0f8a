"""Response clocks: what waits for an answer, and what waited."""

from enum import StrEnum
from typing import Any, Final

from pydantic import Field

from listener import listings
from listener.domain.query import parse
from listener.domain.response import ClockState
from listener.domain.when import moment_of
from listener.store.clock_keys import ClockKey, DueOrder
from listener.store.waiting import STILL_OPEN
from listener.web.api import cursors
from listener.web.api.asked import Asked, Cursor, Limit, Name, When, Written
from listener.web.api.endpoint import Endpoint
from listener.web.api.mention_shapes import ClockPage
from listener.web.api.mentions import paged
from listener.web.behind import Behind


class State(StrEnum):
    """Open: waiting, due soon or overdue."""

    OPEN = "open"
    WAITING = ClockState.WAITING.value
    DUE_SOON = ClockState.DUE_SOON.value
    OVERDUE = ClockState.OVERDUE.value
    MET = ClockState.MET.value
    MISSED = ClockState.MISSED.value
    DISMISSED = ClockState.DISMISSED.value


class ClocksAsked(Asked):
    """A page of clocks."""

    state: State = State.OPEN
    subject: Name | None = None
    q: Written = Field(
        "", description="Only of mentions that this query finds: see docs/queries.md."
    )
    due_before: When | None = None
    order: DueOrder = Field(
        DueOrder.URGENCY,
        description="urgency: what runs out first; latest: what runs out, or ran out, last.",
    )
    limit: Limit = 50
    cursor: Cursor | None = Field(None, description="`next` of the page before.")


def _list(behind: Behind, asked: ClocksAsked) -> dict[str, Any]:
    now, of = behind.now(), f"clocks {asked.order}"
    after = None
    if asked.cursor is not None:
        after = ClockKey(*cursors.read(of, asked.cursor, (str, int, int)))
    page = listings.clocks(
        behind.store,
        now,
        states=STILL_OPEN if asked.state is State.OPEN else (asked.state.value,),
        subject=asked.subject,
        query=parse(asked.q, broad=True) if asked.q.strip() else None,
        due_before=moment_of(asked.due_before, now) if asked.due_before else None,
        order=asked.order,
        limit=asked.limit,
        after=after,
        pack=behind.pack(),
    )
    return paged(page, of)


ENDPOINTS: Final = (
    Endpoint(
        path="/clocks",
        name="list_clocks",
        summary="What waits for an answer, most urgent first; by its state also what waited.",
        asked=ClocksAsked,
        shape=ClockPage,
        answer=_list,
    ),
)
