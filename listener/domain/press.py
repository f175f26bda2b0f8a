"""What people press below a message, whatever the service that shows the buttons."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final


class Press(StrEnum):
    ACKNOWLEDGE = "acknowledge"
    SNOOZE = "snooze"
    ANSWERED = "answered"
    ASSIGN = "assign"  # to whoever presses
    WRONG = "wrong"  # the sentiment
    NOT_US = "not_us"
    OPEN = "open"  # a link; it is told to us, and there is nothing to do


MOST_CHOICES: Final = 10  # mentions among which people choose: Slack's bound for check boxes

OF_INCIDENT: Final = frozenset({Press.ACKNOWLEDGE, Press.SNOOZE})
OF_MENTION: Final = frozenset({Press.ANSWERED, Press.ASSIGN, Press.WRONG, Press.NOT_US})

SPANS: Final = {
    "1h": timedelta(hours=1),
    "4h": timedelta(hours=4),
    "1d": timedelta(days=1),
    "7d": timedelta(days=7),
}  # for which one may snooze


_NOT_ABOUT: Final = "not about "  # begins what the record says of a mention that is not


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A mention of an incident that people may say something of."""

    name: str  # SOURCE:ID
    subject: str
    author: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """The last thing that somebody did about a mention, as the record has it."""

    who: str
    did: str  # answered | assigned | corrected | dismissed | snoozed
    detail: str = ""


def is_same(act: Press, worked: Worked) -> bool:
    """Whether what somebody did is what this press does, too."""
    if act in (Press.WRONG, Press.NOT_US):
        is_aside = worked.detail.startswith(_NOT_ABOUT)
        return worked.did == "corrected" and is_aside == (act is Press.NOT_US)
    return _DID.get(act) == worked.did


_DID: Final = {
    Press.SNOOZE: "snoozed",
    Press.ANSWERED: "answered",
    Press.ASSIGN: "assigned",
}
