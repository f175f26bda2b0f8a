"""Stage six: the digest is made when its period is over, and sent once to each recipient."""

import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from listener.domain.digest import (
    AsideRow,
    Counts,
    Day,
    DigestData,
    Gap,
    Pattern,
    PromiseLine,
    Question,
    RecoveryLine,
    SpikeLine,
    SubjectWeek,
    Theme,
    Untold,
    UntoldLine,
    UntoldRule,
    share_of_voice,
)
from listener.domain.events import KnownEvent, moment, on_day
from listener.domain.incident import Incident, Quote, Severity
from listener.domain.mention import Channel
from listener.domain.promise import Promise, calendars_of
from listener.domain.subject import Role, Subject
from listener.domain.themes import Move
from listener.domain.themes.questions import most_asked
from listener.domain.times import from_text
from listener.domain.vector import unpacked
from listener.domain.voice import Voice, quoted
from listener.domain.week import Schedule, Week, midnight
from listener.errors import NotifyError
from listener.notifiers.base import Digest
from listener.store import (
    asides,
    buckets,
    digests,
    incidents,
    matches,
    models,
    notices,
    reports,
    subscriptions,
    themes,
)
from listener.store.connection import Db, Store
from listener.texts.digest import Links, render_html, render_text, subject_line
from listener.texts.terms import risen_terms
from listener.texts.words import say

if TYPE_CHECKING:
    from listener.notifiers.base import BringsDigests

QUOTED, QUOTE_LENGTH = 3, 240
THEMES = 5
MOST_COMPARED = 10_000  # texts of a period, for what is asked most
MOVES = (Move.NEW, Move.RISING, Move.FALLING, Move.STEADY, Move.UNKNOWN)
GRAVEST = 3  # of what shadow kept from people
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting:
    """What a report is about, when it is due, and who gets it."""

    subjects: tuple[Subject, ...]
    promises: Mapping[str, Promise]
    schedule: Schedule
    zone: ZoneInfo
    language: str
    recipients: Sequence[str]
    model: str = ""
    vectors: str | None = None  # by which questions are compared; None: there are none
    events: tuple[KnownEvent, ...] = ()
    mask: bool = True  # addresses and numbers of people are taken out of their words


def make_due(store: Store, reporting: Reporting, now: datetime) -> int:
    """Make the digests that have come due; returns how many mails wait because of it.

    A period that ended before anything was measured has no digest. After a downtime the newest
    and one missed period are mailed, older ones are made and linked to.
    """
    if not reporting.recipients:
        return 0
    with store.read() as db:
        began = reports.first_said(db)
        last = digests.last_week(db)
    if began is None:
        return 0
    due = reporting.schedule.due_weeks(now, reporting.zone, last)
    made = 0
    for week, state in [(w, "linked") for w in due.missed] + [(w, "waiting") for w in due.mail]:
        if reporting.schedule.span(week, reporting.zone)[1] <= began:
            continue
        data = build(store, reporting, week, now, missed=due.missed)
        with store.write() as db:
            made += digests.add(db, data, reporting.recipients, state, now)
    return made


def make(store: Store, reporting: Reporting, week: Week, now: datetime) -> int:
    """Make the digest of one period now; returns how many mails wait because of it."""
    data = build(store, reporting, week, now)
    with store.write() as db:
        return digests.add(db, data, reporting.recipients, "waiting", now)


def sent_or_built(
    store: Store, reporting: Reporting, week: Week, now: datetime, *, exact: bool
) -> DigestData:
    """The report of a period as it was sent, else as it stands now.

    Unless the period was asked for (`exact`), one in which nothing was said gives way to the
    period that the last mention lies in.
    """
    with store.read() as db:
        sent = digests.data_of(db, week)
        last = reports.last_said(db)
    if sent is not None:
        return sent
    if not exact and last is not None:
        week = min(week, reporting.schedule.covering(last, reporting.zone))
    return build(store, reporting, week, now)


