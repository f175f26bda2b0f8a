"""When a brand was not measured: none of the sources that feed it was read."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from listener.domain.schedule import SLACK, SourceState
from listener.domain.times import BUCKET
from listener.stages.alert.tick import Tick
from listener.store import buckets, sources
from listener.store.buckets import Gap
from listener.store.connection import Db
from listener.store.unmeasured import of_subject as unmeasured_in

NOT_JUST_QUIET = timedelta(hours=24)  # a longer silence before we listened was not measured


def known_until(db: Db, now: datetime) -> datetime:
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


def unmeasured(db: Db, subject_id: int, tick: Tick) -> list[Gap]:
    """When, of late, none of the sources that feed a brand was read.

    While only some are away the rest still shows a crisis, so that time counts as measured: the
    baseline learns a little too low a level from it, which is better than to be blind.
    """
    return unmeasured_in(db, subject_id, tick.gaps, tick.now)


def in_history(
    db: Db, subject_id: int, since: datetime, said: Sequence[datetime], tick: Tick
) -> list[Gap]:
    """The same since a moment long ago, and the time before we listened. `said`: in order."""
    found = unmeasured_in(db, subject_id, buckets.gaps(db, since, tick.now), tick.now)
    return sorted([*found, *_before_we_listened(said, tick.first_read)], key=lambda gap: gap.since)


def _before_we_listened(said: Sequence[datetime], first: datetime | None) -> list[Gap]:
    """Between the end of imported history and our first reading nothing was measured."""
    if first is None:
        return []
    earlier = [start for start in said if start < first]
    if not earlier or first - earlier[-1] < NOT_JUST_QUIET:
        return []
    return [Gap("import", "", earlier[-1] + BUCKET, first)]
