"""One mention with all that is known of it, for all doors."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from listener import named, views
from listener.domain.actions import Pack
from listener.domain.label import Label
from listener.domain.marked import Marked, told_places
from listener.domain.response import ClockState
from listener.domain.times import to_json
from listener.store import labels, one_mention, subjects
from listener.store.connection import Row, Store

EVERY_STATE = tuple(state.value for state in ClockState)


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """A mention: rows as the database has them, times as text in UTC."""

    head: dict[str, Any]
    said: Marked  # title and text, with what the queries found in them marked
    subjects: list[dict[str, Any]]
    waits: list[dict[str, Any]]  # as `views.waiting` has them, in every state
    labels: list[Label]  # oldest first
    answers: list[dict[str, Any]]
    acts: list[dict[str, Any]]  # oldest first

    @property
    def last_act(self) -> int:
        """The number of what somebody did last; 0 where nobody did anything."""
        return int(self.acts[-1]["id"]) if self.acts else 0


def of_mention(store: Store, name: str, now: datetime, pack: Pack = views.BUILT_IN) -> Detail:
    """Raises UsageError where nothing is called so (SOURCE:ID, or the row number)."""
    with store.read() as db:
        number = named.mention(db, name)
    waits = views.waiting(store, states=EVERY_STATE, now=now, pack=pack, among=[number])
    with store.read() as db:
        head = one_mention.whole(db, number)
        found = one_mention.subjects(db, number)
        return Detail(
            head=dict(head),
            said=_said(head, [json.loads(row["places"] or "[]") for row in found]),
            subjects=[dict(row) for row in found],
            waits=waits,
            labels=labels.of(db, [number]).get(number, []),
            answers=[dict(row) for row in one_mention.answers(db, number)],
            acts=[dict(row) for row in one_mention.acts(db, head["id"])],
        )


def labels_of(store: Store, name: str) -> list[dict[str, Any]]:
    """The labels of a mention as other programs read them, the oldest first.

    Raises UsageError where nothing is called so.
    """
    with store.read() as db:
        number = named.mention(db, name)
        names = subjects.names(db)
        return [_label(one, names) for one in labels.of(db, [number]).get(number, [])]


def _label(one: Label, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "subject": None if one.subject_id is None else names[one.subject_id],
        "by": one.by,
        "model": one.model,
        "sentiment": one.sentiment.value,
        "negative": one.negative,
        "neutral": one.neutral,
        "positive": one.positive,
        "topics": list(one.topics),
        "intent": one.intent,
        "intent_confidence": one.intent_confidence,
        "needs_answer": one.needs_answer,
        "reason": one.reason,
        "stars_disagree": one.at_odds,
        "made_at": to_json(one.made_at),
    }


def brands(store: Store) -> list[str]:
    """The names of those whose mentions wait for answers."""
    with store.read() as db:
        return subjects.brands(db)


def last_act(store: Store, name: str) -> tuple[int, str, str]:
    """The number of what was done last about a mention, who did it, and what; 0 for nothing."""
    with store.read() as db:
        head = one_mention.whole(db, named.mention(db, name))
        done = one_mention.acts(db, head["id"])
    return (int(done[-1]["id"]), done[-1]["who"], done[-1]["did"]) if done else (0, "", "")


def last_acts(store: Store, names: Sequence[str]) -> dict[str, int]:
    """The number of what was done last about each of these mentions (SOURCE:ID), if anything."""
    with store.read() as db:
        return one_mention.last_acts(db, names)


def _said(head: Row, places: Sequence[Sequence[Any]]) -> Marked:
    title, text = head["title"], head["text"]
    told = [place for one in places for place in told_places(one, title or "")]
    whole = f"{title}: {text}" if title else text or ""
    return Marked.of(whole, sorted(told, key=lambda place: (place[0], place[1])))