def send_next(store: Store, mailer: "BringsDigests", now: datetime, public_url: str = "") -> bool:
    """Send one digest that waits; False when none does. At least once, always with the same id.

    `public_url`: where readers find our pages; without it nothing of ours is linked.
    """
    with store.write() as db:
        kept = digests.next_to_send(db, now)
        if kept is None:
            return False
        digests.sending(db, kept.id)
        token = subscriptions.token(db, kept.recipient, subscriptions.COMPANY)
    links = Links.public(public_url, token)
    try:
        mailer.send_digest(
            rendered(kept.data, kept.recipient, kept.message_id, kept.made_at, links)
        )
    except NotifyError as error:
        with store.write() as db:
            if error.permanent:
                digests.give_up(db, kept.id, str(error))
            else:
                wait = error.retry_after or min(
                    LONGEST_WAIT, timedelta(seconds=5.0 * 2.0 ** min(kept.attempts, 10))
                )
                digests.retry(db, kept.id, str(error), now + wait)
        return True
    with store.write() as db:
        digests.sent(db, kept.id, now)
    return True


def rendered(
    data: DigestData, recipient: str, message_id: str, made_at: datetime, links: Links
) -> Digest:
    return Digest(
        id=message_id,
        week=str(data.week),
        recipient=recipient,
        subject=subject_line(data),
        html=render_html(data, links),
        text=render_text(data, links),
        made_at=made_at,
        unsubscribe=links.unsubscribe,
    )


def build(
    store: Store,
    reporting: Reporting,
    week: Week,
    now: datetime,
    *,
    missed: tuple[Week, ...] = (),
) -> DigestData:
    """The report of the period that ends with a week, from what is known now."""
    start, end = reporting.schedule.span(week, reporting.zone)
    before = reporting.schedule.previous(week)
    before_start, _ = reporting.schedule.span(before, reporting.zone)
    with store.read() as db:
        reporting = _with_steps(db, reporting, end - timedelta(days=14))
        gaps = [*reports.unheard(db), *buckets.gaps(db, start - timedelta(days=7), end)]
        subjects = tuple(
            _subject(db, s, reporting, (before_start, start, end), gaps, now)
            for s in sorted(reporting.subjects, key=lambda s: list(Role).index(s.role))
        )
        last_made = digests.made_at(db, before)
        return DigestData(
            week=week,
            every=reporting.schedule.every,
            start=start,
            end=end,
            zone=reporting.zone.key,
            language=reporting.language,
            made_at=now,
            subjects=subjects,
            coverage=tuple(
                Gap(source=g.source, start=max(g.since, start), end=g.until)
                for g in gaps
                if g.since < end and (g.until is None or g.until > start)
            ),
            aside=tuple(_aside(db, start, end)),
            sources=tuple(reports.source_rows(db, start, end, now)),
            spikes=tuple(_spike(i) for i in incidents.between(db, start, end, "spike")),
            untold=_untold(db, start, end),
            promises=tuple(_promises(db, reporting, (before_start, start, end), now)),
            recoveries=tuple(_recoveries(db, reporting, start, end)),
            share_of_voice=share_of_voice(subjects),
            late_arrivals=reports.late_arrivals(db, start, last_made) if last_made else 0,
            missed=missed,
            model=reporting.model,
        )


def _with_steps(db: Db, reporting: Reporting, since: datetime) -> Reporting:
    """With the moments at which another model took over among the events that charts show."""
    steps = [
        moment(say(reporting.language, "model.step", model=use.model), use.since)
        for use in models.steps(db, since)
    ]
    return replace(reporting, events=(*reporting.events, *steps)) if steps else reporting


def _aside(db: Db, start: datetime, end: datetime) -> Iterator[AsideRow]:
    counted = Counter[str]()
    for _, name, _, mentions in asides.count_by(db, start, end):
        counted[name] += mentions
    for name, mentions in counted.items():
        yield AsideRow(subject=name, mentions=mentions)


def _untold(db: Db, start: datetime, end: datetime) -> Untold | None:
    """What would have been told in a period while shadow was on; None where nothing was kept."""
    found = notices.shadowed(db, start, end)
    if not found:
        return None
    rules = Counter(str(body.get("rule", "")) for _, body, _ in found)
    gravest: dict[object, UntoldLine] = {}
    for _, body, row in found:
        line = UntoldLine(
            title=body["title"],
            severity=Severity(body["severity"]),
            at=from_text(row["made_at"]),
        )
        key = row["incident_id"] or body.get("key")
        known = gravest.get(key)
        if known is None or line.severity.rank > known.severity.rank:
            gravest[key] = line
    order = sorted(gravest.values(), key=lambda line: (-line.severity.rank, line.at))
    return Untold(
        rules=tuple(UntoldRule(rule=rule, messages=n) for rule, n in rules.most_common()),
        gravest=tuple(order[:GRAVEST]),
    )


