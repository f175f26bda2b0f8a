"""How far a source was read: listings that begin with the newest, and several taken in turns. Pure.

A walk goes from the newest item down to what was read before, a page at a time. Only when it has
arrived there is its newest item the new mark: a crash on the way loses nothing of the middle.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from listener.errors import CollectorError, Trouble

MOST_EMPTY: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """How far one listing was read. Marks are what its collector makes of an item: an id, a time.

    mark: all up to this one was read; empty before the first walk has ended. newest: the newest of
    the walk under way. resume: where that goes on; empty: the next page begins a walk. pages: how
    many it has read, so that a first one, which finds nothing known, can end. empty: so many of
    nothing in a row.
    """

    mark: str = ""
    newest: str = ""
    resume: str = ""
    pages: int = 0
    empty: int = 0

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> "Walk":
        return cls(**state)

    @property
    def is_first(self) -> bool:
        return not self.mark

    def after(self, newest: str, resume: str | None) -> "Walk":
        """After a page, whose newest mark is `newest`, empty for a page of nothing.

        resume: where the walk goes on; None where it has arrived. Where pages of nothing promise
        others without end it is given up, and the next one begins anew, which raises
        CollectorError where it begins like that too.
        """
        reached = self.newest or newest
        empty = 0 if newest else self.empty + 1
        if resume and empty == MOST_EMPTY:
            return Walk(mark=self.mark, empty=empty)
        if resume and empty > MOST_EMPTY:
            raise endless(empty)
        if resume:
            further = self.pages + 1
            return replace(self, newest=reached, resume=resume, pages=further, empty=empty)
        return Walk(mark=reached or self.mark)

    def written(self) -> dict[str, Any]:
        """As JSON, without what is empty."""
        return {name: value for name, value in asdict(self).items() if value}


def endless(pages: int, asked: str = "it") -> CollectorError:
    """What is said where so many pages in a row held nothing; `asked`: who gave them, of what."""
    words = f"{asked} gave {pages} pages in a row that held nothing, and each promised another one"
    return CollectorError(words, kind=Trouble.SHAPE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """Whose turn it is among the streams of a source, and how far each was read.

    A source reads one page of one stream at a time; it is complete when each had its turn and has
    no more. What is written down of a stream that is not asked for any more is let go.
    """

    states: Mapping[str, Mapping[str, Any]]
    waiting: tuple[str, ...]

    @classmethod
    def of(cls, cursor: Mapping[str, Any] | None, names: Iterable[str]) -> "Turns":
        """From a cursor that `written` made, or None; `names` are the streams, at least one."""
        kept = cursor or {}
        wanted = tuple(dict.fromkeys(names))
        states = {name: kept.get("streams", {}).get(name, {}) for name in wanted}
        waiting = tuple(name for name in kept.get("rest", ()) if name in states)
        return cls(states=states, waiting=waiting or wanted)

    @property
    def stream(self) -> str:
        """The one that is to be read now."""
        return self.waiting[0]

    @property
    def state(self) -> Mapping[str, Any]:
        """How far that one was read; empty for a new one."""
        return self.states[self.stream]

    @property
    def complete(self) -> bool:
        return not self.waiting

    def after(self, state: Mapping[str, Any], *, more: bool) -> "Turns":
        """After a page of it. more: it has another page, and keeps its turn."""
        states = {**self.states, self.stream: state}
        return Turns(states=states, waiting=self.waiting if more else self.waiting[1:])

    def first(self, stream: str) -> "Turns":
        """With one stream in front, whether it was waiting or had its turn."""
        rest = (name for name in self.waiting if name != stream)
        return replace(self, waiting=(stream, *rest))

    def also(self, streams: Iterable[str]) -> "Turns":
        """With these waiting too, after all others."""
        return replace(self, waiting=tuple(dict.fromkeys((*self.waiting, *streams))))

    def written(self) -> dict[str, Any]:
        """As JSON, for a cursor."""
        return {"streams": dict(self.states), "rest": list(self.waiting)}
