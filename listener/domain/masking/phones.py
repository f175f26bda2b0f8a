"""Which groups of digits are a phone's: by countries' ways to write their own; pure."""

import re
from collections.abc import Sequence
from typing import Final

from listener.domain.masking.groups import Groups

# Lengths of groups without a country's or a trunk prefix, and how the first must begin.
_SHAPES: Final[dict[tuple[int, ...], str]] = {
    (3, 3, 4): "23456789",  # North America; mobiles of Italy, Colombia
    (3, 7): "23456789",
    (10,): "23456789",
    (1, 3, 3, 4): "1",
    (1, 10): "17",
    (11,): "178",  # with a 1 in front, Chinese and Russian mobiles: see `_is_eleven`
    (1, 3, 3, 2, 2): "78",  # Russia
    (3, 3, 2, 2): "345679",  # Russia, Turkey
    (3, 4, 4): "1",  # China
    (5, 5): "6789",  # India
    (2, 4, 4): "123456789",  # Mexico, Brazil
    (2, 5, 4): "123456789",
    (2, 3, 2, 2): "123456789",  # Switzerland, Ukraine, Hungary
    (2, 3, 4): "2357",  # Hungary
    (2, 7): "2357",
    (3, 2, 2, 2): "6789",  # Spain
    (3, 3, 3): "56789",  # Poland, Spain, Portugal: only where no word follows
}
_FEW: Final = 2  # different digits: somebody made it up


def is_phone(part: Groups, *, word_follows: bool) -> bool:
    """Whether it is written as a phone number without its country's code, or with 00 and that."""
    digits, lengths, plain = part.digits, part.lengths, part.all
    if plain.startswith("00"):
        return is_international((plain[2:],), 8)
    if plain[0] == "0":
        return _is_national(part)
    if digits[0][0] not in _SHAPES.get(lengths, ""):
        return False
    if lengths in {(3, 3, 3), (2, 7), (2, 3, 4)}:
        return _is_own(part, word_follows)
    return lengths != (11,) or _is_eleven(plain)


def is_international(digits: Sequence[str], least: int) -> bool:
    """A country's code and a number of at most 15 digits (E.164); no amount in thousands."""
    plain = "".join(digits)
    in_thousands = len(digits) > 1 and all(len(one) == 3 for one in digits[1:])
    if not least < len(plain) <= 15 or plain[0] == "0":
        return False
    return not (in_thousands and digits[-1] == "000") and len(plain) != plain.count("0") + 1


def _is_own(part: Groups, word_follows: bool) -> bool:
    """Nine digits, which may as well be an amount in thousands."""
    if part.lengths == (3, 3, 3):
        return not word_follows and part.digits[-1] != "000" and "." not in part.gaps[1]
    return part.digits[0] in {"20", "30", "31", "50", "70"}


def _is_national(part: Groups) -> bool:
    """A trunk prefix and a number, as most of Europe, Asia and Africa write their own."""
    if len(part.all) not in range(9, 13) or len(set(part.all)) == _FEW:
        return False
    one_digit = [place for place, length in enumerate(part.lengths) if length == 1]
    return one_digit in ([], [0], [1])  # Bangkok: 0-2123-4567; Budapest: 06 1 234 5678


def _is_eleven(plain: str) -> bool:
    return re.match(r"1[3-9]\d{9}|[78]9\d{9}|1[2-9]\d\d[2-9]\d{6}", plain) is not None
