"""The words that the full-text index has: what left-open words, slips and inflections look into."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from listener.domain.query.folding import without_diacritics
from listener.domain.query.patterns import Glob, is_one_slip, kept_ends
from listener.domain.query.stems import are_forms, grows_in_front, stem
from listener.store.connection import MOST_PADDED, Db, among

# Stems are only kept where words grow in front, so that no common beginning finds them.
GROWS_IN_FRONT: Final = "ar"
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdff\ufe70-\ufefc]")
_MAY_CHANGE: Final = 2  # letters at the end of the shorter of two forms, as `stems` has it
_LAST: Final = "\U0010ffff"

ADD = "INSERT OR IGNORE INTO word (word, reversed, bare, stem) VALUES (?, ?, ?, ?)"
UNUSED = "SELECT NOT EXISTS (SELECT 1 FROM mention_search WHERE mention_search MATCH ?)"


def add(db: Db, words: Iterable[str]) -> None:
    """Keep words; those that are there stay. In their order, for so the pages of the table are."""
    new = set(words)
    every = list(new)
    for at in range(0, len(every), MOST_PADDED):
        marks, given = among(every[at : at + MOST_PADDED])
        new.difference_update(_column(db, f"SELECT word FROM word WHERE word IN ({marks})", *given))  # noqa: S608
    db.executemany(ADD, [_row(word) for word in sorted(new)])


def _row(word: str) -> tuple[str, str, str | None, str | None]:
    if word.isascii():
        return word, word[::-1], None, None
    bare = without_diacritics(word)
    root = stem(GROWS_IN_FRONT, word) if _ARABIC.search(word) else None
    return word, word[::-1], (bare if bare != word else None), root


def drop_unused(db: Db, words: Collection[str]) -> None:
    """Forget those of some words that no text in the index holds any more."""
    unused = [(word,) for word in words if db.execute(UNUSED, (f'"{word}"',)).fetchone()[0]]
    db.executemany("DELETE FROM word WHERE word = ?", unused)


def empty(db: Db) -> None:
    db.execute("DELETE FROM word")


def of_form(db: Db, glob: Glob) -> Iterator[str]:
    """The words of a form with wildcards."""
    first, last = _ends(glob)
    if not first and not last:
        rows = _column(db, "SELECT word FROM word WHERE instr(word, ?)", glob.longest)
    elif len(first) >= len(last):
        rows = _between(db, "word", first)
    else:
        rows = _between(db, "reversed", last[::-1])
    return filter(glob.matches, rows)


def is_open_on_both_sides(glob: Glob) -> bool:
    """Whether all of the vocabulary has to be looked through for a form."""
    return not any(_ends(glob))


def _ends(glob: Glob) -> tuple[str, str]:
    return glob.first.partition("?")[0], glob.last.rpartition("?")[2]


def one_slip_from(db: Db, word: str) -> Iterator[str]:
    """The words that are at most one slip from one: each keeps its beginning or its end."""
    front, back = kept_ends(word)
    size = (len(word) - 1, len(word) + 1)
    yield from (w for w in _between(db, "word", front, size) if is_one_slip(word, w))
    for other in _between(db, "reversed", back[::-1], size):
        if not other.startswith(front) and is_one_slip(word, other):
            yield other


def forms_of(db: Db, language: str, word: str) -> Iterator[str]:
    """The words that are forms of one in a language."""
    if grows_in_front(language):
        root = stem(language, word)
        yield from _column(db, "SELECT word FROM word WHERE stem IN (?, ?)", root, word)
        yield root  # a word of another script is its own stem
        return
    longest_short = _MAY_CHANGE + 1
    beginnings = [(word[:1], (1, longest_short))]
    beginnings += [(word[: n - _MAY_CHANGE], (n, n)) for n in range(longest_short + 1, len(word))]
    beginnings.append((word[: max(len(word) - _MAY_CHANGE, 1)], (max(len(word), 1), 1_000)))
    for beginning, size in beginnings:
        for other in _between(db, "word", beginning, size):
            if are_forms(language, word, other):
                yield other


def without_marks(db: Db, bare: str) -> Iterator[str]:
    """The words that are this one once their diacritics are taken off."""
    yield bare
    yield from _column(db, "SELECT word FROM word WHERE bare = ?", bare)


def _between(
    db: Db, column: str, beginning: str, size: tuple[int, int] | None = None
) -> Iterator[str]:
    """The words of which a column begins so, and that have so many characters."""
    sized = "" if size is None else " AND length(word) BETWEEN ? AND ?"
    return _column(
        db,
        f"SELECT word FROM word WHERE {column} >= ? AND {column} < ?{sized}",  # noqa: S608
        beginning,
        beginning + _LAST,
        *(size or ()),
    )


def _column(db: Db, sql: str, *values: object) -> Iterator[str]:
    return (row[0] for row in db.execute(sql, values))
