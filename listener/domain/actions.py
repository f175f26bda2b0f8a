"""What to do about a signal, and who can: the first entry of a list that fits says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from listener.domain.incident import Event, Finding

MENTION: Final = "mention"  # the signal of a single mention that waits
QUESTION: Final = "question"


class Standing(StrEnum):
    """How somebody speaks of a subject: see `listener.domain.standing`."""

    PROMOTER = "promoter"
    PASSIVE = "passive"
    CRITIC = "critic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """What is known of an alert or a mention. None, or empty: nobody knows.

    name: "mention", or the rule with its kind: "spike", "severe.legal", "response.overdue". role:
    of the subject. reach: how many may have seen it.
    """

    name: str
    sentiment: str | None = None
    topics: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()
    channel: str | None = None
    role: str | None = None
    standing: str | None = None
    reach: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One entry. A condition that is empty holds for all; of several values one must hold.

    on: names of signals; "severe" is every kind of it. action: what to do; empty leaves it to the
    next that fits. team: who can; empty leaves it to the topic, then to nobody in particular.
    """

    action: str = ""
    meaning: str = ""
    team: str = ""
    on: tuple[str, ...] = ()
    sentiment: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    intent: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    role: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()
    min_reach: int = 0

    def fits(self, signal: Signal) -> bool:
        return (
            _named(self.on, signal.name)
            and _among(self.sentiment, (signal.sentiment,))
            and _among(self.topic, signal.topics)
            and _among(self.intent, signal.intents)
            and _among(self.channel, (signal.channel,))
            and _among(self.role, (signal.role,))
            and _among(self.standing, (signal.standing,))
            and (signal.reach or 0) >= self.min_reach
        )


def _named(wanted: Sequence[str], name: str) -> bool:
    return not wanted or any(name == one or name.startswith(f"{one}.") for one in wanted)


def _among(wanted: Sequence[str], found: Sequence[str | None]) -> bool:
    folded = {one.casefold() for one in wanted}
    return not wanted or any(one is not None and one.casefold() in folded for one in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What is to be done, why, and by whom; empty where nothing says so."""

    action: str = ""
    meaning: str = ""
    team: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """All entries, the user's before those that are built in. `topic_teams`: who owns a topic."""

    actions: tuple[Action, ...] = ()
    topic_teams: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[int, str] = field(default_factory=dict)  # of subjects, by their number

    def choose(self, signal: Signal) -> Chosen:
        """By the first entry that fits; the team is the entry's, else the first topic's.

        One that names a team alone leaves the words to the next that has some.
        """
        fitting = [entry for entry in self.actions if entry.fits(signal)]
        worded = next((entry for entry in fitting if entry.action), Action())
        owners = [self.topic_teams[t] for t in signal.topics if t in self.topic_teams]
        teams = [fitting[0].team] if fitting else []
        return Chosen(
            action=worded.action,
            meaning=worded.meaning,
            team=next((team for team in (*teams, *owners) if team), ""),
        )


def signal_of(finding: Finding, event: Event, role: str | None) -> Signal:
    """An alert as entries see it. Its topics: its own, or those that its mentions share most."""
    evidence = finding.evidence
    kind = evidence.get("kind") or evidence.get("means")
    name = f"{finding.rule}.{kind}" if kind else finding.rule
    if finding.rule == "response":
        name = event.value
    topics = [finding.topic] if finding.topic else list(evidence.get("topics") or ())
    return Signal(
        name=name,
        topics=tuple(one if isinstance(one, str) else str(one[0]) for one in topics),
        channel=finding.channel,
        role=role,
        reach=evidence.get("reach"),
    )
