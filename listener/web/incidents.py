"""The pages of incidents: the list, and each with its receipt, its hours and its life."""

from collections.abc import Sequence
from typing import Any, Final

from listener import receipts, spread, views
from listener.domain.marked import Marked
from listener.domain.press import SPANS
from listener.domain.times import from_text
from listener.texts import numbers
from listener.texts import receipt as words
from listener.texts.chart import Step
from listener.web.bars import COLUMN, HEIGHT, round_top
from listener.web.behind import Behind
from listener.web.done import Done
from listener.web.pages import render

MOST_LISTED: Final = 200
MOST_TOLD: Final = 12  # at once


def incidents_page(behind: Behind, *, every: bool) -> str:
    """Those that are open, gravest first; with `every` those that are over, too."""
    now = behind.now()
    rows = views.incident_list(behind.store, every=every)
    shown = [
        {
            **row,
            "opened_at": from_text(row["opened_at"]),
            "lasted": numbers.duration(
                (from_text(row["resolved_at"]) if row["resolved_at"] else now)
                - from_text(row["opened_at"]),
                behind.spoken,
            ),
        }
        for row in rows[:MOST_LISTED]
    ]
    return render(
        "incidents.html.j2",
        behind,
        here="/incidents",
        every=every,
        rows=shown,
        more=len(rows) - len(shown),
    )


def incident_page(behind: Behind, number: int, done: Done | None = None) -> str:
    """Raises UsageError where there is no such incident."""
    found = receipts.receipt(behind.store, number)
    hours = receipts.hours_around(behind.store, number, behind.now(), behind.events)
    mark = found["mark"]
    return render(
        "incident.html.j2",
        behind,
        here="/incidents",
        one=found,
        opened_at=from_text(found["opened_at"]),
        resolved_at=from_text(found["resolved_at"]) if found["resolved_at"] else None,
        snoozed_until=from_text(found["snoozed_until"]) if found["snoozed_until"] else None,
        verdict=mark["verdict"] if mark else None,
        facts=words.facts(found, behind.zone),
        life=words.life(found, behind.zone),
        told=words.told(found, behind.zone),
        most_told=MOST_TOLD,
        quotes=[quote_view(one) for one in found["quotes"]],
        notes=[{**one, "at": from_text(one["at"])} for one in found["notes"]],
        chart=hours_drawn(hours) if hours else None,
        hours=hours,
        far=spread.of_incident(behind.store, number, behind.now()),
        snoozes=SPANS,
        back=f"/incidents/{number}",
        token=behind.token,
        done=done,
    )


def quote_view(one: dict[str, Any]) -> dict[str, Any]:
    """A quote of a receipt, with what was found in it marked."""
    return {
        **one,
        "pieces": Marked.of(one["text"], one["places"]).pieces,
        "said_at": from_text(one["said_at"]),
    }


def hours_drawn(hours: Sequence[Step]) -> dict[str, Any]:
    """Columns of hours for an SVG, and the band of what is hardly chance as steps above them."""
    top = round_top(round(max(max(h.count or 0, h.upto or 0.0) for h in hours) + 0.5))

    def height(value: float) -> float:
        return round(value * HEIGHT / top, 2)

    steps = [
        f"{'L' if n and hours[n - 1].upto is not None else 'M'}{n * COLUMN:g}"
        f" {HEIGHT - height(h.upto):g}h{COLUMN:g}"
        for n, h in enumerate(hours)
        if h.upto is not None
    ]
    return {
        "width": COLUMN * len(hours),
        "height": HEIGHT,
        "top": top,
        "band": "".join(steps),
        "bars": [
            {
                "x": n * COLUMN + 2,
                "middle": (n + 0.5) * COLUMN,
                "height": height(h.count or 0),
                "hour": h,
                "beyond": h.upto is not None and (h.count or 0) > h.upto,
            }
            for n, h in enumerate(hours)
        ],
    }
