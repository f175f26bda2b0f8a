"""A backtest in words: what ran, what fired and how often, and what it was worth; pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final

from listener.domain.events import KnownEvent, on_day
from listener.domain.hindsight import UNMARKED, Backtest, Trouble, days_of
from listener.domain.incident import Incident
from listener.domain.mark import verdict_of
from listener.domain.times import in_words, to_json
from listener.texts.chart import Row, days_chart

REAL: Final = verdict_of(real=True)
FALSE: Final = verdict_of(real=False)
HISTORY: Final = (
    "was brought in long after it was said, and counts as seen half a minute after that"
)


def facts(done: Backtest, zone: tzinfo, settings: Sequence[str]) -> list[str]:
    """Of when, with which settings, and which rules looked at it and which did not."""
    first, last = days_of(done.begin, done.end, zone)
    other = f", with {', '.join(settings)}" if settings else ", with the settings of the file"
    lines = [f"{first} to {last}, {done.mentions:,} mentions{other}"]
    if done.history:
        share = "all of it" if done.history == done.mentions else f"{done.history:,} of it"
        lines.append(f"{share} {HISTORY}")
    lines.append(f"rules that ran: {', '.join(done.ran)}")
    lines += [f"did not run: {rule}: {why}" for rule, why in done.left_out.items()]
    return lines


def by_rule(done: Backtest) -> list[dict[str, Any]]:
    """How often each rule would have fired, and for what; the sum of all last."""
    found = done.hindsight
    stored = Counter(one.rule for one in found.only_stored)
    rows = []
    for rule in [*done.ran, None]:
        mine = [one for one in found.alarms if rule in (None, one.incident.rule)]
        same = sum(one.stored is not None for one in mine)
        verdicts = Counter(one.verdict for one in mine)
        gone = stored[rule] if rule is not None else stored.total()
        rows.append(
            {
                "rule": rule or "all",
                "alarms": len(mine),
                "a_week": round(len(mine) / done.weeks, 2) if done.weeks else None,
                "stored": same + gone,
                "same": same,
                "new": len(mine) - same,
                "gone": gone,
                "real": verdicts[REAL],
                "false_alarm": verdicts[FALSE],
                "unmarked": verdicts[UNMARKED],
            }
        )
    return rows


def worth(done: Backtest) -> list[str]:
    """What became of the days and incidents that people marked."""
    found = done.hindsight
    if not found.marked:
        return ["nothing of this time is marked; `listener mark` says what was real"]
    real, false = len(found.hits + found.misses), len(found.again + found.spared)
    lines = [f"marked as real: {real}, of which {len(found.hits)} fire"] if real else []
    lines += [f"  missed: {_named(one)}" for one in found.misses]
    if false:
        lines.append(f"marked as a false alarm: {false}, of which {len(found.again)} fire")
    return lines + [f"  fires: {_named(one)}" for one in found.again]


def _named(one: Trouble) -> str:
    days = f"{one.first}" if one.first == one.last else f"{one.first} to {one.last}"
    rule = f", {one.rule}" if one.rule else ""
    return f"{one.subject}, {days}{rule}" + (f": {one.note}" if one.note else "")


def listed(done: Backtest, zone: tzinfo) -> list[dict[str, Any]]:
    """Each incident there would have been, and each that is stored and would not; in order."""
    rows = [
        _row(alarm.incident, zone, done.end)
        | {"marked": alarm.verdict, "stored": _beside(alarm.incident, alarm.stored)}
        for alarm in done.hindsight.alarms
    ]
    rows += [
        _row(one, zone, done.end) | {"marked": "", "stored": f"only stored: {one.id}"}
        for one in done.hindsight.only_stored
    ]
    return sorted(rows, key=lambda row: str(row["opened"]))


def _row(one: Incident, zone: tzinfo, end: datetime) -> dict[str, Any]:
    return {
        "opened": f"{one.opened_at.astimezone(zone):%Y-%m-%d %H:%M}",
        "for": in_words((one.resolved_at or end) - one.opened_at),
        "rule": one.rule,
        "severity": one.severity.value,
        "title": one.title,
    }


def _beside(one: Incident, stored: Incident | None) -> str:
    """How it lies beside the one that is stored."""
    if stored is None:
        return "new"
    earlier = stored.opened_at - one.opened_at
    if abs(earlier) < timedelta(minutes=1):
        return f"as {stored.id}"
    return f"as {stored.id}, {in_words(earlier)} {'earlier' if earlier > timedelta(0) else 'later'}"


def charts(done: Backtest, zone: tzinfo, events: Sequence[KnownEvent] = ()) -> list[list[str]]:
    """The negatives of each brand by day, and beneath what fired, is stored, and was marked.

    Brands of which there is nothing to show beneath are left out.
    """
    first, last = days_of(done.begin, done.end, zone)
    made = []
    for brand, negatives in done.negatives.items():
        rows = _beneath(done, brand, zone, events)
        if any(row.days for row in rows if row.name != "events"):
            made.append(days_chart(f"{brand}: negatives", negatives, first, last, rows))
    return made


def _beneath(done: Backtest, brand: str, zone: tzinfo, events: Sequence[KnownEvent]) -> list[Row]:
    found = [one.incident for one in done.hindsight.alarms]
    stored = [one.stored for one in done.hindsight.alarms if one.stored is not None]
    signs: dict[date, str] = {}
    marked = [one for one in done.hindsight.marked if one.subject == brand]
    for one in sorted(marked, key=lambda t: t.real):  # what was real counts more
        for number in range((one.last - one.first).days + 1):
            signs[one.first + timedelta(days=number)] = "+" if one.real else "-"
    rows = [
        Row("fires", _days(found, brand, zone)),
        Row("stored", _days([*stored, *done.hindsight.only_stored], brand, zone)),
    ]
    if signs:
        rows.append(Row("marked", signs))
    first, last = days_of(done.begin, done.end, zone)
    known = _known(events, brand, first, last, zone)
    return [*rows, Row("events", known)] if known else rows


def _known(
    events: Sequence[KnownEvent], brand: str, first: date, last: date, zone: tzinfo
) -> dict[date, str]:
    """The days of known events."""
    every = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return {day: "e" for day in every if on_day(events, brand, day, zone)}


def _days(all_of: Iterable[Incident], brand: str, zone: tzinfo) -> dict[date, str]:
    """How many opened on each day, in one sign."""
    counts = Counter(
        one.opened_at.astimezone(zone).date() for one in all_of if one.subject == brand
    )
    return {day: str(count) if count < 10 else "#" for day, count in counts.items()}


def as_json(done: Backtest, settings: Sequence[str]) -> list[dict[str, Any]]:
    """All of it for programs: the whole first, then rules, incidents, and marked trouble."""
    found = done.hindsight
    head = {
        "kind": "backtest",
        "since": to_json(done.begin),
        "until": to_json(done.end),
        "weeks": round(done.weeks, 2),
        "set": list(settings),
        "ran": list(done.ran),
        "left_out": dict(done.left_out),
        "mentions": done.mentions,
        "history": done.history,
    }
    rows = [head, *({"kind": "rule"} | row for row in by_rule(done))]
    rows += [
        _incident(one.incident, "alarm")
        | {
            "marked": one.verdict,
            "stored": one.stored.id if one.stored else None,
            "stored_opened_at": to_json(one.stored.opened_at) if one.stored else None,
        }
        for one in found.alarms
    ]
    rows += [_incident(one, "only_stored") | {"stored": one.id} for one in found.only_stored]
    became = {
        "hit": found.hits, "miss": found.misses, "again": found.again, "spared": found.spared
    }  # fmt: skip
    return rows + [_trouble(one, kind) for kind, those in became.items() for one in those]


def _incident(one: Incident, kind: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "rule": one.rule,
        "key": one.key,
        "subject": one.subject,
        "channel": one.channel,
        "topic": one.topic,
        "severity": one.severity.value,
        "opened_at": to_json(one.opened_at),
        "resolved_at": to_json(one.resolved_at) if one.resolved_at else None,
        "title": one.title,
        "why": one.why,
    }


def _trouble(one: Trouble, kind: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "subject": one.subject,
        "rule": one.rule,
        "first": one.first.isoformat(),
        "last": one.last.isoformat(),
        "note": one.note,
    }
