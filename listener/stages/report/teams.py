"""A team's part of a report: its topics over all brands, what happened to them, and thanks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from listener.domain.digest import Counts, Praise, SubjectWeek, Theme
from listener.domain.incident import Incident, Quote
from listener.domain.subject import Role, Subject
from listener.stages.report.incidents import topics_of
from listener.stages.report.reporting import Edition, Reporting
from listener.stages.report.spans import Spans
from listener.stages.report.subjects import (
    QUOTED,
    by_topic,
    measured_before,
    negatives,
    telling_quotes,
)
from listener.store import about, reports
from listener.store.connection import Db


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was said of a brand that the team looks after: in this period, and before."""

    brand: Subject
    now: Sequence[about.About]
    before: Sequence[about.About]


def said_of(db: Db, reporting: Reporting, edition: Edition, spans: Spans) -> list[Said]:
    def owned(brand: Subject, since: datetime, until: datetime) -> list[about.About]:
        found = about.with_topics(db, brand.id, since, until)
        return [one for one in found if any(map(edition.owns, one.topics))]

    return [
        Said(
            brand=brand,
            now=owned(brand, spans.start, spans.end),
            before=owned(brand, spans.before, spans.start),
        )
        for brand in reporting.brands
        if edition.topics
    ]


def team_week(
    db: Db, reporting: Reporting, edition: Edition, said: Sequence[Said], spans: Spans
) -> SubjectWeek:
    """The team's topics as one subject. Their share is of all that was said of the brands."""
    known = measured_before(db, spans)
    brands = reporting.brands
    now = [reports.counts(db, b.id, spans.start, spans.end) for b in brands]
    before = [reports.counts(db, b.id, spans.before, spans.start) for b in brands]
    return SubjectWeek(
        name=edition.team,
        role=Role.BRAND,
        now=_counts(one for part in said for one in part.now),
        before=_counts(one for part in said for one in part.before) if known else None,
        whole=_sum(now),
        whole_before=_sum(before) if known else None,
        topics=tuple(
            sorted(_topics(db, reporting, edition, said), key=lambda t: (-t.negative, -t.mentions))
        ),
    )


def _topics(
    db: Db, reporting: Reporting, edition: Edition, said: Sequence[Said]
) -> Iterator[Theme]:
    """Also those that nobody spoke of any more: that is news for who looks after them."""
    now = [(part.brand, by_topic(part.now)) for part in said]
    before = [by_topic(part.before) for part in said]
    names = {name for _, topics in now for name in topics} | {n for t in before for n in t}
    for name in sorted(filter(edition.owns, names)):
        lately = [one for _, topics in now for one in topics.get(name, ())]
        earlier = [one for topics in before for one in topics.get(name, ())]
        yield Theme(
            name=name,
            mentions=len(lately),
            negative=negatives(lately),
            mentions_before=len(earlier),
            negative_before=negatives(earlier),
            quotes=_quotes(db, reporting, [(b, topics.get(name, ())) for b, topics in now]),
        )


def _quotes(
    db: Db,
    reporting: Reporting,
    said: Sequence[tuple[Subject, Sequence[about.About]]],
    first: str = "negative",
) -> tuple[Quote, ...]:
    """The most telling of all brands, each brand's in turn."""
    found = [telling_quotes(db, brand, part, reporting, first) for brand, part in said if part]
    turns = [quotes[n] for n in range(QUOTED) for quotes in found if n < len(quotes)]
    return tuple(sorted(turns, key=lambda quote: quote.sentiment != first)[:QUOTED])


def praise(db: Db, reporting: Reporting, said: Sequence[Said]) -> Praise | None:
    """Who spoke well of what the team looks after; None where nobody did."""
    kind = [(part.brand, [one for one in part.now if one.sentiment == "positive"]) for part in said]
    ids = {one.mention_id for _, part in kind for one in part}
    if not ids:
        return None
    return Praise(
        mentions=sum(len(part) for _, part in kind),
        people=about.people(db, ids),
        quotes=_quotes(db, reporting, kind, "positive"),
    )


def concerns(edition: Edition, incident: Incident) -> bool:
    """Whether an incident is the team's: told to it, or of a topic it owns. Promises are a part
    of their own."""
    if incident.rule == "response":
        return False
    return incident.team == edition.team or any(map(edition.owns, topics_of(incident)))


def _counts(said: Iterator[about.About]) -> Counts:
    sentiments = [one.sentiment for one in said]
    return Counts(
        mentions=len(sentiments),
        negative=sentiments.count("negative"),
        neutral=sentiments.count("neutral"),
        positive=sentiments.count("positive"),
    )


def _sum(counts: Sequence[Counts]) -> Counts:
    return Counts(
        mentions=sum(one.mentions for one in counts),
        negative=sum(one.negative for one in counts),
        neutral=sum(one.neutral for one in counts),
        positive=sum(one.positive for one in counts),
    )
