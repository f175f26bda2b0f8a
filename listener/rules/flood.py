"""The flood rule: many accounts say nearly the same within a short time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from listener.domain.incident import Finding, Severity
from listener.domain.times import to_json
from listener.domain.wording import Amount, Names, Plural, Sentences, Span, Wording

BEYOND_USUAL: Final = 2.0  # times the most copies of such a time in the last four weeks
FEWEST_IN_CLUSTER: Final = 5  # copies; less is chance, or a saying
MOSTLY: Final = 0.5  # of its copies are negative: then it is grave
NEW_WITHIN: Final = timedelta(hours=24)  # an account that was first seen so lately is new to us


class CopyLike(Protocol):
    """One of several mentions that say nearly the same."""

    @property
    def id(self) -> int: ...
    @property
    def head(self) -> int: ...
    @property
    def author_id(self) -> int | None: ...
    @property
    def first_seen(self) -> datetime | None: ...
    @property
    def followers(self) -> int | None: ...
    @property
    def source(self) -> str: ...
    @property
    def said_at(self) -> datetime: ...
    @property
    def negative(self) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FloodScene:
    """The copies that were said of a subject within a time, with their firsts, oldest first.

    Who passes on or quotes another's post is not among them: that is how news spreads.
    """

    subject_id: int
    subject: str
    now: datetime
    copies: Sequence[CopyLike]
    usual_most: int = 0  # copies of such a time, at most, in the last four weeks
    names: Mapping[int, str] = field(default_factory=dict)  # SOURCE:ID of the firsts
    begun: Mapping[int, datetime] = field(default_factory=dict)  # when the firsts were said


@dataclass(frozen=True, slots=True, kw_only=True)
class FloodRule:
    """Many mentions in few clusters of copies, by many accounts, beyond what is usual.

    It does not know who is behind it: a headline that many share looks like a campaign. So it says
    what can be seen, and leaves the judgement to people.
    """

    at_least: int = field(default=50, metadata={"between": (5, 1_000_000)})
    within: timedelta = field(
        default=timedelta(hours=1),
        metadata={"between": (timedelta(minutes=5), timedelta(hours=24))},
    )
    clusters: int = field(default=10, metadata={"between": (1, 1000)})  # at most, the largest
    authors: int = field(default=20, metadata={"between": (2, 1_000_000)})

    def __call__(self, scene: FloodScene) -> list[Finding]:
        """One finding, or none."""
        flood = _largest(scene.copies, self.clusters)
        said = [one for cluster in flood for one in cluster]
        least = max(self.at_least, BEYOND_USUAL * scene.usual_most)
        if len(said) < least or len(_authors(said)) < self.authors:
            return []
        return [self._finding(scene, flood, said)]

    def _finding(
        self, scene: FloodScene, flood: list[list[CopyLike]], said: list[CopyLike]
    ) -> Finding:
        negative = sum(one.negative for one in said)
        within = Span(self.within)
        return Finding(
            key=f"flood:{scene.subject}",
            rule="flood",
            subject_id=scene.subject_id,
            severity=Severity.HIGH if negative >= MOSTLY * len(said) else Severity.WATCH,
            title=Plural(
                "%(subject)s: %(copies)s copies of %(texts)s text by %(authors)s accounts"
                " in %(within)s",
                "%(subject)s: %(copies)s copies of %(texts)s texts by %(authors)s accounts"
                " in %(within)s",
                len(flood),
                subject=scene.subject,
                copies=Amount(f"{len(said):,}"),
                texts=Amount(len(flood)),
                authors=Amount(f"{len(_authors(said)):,}"),
                within=within,
            ),
            why=_why(scene, said, within),
            mentions=_most_telling(flood),
            evidence=_evidence(scene, flood, said)
            | {"window_minutes": round(self.within.total_seconds() / 60)},
        )


def _largest(copies: Sequence[CopyLike], most: int) -> list[list[CopyLike]]:
    """The largest clusters, largest first."""
    by_head: dict[int, list[CopyLike]] = {}
    for one in copies:
        by_head.setdefault(one.head, []).append(one)
    large = [cluster for cluster in by_head.values() if len(cluster) >= FEWEST_IN_CLUSTER]
    return sorted(large, key=lambda cluster: (-len(cluster), cluster[0].id))[:most]


def _authors(said: Sequence[CopyLike]) -> set[int]:
    """Who spoke; one whose name is not known counts by herself."""
    return {one.author_id or -one.id for one in said}


def _new(scene: FloodScene, said: Sequence[CopyLike]) -> tuple[int, int]:
    """How many of the accounts we know were first seen lately, and how many we know."""
    known = {one.author_id: one.first_seen for one in said if one.first_seen and one.author_id}
    return sum(scene.now - seen <= NEW_WITHIN for seen in known.values()), len(known)


def _why(scene: FloodScene, said: Sequence[CopyLike], within: Span) -> str:
    """One line; all figures stand in the receipt."""
    new, known = _new(scene, said)
    negative = sum(one.negative for one in said)
    sources = sorted({one.source for one in said})
    return Sentences(
        Wording("%(count)s of them are negative.", count=Amount(f"{negative:,}")),
        _usually(scene.usual_most, within),
        Wording("On %(sources)s.", sources=Names(*sources)),
        Wording(
            "%(new)s of %(known)s accounts were first seen in the last day.",
            new=Amount(new),
            known=Amount(known),
        )
        if known
        else "",
        Wording("It may be a campaign, or a headline that many share."),
    )


def _usually(most: int, within: Span) -> Wording:
    if not most:
        return Wording("In the last four weeks at most no copies in %(within)s.", within=within)
    return Plural(
        "In the last four weeks at most %(count)s copy in %(within)s.",
        "In the last four weeks at most %(count)s copies in %(within)s.",
        most,
        count=Amount(most),
        within=within,
    )


def _most_telling(flood: Sequence[Sequence[CopyLike]]) -> tuple[int, ...]:
    """The first of each cluster; then of each the one that reaches most."""
    firsts = [cluster[0].id for cluster in flood]
    loud = [max(cluster, key=lambda one: (one.followers or 0, -one.id)).id for cluster in flood]
    return tuple(dict.fromkeys([*firsts, *loud]))[:20]


def _evidence(
    scene: FloodScene, flood: Sequence[Sequence[CopyLike]], said: Sequence[CopyLike]
) -> dict[str, Any]:
    new, known = _new(scene, said)
    reach = sorted(one.followers for one in said if one.followers is not None)
    sources: dict[str, int] = {}
    for one in said:
        sources[one.source] = sources.get(one.source, 0) + 1
    return {
        "mentions": len(said),
        "clusters": len(flood),
        "authors": len(_authors(said)),
        "negative": sum(one.negative for one in said),
        "usual_most": scene.usual_most,
        "new_accounts": new,
        "known_accounts": known,
        "median_followers": reach[len(reach) // 2] if reach else None,
        "sources": sources,
        "first_said_at": to_json(min(scene.begun.get(c[0].head, c[0].said_at) for c in flood)),
        "last_said_at": to_json(max(one.said_at for one in said)),
        "texts": [
            {
                "first": scene.names.get(cluster[0].head, ""),
                "mentions": len(cluster),
                "authors": len(_authors(cluster)),
            }
            for cluster in flood[:10]
        ],
    }
