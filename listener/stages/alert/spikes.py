"""Spikes: detectors are fed what was counted, and alarms become incidents."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from listener.domain.incident import Event, Finding, Incident, Severity
from listener.domain.schedule import SLACK, SourceState
from listener.domain.subject import Subject
from listener.domain.times import BUCKET, bucket_start, from_text, in_words, to_text
from listener.rules.base import SpikeScene
from listener.rules.spike import Detector
from listener.rules.spike.rule import SpikeRule, key_of
from listener.stages.alert.telling import Telling, tell
from listener.stages.alert.watch import Watch
from listener.stages.alert.watched import Memory, Watched
from listener.store import buckets, incidents, matches, sources
from listener.store.buckets import Gap, Slice
from listener.store.connection import Db, Store

KEPT = timedelta(hours=24)  # how long a detector takes late mentions
REBUILD_FROM = 20  # mentions older than that, that make it worth learning history anew
REOPEN_WITHIN = timedelta(hours=6)
EDIT_EVERY = timedelta(minutes=5)  # how often a lasting message is brought up to date
NOT_JUST_QUIET = timedelta(hours=24)  # a longer silence before we listened was not measured
FED_WITHIN = timedelta(days=14)  # sources that brought nothing for longer do not count
MOST_FED = 600  # a day has 288 buckets
RULE = "spike"


def watch(store: Store, watch: Watch, now: datetime) -> int:
    """Let every brand's detector look; returns how many notices were written."""
    rule = watch.rules.get(RULE)
    if rule is None:
        return 0
    return sum(
        _watch_one(store, brand, rule, watch.memory, watch.telling, now) for brand in watch.brands
    )


def _watch_one(
    store: Store,
    brand: Subject,
    rule: SpikeRule,
    memory: Memory,
    telling: Telling,
    now: datetime,
) -> int:
    """Feed one brand's detector as far as is known, and write what follows.

    Returns how many notices were written.
    """
    with store.write() as db:
        watched = memory.pop(brand.id, None) or _load(db, brand, rule)  # back when it is kept
        news = buckets.touched_since(db, brand.id, watched.touched)
        to = bucket_start(now)
        if watched.upto is None or to > watched.upto:
            to = bucket_start(_known_until(db, now))
        if not news and watched.upto is not None and watched.upto >= to:
            memory[brand.id] = watched
            return 0
        gaps = _unmeasured(db, brand, (watched.upto or now) - KEPT, now)
        watched = _feed(db, brand, rule, watched, news, gaps, to, now)
        incidents.keep_rule_state(db, RULE, brand.id, watched.state())
        told = _judge(db, brand, rule, watched.detector, telling, now)
    memory[brand.id] = watched
    return told


def _known_until(db: Db, now: datetime) -> datetime:
    """Up to when silence is silence: now, or after a downtime the end of what was read.

    Nothing is known of a downtime before a source was read again. A source that fails does not
    hold time back: it has a gap. Where no source was ever read, mentions are brought to us.
    """
    read = [s for s in sources.active(db) if s.covered_until is not None]
    asked = [s for s in read if not s.failures] or read
    if not asked or not all(_is_behind(s, now) for s in asked):
        return now
    return min(now, max(s.covered_until for s in read if s.covered_until is not None))


def _is_behind(state: SourceState, now: datetime) -> bool:
    """Still catching up after an outage, or not asked for two of its intervals and a minute."""
    if state.next_run is None or state.last_attempt is None:
        return True
    wait = max(state.next_run - state.last_attempt, timedelta(0))
    catching_up = state.gap_since is not None and not state.failures
    return catching_up or now - state.last_attempt > 2 * wait + SLACK


def _unmeasured(db: Db, brand: Subject, since: datetime, now: datetime) -> list[Gap]:
    """When none of the sources that feed a brand was read.

    While only some are away the rest still shows a crisis, so that time counts as measured: the
    baseline learns a little too low a level from it, which is better than to be blind.
    """
    found = buckets.gaps(db, since, now)
    if not found:
        return []
    names = sources.feeding(db, brand.id, now - FED_WITHIN)
    return buckets.common(found, names or {state.name for state in sources.active(db)})


def _load(db: Db, brand: Subject, rule: SpikeRule) -> Watched:
    state = incidents.rule_state(db, RULE, brand.id)
    if state is None or state["detector"]["sensitivity"] != rule.sensitivity:
        return Watched(Detector(rule.sensitivity))
    try:
        return Watched.from_state(state)
    except ValueError:  # another version's: history is learned anew
        return Watched(Detector(rule.sensitivity))