def _recoveries(
    db: Db, reporting: Reporting, start: datetime, end: datetime
) -> Iterator[RecoveryLine]:
    """For each brand of which ratings were changed after an answer."""
    for brand in reporting.subjects:
        if brand.role is not Role.BRAND:
            continue
        if changes := reports.recoveries(db, brand.id, start, end):
            yield RecoveryLine(
                subject=brand.name,
                up=sum(change.after > change.before for change in changes),
                down=sum(change.after < change.before for change in changes),
                before=statistics.fmean(change.before for change in changes),
                after=statistics.fmean(change.after for change in changes),
                median_s=statistics.median(change.took_s for change in changes),
            )


Spans = tuple[datetime, datetime, datetime]  # the period before begins, this begins, this ends


def _subject(
    db: Db,
    subject: Subject,
    reporting: Reporting,
    spans: Spans,
    gaps: Sequence[buckets.Gap],
    now: datetime,
) -> SubjectWeek:
    before_start, start, end = spans
    began = reports.first_said(db)
    measured_before = began is not None and began < before_start + timedelta(days=1)
    topics = _topics(db, subject, reporting, spans)
    terms = not topics and subject.role is Role.BRAND
    return SubjectWeek(
        name=subject.name,
        role=subject.role,
        now=reports.counts(db, subject.id, start, end),
        before=reports.counts(db, subject.id, before_start, start) if measured_before else None,
        days=_days(db, subject, reporting, end, gaps),
        topics=topics,
        terms=_terms(db, subject, reporting, spans) if terms else (),
        patterns=_patterns(db, subject, reporting, end),
        questions=_questions(db, subject, reporting, spans),
    )


def _days(
    db: Db, subject: Subject, reporting: Reporting, end: datetime, gaps: Sequence[buckets.Gap]
) -> tuple[Day, ...]:
    zone = reporting.zone
    last = (end.astimezone(zone) - timedelta(hours=1)).date()
    dates = [last - timedelta(days=n) for n in reversed(range(14))]
    edges = [datetime(d.year, d.month, d.day, tzinfo=zone) for d in dates] + [end]
    counted = reports.days(db, subject.id, edges[0], end, zone)
    return tuple(
        Day(
            date=d,
            counts=counted.get(d, Counts()),
            measured=buckets.measured_share(edges[n], edges[n + 1], gaps),
            events=on_day(reporting.events, subject.name, d, zone),
        )
        for n, d in enumerate(dates)
    )


def _topics(db: Db, subject: Subject, reporting: Reporting, spans: Spans) -> tuple[Theme, ...]:
    before_start, start, end = spans
    now = reports.topics(db, subject.id, start, end)
    if not now:
        return ()
    before = reports.topics(db, subject.id, before_start, start)
    said = matches.voices(db, subject.id, start, end, limit=20_000)
    themes = [
        Theme(
            name=name,
            mentions=n,
            negative=negative,
            mentions_before=before.get(name, (0, 0))[0],
            negative_before=before.get(name, (0, 0))[1],
            quotes=_quotes([v for v in said if name in v.topics], reporting),
        )
        for name, (n, negative) in now.items()
    ]
    return tuple(sorted(themes, key=lambda t: (-t.negative, -t.mentions, t.name)))


def _terms(db: Db, subject: Subject, reporting: Reporting, spans: Spans) -> tuple[Theme, ...]:
    """Where there are no topics: the words that rose among the negatives."""
    before_start, start, end = spans
    now = matches.voices(db, subject.id, start, end, sentiment="negative", limit=10_000)
    before = matches.voices(db, subject.id, before_start, start, sentiment="negative", limit=10_000)
    firsts = [v for v in now if v.copy_of is None]
    known = subject.query.terms if subject.query else ()
    found = risen_terms(
        [v.text for v in firsts], [v.text for v in before], names=(subject.name, *known), k=THEMES
    )
    return tuple(
        Theme(
            name=term.word,
            mentions=term.texts,
            negative=term.texts,
            mentions_before=term.texts_before,
            negative_before=term.texts_before,
            quotes=_quotes([firsts[i] for i in term.examples], reporting),
        )
        for term in found
    )


