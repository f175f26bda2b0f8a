"""What is asked most: questions that say like things, each told by the one most like the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from listener.domain.themes.finding import group
from listener.domain.themes.theme import FEWEST_PEOPLE

if TYPE_CHECKING:
    from listener.domain.vector import Vector

MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """One question. `people`: as many asked like things; `members`, `told`: positions of texts."""

    people: int
    members: tuple[int, ...]
    told: int  # the most typical of them


def most_asked(
    vectors: "Sequence[Vector]",
    languages: Sequence[str],
    people: Sequence[int],
    asks: Sequence[bool],
) -> tuple[Asked, ...]:
    """The questions that most people asked, at least FEWEST_PEOPLE each; one entry a text.

    asks: whether a text is a question. The others tell what all texts share: of six like questions
    alone nothing would be left once that is taken away.
    """
    grouping = group(vectors, languages, wanted=asks)
    members: dict[int, list[int]] = {}
    for at, number in enumerate(grouping.of):
        if number is not None:
            members.setdefault(number, []).append(at)
    found = [
        Asked(
            people=len({people[at] for at in mine}),
            members=tuple(mine),
            told=max(mine, key=lambda at: grouping.nearness[at]),
        )
        for mine in members.values()
    ]
    many = [one for one in found if one.people >= FEWEST_PEOPLE]
    return tuple(sorted(many, key=lambda one: (-one.people, one.told))[:MOST])