def _feed(
    db: Db,
    brand: Subject,
    rule: SpikeRule,
    watched: Watched,
    news: Sequence[Slice],
    gaps: Sequence[Gap],
    to: datetime,
    now: datetime,
) -> Watched:
    """Give the detector what changed. History that came late is learned by starting over."""
    horizon = (watched.upto or now) - KEPT
    old = [s for s in news if s.start < horizon]
    watched.passed_over += sum(s.folded for s in old)
    late = watched.passed_over >= REBUILD_FROM and buckets.all_counted(db)  # once for an import
    if watched.upto is None or late:
        return _rebuild(db, brand, rule, to, now)
    _tell_lost(watched, gaps)
    for one in news:
        if one.start >= horizon:
            _give(watched, one, gaps, now)
    watched.touched = max([watched.touched, *(s.touched for s in news)])
    _advance(watched, to, gaps)
    _forget(watched, now)
    return watched


def _before_we_listened(history: Sequence[Slice], first: datetime | None) -> list[Gap]:
    """Between the end of imported history and our first reading nothing was measured."""
    if first is None:
        return []
    earlier = [s.start for s in history if s.mentions and s.start < first]
    if not earlier or first - earlier[-1] < NOT_JUST_QUIET:
        return []
    return [Gap("import", "", earlier[-1] + BUCKET, first)]


def _forget(watched: Watched, now: datetime) -> None:
    """What the detector no longer takes late mentions for need not be remembered."""
    if len(watched.fed) > MOST_FED:
        oldest = to_text(now - KEPT - BUCKET)
        watched.fed = {start: given for start, given in watched.fed.items() if start >= oldest}


def _tell_lost(watched: Watched, gaps: Sequence[Gap]) -> None:
    """What turned out to be lost for good was taken for silence while it was not known."""
    assert watched.upto is not None, "it was fed before"
    over = {(to_text(g.since), to_text(g.until)): g for g in gaps if g.until is not None}
    for key, gap in over.items():
        if list(key) in watched.told:
            continue
        start = max(bucket_start(gap.since), watched.upto - KEPT)
        while start < (gap.until or start) and start <= watched.upto:
            watched.detector.no_data(start)
            start += BUCKET
    watched.told = [list(key) for key in over]


def _rebuild(db: Db, brand: Subject, rule: SpikeRule, to: datetime, now: datetime) -> Watched:
    """A detector that has learned all of history, as if it had been there."""
    begin = datetime.fromisoformat("1970-01-01T00:00:00Z")
    history = buckets.span(db, brand.id, begin, now + BUCKET)
    watched = Watched(Detector(rule.sensitivity), touched=buckets.last_touch(db))
    first = sources.first_success(db)
    starts = [s.start for s in history if s.mentions][:1] + ([bucket_start(first)] if first else [])
    if not starts:
        return replace(watched, touched=0)
    watched.upto = min([*starts, to])
    watched.detector.skip(watched.upto, watched.upto + BUCKET)
    gaps = sorted(
        [*_unmeasured(db, brand, watched.upto, now), *_before_we_listened(history, first)],
        key=lambda gap: gap.since,
    )
    for one in history:
        if one.mentions:
            _give(watched, one, gaps, now)
    _advance(watched, to, gaps)
    _forget(watched, now)
    return watched


def _give(watched: Watched, one: Slice, gaps: Sequence[Gap], now: datetime) -> None:
    key = to_text(one.start)
    mentions, negative = watched.fed.get(key, (0, 0))
    if watched.upto is not None and one.start > watched.upto:
        _advance(watched, one.start, gaps)
    watched.detector.observe(one.start, one.folded - mentions, one.folded_negative - negative)
    watched.fed[key] = (one.folded, one.folded_negative)


def _advance(watched: Watched, to: datetime, gaps: Sequence[Gap]) -> None:
    """Let time pass up to the bucket of `to`: measured and empty, or in a gap and unknown."""
    if watched.upto is None or to <= watched.upto:
        return
    start = watched.upto + BUCKET
    for gap in gaps:
        since, until = bucket_start(gap.since), gap.until or to + BUCKET
        if until <= start or since > to:
            continue
        watched.detector.skip(start, max(since, start))
        start = max(start, since)
        while start < until and start <= to:
            watched.detector.no_data(start)
            start += BUCKET
    if start <= to:
        watched.detector.skip(start, to + BUCKET)
    watched.upto = to


def _judge(
    db: Db,
    brand: Subject,
    rule: SpikeRule,
    detector: Detector,
    telling: Telling,
    now: datetime,
) -> int:
    last = incidents.latest(db, key_of(brand.name))
    open_one = last if last is not None and last.resolved_at is None else None
    if not detector.alerting:
        return _resolve(db, open_one, telling, now) if open_one else 0
    if not (detector.firing_now or open_one) or (
        open_one and _nothing_new(open_one, detector, now)
    ):
        return 0
    finding = rule(_scene(db, brand, detector, now))
    if finding is None:
        return 0
    return _take_up(db, finding, last, telling, now)


