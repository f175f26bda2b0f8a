"""The inbox: what waits for an answer in a list, and the one that is open beside it."""

from collections.abc import Mapping
from typing import Any, Final

from listener import detail, pressing, views
from listener.domain.press import SPANS
from listener.errors import UsageError
from listener.store.people import Sorted
from listener.web import saving
from listener.web.asked import CLOSED, Asked
from listener.web.behind import Behind
from listener.web.done import Done
from listener.web.mention import mention_view
from listener.web.pages import render
from listener.web.waiting import waiting_view

A_PAGE: Final = 50


def inbox_page(behind: Behind, given: Mapping[str, str], done: Done | None = None) -> str:
    """The list that an address asks for; `done`: what the person at it did just now."""
    asked, now = Asked.of(given), behind.now()
    query, mistake = asked.read()
    rows: list[dict[str, Any]] = []
    if mistake is None:
        rows = views.waiting(
            behind.store,
            states=asked.states,
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
        saved=saving.shown(behind, asked),
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


def _open(behind: Behind, name: str) -> dict[str, Any] | None:
    if not name:
        return None
    now = behind.now()
    try:
        return mention_view(detail.of_mention(behind.store, name, now, behind.pack()), behind)
    except UsageError:
        return None
