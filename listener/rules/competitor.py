"""The competitor rule: their negatives rise; an opening for us, or an early warning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final, Literal

from listener.domain.incident import Finding, Severity
from listener.domain.wording import (
    Amount,
    Names,
    Plural,
    Sentences,
    Span,
    Topic,
    Wording,
    together,
)
from listener.rules.spike.rule import STILL_LEARNING, SpikeRule, words_that_rose
from listener.rules.spike.scene import SpikeScene
from listener.rules.spike.whose import Rival, compare, in_turn, so_many

NAMED: Final = 3  # topics, or subjects, in a sentence


class Means(StrEnum):
    """What a competitor's trouble is to us."""

    OPENING = "opening"
    WARNING = "warning"  # a brand of ours, or half of the sector, has the same


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
    found = {
        "subject": spike.subject,
        "negative": Amount(evidence["negative"]),
        "window": Span(timedelta(minutes=int(evidence["window_minutes"]))),
    }
    if evidence["means"] == Means.OPENING:
        return Wording(
            "%(subject)s, a competitor: %(negative)s negative mentions in %(window)s, an opening",
            **found,
        )
    return Wording(
        "%(subject)s, a competitor: %(negative)s negative mentions in %(window)s, an early warning",
        **found,
    )


def _why(evidence: Mapping[str, Any]) -> str:
    """One line; all figures stand in the receipt."""
    topics = [Topic(one["topic"]) for one in evidence["topics_risen"]][:NAMED]
    return Sentences(
        Wording(
            "%(negative)s of %(mentions)s mentions are negative: %(share)s, usually %(usual)s.",
            negative=Amount(evidence["negative"]),
            mentions=Amount(evidence["mentions"]),
            share=Amount(f"{evidence['share']:.0%}"),
            usual=Amount(f"{evidence['usual_share']:.0%}"),
        ),
        Wording("Topics that rose: %(topics)s.", topics=Names(*topics)) if topics else "",
        words_that_rose(evidence["terms"]),
        _meant(evidence),
        STILL_LEARNING if evidence["learning"] else "",
    )


def _meant(evidence: Mapping[str, Any]) -> str:
    ours, others = evidence["ours"], evidence["others"]
    rose = [one for one in ours if one["rose"]]
    if rose:
        return Wording("Ours rose too: %(told)s.", told=_counted(rose))
    if evidence["same_topics"]:
        told = in_turn(map(_about, evidence["same_topics"][:NAMED]))
        return Wording("Ours rose too: %(told)s.", told=told)
    quiet = _as_usual([one["subject"] for one in ours], evidence["means"])
    if evidence["means"] == Means.OPENING:
        return quiet
    also = _counted([one for one in others if one["rose"]])
    return Sentences(Wording("Others rose too: %(told)s.", told=also), quiet)


def _counted(rose: Sequence[Mapping[str, Any]]) -> str:
    return in_turn(map(_told, sorted(rose, key=lambda one: -one["negative"])[:NAMED]))


def _told(one: Mapping[str, Any]) -> Wording:
    return so_many(one["subject"], one["negative"], one["usual"])


def _about(one: Mapping[str, Any]) -> Wording:
    return Wording("%(told)s about %(topic)s", told=_told(one), topic=Topic(one["topic"]))


def _as_usual(names: Sequence[str], means: str) -> str:
    """That our brands are as usual, or are so still while others rose. Empty of none."""
    still = means == Means.WARNING
    if len(names) > NAMED:
        count = Amount(len(names))
        if still:
            return Wording("Our %(count)s brands are still as usual.", count=count)
        return Wording("Our %(count)s brands are as usual.", count=count)
    if not names:
        return ""
    said = {"names": together(names)}
    if still:
        return Plural(
            "%(names)s is still as usual.", "%(names)s are still as usual.", len(names), **said
        )
    return Plural("%(names)s is as usual.", "%(names)s are as usual.", len(names), **said)