def _nothing_new(incident: Incident, detector: Detector, now: datetime) -> bool:
    """No graver, and brought up to date just now: not worth reading everything again."""
    alarm = detector.last
    assert alarm is not None, "a detector that alerts has an alarm"
    graver = Severity(alarm["severity"]).rank > incident.severity.rank
    return not graver and now - incident.updated_at < EDIT_EVERY


def _scene(db: Db, brand: Subject, detector: Detector, now: datetime) -> SpikeScene:
    alarm = detector.last
    assert alarm is not None, "a detector that alerts has an alarm"
    since, until = from_text(alarm["started_at"]), from_text(alarm["at"]) + BUCKET
    negatives = matches.voices(db, brand.id, since, until, sentiment="negative")
    usual = matches.voices(db, brand.id, since - timedelta(days=7), since, limit=500)
    return SpikeScene(
        subject_id=brand.id,
        subject=brand.name,
        now=now,
        alarm=alarm,
        negatives=tuple(negatives),
        usual=tuple(v.text for v in usual),
    )


def _take_up(
    db: Db, finding: Finding, last: Incident | None, telling: Telling, now: datetime
) -> int:
    """Open, reopen, escalate or bring up to date; returns notices written."""
    if last is None or not _same_trouble(db, last, finding, now):
        incident_id = incidents.open_incident(db, finding, now)
        return tell(db, finding, Event.SPIKE_OPENED, incident_id, telling, now)
    if last.resolved_at is not None:
        if _closed_by_hand(db, last, finding):
            return 0
        incidents.reopen(db, last.id, finding, now)
        return tell(db, finding, Event.SPIKE_REOPENED, last.id, telling, now)
    if finding.severity.rank > last.severity.rank:
        incidents.update(db, last.id, finding, now)
        incidents.note(db, last.id, now, "escalated", detail=finding.severity.value)
        return tell(db, finding, Event.SPIKE_ESCALATED, last.id, telling, now)
    if finding.evidence["at"] == last.evidence.get("at"):
        return 0
    finding = _still_as_grave(finding, last)
    quiet_for = now - incidents.last_told(db, last.id)
    incidents.update(db, last.id, finding, now)
    if quiet_for < EDIT_EVERY:
        return 0
    return tell(db, finding, Event.INCIDENT_UPDATED, last.id, telling, now)


def _same_trouble(db: Db, last: Incident, finding: Finding, now: datetime) -> bool:
    if last.resolved_at is None or now - last.resolved_at <= REOPEN_WITHIN:
        return True
    return _closed_by_hand(db, last, finding)


def _closed_by_hand(db: Db, last: Incident, finding: Finding) -> bool:
    """A person has closed it, and what alerts is still the same episode: leave it closed."""
    if last.resolved_at is None or not incidents.resolved_by_hand(db, last.id):
        return False
    return from_text(str(finding.evidence["episode"])) <= last.resolved_at


def _still_as_grave(finding: Finding, last: Incident) -> Finding:
    """An incident keeps its highest severity and its highest count until it is over."""
    if finding.evidence["negative"] < last.evidence.get("negative", 0):
        kept = dict(last.evidence) | {"at": finding.evidence["at"]}
        return replace(
            finding, severity=last.severity, title=last.title, why=last.why, evidence=kept
        )
    return replace(finding, severity=Severity(last.severity))


def _resolve(db: Db, incident: Incident, telling: Telling, now: datetime) -> int:
    incidents.resolve(db, incident.id, now)
    lasted = in_words(now - incident.opened_at)
    began = from_text(str(incident.evidence["started_at"]))
    said = matches.voices(db, incident.subject_id, began, now, sentiment="negative", limit=5000)
    people = len({v.author_id or -v.id for v in said})
    finding = Finding(
        key=incident.key,
        rule=RULE,
        subject_id=incident.subject_id,
        severity=Severity.INFO,
        title=f"{incident.subject}: the negative spike is over",
        why=f"Back to the usual for an hour. It was open for {lasted}: {len(said)} negative"
        f" mentions by {people} people in all.",
        evidence=dict(incident.evidence) | {"total_negative": len(said), "total_authors": people},
    )
    return tell(db, finding, Event.SPIKE_RESOLVED, incident.id, telling, now)


def next_due(store: Store, now: datetime) -> datetime | None:
    """While a spike is open: the next slice, in which it may end."""
    with store.read() as db:
        return bucket_start(now) + BUCKET if incidents.open_ones(db, RULE) else None