def _patterns(db: Db, subject: Subject, reporting: Reporting, end: datetime) -> tuple[Pattern, ...]:
    """What was found without being looked for: what moved first, then what most is said of."""
    found = themes.newest(db, subject.id, end.astimezone(reporting.zone).date())
    found.sort(key=lambda t: (MOVES.index(t.move), -t.negative, -t.mentions))
    return tuple(
        Pattern(
            name=theme.name,
            mentions=theme.mentions,
            negative=theme.negative,
            people=theme.people,
            move=theme.move,
            before=theme.before,
            is_undefined=theme.is_undefined,
            quotes=_quotes_of(db, subject, theme.examples, reporting),
        )
        for theme in found
        if timedelta(0) <= end - midnight(theme.until, reporting.zone) < timedelta(days=1)
    )


def _questions(
    db: Db, subject: Subject, reporting: Reporting, spans: Spans
) -> tuple[Question, ...]:
    if reporting.vectors is None or subject.role is not Role.BRAND:
        return ()
    _, start, end = spans
    said = themes.said(db, subject.id, start, end, reporting.vectors, MOST_COMPARED)
    asked = most_asked(
        [unpacked(s.vector) for s in said],
        [s.language for s in said],
        [s.person for s in said],
        [s.asks for s in said],
    )
    return tuple(
        Question(
            people=one.people,
            mentions=len(one.members),
            quotes=_quotes_of(db, subject, [said[one.told].mention_id], reporting),
        )
        for one in asked
    )


def _quotes_of(
    db: Db, subject: Subject, mention_ids: Sequence[int], reporting: Reporting
) -> tuple[Quote, ...]:
    return _quoted(matches.voices_by_id(db, subject.id, mention_ids), reporting)


def _quoted(voices: Sequence[Voice], reporting: Reporting) -> tuple[Quote, ...]:
    return tuple(quoted(v, QUOTE_LENGTH, mask=reporting.mask) for v in voices[:QUOTED])


def _quotes(voices: Sequence[Voice], reporting: Reporting) -> tuple[Quote, ...]:
    """The most telling: negative ones first, then those that reach most people."""
    best = sorted(
        (v for v in voices if v.copy_of is None),
        key=lambda v: (v.sentiment != "negative", -(v.followers or 0), v.said_at),
    )
    return _quoted(best, reporting)


def _spike(incident: Incident) -> SpikeLine:
    evidence = incident.evidence
    return SpikeLine(
        subject=incident.subject,
        title=incident.title,
        severity=incident.severity,
        opened_at=incident.opened_at,
        resolved_at=incident.resolved_at,
        peak_mentions=int(evidence.get("mentions", 0)),
        peak_negative=int(evidence.get("negative", 0)),
        why=incident.why,
        acknowledged_by=incident.acknowledged_by,
        incident=incident.id,
    )


def _promises(db: Db, reporting: Reporting, spans: Spans, now: datetime) -> list[PromiseLine]:
    before_start, start, end = spans
    brands = [s.id for s in reporting.subjects if s.role is Role.BRAND]
    calendars = calendars_of(reporting.promises.values())
    lines = []
    for channel, promise in reporting.promises.items():
        kept = reports.promise(db, brands, channel, start, end, calendars)
        earlier = reports.promise(db, brands, channel, before_start, start, calendars)
        line = _promise_line(Channel(channel), promise, kept, earlier, now)
        if line.due or sum(earlier.states.values()):
            lines.append(line)
    return lines


def _promise_line(
    channel: Channel, promise: Promise, kept: reports.Kept, earlier: reports.Kept, now: datetime
) -> PromiseLine:
    states = kept.states
    overdue = states.get("overdue", 0)
    still = overdue + states.get("waiting", 0) + states.get("due_soon", 0)
    met, missed = states.get("met", 0), states.get("missed", 0)
    answered = kept.answered_s
    oldest = (now - kept.oldest_open) / timedelta(hours=1) if kept.oldest_open else None
    return PromiseLine(
        channel=channel,
        within=promise.within,
        due=met + missed + still,
        kept=met,
        late=missed,
        open=still,
        overdue=overdue,
        oldest_open_h=oldest,
        average_first_response_s=sum(answered) / len(answered) if answered else None,
        median_first_response_s=statistics.median(answered) if answered else None,
        n=len(answered),
        kept_before=earlier.states.get("met", 0),
        late_before=earlier.states.get("missed", 0) + earlier.states.get("overdue", 0),
    )
