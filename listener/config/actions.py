"""`[[actions]]`: what to do about which signal, before what is built in."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any, Final

from listener.config.arrays import tables_of
from listener.config.table import read_table
from listener.config.values import Reading
from listener.config.words import quoted, suggestion
from listener.domain.actions import MENTION, Action, Standing
from listener.domain.intent import Intent
from listener.domain.label import Sentiment
from listener.domain.mention import Channel
from listener.domain.subject import Role

SIGNALS: Final = (
    MENTION, "spike", "response", "response.due_soon", "response.overdue", "response.escalated",
    "rating_drop", "severe", "severe.threat", "severe.safety", "severe.legal", "severe.press",
    "severe.words", "severe.reach", "influencer", "influencer.praise", "influencer.criticism",
    "competitor", "competitor.opening", "competitor.warning", "flood", "creeping", "floor",
    "quiet_source", "budget",
)  # fmt: skip


def actions(
    document: Mapping[str, Any], reading: Reading, teams: Collection[str]
) -> tuple[Action, ...]:
    """The entries without mistakes, in their order."""
    written = tables_of(document.get("actions", []), "[[actions]]", reading)
    checks: dict[str, Callable[[Any], str | None]] = {
        "on": partial(_unknown, SIGNALS),
        "sentiment": partial(_unknown, [one.value for one in Sentiment]),
        "intent": partial(_unknown, [one.value for one in Intent]),
        "channel": partial(_unknown, [one.value for one in Channel]),
        "role": partial(_unknown, [one.value for one in Role]),
        "standing": partial(_unknown, [one.value for one in Standing]),
        "team": lambda name: _unknown(teams, (name,)) if name else None,
    }
    made = []
    for number, table in enumerate(written, 1):
        where = f"[[actions]] {number}"
        one = read_table(Action, table, reading, where, checks=checks)
        if one is None:
            continue
        if one.action.strip() or one.team:
            made.append(one)
        else:
            reading.mistake(f"{where} says nothing: give it an action, a team or both")
    return tuple(made)


def _unknown(known: Collection[str], given: Sequence[str]) -> str | None:
    """What is wrong with the values of a condition, if anything."""
    wrong = next((one for one in given if one not in known), None)
    if wrong is None:
        return None
    if not known:
        return f"names {quoted(wrong)}, but there is none"
    return f"{quoted(wrong)} is unknown{suggestion(wrong, known)}"
