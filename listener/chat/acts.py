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
        _refuse_the_slower(app, one, f"incident {one.incident}")
        inbox.snooze_incident(app.store, one.incident, span, one.who, app.hearing, now)
        return None
    before = inbox.acknowledge(app.store, one.incident, one.who, app.editing, now)
    if before is None or before == one.who:
        return None
    return f"{before} looks after incident {one.incident} already."


def save(app: App, one: Saved, now: datetime) -> None:
    """Do to each mention what a window says, or to none of them.

    Raises UsageError where something is missing, or somebody else has just done the same.
    """
    if not one.names:
        raise UsageError("Choose at least one of them.")
    if one.act not in OF_MENTION:
        raise UsageError("There is nothing to do about a mention by that.")
    if one.act is Press.WRONG and one.sentiment not in _SENTIMENTS:
        raise UsageError("Choose a sentiment.")
    for name in one.names:
        _refuse_the_slower(app, one, name)
    subject = pressing.subject_of(app.store, one.incident)
    done = [name for name in one.names if _do(app, one, name, subject, now)]
    if not done:
        verb = "was" if len(one.names) == 1 else "were"
        raise UsageError(f"{', '.join(one.names)} {verb} marked as answered already.")
    inbox.note_work(app.store, one.incident, _DID[one.act], done, one.who, app.editing, now)


def _refuse_the_slower(app: App, one: Button | Saved, what: str) -> None:
    """Raises UsageError where somebody else did the same unseen, while this was being pressed."""
    done = pressing.faster(app.store, one.act, what, one.seen, one.who)
    if done is not None:
        did = _FASTER[one.act].format(what=what, how=_in_words(one.act, done.detail))
        raise UsageError(
            f"{done.who} was faster, and {did}. Nothing of yours was done; press the button anew"
            " to do it all the same."
        )


def _in_words(act: Press, detail: str) -> str:
    """A detail of the record, as it is said."""
    if act is Press.SNOOZE:
        return f"{datetime.fromisoformat(detail):%Y-%m-%d %H:%M} UTC"
    return detail.partition(",")[0]


def _do(app: App, one: Saved, name: str, subject: str, now: datetime) -> bool:
    """Do it to one mention; False where that changed nothing."""
    store, who = app.store, one.who
    match one.act:
        case Press.ANSWERED:
            return inbox.answer(store, name, who, now) is None
        case Press.ASSIGN:
            inbox.assign(store, name, who, who, now)
        case Press.WRONG:
            inbox.correct(store, name, _SENTIMENTS[one.sentiment], (), who, now)
        case _:
            inbox.judge(store, name, subject, who, now, relevant=False)
    return True


_DID: Final = {
    Press.ANSWERED: "answered",
    Press.ASSIGN: "took",
    Press.WRONG: "corrected",
    Press.NOT_US: "put aside",
}
_FASTER: Final = {
    Press.SNOOZE: "snoozed {what} until {how}",
    Press.ANSWERED: "marked {what} as answered",
    Press.ASSIGN: "said that {how} answers {what}",
    Press.WRONG: "said that {what} is {how}",
    Press.NOT_US: "said that {what} is {how}",
}
_SENTIMENTS: Final = {one.value: one for one in Sentiment}
