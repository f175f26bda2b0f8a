"""The inbox: what waits for an answer in a list, and the one that is open beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from listener import detail, pressing, views
from listener.domain.press import SPANS
from listener.domain.query import Query, parse
from listener.domain.response import ClockState
from listener.errors import QueryError, UsageError
from listener.store.people import STILL_OPEN, Sorted
from listener.web.behind import Behind
from listener.web.done import Done
from listener.web.mention import mention_view
from listener.web.pages import render
from listener.web.waiting import waiting_view

A_PAGE: Final = 50
LONGEST_QUERY: Final = 500
CLOSED: Final = tuple(state.value for state in ClockState if state.value not in STILL_OPEN)
VIEWS: Final = {"open": STILL_OPEN} | {state: (state,) for state in (*STILL_OPEN, *CLOSED)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks for; what makes no sense in it is as if it were not there."""

    state: str = "open"
    subject: str = ""
    query: str = ""
    order: Sorted = Sorted.URGENCY
    mention: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Asked":
        order = given.get("order", "")
        return cls(
            state=given["state"] if given.get("state") in VIEWS else "open",
            subject=given.get("subject", "")[:LONGEST_QUERY],
            query=given.get("q", "").strip()[:LONGEST_QUERY],
            order=Sorted(order) if order in set(Sorted) else Sorted.URGENCY,
            mention=given.get("open", "")[:LONGEST_QUERY],
        )

    def address(self, **changes: str) -> str:
        """The same list with something changed; nothing is open in it unless that is named."""
        wanted = {
            "state": "" if self.state == "open" else self.state,
            "subject": self.subject,
            "q": self.query,
            "order": "" if self.order is Sorted.URGENCY else self.order.value,
            **changes,
        }
        kept = {key: value for key, value in wanted.items() if value}
        return f"/inbox?{urlencode(kept)}" if kept else "/inbox"


def inbox_page(behind: Behind, given: Mapping[str, str], done: Done | None = None) -> str:
    """The list that an address asks for; `done`: what the person at it did just now."""
    asked, now = Asked.of(given), behind.now()
    query, mistake = _read(asked.query)
    rows: list[dict[str, Any]] = []
    if mistake is None:
        rows = views.waiting(
            behind.store,
            states=VIEWS[asked.state],
            subject=asked.subject or None,
            query=query,
            limit=A_PAGE + 1,
            now=now,
            pack=behind.pack(),
            order=asked.order,
        )
    counts = pressing.open_clocks(behind.store, now)
    return render(
        "inbox.html.j2",
        behind,
        here="/inbox",
        now=now,
        asked=asked,
        orders=[one.value for one in Sorted],
        closed=CLOSED,
        counts=counts | {"open": sum(counts.values())},
        subjects=detail.brands(behind.store),
        snoozes=tuple(SPANS),
        rows=[
            waiting_view(row, now) | {"address": asked.address(open=str(row["row"]))}
            for row in rows[:A_PAGE]
        ],
        more=len(rows) > A_PAGE,
        mistake=mistake,
        shown=_open(behind, asked.mention),
        back=asked.address(),
        token=behind.token,
        done=done,
    )


def _read(text: str) -> tuple[Query | None, str | None]:
    if not text:
        return None, None
    try:
        return parse(text, broad=True), None
    except QueryError as error:
        return None, str(error)


def _open(behind: Behind, name: str) -> dict[str, Any] | None:
    if not name:
        return None
    now = behind.now()
    try:
        return mention_view(detail.of_mention(behind.store, name, now, behind.pack()), behind)
    except UsageError:
        return None
