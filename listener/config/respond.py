"""`[respond.CHANNEL]` and `[[respond.CHANNEL.for]]`: what people are promised."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from listener.config.arrays import tables_of
from listener.config.subjects import spot
from listener.config.table import Check, read_table
from listener.config.values import Reading
from listener.config.words import key_text, quoted, suggestion, what_was_found
from listener.domain.calendar import FURTHEST, WorkingHours
from listener.domain.mention import Channel
from listener.domain.promise import ALWAYS, DEFAULT_PROMISES, UNKNOWN_YET, Promise, Special
from listener.domain.query import parse
from listener.errors import QueryError

SPECIAL: Final = "for"
_NONE: Final = Promise(within=timedelta(hours=1))  # for special cases of a promise with mistakes


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What promises may name. `calendars` holds None for one that has mistakes itself."""

    calendars: Mapping[str, WorkingHours | None]
    teams: Collection[str]
    subjects: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _ForKeys:
    subject: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()


def promises(
    tables: Mapping[str, dict[str, Any]], reading: Reading, known: Known
) -> dict[Channel, Promise]:
    """The promise of each channel that has one: ours, and over them those of the file."""
    made = dict(DEFAULT_PROMISES)
    channels = {channel.value: channel for channel in Channel}
    for name, table in tables.items():
        where = f"[respond.{key_text(name)}]"
        if name not in channels:
            reading.mistake(f"{where} is unknown{suggestion(name, channels, '[respond.', ']')}")
            continue
        own = {key: value for key, value in table.items() if key != SPECIAL}
        usual = DEFAULT_PROMISES.get(channels[name])
        promise = _read(own, where, reading, known, base=usual)
        if promise is not None:
            promise = replace(promise, name=name)
        special = _specials(table.get(SPECIAL, []), promise or _NONE, name, reading, known)
        if promise is not None:
            made[channels[name]] = replace(promise, others=special)
    return made


def _specials(
    written: Any, usual: Promise, channel: str, reading: Reading, known: Known
) -> tuple[Special, ...]:
    where = f"[[respond.{key_text(channel)}.{SPECIAL}]]"
    read = [
        _special(table, usual, channel, f"{where} {number}", reading, known)
        for number, table in enumerate(tables_of(written, where, reading), 1)
    ]
    return tuple(one for one in read if one is not None)


def _special(
    table: dict[str, Any], usual: Promise, channel: str, where: str, reading: Reading, known: Known
) -> Special | None:
    named = {key: value for key, value in table.items() if key in ("subject", "topic")}
    rest = {key: value for key, value in table.items() if key not in named}
    names = read_table(_ForKeys, named, reading, where)
    promise = _read(rest, where, reading, known, base=usual)
    if names is None:
        return None
    for subject in names.subject:
        if subject.casefold() not in map(str.casefold, known.subjects):
            reading.mistake(
                f"{where} subject {quoted(subject)} is no subject"
                f"{suggestion(subject, known.subjects)}"
            )
    if not names.subject and not names.topic:
        reading.mistake(f"{where} must name a subject, a topic, or both")
    if promise is None:
        return None
    name = ", ".join([channel, *sorted(names.subject), *sorted(names.topic)])
    return Special(
        subjects=frozenset(map(str.casefold, names.subject)),
        topics=frozenset(map(str.casefold, names.topic)),
        promise=replace(promise, name=name),
    )


def _why_no_time(span: timedelta | None) -> str | None:
    return "must be longer than nothing" if span is not None and span <= timedelta(0) else None


def _why_no_shares(shares: tuple[float, ...]) -> str | None:
    wrong = [f"{share:g}" for share in shares if not 0 < share <= 1]
    return f"must hold shares above 0, up to 1; found {', '.join(wrong)}" if wrong else None


def _why_no_query(text: str) -> str | None:
    if not text:
        return None
    try:
        query = parse(text, broad=True)
    except QueryError as error:
        message = str(error).splitlines()[0] if str(error) else "cannot be read"
        return f"is no query: {message}{spot(text, error.position)}"
    early = query.fields & UNKNOWN_YET
    if early:
        names = " and ".join(f"{name}:" for name in sorted(early))
        return f"cannot ask for {names}, which comes of the promise itself"
    return None


_CHECKS: Final[Mapping[str, Check]] = {
    "within": _why_no_time,
    "late_after": _why_no_time,
    "escalate_after": _why_no_time,
    "warn_at": _why_no_shares,
    "only": _why_no_query,
    "never": _why_no_query,
}


def _read(
    table: Mapping[str, Any], where: str, reading: Reading, known: Known, base: Promise | None
) -> Promise | None:
    promise = read_table(Promise, table, reading, where, base=base, checks=_CHECKS)
    if promise is None:
        return None
    _check_teams(promise, table, where, reading, known)
    calendar = _calendar(promise, table, where, reading, known)
    late_after = promise.late_after
    if "late_after" not in table:  # what is still in time is not too late to be told
        late_after = max(late_after, promise.within)
    warn_at = tuple(sorted(set(promise.warn_at)))
    return replace(promise, calendar=calendar, late_after=late_after, warn_at=warn_at)


def _check_teams(
    promise: Promise, table: Mapping[str, Any], where: str, reading: Reading, known: Known
) -> None:
    """What is wrong with whom it names; what it only takes over is told where it is written."""
    for key, name in (("team", promise.team), ("escalate_to", promise.escalate_to)):
        if name and name not in known.teams and key in table:
            hint = suggestion(name, known.teams) or "; name it in [[teams]]"
            reading.mistake(f"{where} {key} {what_was_found(name)} is no team{hint}")
    if table.keys().isdisjoint({"team", "escalate_to", "escalate_after"}):
        return
    if promise.escalate_to and promise.escalate_after is None:
        reading.mistake(f"{where} escalate_after is missing: how long past due is that?")
    if promise.escalate_after is not None and not promise.escalate_to:
        reading.mistake(f"{where} escalate_to is missing: which team is to hear of it?")
    if promise.escalate_to and promise.escalate_to == promise.team:
        reading.mistake(f"{where} escalate_to must be another team than team")


def _calendar(
    promise: Promise, table: Mapping[str, Any], where: str, reading: Reading, known: Known
) -> WorkingHours | None:
    if promise.hours == ALWAYS:
        return None
    if promise.hours not in known.calendars:
        if "hours" in table:
            hint = suggestion(promise.hours, [ALWAYS, *known.calendars])
            reading.mistake(f"{where} hours {quoted(promise.hours)} is no calendar{hint}")
        return None
    calendar = known.calendars[promise.hours]
    if calendar is not None and promise.within > calendar.in_a_week() * (FURTHEST // 7):
        reading.mistake(
            f"{where} within takes more than ten years at the hours of {quoted(promise.hours)}"
        )
    return calendar
