"""The competitor rule: their negatives rise; an opening for us, or an early warning."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final, Literal

from listener.domain.incident import Finding, Severity
from listener.domain.times import in_words
from listener.rules.spike.rule import SpikeRule
from listener.rules.spike.scene import SpikeScene
from listener.rules.spike.whose import Rival, compare

NAMED: Final = 3  # topics, or subjects, in a sentence


class Means(StrEnum):
    """What a competitor's trouble is to us."""

    OPENING = "opening"
    WARNING = "warning"  # a brand of ours, or half of the sector, has the same


MEANT: Final = {Means.OPENING: "an opening", Means.WARNING: "an early warning"}
SEVERITIES: Final = {Means.OPENING: Severity.INFO, Means.WARNING: Severity.WATCH}


@dataclass(frozen=True, slots=True, kw_only=True)
class CompetitorScene:
    """A competitor's alarm, and our brands and the other competitors in the same hours.

    `spike` has them all as its rivals. `topics`: of each topic that rose there, our brands in it.
    """

    spike: SpikeScene
    ours: frozenset[str]  # names of brands
    topics: Mapping[str, tuple[Rival, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompetitorRule:
    """A competitor's negatives rise beyond what chance explains, as a brand's do in a spike.

    It is an early warning if a brand of ours rose in the same hours, as a whole or in a topic of
    theirs, or if half of the other competitors did; else it is an opening. It pages nobody.
    """

    sensitivity: Literal["calm", "balanced", "sensitive"] = "calm"
    which: tuple[Means, ...] = tuple(Means)

    @property
    def spike(self) -> SpikeRule:
        return SpikeRule(sensitivity=self.sensitivity)

    def __call__(self, scene: CompetitorScene) -> Finding | None:
        """The finding, or None: too few people, or of a kind that is not told."""
        found = self.spike(scene.spike)
        if found is None:
            return None
        rivals = found.evidence["rivals"]
        ours = [one for one in rivals if one["subject"] in scene.ours]
        others = [one for one in rivals if one["subject"] not in scene.ours]
        same = _same_topics(scene)
        means = _means(ours, others, same)
        if means not in self.which:
            return None
        left = {k: v for k, v in found.evidence.items() if k not in ("rivals", "whose")}
        evidence = {
            **left, "means": means.value, "ours": ours, "others": others, "same_topics": same,
        }  # fmt: skip
        return replace(
            found,
            key=key_of(scene.spike.subject),
            rule="competitor",
            severity=SEVERITIES[means],
            title=_title(scene.spike, evidence),
            why=_why(evidence),
            evidence=evidence,
        )


def key_of(subject: str) -> str:
    return f"competitor:{subject}"


def _same_topics(scene: CompetitorScene) -> list[dict[str, Any]]:
    """The topics of theirs in which brands of ours rose too."""
    return [
        {"topic": topic, **{k: one[k] for k in ("subject", "negative", "usual")}}
        for topic, brands in scene.topics.items()
        for one in compare(scene.spike.subject, int(scene.spike.alarm["negative"]), brands).rivals
        if one["rose"]
    ]


def _means(
    ours: Sequence[Mapping[str, Any]],
    others: Sequence[Mapping[str, Any]],
    same: Sequence[Mapping[str, Any]],
) -> Means:
    rose = sum(one["rose"] for one in others)
    is_sector = rose > 0 and 2 * rose >= len(others)
    shared = same or is_sector or any(one["rose"] for one in ours)
    return Means.WARNING if shared else Means.OPENING


def _title(spike: SpikeScene, evidence: Mapping[str, Any]) -> str:
    window = in_words(timedelta(minutes=int(evidence["window_minutes"])))
    meant = MEANT[Means(evidence["means"])]
    negative = f"{evidence['negative']} negative mentions in {window}"
    return f"{spike.subject}, a competitor: {negative}, {meant}"


def _why(evidence: Mapping[str, Any]) -> str:
    """One line; all figures stand in the receipt."""
    topics = [one["topic"] for one in evidence["topics_risen"]][:NAMED]
    said = [
        f"{evidence['negative']} of {evidence['mentions']} mentions are negative:"
        f" {evidence['share']:.0%}, usually {evidence['usual_share']:.0%}.",
        f"Topics that rose: {', '.join(topics)}." if topics else "",
        f"Words that rose: {', '.join(evidence['terms'])}." if evidence["terms"] else "",
        _meant(evidence),
        "Less than two weeks of history: still learning what is usual."
        if evidence["learning"]
        else "",
    ]
    return " ".join(part for part in said if part)


def _meant(evidence: Mapping[str, Any]) -> str:
    ours, others = evidence["ours"], evidence["others"]
    rose = [one for one in ours if one["rose"]]
    if rose:
        return f"Ours rose too: {_counted(rose)}."
    if evidence["same_topics"]:
        same = (f"{_told(one)} about {one['topic']}" for one in evidence["same_topics"][:NAMED])
        return f"Ours rose too: {' and '.join(same)}."
    quiet = _names(one["subject"] for one in ours)
    if evidence["means"] == Means.WARNING:
        also = _counted([one for one in others if one["rose"]])
        still = f" {quiet} still as usual." if quiet else ""
        return f"Others rose too: {also}.{still}"
    return f"{quiet} as usual." if quiet else ""


def _counted(rose: Sequence[Mapping[str, Any]]) -> str:
    return " and ".join(map(_told, sorted(rose, key=lambda one: -one["negative"])[:NAMED]))


def _told(one: Mapping[str, Any]) -> str:
    usual = f"{one['usual']:.0f}" if one["usual"] >= 1 else "less than 1"
    return f"{one['subject']} has {one['negative']}, usually {usual}"


def _names(names: Iterable[str]) -> str:
    listed = list(names)
    if len(listed) > NAMED:
        return f"Our {len(listed)} brands are"
    return f"{' and '.join(listed)} {'is' if len(listed) == 1 else 'are'}" if listed else ""
