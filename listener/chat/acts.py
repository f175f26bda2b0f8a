"""What presses and saved windows do: the same as the shell's commands, through `inbox`."""

from datetime import datetime
from typing import Final

from listener import inbox, pressing
from listener.app import App
from listener.chat.payload import Button, Saved
from listener.domain.label import Sentiment
from listener.domain.press import OF_MENTION, SPANS, Press
from listener.errors import UsageError


def press_incident(app: App, one: Button, now: datetime) -> str | None:
    """Acknowledge or snooze; returns what the one who pressed should know, if anything.

    Raises UsageError where that cannot be.
    """
    if one.act is Press.SNOOZE:
        span = SPANS.get(one.span)
        if span is None:
            raise UsageError(f"snoozing incident {one.incident}: there is no such span.")
        inbox.snooze_incident(app.store, one.incident, span, one.who, app.hearing, now)
        return None
    before = inbox.acknowledge(app.store, one.incident, one.who, app.editing, now)
    if before is None or before == one.who:
        return None
    return f"{before} looks after incident {one.incident} already."


def save(app: App, one: Saved, now: datetime) -> None:
    """Do to each mention what a window says. Raises UsageError where something is missing."""
    if not one.names:
        raise UsageError("Choose at least one of them.")
    if one.act not in OF_MENTION:
        raise UsageError("There is nothing to do about a mention by that.")
    if one.act is Press.WRONG and one.sentiment not in _SENTIMENTS:
        raise UsageError("Choose a sentiment.")
    subject = pressing.subject_of(app.store, one.incident)
    for name in one.names:
        _do(app, one, name, subject, now)
    did = _DID[one.act]
    inbox.note_work(app.store, one.incident, did, one.names, one.who, app.editing, now)


def _do(app: App, one: Saved, name: str, subject: str, now: datetime) -> None:
    store, who = app.store, one.who
    match one.act:
        case Press.ANSWERED:
            inbox.answer(store, name, who, now)
        case Press.ASSIGN:
            inbox.assign(store, name, who, who, now)
        case Press.WRONG:
            inbox.correct(store, name, _SENTIMENTS[one.sentiment], (), who, now)
        case _:
            inbox.judge(store, name, subject, who, now, relevant=False)


_DID: Final = {
    Press.ANSWERED: "answered",
    Press.ASSIGN: "took",
    Press.WRONG: "corrected",
    Press.NOT_US: "put aside",
}
_SENTIMENTS: Final = {one.value: one for one in Sentiment}
