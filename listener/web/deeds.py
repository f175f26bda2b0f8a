"""What people do to mentions and incidents by the web: one way for forms and for programs.

What a deed is in the database is in `inbox.py`, as at every other door.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from listener import detail, inbox, issues, marking, notes, receipts
from listener.domain.label import Sentiment
from listener.domain.press import SPANS
from listener.domain.wording import Wording
from listener.errors import UsageError
from listener.web.behind import Behind
from listener.web.words import later

LONGEST: Final = 200  # characters of what is written into a field

# What is said when something was done, by the word for it.
SAID: Final = {
    "answer": later("Marked as answered."),
    "dismiss": later("Dismissed: nobody waits for an answer any more."),
    "assign": later("Assigned."),
    "snooze": later("Snoozed; the promise runs on."),
    "correct": later("Corrected: your word wins over the model's."),
    "link": later("Tied to the issue."),
    "note": later("The note is kept."),
    "ack": later("You look after it."),
    "resolve": later("Resolved."),
    "real": later("Marked as real."),
    "false": later("Marked as a false alarm."),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What goes with a deed: to whom, for how long, which sentiment; each by its name."""

    fields: Mapping[str, str]

    def word(self, key: str) -> str:
        """What was written into a field, on one line and not too long."""
        return " ".join(self.fields.get(key, "").split())[:LONGEST]

    def text(self, key: str) -> str:
        """What was written into a field of several lines."""
        return self.fields.get(key, "")

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(filter(None, (one.strip() for one in self.word("topics").split(","))))


class OvertakenError(Exception):
    """Somebody else did something about it since it was shown."""

    def __init__(self, who: str, did: str, number: int) -> None:
        super().__init__(did)
        self.who, self.did, self.number = who, did, number


def to_mention(
    behind: Behind, what: str, name: str, wish: Wish, *, seen: int | None = None
) -> None:
    """Do something to a mention. `seen`: the number of the last deed that was shown.

    Raises OvertakenError where another one came since, and UsageError where it cannot be done.
    """
    with behind.store.write():  # nobody comes between the look and the deed
        if seen is not None:
            _must_not_be_overtaken(detail.last_act(behind.store, name), seen)
        _to_mention(behind, what, name, wish)


def _must_not_be_overtaken(last: tuple[int, str, str], seen: int) -> None:
    number, who, did = last
    if number > seen:
        raise OvertakenError(who, did, number)


def _to_mention(behind: Behind, what: str, name: str, wish: Wish) -> None:
    store, who, now = behind.store, behind.who, behind.now()
    match what:
        case "answer":
            inbox.answer(store, name, who, now)
        case "dismiss":
            inbox.dismiss(store, name, who, now)
        case "assign":
            inbox.assign(store, name, wish.word("to") or who, who, now)
        case "snooze":
            inbox.snooze(store, name, _span(wish), who, now)
        case "correct":
            _correct(behind, name, wish)
        case "link":
            issues.link(
                store, name, _written(wish, "issue", later("Name the issue first.")), who, now
            )
        case "note":
            notes.on_mention(store, name, wish.text("note"), who, now)
        case _:
            raise UsageError(later("This is done to incidents, and not to mentions."))


def _correct(behind: Behind, name: str, wish: Wish) -> None:
    store, who, now = behind.store, behind.who, behind.now()
    sentiment = wish.word("sentiment")
    given = Sentiment(sentiment) if sentiment in set(Sentiment) else None
    subject = wish.word("subject")
    about = wish.word("about")
    if subject and about in ("yes", "no"):
        inbox.judge(store, name, subject, who, now, relevant=about == "yes")
    elif subject:
        if given is None:
            raise UsageError(later("Say what it says of the subject: choose a sentiment."))
        inbox.correct_towards(store, name, subject, given, who, now)
    else:
        inbox.correct(store, name, given, wish.topics, who, now, wish.word("intent") or None)


def to_incident(
    behind: Behind, what: str, number: int, wish: Wish, *, seen: int | None = None
) -> None:
    """Do something to an incident; as `to_mention`."""
    with behind.store.write():
        if seen is not None:
            _must_not_be_overtaken(receipts.last_act(behind.store, number), seen)
        _to_incident(behind, what, number, wish)


def _to_incident(behind: Behind, what: str, number: int, wish: Wish) -> None:
    store, who, now = behind.store, behind.who, behind.now()
    match what:
        case "ack":
            inbox.acknowledge(store, number, who, list(behind.hearing().editing), now)
        case "resolve":
            inbox.resolve(store, number, who, list(behind.hearing().editing), now)
        case "snooze":
            inbox.snooze_incident(store, number, _span(wish), who, behind.hearing(), now)
        case "real" | "false":
            note = wish.word("note")
            marking.mark_incident(store, number, who, now, real=what == "real", note=note)
        case "note":
            notes.on_incident(store, number, wish.text("note"), who, now)
        case _:
            raise UsageError(later("This is done to mentions, and not to incidents."))


def _span(wish: Wish) -> timedelta:
    span = SPANS.get(wish.word("span"))
    if span is None:
        raise UsageError(Wording("Choose for how long: %(spans)s.", spans=", ".join(SPANS)))
    return span


def _written(wish: Wish, key: str, otherwise: str) -> str:
    if not wish.word(key):
        raise UsageError(otherwise)
    return wish.word(key)
