"""When a source is asked next, and which time it has not measured. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from zlib import crc32

from listener.errors import CollectorError, Trouble

SLACK = timedelta(minutes=1)  # a pass may be late by so much before its time counts as not read
SILENT_FOR = timedelta(hours=6)  # then silence has to be told from breakage
LONGEST_WAIT = timedelta(hours=6)  # of our own accord
LONGEST_ASKED_WAIT = timedelta(hours=24)  # where the service asks for it
JITTER = 0.2  # of a wait, so that sources that fell together do not come back together


class Span(NamedTuple):
    """A stretch of time, from its first moment to just before its last."""

    start: datetime
    end: datetime


class Backoff(NamedTuple):
    """The wait after the first failure, doubled with each one, up to the longest."""

    first: timedelta
    longest: timedelta


BACKOFF: Final = {
    # Likely over soon: it is asked again soon, for an hour's promise does not wait.
    Trouble.NETWORK: Backoff(timedelta(seconds=15), timedelta(minutes=15)),
    Trouble.SERVER: Backoff(timedelta(seconds=30), timedelta(hours=1)),
    Trouble.RATE: Backoff(timedelta(minutes=1), timedelta(hours=1)),
    # A person has to do something: trying does no harm where nobody bans us for it.
    Trouble.SETTINGS: Backoff(timedelta(seconds=30), timedelta(minutes=15)),
    Trouble.SHAPE: Backoff(timedelta(minutes=1), LONGEST_WAIT),
    # Trying costs an account, or money.
    Trouble.QUOTA: Backoff(timedelta(minutes=15), LONGEST_WAIT),
    Trouble.CREDENTIALS: Backoff(timedelta(minutes=5), LONGEST_WAIT),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What is remembered of a source between two passes."""

    name: str
    cursor: Mapping[str, Any] | None = None
    last_success: datetime | None = None
    last_attempt: datetime | None = None
    next_run: datetime | None = None  # None: at once
    failures: int = 0  # in a row
    error: str | None = None  # the last one, until a success
    error_kind: Trouble | None = None
    not_before: datetime | None = None  # the service asked us to wait so long
    gap_since: datetime | None = None  # what was said since then is not all read
    covered_from: datetime | None = None  # all was read from here
    covered_until: datetime | None = None  # to here
    last_sign: datetime | None = None  # when it last gave anything, or proved that it can


def due(state: SourceState, now: datetime) -> bool:
    """Whether a source is to be asked now.

    An attempt in the future means that the clock was moved back, and then nothing that was
    planned by the old one holds: the source is due at once.
    """
    if state.next_run is None:
        return True
    if state.last_attempt is not None and state.last_attempt > now:
        return True
    return now >= state.next_run


def needs_canary(state: SourceState, now: datetime) -> bool:
    """Whether a source was silent for so long that its silence needs a proof; a new one does."""
    return state.last_sign is None or now - state.last_sign >= SILENT_FOR


def after_success(
    state: SourceState,
    now: datetime,
    every: timedelta,
    complete: bool,
    lost_since: datetime | None = None,
    asked_at: datetime | None = None,
) -> SourceState:
    """The state after a page was stored.

    It is asked again an interval after it was asked (`asked_at`, if not now), so that what reading
    takes does not add up; but it rests for half an interval.

    `complete`: the source has been read up to now, so all that it missed in an outage is here
    too, and there is no gap any more. Only what the collector itself calls lost (`lost_since`,
    from `Batch.gap_since`) stays one: the time that was read without a hole then begins anew.
    After a page that is not the last, more is asked for at once, and nothing is covered yet.
    """
    well = replace(
        state,
        last_success=now,
        last_attempt=now,
        failures=0,
        error=None,
        error_kind=None,
        not_before=None,
    )
    if lost_since is not None:
        well = replace(well, covered_from=None, covered_until=None, gap_since=lost_since)
    if not complete:
        return replace(well, next_run=now, gap_since=_gap_start(well, now, every))
    return replace(
        well,
        next_run=max((asked_at or now) + every, now + every / 2),
        gap_since=None,
        covered_from=now if well.covered_from is None else min(well.covered_from, now),
        covered_until=now,
    )


def after_failure(
    state: SourceState, now: datetime, every: timedelta, error: CollectorError
) -> SourceState:
    """The state after a source could not be read: its cursor stays, and it waits.

    The wait doubles with every failure, to a limit that depends on the trouble; where the service
    says how long to wait, that is honoured, up to a day.
    """
    failures = state.failures + 1
    asked = error.retry_after
    if asked is not None:
        asked = min(max(asked, timedelta(0)), LONGEST_ASKED_WAIT)
    wait = max(_wait(state.name, failures, error.kind), asked or timedelta(0))
    failed = replace(
        state,
        last_attempt=now,
        next_run=now + wait,
        failures=failures,
        error=str(error),
        error_kind=error.kind,
        not_before=None if asked is None else now + asked,
    )
    if state.covered_until is None and state.gap_since is None:
        return replace(failed, gap_since=now)  # it has never been read: unknown from here on
    return replace(failed, gap_since=_gap_start(failed, now, every))


def gap(state: SourceState, now: datetime, every: timedelta) -> Span | None:
    """The time up to now that is not measured, or None where the source keeps up.

    A source keeps up while its last complete pass is no older than two intervals and a minute.
    In an outage this answers the time since that pass; the pass that catches up ends it, for a
    source is read from its cursor on and what was said meanwhile is then here. What was lost for
    good is not known here but told by the collector: see `lost`.
    """
    if state.covered_until is None:
        since = state.gap_since
        return None if since is None or since >= now else Span(since, now)
    if now - state.covered_until <= 2 * every + SLACK:
        return None
    return Span(state.covered_until, now)


def lost(lost_since: datetime | None, now: datetime) -> Span | None:
    """What stays not measured for good once a batch says so; the runner marks it in the store."""
    return None if lost_since is None or lost_since >= now else Span(lost_since, now)


def _gap_start(state: SourceState, now: datetime, every: timedelta) -> datetime | None:
    if state.covered_until is None:
        return state.gap_since
    found = gap(state, now, every)
    return found.start if found else None


def _wait(name: str, failures: int, kind: Trouble) -> timedelta:
    """Between 80 and 100 % of the doubled wait: always the same for a name and a count."""
    first, longest = BACKOFF[kind]
    doubled = min(first * 2.0 ** min(failures - 1, 20), longest)
    return doubled * (1 - JITTER * _share(f"{name}:{failures}"))


def _share(key: str) -> float:
    """A number in [0, 1) that looks random and is always the same for a key."""
    return crc32(key.encode("utf-8", "surrogatepass")) / 2**32
