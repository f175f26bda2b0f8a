"""How mistakes are worded: keys and values made fit for one line, and what may have been meant."""

import difflib
import json
import math
import re
from collections.abc import Iterable
from datetime import date, time
from typing import Any

LONGEST = 24  # a longer text may be a secret in the wrong place
MOST_LISTED = 24
_BARE = re.compile(r"[\w-]{1,40}")


def key_text(key: str) -> str:
    """A key as it stands in the file, on one line."""
    return key if _BARE.fullmatch(key) else quoted(key)


def quoted(text: str, longest: int = 40) -> str:
    """A text in quotes on one line: what cannot be printed is escaped, what is long is cut."""
    cut = text if len(text) <= longest else text[: longest - 1] + "…"
    return "".join(
        c if c.isprintable() else json.dumps(c)[1:-1] for c in json.dumps(cut, ensure_ascii=False)
    )


def what_was_found(value: Any, *, hidden: bool = False) -> str:
    """A value in words; only its kind where it may be secret."""
    if isinstance(value, str):
        show = not hidden and len(value) <= LONGEST
        return quoted(value) if show else f"a text of {len(value)} characters"
    if isinstance(value, bool):
        return "true or false" if hidden else str(value).lower()
    if isinstance(value, int | float):
        return "a number" if hidden else _number(value)
    kinds = {dict: "a table", list: "a list", date: "a date", time: "a time of day"}
    return kinds.get(type(value), "a date and time")


def _number(value: int | float) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return str(value) if value == 0 or math.log10(abs(value)) < LONGEST else "a huge number"


def meant(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    by_plain = {_plain(name): name for name in known}
    plain = _plain(word[:80])
    close = difflib.get_close_matches(plain, by_plain, n=3, cutoff=0.5)
    best = max(close, key=lambda name: _alike(plain, name), default=None)
    return None if best is None else by_plain[best]


def _alike(word: str, name: str) -> float:
    """People get the first letter right: "munday" is monday, not sunday."""
    return difflib.SequenceMatcher(None, word, name).ratio() + 0.1 * (word[:1] == name[:1])


def suggestion(word: str, known: Iterable[str], before: str = "", after: str = "") -> str:
    """How a mistake goes on after "is unknown": what was meant, or what there is."""
    names = list(known)
    guess = meant(word, names)
    if guess is not None:
        return f"; did you mean {before}{guess}{after}?"
    if not names:
        return ""
    listed = ", ".join(f"{before}{name}{after}" for name in names[:MOST_LISTED])
    return f"; there is {listed}" + (" …" if len(names) > MOST_LISTED else "")


def _plain(word: str) -> str:
    return word.casefold().replace("-", "_").replace(" ", "_")
