"""What was counted of each day, kept from page to page: counted again only where it changed.

A year of slices is too much to add up for every page that is asked for. Each change of a mention
that counts is followed by a new count of its slice, and each change of its clock comes from an
answer or an act that is on record (`store/changes.py`); so a day without any of these is what it
was. What else may change a clock (its text is gone) is seen within LASTING.
"""

from bisect import bisect_left
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final, TypeVar

from listener.domain.period import Span
from listener.domain.times import from_text
from listener.store import changes, sources
from listener.store.changes import Changes, Marks
from listener.store.connection import Db

MOST_KEPT: Final = 20_000
MOST_LASTING: Final = 500
LASTING: Final = timedelta(minutes=10)  # of what is known of clocks
T = TypeVar("T")


Key = tuple[Hashable, int, datetime, datetime]  # what, of which subject, from when, up to when


class Daybook:
    """Answers by what, subject and span. Those who read at once may share one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[Key, Any] = OrderedDict()
        self._lasting: OrderedDict[Key, Any] = OrderedDict()
        self._upto = Marks()
        self.brought = Brought()

    def refresh(self, db: Db) -> "Page":
        """Let go of what is no longer true, as this reader sees the database."""
        with self._lock:
            found = changes.since(db, self._upto)
            if self._upto.is_behind(found.upto):
                self._let_go(found)
                self._upto = found.upto
            return Page(self, db, found.upto)

    def _let_go(self, found: Changes) -> None:
        if found.slices is None:
            self._kept.clear()
            return
        of_subject: dict[int, list[datetime]] = {}
        for subject_id, moment in sorted(found.slices):
            of_subject.setdefault(subject_id, []).append(from_text(moment))

        def is_touched(key: Key) -> bool:
            starts = of_subject.get(key[1], [])
            return bisect_left(starts, key[2]) < bisect_left(starts, key[3])

        for key in [key for key in self._kept if is_touched(key)]:
            del self._kept[key]

    def look_up(self, key: Key, *, lasting: bool) -> Any:
        with self._lock:
            kept = self._lasting if lasting else self._kept
            if key not in kept:
                return None
            kept.move_to_end(key)
            return kept[key]

    def keep(self, key: Key, value: Any, upto: Marks) -> None:
        """Keep an answer, if it is of the database as the book knows it."""
        with self._lock:
            if upto == self._upto:
                _put(self._kept, key, value, MOST_KEPT)

    def keep_for_a_while(self, key: Key, value: Any) -> None:
        with self._lock:
            _put(self._lasting, key, value, MOST_LASTING)


class Brought:
    """How many mentions each source ever brought: all are counted once an hour, then what is new.

    What is swept away meanwhile is counted up to an hour longer.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._hour: datetime | None = None
        self._upto = 0
        self._counts = Counter[str]()

    def counted(self, db: Db, now: datetime) -> Mapping[str, int]:
        """By the name of the source."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        with self._lock:
            if self._hour != hour or not self._upto:
                self._hour, self._upto, self._counts = hour, 0, Counter()
            upto, more = sources.brought(db, self._upto)
            if upto > self._upto:
                self._upto, self._counts = upto, self._counts + more
            return self._counts


def _put(kept: OrderedDict[Key, Any], key: Key, value: Any, most: int) -> None:
    kept[key] = value
    while len(kept) > most:
        kept.popitem(last=False)


Make = Callable[[Db, int, datetime, datetime], T]


class Page:
    """The book as one reader has it open."""

    def __init__(self, book: Daybook, db: Db, upto: Marks) -> None:
        self._book, self._db, self._upto = book, db, upto

    def of(self, what: Hashable, subject_id: int, span: Span, make: Make[T]) -> T:
        """An answer about a subject in a span, as it is now; never None."""
        key = _key(what, subject_id, span)
        known: T | None = self._book.look_up(key, lasting=False)
        if known is not None:
            return known
        made = make(self._db, subject_id, *span)
        self._book.keep(key, made, self._upto)
        return made

    def for_a_while(self, what: Hashable, subject_id: int, span: Span, make: Make[T]) -> T:
        """The same as it was when it was first asked: for what is dear, and need not be new.

        Have what it is asked for name the time it may last until.
        """
        key = _key(what, subject_id, span)
        known: T | None = self._book.look_up(key, lasting=True)
        if known is not None:
            return known
        made = make(self._db, subject_id, *span)
        self._book.keep_for_a_while(key, made)
        return made


def _key(what: Hashable, subject_id: int, span: Span) -> Key:
    return what, subject_id, *span
