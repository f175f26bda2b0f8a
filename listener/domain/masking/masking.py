"""What of people's texts stays in the house: e-mail addresses, phone, card and account numbers."""

import functools
import re
from collections.abc import Iterator
from typing import Final

from listener.domain.marked import Marked, Span
from listener.domain.masking.numbers import numbers
from listener.domain.text import UNSPACED

# Signs, not words: they are read in any language, and no mail program makes a link of them.
ADDRESS: Final = "[•••@•••]"
PHONE: Final = "[☎ •••]"
NUMBER: Final = "[№ •••]"

# Letters of scripts with spaces: in 邮箱anna@qq.com谢谢 the address is what is not Chinese.
_LETTER: Final = rf"[^\W_{UNSPACED}]"
_LOCAL: Final = rf"(?:{_LETTER}|[._%+-])"
_HOST: Final = rf"(?:(?:{_LETTER}|[_-])+\.)+{_LETTER}{{2,}}"
_AT: Final = r"(?:[@＠]|\s?[\[({]\s?(?:at|kukac|arroba|chiocciola|собака)\s?[\])}]\s?)"
_DOT: Final = r"\s?[\[({]\s?(?:dot|pont|punto|punkt|ponto|point)\s?[\])}]\s?"
_LINK: Final = re.compile(r"(?:https?://|www\.)[!-~]+", re.IGNORECASE)
_IBAN: Final = re.compile(
    r"(?<![A-Z0-9])[A-Z]{2}\d{2}"
    r"(?:[A-Z0-9]{11,30}|(?:[ \u00a0-][A-Z0-9]{4}){2,7}(?:[ \u00a0-][A-Z0-9]{1,4})?)(?![A-Z0-9])",
    re.IGNORECASE | re.ASCII,
)
_IBAN_LENGTHS: Final = range(15, 35)


@functools.cache
def _mail() -> re.Pattern[str]:
    """Made when it is first needed: it takes a fiftieth of a second."""
    return re.compile(
        rf"(?<!{_LETTER})(?<![@＠._%+-]){_LOCAL}+{_AT}"  # not @anna@social.example, a handle
        rf"(?:{_HOST}|(?:{_LETTER}|-)+{_DOT}{_LETTER}{{2,}})",
        re.IGNORECASE,
    )


def masked(said: Marked) -> Marked:
    """The text with signs in the place of addresses and numbers; what is marked stays so.

    Not masked are what people need to see, and can ask no one for: numbers of orders, parcels,
    flights and cases, prices, dates, times, links, tags and handles. Where a bare number could be
    either it is masked, unless a word in front of it says that it is an order's.
    """
    edits: list[tuple[Span, str]] = []
    for span, sign in sorted(_found(said.text)):
        if not edits or span[0] >= edits[-1][0][1]:
            edits.append((span, sign))
    return said.edited(edits)


def masked_text(text: str) -> str:
    """As `masked`, of a text in which nothing is marked."""
    return masked(Marked(text)).text


def _found(text: str) -> Iterator[tuple[Span, str]]:
    if "@" in text or "＠" in text or "(" in text or "[" in text or "{" in text:
        yield from ((found.span(), ADDRESS) for found in _mail().finditer(text))
    links = [found.span() for found in _LINK.finditer(text)]
    ibans = list(_ibans(text))
    yield from ((span, NUMBER) for span in ibans)
    for span, is_phone in numbers(text, [*links, *ibans]):
        yield span, PHONE if is_phone else NUMBER


def _ibans(text: str) -> Iterator[Span]:
    """International account numbers whose check digits are right (ISO 13616, ISO 7064)."""
    for found in _IBAN.finditer(text):
        end = found.end()
        while end > found.start():
            if _is_iban(text[found.start() : end]):
                yield found.start(), end
                break
            end = max(text.rfind(gap, found.start(), end) for gap in " \u00a0-")


def _is_iban(text: str) -> bool:
    plain = re.sub(r"[ \u00a0-]", "", text).upper()
    if len(plain) not in _IBAN_LENGTHS:
        return False
    return int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1
