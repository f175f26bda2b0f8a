"""Where phone, card and account numbers stand in a text, told from orders, prices and dates; pure.

Numbers are read as groups of digits with what stands between them: shapes and check digits tell
what they are, and, where those leave it open, the words in front and behind.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from listener.domain.marked import Span
from listener.domain.masking.groups import (
    Groups,
    is_bank_account,
    is_card,
    is_decimal,
    is_long,
    is_time,
)
from listener.domain.masking.phones import is_international, is_phone
from listener.domain.masking.words import ACCOUNTS, AMOUNTS, PHONES, REFERENCES

_GAP: Final = r"[ \u00a0\u2009\u202f.()/‐‑–-]"
_NUMBER: Final = re.compile(rf"[+＋]?\s?\(?\d(?:{_GAP}{{0,3}}\d)*\)?")
_DIGITS: Final = re.compile(r"\d+")
_BEFORE, _AFTER = 28, 12  # characters in which a word says what a number is
_MOST_GROUPS: Final = 6
_WORD_BREAK: Final = re.compile(r"[\n!?。！？;；\d]|,(?=\s)|(?<=[^\W\d_]{4})\.(?=\s)")
_SAID: Final = range(6, 14)  # digits of a number that a word says is a phone's


def numbers(text: str, but: Sequence[Span] = ()) -> Iterator[tuple[Span, bool]]:
    """Where numbers stand that are a person's own, and whether each is a phone's.

    Those in `but` are passed over.
    """
    taken = sorted(but)
    starts = [start for start, _ in taken]
    for found in _NUMBER.finditer(text):
        at = bisect_right(starts, found.end() - 1) - 1
        if at >= 0 and taken[at][1] > found.start():
            continue
        groups = _groups(found)
        if len(groups.all) < _SAID.start or _is_of_a_word(text, *groups.span):
            continue
        yield from _personal(text, groups)


def _groups(found: re.Match[str]) -> Groups:
    runs = list(_DIGITS.finditer(found[0]))
    base = found.start()
    gaps = [found[0][: runs[0].start()]]
    gaps += [found[0][a.end() : b.start()] for a, b in pairwise(runs)]
    plus = "+" if gaps[0][:1] in ("+", "＋") else ""
    return Groups(
        tuple((base + run.start(), base + run.end()) for run in runs),
        tuple("".join(str(int(char)) for char in run[0]) for run in runs),
        (plus, *gaps[1:]),
    )


def _is_of_a_word(text: str, start: int, end: int) -> bool:
    """A tag, a handle, or part of a code such as SF1234567890 or INV-1234567."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    glued = re.search(r"[A-Za-z_][-.]?\Z|[#@＃＠№$€£¥₹₽]\s?\Z|[A-Za-z0-9]/\Z|\d[,:]\Z", before)
    tel = re.search(r"(?:tel|mob|fax|ph|whatsapp)[-.]?\Z", text[max(0, start - 10) : start], re.I)
    grows = re.match(r"[A-Wa-wYyZz_]|[,:]\d|[%‰°€$£¥₹₽]", after)
    return (glued is not None and tel is None) or grows is not None


def _personal(text: str, groups: Groups) -> Iterator[tuple[Span, bool]]:
    said = _Said.about(text, *groups.span)
    at = 0
    while at < len(groups.digits):
        if at and groups.digits[at - 1] == "0" and groups.gaps[at] == ".":
            at += 1  # 0.9499999999998
            continue
        for end in range(min(len(groups.digits), at + _MOST_GROUPS), at, -1):
            part = groups.part(at, end)
            last = end == len(groups.digits)
            if (of_phone := _whose(part, said, last=last)) is not None:
                start, stop = part.span
                if part.gaps[0] or text[start - 1 : start] in ("(", "（"):
                    start = _with_sign(text, start)
                yield (start, stop), of_phone
                at = end
                break
            if is_time(part):
                at = end
                break
        else:
            at += 1


def _with_sign(text: str, start: int) -> int:
    """Where a number begins with its plus and its bracket."""
    while start and text[start - 1] in "+＋(（ ":
        start -= 1
    return start + 1 if text[start] == " " else start


@dataclass(frozen=True, slots=True)
class _Said:
    """What words around a number say that it is."""

    phone: bool
    account: bool
    reference: bool
    amount: bool
    word_follows: bool

    @classmethod
    def about(cls, text: str, start: int, end: int) -> "_Said":
        before = text[max(0, start - _BEFORE) : start].lower()
        after = text[end : end + _AFTER].lower()
        if breaks := list(_WORD_BREAK.finditer(before)):
            before = before[breaks[-1].end() :]
        if stop := _WORD_BREAK.search(after):
            after = after[: stop.start()]
        reference, phone = _last(REFERENCES, before), _last(PHONES, before)
        account = _last(ACCOUNTS, before)
        return cls(
            phone=phone > reference or PHONES.search(after) is not None,
            account=account > max(reference, phone),
            reference=reference > max(phone, account),
            amount=AMOUNTS.match(after) is not None,
            word_follows=re.match(r"[\s-]?[^\W\d_]", after) is not None,
        )


def _last(words: re.Pattern[str], text: str) -> int:
    return max((found.end() for found in words.finditer(text)), default=-1)


def _whose(part: Groups, said: _Said, *, last: bool) -> bool | None:
    """True: a phone; False: a card, an account or a document; None: none of a person's."""
    if part.gaps[0]:
        return True if is_international(part.digits, 8) else None
    if any("/" in gap and " " in gap for gap in part.gaps):
        return None  # of two numbers the first is one by itself
    if is_card(part) and (len(part.digits) > 1 or not said.reference):
        return False
    if is_time(part) or is_decimal(part) or len(set(part.all)) == 1:
        return None
    amount = said.reference or (last and said.amount)
    if _is_account(part, said) and (said.account or not amount):
        return said.phone
    if amount:
        return None
    if said.phone and len(part.all) in _SAID:
        return True
    return True if is_phone(part, word_follows=last and said.word_follows) else None


def _is_account(part: Groups, said: _Said) -> bool:
    """What is said to be one, an account of a kind we know, or a long run of digits."""
    if said.account:
        return len(part.all) >= _SAID.start
    return is_long(part) or is_bank_account(part)
