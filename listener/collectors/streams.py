"""Several streams of one source, read in turns: one that fails holds up no other."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from listener.domain.mention import Batch, Reject
from listener.domain.schedule import BACKOFF, LONGEST_WAIT
from listener.domain.times import from_text, to_text
from listener.domain.walk import Turns
from listener.errors import CollectorError, Trouble

# In the state of a stream that failed, until it works again: why, since when, and how long it
# rests. `refused` alone stands in older cursors.
REFUSED, SINCE, UNTIL = NOTES = ("refused", "refused_since", "refused_until")

_OF_THE_SOURCE: Final = frozenset({Trouble.CREDENTIALS, Trouble.QUOTA, Trouble.RATE})


class RefusedError(CollectorError):
    """A service does not answer for one stream, and may for the others.

    `state`: how far that stream counts as read from now on; None: as far as before.
    """

    def __init__(
        self, message: str, *, kind: Trouble, state: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message, kind=kind)
        self.state = state


class ClosedError(CollectorError):
    """The source is closed to us, as where a log-in fails: no stream has to be tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamPage:
    """What a stream gave to one question.

    state: how far it is read then. more: it has another page, and keeps its turn. found: as a
    batch, whose cursor and `complete` mean nothing.
    """

    state: Mapping[str, Any]
    more: bool = False
    found: Batch = field(default_factory=Batch)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """A stream that fails now. `since` None: its cursor does not say."""

    stream: str
    since: datetime | None
    why: str


def failing(cursor: Mapping[str, Any] | None) -> list[Failing]:
    """The streams that fail by a source's cursor, which may be of any form."""
    streams = (cursor or {}).get("streams")
    if not isinstance(streams, dict):
        return []
    return [
        Failing(stream=name, since=_time(state.get(SINCE)), why=str(state[REFUSED]))
        for name, state in streams.items()
        if isinstance(state, dict) and REFUSED in state
    ]


def _time(text: Any) -> datetime | None:
    try:
        return from_text(text)
    except (TypeError, ValueError):
        return None


Ask = Callable[[str, Mapping[str, Any], datetime], StreamPage]


def read_in_turn(turns: Turns, ask: Ask, now: datetime) -> Batch:
    """A page of the stream whose turn it is; `ask` gets its name, its state and now, and reads one.

    A stream that fails loses its turn. Why is noted in its state, and told as a reject when that
    begins; it then rests for as long as it has been failing, up to some hours.

    A failure is put down to one stream where the service refuses just that one, where it failed
    before, or where another one can be read now. Else the source is in trouble: two that fail are
    enough, so that an outage is not met once for each stream. The clock says which other one is
    tried, so that the same two do not keep out the rest for ever.

    Raises CollectorError where nothing can be read, or where the trouble cannot be of one stream;
    the cursor stays then.
    """
    stream, before = turns.stream, turns.state
    well, failing = _others(turns, stream)
    if well and _rests(before, now):
        return _passed(turns.after(before, more=False))
    try:
        return _read(turns, ask, now)
    except CollectorError as error:
        if not _may_be_of_one(error):
            raise
        failed = error
    turns = turns.after(_noted(before, failed, now), more=False)
    rejects = _told(stream, before, failed)
    if well and (isinstance(failed, RefusedError) or REFUSED in before):
        return _passed(turns, rejects)
    at = int(now.timestamp()) % len(well) if well else 0
    for other in (*well[at:], *well[:at], *failing):
        try:
            batch = _read(turns.first(other), ask, now)
        except RefusedError:
            continue
        except CollectorError as error:
            told = failed if _may_be_of_one(error) else error
            told.may_be_billed = failed.may_be_billed or error.may_be_billed
            raise told from None
        return replace(batch, rejects=(*rejects, *batch.rejects))
    raise failed


def _read(turns: Turns, ask: Ask, now: datetime) -> Batch:
    """A page of the first stream. Raises CollectorError, also for what breaks in reading it."""
    state = {name: value for name, value in turns.state.items() if name not in NOTES}
    try:
        page = ask(turns.stream, state, now)
    except CollectorError:
        raise
    except Exception as error:  # an item that breaks one stream must not stop the others
        words = f"reading {turns.stream}: a fault of ours, {type(error).__name__}: {error}"
        raise CollectorError(words, kind=Trouble.SHAPE) from error
    well, failing = _others(turns, turns.stream)
    turns = turns.after(page.state, more=page.more)
    if not well:  # the source was in trouble, and where one works again the others may too
        turns = turns.also(failing)
    return replace(page.found, cursor=turns.written(), complete=turns.complete)


def _passed(turns: Turns, rejects: tuple[Reject, ...] = ()) -> Batch:
    return Batch(rejects=rejects, cursor=turns.written(), complete=turns.complete)


def _may_be_of_one(error: CollectorError) -> bool:
    """Whether an error may be that of one stream, and the others be well."""
    if isinstance(error, RefusedError | ClosedError):
        return isinstance(error, RefusedError)
    return error.reached and error.kind not in _OF_THE_SOURCE


def _noted(before: Mapping[str, Any], error: CollectorError, now: datetime) -> Mapping[str, Any]:
    since = before.get(SINCE, to_text(now))
    kept, words, longest = before, before.get(REFUSED, str(error)), BACKOFF[error.kind].longest
    if isinstance(error, RefusedError):
        kept = before if error.state is None else error.state
        words, longest = str(error), LONGEST_WAIT
    rest = min(max(now - from_text(since), timedelta()), longest)
    return {**kept, REFUSED: words, SINCE: since, UNTIL: to_text(now + rest)}


def _rests(state: Mapping[str, Any], now: datetime) -> bool:
    """Whether it failed and is not tried yet. Longer than any rest is that of another clock."""
    until = state.get(UNTIL)
    return until is not None and timedelta() < from_text(until) - now <= LONGEST_WAIT


def _told(stream: str, before: Mapping[str, Any], error: CollectorError) -> tuple[Reject, ...]:
    """A refusal is told when it begins or changes; the words of other troubles change often."""
    known = before.get(REFUSED)
    if known == str(error) or (known is not None and not isinstance(error, RefusedError)):
        return ()
    return (Reject(place=stream, reason=str(error), content=""),)


def _others(turns: Turns, stream: str) -> tuple[list[str], list[str]]:
    """All streams but one: those that did not fail, and those that did. Who waits comes first."""
    names = [name for name in dict.fromkeys((*turns.waiting, *turns.states)) if name != stream]
    failing = [name for name in names if REFUSED in turns.states[name]]
    return [name for name in names if name not in failing], failing
