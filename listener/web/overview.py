"""The first page: what waits, what is wrong, and the last fourteen days."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from listener import views
from listener.domain.digest import Day
from listener.domain.events import KnownEvent, moment, on_day, spread
from listener.domain.incident import Incident
from listener.store.models import Use
from listener.texts import numbers
from listener.texts.words import say
from listener.web.bars import Bar, bars, is_measured, round_top
from listener.web.behind import Behind
from listener.web.health import pulse_problems
from listener.web.pages import LANGUAGE, ago, render
from listener.web.sources import source_view
from listener.web.waiting import waiting_view

MOST_URGENT: Final = 10
MOST_INCIDENTS: Final = 10
MOST_DIGESTS: Final = 8


def overview_page(behind: Behind) -> str:
    """The page as it stands now."""
    now = behind.now()
    glance = views.at_a_glance(behind.store, behind.zone, now)
    sources = [source_view(row, now, behind) for row in views.source_list(behind.store, now)]
    urgent = views.waiting(behind.store, limit=MOST_URGENT, now=now)
    return render(
        "overview.html.j2",
        behind,
        here="/",
        now=now,
        daemon=behind.pulse is not None,
        problems=pulse_problems(behind),
        counts=glance.open_clocks,
        waiting=sum(glance.open_clocks.values()),
        urgent=[waiting_view(row, now) for row in urgent],
        incidents=[_incident(one, now) for one in glance.incidents[:MOST_INCIDENTS]],
        incident_count=len(glance.incidents),
        digests=views.digest_weeks(behind.store, MOST_DIGESTS),
        brands=_brands(glance.brands, [*behind.events, *_steps(glance.steps)], behind.zone),
        sources=sources,
        mentions=sum(source["mentions"] for source in sources),
        database=str(behind.store.path.absolute()),
        last_changed=glance.last_changed,
        changed_ago=ago(glance.last_changed, now) if glance.last_changed else None,
    )


def _incident(incident: Incident, now: datetime) -> dict[str, Any]:
    return {
        "id": incident.id,
        "severity": incident.severity.value,
        "title": incident.title,
        "why": incident.why,
        "action": incident.action,
        "opened_at": incident.opened_at,
        "open_for": numbers.duration(now - incident.opened_at, LANGUAGE),
        "acknowledged_by": incident.acknowledged_by,
    }


def _steps(uses: Sequence[Use]) -> list[KnownEvent]:
    return [moment(say(LANGUAGE, "model.step", model=use.model), use.since) for use in uses]


def _brands(
    brands: Sequence[tuple[str, Sequence[Day]]], events: Sequence[KnownEvent], zone: ZoneInfo
) -> list[dict[str, Any]]:
    """Every brand's chart and table, on one scale: side by side they can be compared."""
    top = round_top(max((d.counts.mentions for _, days in brands for d in days), default=0))
    return [
        _brand(name, [replace(d, events=on_day(events, name, d.date, zone)) for d in days], top)
        for name, days in brands
    ]


def _brand(name: str, days: Sequence[Day], top: int) -> dict[str, Any]:
    drawn = bars(days, top)
    mentions = sum(day.counts.mentions for day in days)
    negative = sum(day.counts.negative for day in days)
    return {
        "name": name,
        "mentions": mentions,
        "negative": negative,
        "share": numbers.percent(negative / mentions, LANGUAGE) if mentions else None,
        "chart": drawn,
        "days": [
            _day(day, bar, today=day is days[-1]) for day, bar in zip(days, drawn.bars, strict=True)
        ],
        "hole": any(not bar.measured for bar in drawn.bars),
        "partly": any(bar.partly for bar in drawn.bars),
        "events": [
            {"name": name, "first": _named(first), "last": _named(last) if last != first else None}
            for name, first, last in spread((day.date, day.events) for day in days)
        ],
    }


def _day(day: Day, bar: Bar, *, today: bool) -> dict[str, Any]:
    counts = day.counts
    name = _named(day.date)
    return {
        "bar": bar,
        "measured": is_measured(day),
        "events": day.events,
        "weekday": numbers.weekday_column(day.date, LANGUAGE),
        "number": day.date.day,
        "date": day.date.isoformat(),
        "name": f"{name}, so far" if today else name,
        "mentions": counts.mentions,
        "negative": counts.negative,
        "share": numbers.percent(counts.negative / counts.mentions, LANGUAGE)
        if counts.mentions
        else "–",
    }


def _named(day: date) -> str:
    return f"{numbers.weekday(day, LANGUAGE)} {numbers.day_and_month(day, LANGUAGE)}"
