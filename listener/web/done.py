"""What somebody did just now, as the next page says it: in the address, in words, and as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from listener import undoing
from listener.web import deeds
from listener.web.behind import Behind
from listener.web.words import in_words, later, so_many

UNDO: Final = "undo"
MOST: Final = 999  # mentions at once, as an address may say

# What is said when something was done, by the word in the address.
SAID: Final = {
    **deeds.SAID,
    UNDO: later("Undone: it is as it was before."),
    "save-view": later("The view is saved; everybody sees it."),
    "rename-view": later("The view has another name."),
    "remove-view": later("The view is removed; mentions stay as they are."),
}


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, to how many mentions, and by what number it can be undone, if it can."""

    what: str
    count: int = 1
    batch: int | None = None

    @property
    def said(self) -> str:
        """In English, as the words of the pages name it."""
        return SAID[self.what]


def of_act(done: Done) -> dict[str, str]:
    """What is added to the address of the next page."""
    what = done.what if done.count == 1 else f"{done.what}.{done.count}"
    return {"done": what} | ({} if done.batch is None else {UNDO: str(done.batch)})


def read(given: Mapping[str, str], behind: Behind) -> Done | None:
    """What an address says was done; by what number, while that person can still undo it."""
    what, _, count = given.get("done", "").partition(".")
    if what not in SAID:
        return None
    batch = _number(given.get(UNDO, ""))
    if batch is not None and not _can(batch, behind):
        batch = None
    return Done(what, min(_number(count) or 1, MOST), batch)


def _can(batch: int, behind: Behind) -> bool:
    return undoing.can_undo(behind.store, batch, behind.who, behind.now())


def _number(word: str) -> int | None:
    return int(word) if word.isascii() and word.isdigit() and len(word) < 19 else None


def told(done: Done, behind: Behind) -> dict[str, Any]:
    """For our script: the words, and by what number it can be undone."""
    words = in_words(behind.spoken, done.said)
    if done.count != 1:
        words = f"{_counted(behind.spoken, done.count)} {words}"
    return {"said": words, UNDO: done.batch}


def _counted(language: str, count: int) -> str:
    """As the template says it: "3 mentions."."""
    return so_many(language, "%(num)s mention.", "%(num)s mentions.", count)
