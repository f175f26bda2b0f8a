"""The first page: what waits, what is wrong, and the last fourteen days."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from listener import live, views
from listener.domain.digest import Share, VoiceRow
from listener.domain.incident import Incident
from listener.domain.period import Period, Span
from listener.outlook.columns import Column
from listener.outlook.glance import Brand, at_a_glance
from listener.outlook.machine import source_list
from listener.texts import numbers
from listener.web.bars import round_top
from listener.web.behind import Behind
from listener.web.charts import volume_chart
from listener.web.headlines import is_short
from listener.web.health import pulse_problems
from listener.web.links import finder, promise_finder, search_for, subject_address
from listener.web.outlooks import outlook_of
from listener.web.pages import render, since
from listener.web.sources import source_view
from listener.web.speaking import speaking
from listener.web.waiting import open_counts, waiting_view

DAYS: Final = 14
MOST_URGENT: Final = 10
MOST_INCIDENTS: Final = 10
MOST_DIGESTS: Final = 8


def overview_page(behind: Behind) -> str:
    """The page as it stands now."""
    now = behind.now()
    glance = views.at_a_glance(behind.store)
    counts = open_counts(behind, live.newest(behind.store), now)
    figures = at_a_glance(outlook_of(behind), Period.of_days(DAYS, behind.zone, now))
    top = round_top(max((c.counts.mentions for b in figures.brands for c in b.columns), default=0))
    sources = [source_view(row, now, behind) for row in source_list(outlook_of(behind), now)]
    urgent = views.waiting(behind.store, limit=MOST_URGENT, now=now)
    return render(
        "overview.html.j2",
        behind,
        here="/",
        now=now,
        daemon=behind.pulse is not None,
        problems=pulse_problems(behind),
        counts=counts,
        waiting=sum(counts.values()),
        urgent=[waiting_view(row, now, behind.spoken) for row in urgent],
        incidents=[_incident(one, now, behind.spoken) for one in glance.incidents[:MOST_INCIDENTS]],
        incident_count=len(glance.incidents),
        digests=views.digest_weeks(behind.store, MOST_DIGESTS),
        brands=[_brand(one, top, behind) for one in figures.brands],
        voices=[_voice(row, figures.period) for row in figures.voices],
        days=DAYS,
        compared=f"/compare?days={DAYS}",
        sources=sources,
        mentions=sum(source["mentions"] for source in sources),
        database=str(behind.store.path.absolute()),
        last_changed=glance.last_changed,
        since_changed=since(glance.last_changed, now, behind.spoken)
        if glance.last_changed
        else None,
        from_source=lambda name: search_for("", None, ("source", name)),
        **speaking(behind),
    )


def _incident(incident: Incident, now: datetime, language: str) -> dict[str, Any]:
    return {
        "id": incident.id,
        "severity": incident.severity.value,
        "rule": incident.rule,
        "subject": incident.subject,
        "channel": incident.channel if is_short(incident.title, language) else None,
        "title": incident.title,
        "evidence": incident.evidence,
        "why": incident.why,
        "action": incident.action,
        "opened_at": incident.opened_at,
        "open_for": numbers.duration(now - incident.opened_at, language),
        "acknowledged_by": incident.acknowledged_by,
    }


def _brand(one: Brand, top: int, behind: Behind) -> dict[str, Any]:
    name = one.subject.name
    mentions = sum(column.counts.mentions for column in one.columns)
    negative = sum(column.counts.negative for column in one.columns)
    labelled = sum(column.counts.labelled for column in one.columns)
    return {
        "name": name,
        "address": subject_address(name, days=str(DAYS)),
        "mentions": mentions,
        "negative": negative,
        "share": Share(negative, labelled),
        "chart": volume_chart(one.columns, name, behind, top),
        "find": finder(name, _span(one.columns)),
        "promises": [
            {"line": line, "find": promise_finder(line, name, _span(one.columns))}
            for line in one.promises
        ],
    }


def _span(columns: Sequence[Column]) -> Span:
    return Span(columns[0].step.span.since, columns[-1].step.span.until)


def _voice(row: VoiceRow, period: Period) -> dict[str, Any]:
    return {"row": row, "find": finder(row.name, period.span)}
