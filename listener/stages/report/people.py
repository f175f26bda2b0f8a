"""Whom to thank, whom to win back, and who was heard too late."""

from collections import Counter
from collections.abc import Iterator

from listener.domain.actions import MENTION, Signal, Standing
from listener.domain.digest import Late, LateRow, PersonLine
from listener.domain.incident import Quote
from listener.domain.subject import Subject
from listener.domain.week import Week
from listener.stages.report.reporting import Reporting
from listener.stages.report.spans import Spans
from listener.stages.report.subjects import QUOTED, quotes_of
from listener.store import about, digests, reports, speakers
from listener.store.connection import Db

PEOPLE = 3  # of each standing, and of each brand
SAID = {Standing.PROMOTER: "positive", Standing.CRITIC: "negative"}


def to_answer(db: Db, reporting: Reporting, spans: Spans) -> Iterator[PersonLine]:
    """Promoters to thank, then critics to win back, of all brands."""
    for standing, sentiment in SAID.items():
        for brand in reporting.brands:
            found = speakers.spoke(db, brand.id, spans.start, spans.end, standing, PEOPLE)
            for one in found:
                told = about.most_telling(db, brand.id, one.mention_ids, 1, sentiment)
                yield PersonLine(
                    standing=standing,
                    subject=brand.name,
                    mentions=one.mentions,
                    negative=one.negative,
                    positive=one.positive,
                    reach=one.reach,
                    answered=one.answered,
                    action=_action(reporting, brand, one, standing),
                    quotes=quotes_of(db, brand, told, reporting),
                )


def _action(reporting: Reporting, brand: Subject, one: speakers.Speaker, standing: Standing) -> str:
    signal = Signal(
        name=MENTION,
        sentiment=SAID[standing],
        role=brand.role.value,
        standing=standing.value,
        reach=one.reach or None,
    )
    return reporting.pack.choose(signal).action


def late(db: Db, reporting: Reporting, spans: Spans, week: Week) -> Late | None:
    """What was said in the period before and came when its digest had been made."""
    made_at = digests.made_at(db, reporting.schedule.previous(week))
    found = reports.late(db, spans.before, spans.start, made_at) if made_at else []
    if not found:
        return None
    each = {one.mention_id: one.source for one in found}
    bad = {one.mention_id: one.source for one in found if one.sentiment == "negative"}
    negative = Counter(bad.values())
    return Late(
        sources=tuple(
            LateRow(source=source, mentions=n, negative=negative[source])
            for source, n in Counter(each.values()).most_common()
        ),
        quotes=_quotes(db, reporting, found),
    )


def _quotes(db: Db, reporting: Reporting, found: list[reports.LateOne]) -> tuple[Quote, ...]:
    quotes: list[Quote] = []
    for brand in reporting.brands:
        ids = [one.mention_id for one in found if one.subject_id == brand.id]
        told = about.most_telling(db, brand.id, ids, QUOTED)
        quotes.extend(quotes_of(db, brand, told, reporting))
    return tuple(sorted(quotes, key=lambda quote: quote.sentiment != "negative")[:QUOTED])
