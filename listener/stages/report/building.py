"""The report of a period, from what is known now: the company's, or a team's."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from listener.domain.digest import AsideRow, DigestData, Gap, share_of_voice
from listener.domain.events import moment
from listener.domain.subject import Role
from listener.domain.week import Week
from listener.stages.report import people, teams
from listener.stages.report.incidents import spike_line, untold
from listener.stages.report.promises import promise_lines, recovery_lines, team_promises
from listener.stages.report.reporting import Edition, Reporting
from listener.stages.report.spans import Spans, spans_of
from listener.stages.report.subjects import subject_week
from listener.store import asides, buckets, digests, incidents, models, reports, spending
from listener.store.connection import Db, Store
from listener.texts.words import say


def build(
    store: Store,
    reporting: Reporting,
    week: Week,
    now: datetime,
    *,
    edition: Edition | None = None,
    missed: tuple[Week, ...] = (),
) -> DigestData:
    """The report of the period that ends with a week; without an edition, the company's."""
    spans = spans_of(reporting, week)
    head = DigestData(
        week=week,
        every=reporting.schedule.every,
        start=spans.start,
        end=spans.end,
        zone=reporting.zone.key,
        language=reporting.language,
        made_at=now,
        subjects=(),
        missed=missed,
        model=reporting.model,
    )
    with store.read() as db:
        if edition is not None and edition.team:
            return _of_team(db, reporting, edition, head, spans)
        return _of_company(db, reporting, head, spans)


def _of_company(db: Db, reporting: Reporting, head: DigestData, spans: Spans) -> DigestData:
    reporting = _with_steps(db, reporting, spans.end - timedelta(days=14))
    gaps = _gaps(db, spans)
    subjects = tuple(
        subject_week(db, s, reporting, spans, gaps)
        for s in sorted(reporting.subjects, key=lambda s: list(Role).index(s.role))
    )
    late = people.late(db, reporting, spans, head.week)
    spikes = incidents.between(db, spans.start, spans.end, "spike")
    return replace(
        head,
        subjects=subjects,
        coverage=tuple(_coverage(gaps, spans)),
        aside=tuple(_aside(db, spans)),
        sources=tuple(reports.source_rows(db, spans.start, spans.end, head.made_at)),
        total_usd=(total := spending.total(db)),
        spent_usd=_spent(db, reporting, head.week, total),
        spikes=tuple(spike_line(incident) for incident in spikes),
        untold=untold(db, spans.start, spans.end),
        promises=tuple(promise_lines(db, reporting, spans, head.made_at)),
        recoveries=tuple(recovery_lines(db, reporting.brands, spans.start, spans.end)),
        share_of_voice=share_of_voice(subjects),
        late_arrivals=late.mentions if late else 0,
        late=late,
        people=tuple(people.to_answer(db, reporting, spans)),
    )


def _of_team(
    db: Db, reporting: Reporting, edition: Edition, head: DigestData, spans: Spans
) -> DigestData:
    """Only what the team can act on: short, so that it is read."""
    owned = teams.said_of(db, reporting, edition, spans)
    return replace(
        head,
        team=edition.team,
        owned=edition.topics,
        subjects=(teams.team_week(db, reporting, edition, owned, spans),),
        coverage=tuple(_coverage(_gaps(db, spans), spans)),
        spikes=tuple(
            spike_line(incident)
            for incident in incidents.between(db, spans.start, spans.end)
            if teams.concerns(edition, incident)
        ),
        promises=tuple(team_promises(db, reporting, edition.team, spans, head.made_at)),
        praise=teams.praise(db, reporting, owned),
    )


def _spent(db: Db, reporting: Reporting, week: Week, total: float) -> float | None:
    """What sources cost since the digest before was made; None where it says nothing of that."""
    before = digests.data_of(db, reporting.schedule.previous(week))
    if before is None or before.total_usd is None or not total:
        return None
    return max(0.0, total - before.total_usd)


def _gaps(db: Db, spans: Spans) -> list[buckets.Gap]:
    return [
        *reports.unheard(db),
        *buckets.gaps(db, spans.start - timedelta(days=7), spans.end),
    ]


def _coverage(gaps: Sequence[buckets.Gap], spans: Spans) -> Iterator[Gap]:
    for gap in gaps:
        if gap.since < spans.end and (gap.until is None or gap.until > spans.start):
            yield Gap(source=gap.source, start=max(gap.since, spans.start), end=gap.until)


def _with_steps(db: Db, reporting: Reporting, since: datetime) -> Reporting:
    """With the moments at which another model took over among the events that charts show."""
    steps = [
        moment(say(reporting.language, "model.step", model=use.model), use.since)
        for use in models.steps(db, since)
    ]
    return replace(reporting, events=(*reporting.events, *steps)) if steps else reporting


def _aside(db: Db, spans: Spans) -> Iterator[AsideRow]:
    counted = Counter[str]()
    for _, name, _, mentions in asides.count_by(db, spans.start, spans.end):
        counted[name] += mentions
    for name, mentions in counted.items():
        yield AsideRow(subject=name, mentions=mentions)
