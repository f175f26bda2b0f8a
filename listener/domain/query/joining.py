"""Parts of a search, put together as a service reads them, within its length."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from listener.domain.query.asked import Alternatives
from listener.domain.query.dialect import Dialect

MOST_PLANS: Final = 8


class Left(NamedTuple):
    """What is left to us, and why."""

    said: str  # as in the query
    why: str  # empty for a pack, which has as many reasons as words


class Condition(NamedTuple):
    """What holds for each match and cannot stand alone."""

    any_of: Alternatives
    said: str  # as in the query


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a query. Every match has one of `any_of`, where there is one, and all of `also`."""

    said: str
    any_of: Alternatives = ()
    also: tuple[Condition, ...] = ()
    broader: tuple[Left | str, ...] = ()
    missed: tuple[str, ...] = ()
    never: bool = False
    joined_from: int = 0  # of how many alternatives its narrowest group was, where it is joined

    @property
    def breadth(self) -> int:
        return self.joined_from or len(self.any_of)


def flat(found: Iterable[Alternatives]) -> Alternatives:
    return tuple(each for one in found for each in one)


def joined(
    groups: Sequence[Part], also: Sequence[Condition], dialect: Dialect
) -> tuple[Alternatives, list[Left]]:
    """One of each group and all conditions, and what is said of those that found no room."""
    groups = list({part.any_of: part for part in groups}.values())
    if len(groups) == 1 and not also:
        return groups[0].any_of, []
    if dialect.both is None:
        return _narrowest(groups).any_of, _alone(groups, also, dialect)
    each = [
        *(group(part.any_of, dialect) for part in groups),
        *(group(one.any_of, dialect) for one in also),
    ]
    whole = _and(each, dialect)
    if len(whole) <= dialect.room and (dialect.either or all(len(p.any_of) == 1 for p in groups)):
        return (whole,), []
    return _filled(groups, also, dialect)


def _narrowest(groups: Sequence[Part]) -> Part:
    return min(groups, key=_width)


def _width(part: Part) -> tuple[int, int]:
    """How much a part finds, as far as that can be told: by its alternatives and their letters."""
    return part.breadth, -min(sum(map(str.isalnum, each)) for each in part.any_of)


def _alone(groups: Sequence[Part], also: Sequence[Condition], dialect: Dialect) -> list[Left]:
    taken = _narrowest(groups)
    said = [part.said for part in groups if part is not taken] + [one.said for one in also]
    why = f"{dialect.service} is asked for one thing at a time"
    return [Left(one, why) for one in dict.fromkeys(said)]


class _Plan(NamedTuple):
    """Searches, and what of the groups and of all finds no place in them."""

    searches: Alternatives
    groups_left: int
    left: list[Left]

    def cost(self, dialect: Dialect) -> tuple[int, int]:
        """Where a search holds alternatives it is worth being narrow, else being few."""
        narrow = (self.groups_left, len(self.searches))
        return narrow if dialect.either else (narrow[1], narrow[0])


def _filled(
    groups: Sequence[Part], also: Sequence[Condition], dialect: Dialect
) -> tuple[Alternatives, list[Left]]:
    """The alternatives of one group in as many searches as they need, each with the other groups
    and conditions for which there is room; of the group with which that goes best."""
    narrow = sorted(groups, key=_width)
    plans = [_plan(taken, narrow, also, dialect) for taken in narrow[:MOST_PLANS]]
    best = min(plans, key=lambda plan: plan.cost(dialect))
    return best.searches, best.left


def _plan(
    taken: Part, groups: Sequence[Part], also: Sequence[Condition], dialect: Dialect
) -> _Plan:
    others = [part for part in groups if part is not taken]
    usable = [part for part in others if dialect.either or len(part.any_of) == 1]
    no_or = [part for part in others if not (dialect.either or len(part.any_of) == 1)]
    rest = [Condition(part.any_of, part.said) for part in usable]
    whole = len(group(taken.any_of, dialect))
    space = max(dialect.room - whole, dialect.room // 2)
    fitting, full = _fitting(space, [*rest, *also], dialect)
    wanted = sum(_size(one, dialect) for one in fitting)
    chunks = packed(taken.any_of, dialect, dialect.room - wanted - len("()"))
    texts = [group(chunk, dialect) for chunk in chunks]
    fitting, late = _fitting(dialect.room - max(map(len, texts)), fitting, dialect)
    left = [Left(part.said, f"{dialect.service} knows no OR") for part in no_or]
    left += [Left(one.said, f"{dialect.longest} characters were full") for one in (*full, *late)]
    beside = [group(one.any_of, dialect) for one in fitting]
    asked = tuple(_and([text, *beside], dialect) for text in texts)
    return _Plan(asked, len(left) - len({*full, *late} & {*also}), list(dict.fromkeys(left)))


def _fitting(
    space: int, rest: Iterable[Condition], dialect: Dialect
) -> tuple[list[Condition], list[Condition]]:
    """What finds room, and what does not."""
    space -= len("()") if dialect.both_in_parentheses else 0
    fitting: list[Condition] = []
    full: list[Condition] = []
    for one in rest:
        fits = _size(one, dialect) <= space
        (fitting if fits else full).append(one)
        space -= _size(one, dialect) if fits else 0
    return fitting, full


def _size(one: Condition, dialect: Dialect) -> int:
    return len(dialect.both or "") + len(group(one.any_of, dialect))


def _and(each: Sequence[str], dialect: Dialect) -> str:
    joined = (dialect.both or " ").join(each)
    return f"({joined})" if dialect.both_in_parentheses and len(each) > 1 else joined


def packed(found: Iterable[str], dialect: Dialect, room: int) -> list[Alternatives]:
    """The same in as few chunks as there is room for; one that is longer stands alone."""
    if dialect.either is None:
        return [(each,) for each in dict.fromkeys(found)]
    chunks: list[Alternatives] = []
    chunk: Alternatives = ()
    for each in dict.fromkeys(found):
        if chunk and len(dialect.either.join((*chunk, each))) > room:
            chunks.append(chunk)
            chunk = ()
        chunk = (*chunk, each)
    return [*chunks, chunk] if chunk else chunks


def group(found: Alternatives, dialect: Dialect) -> str:
    return found[0] if len(found) == 1 else f"({(dialect.either or ' ').join(found)})"
