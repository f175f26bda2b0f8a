"""Two names compared: which one a text puts above the other, by how comparisons are worded.

The wordings stand in `models/phrases/comparing.txt`, for each language; those of the text's own are
tried first, then all others. Chinese is read in simplified characters.
"""

import functools
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from classifiers.han import SIMPLIFIED
from classifiers.naming import Span

PHRASES: Final = Path(__file__).parent / "models" / "phrases" / "comparing.txt"
MOST_NAMES: Final = 8  # of one text; more are a list, not a comparison
READ_AROUND: Final = 300  # characters around two names; what is further off compares them not

_MARK: Final = 0xE000  # of the first name; private characters, which no text of people has
_ANY_MARK: Final = f"{chr(_MARK)}-{chr(_MARK + MOST_NAMES)}"
_MARKS: Final = f"[{_ANY_MARK}]"
_GAP: Final = f"[^{_ANY_MARK}.!?。！？\n]{{0,80}}?"
_FAR_GAP: Final = f"[^{_ANY_MARK}]{{0,160}}?"
_BLANKS: Final = re.compile(
    f"(?<=[\u3040-\u9fff])\\s+(?={_MARKS})|(?<={_MARKS})\\s+(?=[\u3040-\u9fff])"
)
_ENDING: Final = "['’-]?(?:[a-zà-žа-яё]{1,8})?"  # "Acme's", "Acmétől"
_UNSPACED: Final = frozenset({"zh", "ja", "ko"})
_MORE: Final = {"寧": "宁", "棄": "弃", "準": "准", "贏": "赢", "趕": "赶", "遜": "逊"}
_SIMPLIFY: Final = str.maketrans({**SIMPLIFIED, **_MORE})


class Said(StrEnum):
    """What a comparison says of its two names, A and B."""

    ABOVE = ">"
    BELOW = "<"
    OPPOSED = "^"  # A is what its own words say, and B the contrary
    BOTH_GOOD = "++"
    BOTH_BAD = "--"
    ALIKE = "~"  # what the text says holds for both
    CONTRAST = "%"  # the one whose own words are surer is what they say, the other the contrary
    ASKED = "="  # nothing is said of either


@dataclass(frozen=True, slots=True)
class Relation:
    """`first` and `second` are names by their number: A and B of what is said."""

    first: int
    second: int
    said: Said


@dataclass(frozen=True, slots=True)
class Rule:
    """A wording; A and B are the first two marks."""

    language: str
    said: Said
    pattern: str

    @functools.cache  # noqa: B019  # rules live as long as we do
    def compiled(self) -> re.Pattern[str]:
        """The pattern, made when it is first needed: all of them take a third of a second."""
        marks = (chr(_MARK) + _ENDING, chr(_MARK + 1) + _ENDING)
        written = self.pattern.replace("\0", marks[0]).replace("\1", marks[1])
        return re.compile(written, re.IGNORECASE)


def relations(text: str, names: Sequence[Sequence[Span]], language: str = "") -> list[Relation]:
    """Find how names are compared, each two of them; `names`: the places of each."""
    if not 1 < len(names) <= MOST_NAMES:
        return []
    marked = _marked(text, names)
    found = []
    for first, second in itertools.combinations(range(len(names)), 2):
        relation = _relation(marked, first, second, language)
        if relation is not None:
            found.append(relation)
    return found


def _relation(marked: str, first: int, second: int, language: str) -> Relation | None:
    part = _around(marked, chr(_MARK + first), chr(_MARK + second))
    there, back = (part.translate(_renamed(*each)) for each in ((first, second), (second, first)))
    for rule in _rules_for(language.partition("-")[0]):
        pattern = rule.compiled()
        if pattern.search(there):
            return Relation(first, second, rule.said)
        if pattern.search(back):
            return Relation(second, first, rule.said)
    return None


@functools.cache
def _renamed(first: int, second: int) -> dict[int, int]:
    """Marks, so that these two become the first two, and the others remain others."""
    others = [at for at in range(MOST_NAMES) if at not in (first, second)]
    return {_MARK + old: _MARK + new for new, old in enumerate((first, second, *others))}


def _around(marked: str, one: str, other: str) -> str:
    at = sorted(marked.find(each) for each in (one, other))
    return marked[max(0, at[0] - READ_AROUND) : at[1] + READ_AROUND]


def _marked(text: str, names: Sequence[Sequence[Span]]) -> str:
    """Put a mark in the place of each name. Where places overlap, the first has it."""
    places = sorted((start, end, at) for at, spans in enumerate(names) for start, end in spans)
    parts, done = [], 0
    for start, end, at in places:
        if start >= done:
            parts += [text[done:start], chr(_MARK + at)]
            done = end
    marked = "".join([*parts, text[done:]]).translate(_SIMPLIFY)
    return _BLANKS.sub("", marked)  # "比 Acme 好" is written without them too


@functools.cache
def _rules_for(language: str) -> tuple[Rule, ...]:
    """Those of this language; without any, those of others but for contrasts, which are short."""
    own = tuple(rule for rule in _rules() if rule.language == language)
    return own or tuple(rule for rule in _rules() if rule.said is not Said.CONTRAST)


@functools.cache
def _rules() -> tuple[Rule, ...]:
    rules: list[Rule] = []
    lists: dict[str, str] = {}
    language = ""
    for line in PHRASES.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            language, lists = line.strip("[]"), {}
        elif made := re.fullmatch(r"(\w+) = (.*)", line):
            edge = "" if language in _UNSPACED else r"\b"
            lists[made[1]] = f"{edge}(?:{_spaced(made[2])})"
        else:
            said, _, worded = line.partition(" ")
            rules.append(Rule(language, Said(said), _pattern(worded, lists)))
    return tuple(rules)


def _pattern(worded: str, lists: dict[str, str]) -> str:
    """A regular expression, with \\0 and \\1 where the names belong."""
    worded = re.sub(r"(?<![A-Za-z\\])([AB])(?![A-Za-z])", _number, _spaced(worded))
    for name, words in lists.items():
        worded = worded.replace(f"{{{name}}}", words)
    return worded.replace("...", _FAR_GAP).replace("…", _GAP)


def _number(name: re.Match[str]) -> str:
    return "\0" if name[1] == "A" else "\1"


def _spaced(worded: str) -> str:
    return worded.replace(" ", r"\s+")
