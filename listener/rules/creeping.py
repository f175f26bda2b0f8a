"""The creeping rule: the negative share rises over weeks, too slowly for a spike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from listener.domain.incident import Finding, Severity, place_of
from listener.domain.times import to_json
from listener.domain.trend import Counted, Rise, Share, rising
from listener.domain.wording import Amount, Sentences, Wording

ALMOST_ALL: Final = 0.95  # of a week's labels are by one model: else it is left out
STEADY: Final = 0.75  # of the weeks in which a source spoke: else it came or went
FEWEST_OF_SOURCE: Final = 5  # mentions of a source in a week
GRAVE: Final = 15.0  # points


@dataclass(frozen=True, slots=True, kw_only=True)
class CreepingScene:
    """Half a year of weeks, the last one the newest that is over.

    `parts`: of each week what came from which source, labelled by which model.
    """

    subject_id: int
    subject: str
    channel: str | None
    now: datetime
    weeks: tuple[Share, ...]
    starts: tuple[datetime, ...]
    parts: tuple[tuple[Counted, ...], ...]
    rows: Sequence[int] = ()  # negatives of the last weeks, most telling first
    told: float | None = None  # the share that was told in the last four weeks


@dataclass(frozen=True, slots=True, kw_only=True)
class CreepingRule:
    """A rise of the share by so many points over 4 to 12 weeks, beyond chance and usual moves.

    It compares weeks that one model labelled, and sources that spoke all the time: neither another
    model nor a new source makes people angrier.
    """

    points: float = field(default=5.0, metadata={"between": (1.0, 100.0)})
    at_least: int = field(default=200, metadata={"between": (50, 1_000_000)})

    def may_rise(self, weeks: Sequence[Share]) -> bool:
        """Whether it is worth while to look closer."""
        return rising(weeks, self.points / 100, self.at_least) is not None

    def __call__(self, scene: CreepingScene) -> list[Finding]:
        """One finding, or none."""
        comparable = _comparable(scene.weeks, scene.parts)
        rise = rising(comparable, self.points / 100, self.at_least)
        if rise is None:
            return []
        if scene.told is not None and rise.end < scene.told + self.points / 100:
            return []
        return [_finding(scene, rise, comparable)]


def _comparable(weeks: Sequence[Share], parts: Sequence[Sequence[Counted]]) -> list[Share | None]:
    """The weeks as they would be with the same sources all the time; None: another model's."""
    model = _model(parts[-1]) if parts else None
    kept = [
        {one.source: one for one in week if one.model == model and one.mentions}
        if model is not None and _model(week) == model
        else None
        for week in parts
    ]
    steady = _steady([week for week in kept if week is not None])
    return [
        None if part is None else _standardised(week, part, steady)
        for week, part in zip(weeks, kept, strict=True)
    ]


def _model(week: Sequence[Counted]) -> str | None:
    """The model that labelled almost all of a week; None: there were several, or nothing was."""
    of: dict[str, int] = {}
    for one in week:
        of[one.model] = of.get(one.model, 0) + one.mentions
    most = max(of, key=lambda model: of[model], default=None)
    return most if most is not None and of[most] >= ALMOST_ALL * sum(of.values()) else None


def _steady(weeks: Sequence[Mapping[str, Counted]]) -> dict[str, float]:
    """The sources that spoke in most of the last weeks, each with its part of what was said."""
    latest = weeks[-12:]
    spoke: dict[str, int] = {}
    said: dict[str, int] = {}
    for week in latest:
        for name, one in week.items():
            spoke[name] = spoke.get(name, 0) + (one.mentions >= FEWEST_OF_SOURCE)
            said[name] = said.get(name, 0) + one.mentions
    steady = {name: said[name] for name in said if spoke[name] >= STEADY * len(latest)}
    whole = sum(steady.values())
    return {name: count / whole for name, count in steady.items()}


def _standardised(
    week: Share, part: Mapping[str, Counted], steady: Mapping[str, float]
) -> Share | None:
    """A week's share with the usual mix of its sources, of as many as those sources brought."""
    there = {name: weight for name, weight in steady.items() if name in part}
    weight = sum(there.values())
    read = sum(one.mentions for one in part.values())
    if not weight or not read:
        return None
    share = sum(w * part[name].negative / part[name].mentions for name, w in there.items())
    counted = week.all * sum(part[name].mentions for name in there) / read
    return Share(counted, counted * share / weight)


def key_of(subject: str, channel: str | None) -> str:
    return f"creeping:{subject}:{channel}" if channel else f"creeping:{subject}"


def _finding(scene: CreepingScene, rise: Rise, weeks: Sequence[Share | None]) -> Finding:
    counted = sum(one.all for one in weeks[-rise.weeks :] if one is not None)
    old = max(rise.start, rise.before)
    return Finding(
        key=key_of(scene.subject, scene.channel),
        rule="creeping",
        subject_id=scene.subject_id,
        channel=scene.channel,
        severity=Severity.HIGH if 100 * rise.points >= GRAVE else Severity.WATCH,
        title=Wording(
            "%(place)s: the negative share crept from %(old)s to %(new)s in %(weeks)s weeks",
            place=place_of(scene.subject, scene.channel),
            old=Amount(f"{old:.0%}"),
            new=Amount(f"{rise.end:.0%}"),
            weeks=Amount(rise.weeks),
        ),
        why=Sentences(
            Wording(
                "Of %(count)s mentions in these weeks, by their trend; before it was %(before)s.",
                count=Amount(f"{counted:,.0f}"),
                before=Amount(f"{rise.before:.0%}"),
            ),
            Wording("No single week makes it, nor a new source or another model."),
        ),
        mentions=tuple(scene.rows),
        evidence=_evidence(scene, rise, weeks, counted),
    )


def _evidence(
    scene: CreepingScene, rise: Rise, weeks: Sequence[Share | None], counted: float
) -> dict[str, Any]:
    return {
        "weeks": rise.weeks,
        "share": round(rise.end, 4),
        "usual_share": round(rise.before, 4),
        "share_at_start": round(rise.start, 4),
        "mentions": round(counted),
        "p_value": rise.p_value,
        "dispersion": round(rise.dispersion, 2),
        "started_at": to_json(scene.starts[-rise.weeks]),
        "by_week": [
            {
                "start": to_json(start),
                "mentions": round(one.all) if one else None,
                "share": round(one.some / one.all, 4) if one and one.all else None,
            }
            for start, one in zip(scene.starts, weeks, strict=True)
        ],
    }
