"""The inbox: what waits for an answer in a list, and the one that is open beside it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from listener import detail, live, views
from listener.domain.press import SPANS
from listener.domain.query import Query
from listener.errors import UsageError
from listener.store.waiting import InboxFilter, Sorted
from listener.web import saving
from listener.web.asked import CLOSED, Asked
from listener.web.behind import Behind
from listener.web.done import Done
from listener.web.mention import mention_view
from listener.web.pages import render
from listener.web.waiting import open_counts, waiting_view

A_PAGE: Final = 50
MOST_KNOWN: Final = 500


def inbox_page(behind: Behind, given: Mapping[str, str], done: Done | None = None) -> str:
    """The list that an address asks for; `done`: what the person at it did just now.

    With `part` it is the list without the page around it, as our script asks for it. `known` names
    the rows that are on its screen: those that still belong to the list come, wherever they stand.
    """
    asked, now = Asked.of(given), behind.now()
    query, mistake = asked.read()
    mark = live.mark(behind.store, now)  # before the list is read: what comes meanwhile is told
    found = views.Waiting([])
    if mistake is None:
        found = _found(behind, asked, query, A_PAGE + 1)
    rows, more = found.rows[:A_PAGE], len(found.rows) > A_PAGE
    beyond = set(_numbers(given.get("known", ""))) - {row["row"] for row in rows} if more else ()
    if beyond and mistake is None:
        rows += _found(behind, asked, query, len(beyond), sorted(beyond)).rows
    shown = _open(behind, asked.mention)
    numbers = [row["row"] for row in rows]
    others = live.others_on(behind.store, numbers, behind.who, now)
    seen = detail.last_acts(behind.store, [row["id"] for row in rows])
    newest = live.newest(behind.store)
    counts = open_counts(behind, newest, now)
    return render(
        "inbox_part.html.j2" if "part" in given else "inbox.html.j2",
        behind,
        here="/inbox",
        now=now,
        asked=asked,
        orders=[one.value for one in Sorted],
        closed=CLOSED,
        counts=counts | {"open": sum(counts.values())},
        subjects=detail.brands(behind.store),
        saved=saving.shown(behind, asked, newest),
        snoozes=SPANS,
        rows=[
            waiting_view(row, now, behind.spoken)
            | {
                "address": asked.address(open=str(row["row"])),
                "on_it": others.get(row["row"], []),
                "seen": seen.get(row["id"], 0),
                "beyond": row["row"] in beyond,
            }
            for row in rows
        ],
        more=more,
        unfinished=found.unfinished,
        mistake=mistake,
        shown=shown,
        newest=mark,
        last=live.last_mention(newest),
        back=asked.address(),
        token=behind.token,
        done=done,
    )


def _found(
    behind: Behind,
    asked: Asked,
    query: Query | None,
    limit: int,
    among: Sequence[int] | None = None,
) -> views.Waiting:
    wanted = InboxFilter(
        states=asked.states,
        subject=asked.subject or None,
        limit=limit,
        now=behind.now(),
        order=asked.order,
        among=among,
    )
    return views.sought(behind.store, wanted, query, behind.pack())


def _numbers(words: str) -> list[int]:
    """Rows as our script names them; what is none is left out."""
    parts = words.split(",")[:MOST_KNOWN]
    return [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 19]


def _open(behind: Behind, name: str) -> dict[str, Any] | None:
    if not name:
        return None
    try:
        found = detail.of_mention(behind.store, name, behind.now(), behind.pack())
        return mention_view(found, behind)
    except UsageError:
        return None
