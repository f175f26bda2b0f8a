"""Neighbouring groups of digits, and what they are for sure: a date, a card, an account; pure."""

import re
from dataclasses import dataclass
from typing import Final

from listener.domain.marked import Span

_LONG: Final = 12  # digits in one run: an account, or a document of a person
_CARD: Final = range(13, 20)
_BOOKS: Final = ("978", "979")  # ISBN
_MONTH_DAY: Final = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_DAY_MONTH: Final = r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])"
_DAY: Final = re.compile(rf"(?:19|20)\d\d{_MONTH_DAY}|{_DAY_MONTH}(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Groups:
    """Neighbouring groups of digits: where each lies, and what stands in front of each."""

    spans: tuple[Span, ...]
    digits: tuple[str, ...]
    gaps: tuple[str, ...]  # the first is "" or "+"

    def part(self, begin: int, end: int) -> "Groups":
        gaps = ("" if begin else self.gaps[0], *self.gaps[begin + 1 : end])
        return Groups(self.spans[begin:end], self.digits[begin:end], gaps)

    @property
    def all(self) -> str:
        return "".join(self.digits)

    @property
    def lengths(self) -> tuple[int, ...]:
        return tuple(map(len, self.digits))

    @property
    def span(self) -> Span:
        return self.spans[0][0], self.spans[-1][1]


def is_time(part: Groups) -> bool:
    """A date, or hours from and to: 22.11.2026, 2026/11/22, 20261122, 10.30-12.00."""
    lengths, gaps = part.lengths, [gap.strip() for gap in part.gaps]
    if len(lengths) == 1:
        return _DAY.fullmatch(part.all) is not None
    if len(lengths) == 4:
        return max(lengths) <= 2 and gaps[1] == gaps[3] == "." and gaps[2] != "."
    if len(lengths) != 3 or any(len(gap) > 1 for gap in gaps):
        return False
    day_first = lengths[0] <= 2 and lengths[1] <= 2 and lengths[2] in (2, 4)
    return day_first or (lengths[0] == 4 and lengths[1] <= 2 and lengths[2] <= 2)


def is_decimal(part: Groups) -> bool:
    return part.digits[0] == "0" and part.gaps[1:2] in ((".",), ())


def is_long(part: Groups) -> bool:
    """One long run: of an account, of a document of a person, but not of a book."""
    plain = part.all
    is_book = len(plain) == 13 and plain.startswith(_BOOKS)
    return len(part.digits) == 1 and len(plain) >= _LONG and not is_book


def is_card(part: Groups) -> bool:
    """By its length, its first digit and its check digit (Luhn, US patent 2950048, 1960)."""
    plain = part.all
    if len(plain) not in _CARD or plain[0] not in "23456" or len(set(plain)) == 1:
        return False
    if len(part.digits) > 1 and (min(part.lengths[:-1]) < 4 or len(set(part.gaps[1:])) > 1):
        return False
    total = 0
    for place, digit in enumerate(map(int, reversed(plain))):
        doubled = digit * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def is_bank_account(part: Groups) -> bool:
    """A Hungarian account: two or three times eight digits, the first with a check digit."""
    if part.lengths not in {(8, 8), (8, 8, 8)}:
        return False
    weighed = sum(int(d) * w for d, w in zip(part.digits[0], (9, 7, 3, 1, 9, 7, 3, 1), strict=True))
    return weighed % 10 == 0 or len(part.digits) == 3
