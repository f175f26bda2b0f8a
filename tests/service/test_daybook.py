"""The daybook: what was counted is kept until its slice is counted anew."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from listener.daybook import Brought, Daybook
from listener.domain.period import Span
from listener.domain.times import bucket_start, to_text
from listener.store import buckets, changes
from listener.store.connection import Db, Store
from tests.builders import DAY, HOUR, NOW, a_mention
from tests.store.kept import kept

TODAY, YESTERDAY = Span(NOW - 12 * HOUR, NOW + 12 * HOUR), Span(NOW - 36 * HOUR, NOW - 12 * HOUR)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "listener.db").open(NOW)
    with opened.write() as db:
        db.execute("INSERT INTO subject (id, name, role, query) VALUES (1, 'A', 'brand', '')")
        db.execute("INSERT INTO subject (id, name, role, query) VALUES (2, 'B', 'brand', '')")
        buckets.recount(db, [(s, to_text(at)) for s in (1, 2) for at in (NOW, NOW - DAY)])
    yield opened
    opened.close()


class Asking:
    """Counts how often something was looked up anew."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, datetime]] = []

    def __call__(self, db: Db, subject_id: int, since: datetime, until: datetime) -> int:
        self.asked.append((subject_id, since))
        return len(self.asked)


def ask(store: Store, book: Daybook, make: Asking) -> None:
    with store.read() as db:
        page = book.refresh(db)
        for subject_id in (1, 2):
            for span in (TODAY, YESTERDAY):
                page.of("it", subject_id, span, make)


def test_only_the_days_that_changed_are_looked_up_anew(store: Store) -> None:
    book, make = Daybook(), Asking()
    ask(store, book, make)
    ask(store, book, make)
    assert len(make.asked) == 4
    with store.write() as db:
        buckets.recount(db, [(1, to_text(bucket_start(NOW)))])
    ask(store, book, make)
    assert make.asked[4:] == [(1, TODAY.since)]
    with store.write() as db:
        buckets.recount(db, [(2, to_text(YESTERDAY.since))])  # the first slice of the day
    ask(store, book, make)
    assert make.asked[5:] == [(2, YESTERDAY.since)]


def test_when_very_much_changed_all_is(store: Store) -> None:
    book, make = Daybook(), Asking()
    ask(store, book, make)
    slices = [(1, to_text(NOW + n * HOUR / 12)) for n in range(changes.MOST + 1)]
    with store.write() as db:
        buckets.recount(db, slices)
    ask(store, book, make)
    assert len(make.asked) == 8


def test_a_reader_of_an_older_snapshot_keeps_nothing_for_others(store: Store) -> None:
    book, old, new = Daybook(), Asking(), Asking()
    with store.read() as db:
        late = book.refresh(db)
        with store.write() as other:
            buckets.recount(other, [(1, to_text(NOW))])
        ask(store, book, new)  # another reader, who sees the change
        assert len(new.asked) == 4
        late.of("other", 1, TODAY, old)
    with store.read() as db:
        book.refresh(db).of("other", 1, TODAY, old)
    assert len(old.asked) == 2


def test_what_lasts_stays_whatever_changes(store: Store) -> None:
    book, make = Daybook(), Asking()
    for _ in range(2):
        with store.write() as db:
            buckets.recount(db, [(1, to_text(NOW))])
        with store.read() as db:
            book.refresh(db).for_a_while(("people", NOW), 1, TODAY, make)
    assert len(make.asked) == 1
    with store.read() as db:
        book.refresh(db).for_a_while(("people", NOW + HOUR), 1, TODAY, make)
    assert len(make.asked) == 2


def test_what_sources_brought_is_counted_and_then_what_is_new(tmp_path: Path) -> None:
    opened = Store(tmp_path / "brought.db").open(NOW)
    brought = Brought()

    def counted() -> dict[str, int]:
        with opened.read() as db:
            return dict(brought.counted(db, NOW))

    assert counted() == {}
    kept(opened, a_mention(1), a_mention(2), a_mention(3, source="play"))
    assert counted() == {"x": 2, "play": 1}
    kept(opened, a_mention(4), a_mention(5, source="feed"))
    assert counted() == counted() == {"x": 3, "play": 1, "feed": 1}
    with opened.write() as db:
        db.execute("DELETE FROM mention WHERE source = 'play'")
    with opened.read() as db:
        assert brought.counted(db, NOW + HOUR) == {"x": 3, "feed": 1}  # an hour later, all anew
    opened.close()
