"""Undoing what a person did just now: by an act that puts back what stood before, on record too."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from listener.domain.mention import Evidence, Response
from listener.domain.response import OPEN, ResponseClock, settle
from listener.domain.times import from_text, from_text_or_none
from listener.domain.wording import Wording
from listener.errors import UsageError
from listener.stages.measure.answering import stopped
from listener.store import (
    answering,
    clocks,
    issues,
    labels,
    mentions,
    people,
    relevance,
    undoable,
)
from listener.store.connection import Db, Store
from listener.store.notes import NOTED
from listener.store.undoable import Undoable

WITHIN: Final = timedelta(minutes=10)
UNDID: Final = "undid"
NOTHING: Final = Wording("There is nothing to undo.")


@dataclass(frozen=True, slots=True)
class Undone:
    """What was put back, by the names of mentions; and why others could not be."""

    names: tuple[str, ...]
    failed: tuple[str, ...]


def newest_act(store: Store) -> int:
    """The number of the newest line of the record."""
    with store.read() as db:
        return people.newest_act(db)


def together(store: Store, who: str, after: int) -> int | None:
    """Let what a person did since a line of the record be undone at once; returns by what number.

    None: it was nothing that can be undone.
    """
    with store.write() as db:
        return undoable.tie(db, who, after)


def can_undo(store: Store, batch: int, who: str, now: datetime) -> bool:
    """Whether any of what was done at once can still be undone by this person."""
    with store.read() as db:
        return any(_why_not(db, act, who, now) is None for act in undoable.of_batch(db, batch))


def undo(store: Store, batch: int, who: str, now: datetime) -> Undone:
    """Put back what stood before, mention by mention. Raises UsageError where there was nothing."""
    with store.read() as db:
        acts = undoable.of_batch(db, batch)
    if not acts:
        raise UsageError(NOTHING)
    done, failed = [], []
    for act in acts:
        try:
            _undo(store, act.act_id, who, now)
        except UsageError as error:
            failed.append(error.args[0])
        else:
            done.append(act.name)
    return Undone(tuple(done), tuple(failed))


def _undo(store: Store, act_id: int, who: str, now: datetime) -> None:
    with store.write() as db:
        act = undoable.get(db, act_id)
        if act is None:
            raise UsageError(NOTHING)
        if why := _why_not(db, act, who, now):
            raise UsageError(Wording("%(name)s: %(why)s", name=act.name, why=why))
        _BACK[act.did](db, act, now)
        by = people.write_down(db, who, UNDID, act.name, now, act.did)
        undoable.undo(db, act_id, by)


def _why_not(db: Db, act: Undoable, who: str, now: datetime) -> Wording | None:
    """Why an act cannot be undone; None where it can."""
    if act.is_undone:
        return Wording("it was undone already.")
    if act.who != who:
        return Wording("%(who)s did it, and only %(who)s can undo it.", who=act.who)
    if now - act.at > WITHIN:
        return Wording("it is too long ago to be undone; do the opposite instead.")
    if act.is_gone:
        return Wording("its text was deleted meanwhile.")
    if undoable.standing(db, act.name) != act.act_id:
        return Wording("somebody did something about it since; look first.")
    return None if act.did in _BACK else Wording("this cannot be undone.")


def _unanswer(db: Db, act: Undoable, now: datetime) -> None:
    """The clock runs again, unless somebody else has answered."""
    row = mentions.heading(db, act.mention_id)
    source, source_id = row["source"], f"{row['source_id']}#by-hand"
    earlier = act.before["by_hand"]
    if earlier is None:
        answering.take_back(db, source, source_id)
    else:
        at, author = from_text(earlier[0]), earlier[1]
        before = Response(
            source=source,
            source_id=source_id,
            said_at=at,
            parent_id=row["source_id"],
            author=author,
            evidence=Evidence.HAND,
        )
        answering.put_at(db, before)
    answered = answering.answers_of(db, [act.mention_id])
    _run_again(
        db,
        act,
        now,
        lambda c: stopped(replace(c, answered_at=None, human_at=None, evidence=None), answered),
    )
    mentions.redo(db, "measure", [act.mention_id])


def _undismiss(db: Db, act: Undoable, now: datetime) -> None:
    ran = set(act.before["subjects"])
    _run_again(db, act, now, lambda c: replace(c, dismissed=False) if c.subject_id in ran else c)


def _unsnooze(db: Db, act: Undoable, now: datetime) -> None:
    slept: Mapping[str, str | None] = act.before["snoozed_until"]
    _run_again(
        db,
        act,
        now,
        lambda c: replace(c, snoozed_until=from_text_or_none(slept.get(str(c.subject_id)))),
    )


def _run_again(
    db: Db, act: Undoable, now: datetime, change: Callable[[ResponseClock], ResponseClock]
) -> None:
    """Change the clocks of a mention; who heard that one was over hears so again when it is."""
    changed = [settle(change(clock), now) for clock in clocks.of(db, [act.mention_id])]
    again = [replace(c, told_closed=False) if c.state in OPEN else c for c in changed]
    clocks.keep(db, again, now)


def _unassign(db: Db, act: Undoable, now: datetime) -> None:
    people.assign(db, act.mention_id, act.before["assignee"], now)


def _uncorrect(db: Db, act: Undoable, now: datetime) -> None:
    """What a person said of relevance is taken back, too; measuring brings its clocks back."""
    if "subject" in act.before:
        relevance.unsay(db, act.mention_id, act.before["subject"], act.before["verdict"])
    labels.take_back(db, act.before.get("labels", ()))
    mentions.redo(db, "measure", [act.mention_id])


def _unlink(db: Db, act: Undoable, now: datetime) -> None:
    issues.untie(db, act.before["issue"], act.mention_id)


def _unnote(db: Db, act: Undoable, now: datetime) -> None:
    """A note that was undone is shown no more."""


_BACK: Final[Mapping[str, Callable[[Db, Undoable, datetime], None]]] = {
    "answered": _unanswer,
    "dismissed": _undismiss,
    "snoozed": _unsnooze,
    "assigned": _unassign,
    "corrected": _uncorrect,
    "linked": _unlink,
    NOTED: _unnote,
}
