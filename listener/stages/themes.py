"""Beside stage six: what many people talk about though nobody defined it, found each day.

A window is the seven days before a local midnight. The texts of a brand that have a vector are put
into groups; a group is a theme, keeps its name, and is told of where at least five people spoke.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from listener.domain.subject import Role, Subject
from listener.domain.themes import Grouping, group
from listener.domain.themes.talk import PHRASES, is_talk
from listener.domain.vector import Embedder, packed, unpacked
from listener.domain.week import midnight
from listener.store import reports, themes
from listener.store.connection import Store
from listener.store.themes import Count, Known, Said
from listener.texts.terms import informative, risen_terms, shared_terms

SPAN: Final = timedelta(days=7)
MOST_READ: Final = 15_000  # texts of a window
CATCH_UP: Final = 4  # windows that are read before the first, so that something can have risen
FORGOTTEN: Final = timedelta(weeks=8)  # a theme nobody spoke of for so long begins anew
TELLING_WORDS: Final = 3  # of a text; with fewer it says nothing of its own
NAMED_BY, MOST_WORDS = 3, 5  # if there is another theme of the same words, it takes more
EXAMPLES: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Finder:
    """Whose themes are found, and by what vectors. `zone`: whose midnights end windows."""

    subjects: tuple[Subject, ...]
    embedder: Embedder
    zone: ZoneInfo


def find_due(store: Store, finder: Finder, now: datetime) -> int:
    """Find the themes of windows that are over and were not read; returns how many were."""
    model = finder.embedder.version
    if model is None:
        return 0
    today = now.astimezone(finder.zone).date()
    read = 0
    for brand in finder.subjects:
        if brand.role is Role.BRAND:
            for until in list(_due(store, brand, today, finder.zone)):
                read += _find(store, finder, brand, model, until)
    return read


def _due(store: Store, brand: Subject, today: date, zone: ZoneInfo) -> Iterator[date]:
    """The ends of the windows to read: today's, and before it a week apart what was missed."""
    with store.read() as db:
        last = themes.last_until(db, brand.id)
        began = reports.first_said(db)
    if began is None or (last is not None and last >= today):
        return
    first = began.astimezone(zone).date()
    for back in range(CATCH_UP, -1, -1):
        until = today - back * SPAN
        if until > first and (last is None or until > last):
            yield until


def _find(store: Store, finder: Finder, brand: Subject, model: str, until: date) -> int:
    end = midnight(until, finder.zone)
    with store.read() as db:
        said = themes.said(db, brand.id, end - SPAN, end, model, MOST_READ)
        known = themes.known(db, brand.id, model, until - FORGOTTEN)
    read = [one for one in said if informative(one.text) >= TELLING_WORDS]
    vectors = [unpacked(one.vector) for one in read]
    grouping = group(vectors, [one.language for one in read], [unpacked(k.middle) for k in known])
    counts = _counted(read, grouping)
    phrases = [v for v in finder.embedder.embed(PHRASES) if v is not None] if read else []
    talk = is_talk(grouping.middles, phrases, vectors)
    _keep(store, brand, model, until, _Found(read, grouping, counts, talk), known)
    return 1


@dataclass(frozen=True, slots=True)
class _Found:
    read: Sequence[Said]
    grouping: Grouping
    counts: dict[int, Count]  # by the number of the group
    talk: Sequence[bool]


def _counted(read: Sequence[Said], grouping: Grouping) -> dict[int, Count]:
    members: dict[int, list[int]] = {}
    for at, number in enumerate(grouping.of):
        if number is not None:
            members.setdefault(number, []).append(at)
    return {n: _count(read, grouping, at) for n, at in members.items()}


def _count(read: Sequence[Said], grouping: Grouping, members: Sequence[int]) -> Count:
    typical = sorted(members, key=lambda at: -grouping.nearness[at])[:EXAMPLES]
    return Count(
        theme_id=0,
        mentions=len(members),
        negative=sum(read[at].negative for at in members),
        people=len({read[at].person for at in members}),
        with_topic=sum(read[at].has_topic for at in members),
        examples=tuple(read[at].mention_id for at in typical),
    )


def _keep(
    store: Store, brand: Subject, model: str, until: date, found: _Found, known: Sequence[Known]
) -> None:
    numbers: dict[int, int] = dict(enumerate(k.id for k in known))
    names = _names(brand, found, known)
    with store.write() as db:
        for number, name in names.items():
            middle = packed(found.grouping.middles[number])
            numbers[number] = themes.add(db, brand.id, name, model, middle, until)
        themes.move(
            db,
            [
                (
                    numbers[n],
                    packed(found.grouping.middles[n]),
                    found.talk[n],
                    until if n in found.counts else None,
                )
                for n in numbers
            ],
        )
        counts = [c._replace(theme_id=numbers[n]) for n, c in found.counts.items() if n in numbers]
        themes.keep(db, brand.id, until, len(found.read), counts)


def _names(brand: Subject, found: _Found, known: Sequence[Known]) -> dict[int, str]:
    """The names of new themes, by the number of the group; one that finds none is left out."""
    names: dict[int, str] = {}
    taken = {k.name for k in known}
    for number in sorted(n for n in found.counts if n >= len(known)):
        name = _name(brand, found, number, taken)
        if name is not None:
            names[number] = name
            taken.add(name)
    return names


def _name(brand: Subject, found: _Found, number: int, taken: Collection[str]) -> str | None:
    """Name a theme with the words of its texts that others lack, in the language most of it has.

    None where they have no word in common, or but those of another theme.
    """
    of = found.grouping.of
    spoken = Counter(o.language for o, n in zip(found.read, of, strict=True) if n == number)
    language = max(spoken, key=lambda one: (spoken[one], one))
    mine: list[str] = []
    others: list[str] = []
    for one, n in zip(found.read, of, strict=True):
        if one.language == language:
            (mine if n == number else others).append(one.text)
    ours = (brand.name, *(brand.query.terms if brand.query else ()))
    risen = risen_terms(mine, others, names=ours, k=MOST_WORDS)
    words = [term.word for term in risen] or shared_terms(mine, names=ours, k=MOST_WORDS)
    names = (" · ".join(words[:k]) for k in range(NAMED_BY, MOST_WORDS + 1))
    return next((name for name in names if name and name not in taken), None)
