"""The quiet-source rule: a source is away, or answers and brings nothing; and when it is back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from listener.domain import arrivals
from listener.domain.arrivals import Hours
from listener.domain.incident import Event
from listener.domain.times import to_json
from listener.errors import Trouble
from listener.rules.quiet_source.scene import MANY, Episode, Kind, Look, QuietScene, Source
from listener.rules.quiet_source.words import quiet, recovered

SETTLING: Final = timedelta(minutes=5)  # after a start the first tries may fail
KINDS: Final[tuple[Kind, Kind]] = ("away", "silent")
GATHER: Final = timedelta(minutes=30)  # of sources that went together, the first back waits so long


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietSourceRule:
    """A source that is away for long, or that answers and brings nothing though it usually would.

    It does not judge what a source says of itself: a refused token and a dead network are the same
    silence to those who wait for mentions.
    """

    after: timedelta = timedelta(minutes=15)  # away for so long, and for three of its intervals
    silence: bool = True  # whether to tell of sources that answer and bring nothing
    again_after: timedelta = timedelta(hours=6)  # one that comes and goes is told no sooner

    def __call__(self, scene: QuietScene) -> Look:
        by_name = {source.name: source for source in scene.sources}
        memory: dict[str, Episode] = {}
        for source in scene.sources:
            seen = self._seen(source, scene.memory.get(source.name), scene.now)
            if seen is not None:
                memory[source.name] = seen
        news = []
        for kind in KINDS:
            for names in self._to_tell(kind, memory, by_name, scene.now):
                told = [(by_name[name], memory[name]) for name in names]
                news.append((Event.SOURCE_QUIET, quiet(kind, told, scene.now)))
                group = f"{names[0]}@{to_json(scene.now)}"
                for name in names:
                    memory[name] = replace(memory[name], group=group, told_at=scene.now)
        _join_silently(memory, by_name)
        for names in _to_tell_back(memory, scene.now):
            back = [(by_name[name], memory[name]) for name in names]
            news.append((Event.SOURCE_RECOVERED, recovered(back)))
            for name in names:
                memory[name] = replace(memory[name], kind=None, group=None, back_at=None)
        return Look(news=tuple(news), memory=memory)

    def _seen(self, source: Source, known: Episode | None, now: datetime) -> Episode | None:
        """What is to be remembered of a source, before anything is told."""
        if source.stopped:
            return None
        found = self._trouble(source, now)
        if found is None:
            return self._well(source, known, now)
        kind, since, expected = found
        if known is None or known.kind is None:
            told_at = known.told_at if known else None
            return Episode(kind=kind, since=since, seen_at=now, expected=expected, told_at=told_at)
        if known.group is None:
            same = known.kind == kind
            return replace(known, kind=kind, since=since, expected=expected,
                           seen_at=known.seen_at if same else now)  # fmt: skip
        return replace(known, back_at=None)

    def _well(self, source: Source, known: Episode | None, now: datetime) -> Episode | None:
        if known is None:
            return None
        if known.kind is not None and known.group is not None:
            is_back = known.kind == "away" or (source.last or known.since) > known.since
            return replace(known, back_at=known.back_at or now) if is_back else known
        if known.told_at is None or now - known.told_at >= self.again_after:
            return None
        return replace(known, kind=None, group=None)

    def _trouble(self, source: Source, now: datetime) -> tuple[Kind, datetime, float] | None:
        state = source.state
        since = state.covered_until or source.gap_since or state.gap_since
        if since is not None and (state.failures or self._is_stuck(source, now)):
            return "away", since, 0.0
        if source.gap_since is not None or not self.silence or source.last is None:
            return None
        expected = _silence(source.hours, source.last, now)
        return None if expected is None else ("silent", source.last, expected)

    def _is_stuck(self, source: Source, now: datetime) -> bool:
        """Not even asked for long; one that reads page after page is only catching up."""
        asked = source.state.last_attempt
        long_ago = asked is None or now - asked >= self._patience(source)
        return source.gap_since is not None and long_ago

    def _patience(self, source: Source) -> timedelta:
        return max(self.after, 3 * source.every)

    def _to_tell(
        self,
        kind: Kind,
        memory: Mapping[str, Episode],
        by_name: Mapping[str, Source],
        now: datetime,
    ) -> list[list[str]]:
        """Who is to be told now, in one message each."""
        untold = [
            name
            for name, one in memory.items()
            if one.kind == kind and one.group is None and not self._told_lately(one, now)
        ]
        ripe = [name for name in untold if self._is_ripe(memory[name], by_name[name], now)]
        if not ripe:
            return []
        return [untold] if len(untold) >= MANY else [ripe]

    def _told_lately(self, one: Episode, now: datetime) -> bool:
        return one.told_at is not None and now - one.told_at < self.again_after

    def _is_ripe(self, one: Episode, source: Source, now: datetime) -> bool:
        if one.kind == "silent":
            return True
        return now - one.since >= self._patience(source) and now - one.seen_at >= SETTLING


def _silence(hours: Hours, last: datetime, now: datetime) -> float | None:
    """How many mentions failed to come since the last one, if that is beyond chance."""
    begun, here = arrivals.hour_of(last), arrivals.hour_of(now)
    empty = [h for h in range(begun + 1, here) if h in hours]
    if len(empty) < arrivals.FEWEST_HOURS:
        return None
    usual = arrivals.usual({h: n for h, n in hours.items() if h <= begun})
    if usual is None or not usual.is_silence(empty):
        return None
    return usual.expected(empty)


def _join_silently(memory: dict[str, Episode], by_name: Mapping[str, Source]) -> None:
    """While many are away for our network, one more that cannot be reached is no news."""
    groups: dict[str, list[str]] = {}
    for name, one in memory.items():
        if one.kind == "away" and one.group is not None and one.back_at is None:
            groups.setdefault(one.group, []).append(name)
    wide = next((group for group, names in groups.items() if len(names) >= MANY), None)
    for name, one in memory.items():
        unreached = by_name[name].state.error_kind is Trouble.NETWORK
        if wide is not None and one.kind == "away" and one.group is None and unreached:
            memory[name] = replace(one, group=wide, told_at=memory[groups[wide][0]].told_at)


def _to_tell_back(memory: Mapping[str, Episode], now: datetime) -> list[list[str]]:
    """Who is back, in one message for all that went together."""
    groups: dict[str, list[str]] = {}
    for name, one in memory.items():
        if one.group is not None:
            groups.setdefault(one.group, []).append(name)
    news = []
    for names in groups.values():
        back = {name: at for name in names if (at := memory[name].back_at) is not None}
        if back and (len(back) == len(names) or now - min(back.values()) >= GATHER):
            news.append(list(back))
    return news
