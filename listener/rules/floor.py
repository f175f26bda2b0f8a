"""The floor rule: bounds that the user sets, and no detector: so many is too many."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from listener.domain.incident import Finding, Severity, place_of
from listener.domain.mention import Channel
from listener.domain.query import Query, parse
from listener.domain.subject import Role, Subject
from listener.domain.times import in_words
from listener.domain.wording import Amount, Span, Wording
from listener.errors import QueryError

MOST: Final = (1, 1_000_000)


@functools.cache
def _parsed(query: str) -> Query:
    return parse(query, broad=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """So many negatives, so many mentions, or such a share of negatives within a time.

    One of `negative`, `mentions` and `share`. Copies count once, at the time they were said.
    """

    subject: str = ""  # a brand's name; empty: each brand
    channel: Channel | None = None
    query: str = ""  # only mentions that it finds
    negative: int | None = field(default=None, metadata={"between": MOST})
    mentions: int | None = field(default=None, metadata={"between": MOST})
    share: float | None = field(default=None, metadata={"between": (0.01, 1.0)})
    at_least: int = field(default=20, metadata={"between": MOST})  # mentions, for a share
    within: timedelta = field(
        default=timedelta(hours=1),
        metadata={"between": (timedelta(minutes=1), timedelta(days=31))},
    )
    severity: Severity = Severity.HIGH
    name: str = ""  # as messages call it

    def __post_init__(self) -> None:
        given = [one for one in (self.negative, self.mentions, self.share) if one is not None]
        if len(given) != 1:
            raise ValueError("needs one of negative, mentions and share")
        if self.query:
            try:
                _parsed(self.query)
            except QueryError as error:
                raise ValueError(f"query: {error}") from None

    @property
    def parsed(self) -> Query | None:
        return _parsed(self.query) if self.query else None

    @property
    def where(self) -> str:
        """What tells it from other bounds of a subject: of their incidents each has its own."""
        return self.name or " ".join(
            [self._asked, f"within {in_words(self.within)}"]
            + ([f"on {self.channel.value}"] if self.channel else [])
            + ([f"of {self.query}"] if self.query else [])
        )

    @property
    def _asked(self) -> str:
        if self.share is not None:
            return f"{self.share:.0%} negative"
        return f"{self.negative} negative" if self.negative else f"{self.mentions} mentions"

    def is_crossed(self, counted: "Counted") -> bool:
        if self.share is not None:
            enough = counted.mentions >= self.at_least
            return enough and counted.negative >= self.share * counted.mentions
        if self.negative is not None:
            return counted.negative >= self.negative
        return self.mentions is not None and counted.mentions >= self.mentions


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What was said within the time of a bound; copies count once."""

    mentions: int
    negative: int
    authors: int = 0
    rows: Sequence[int] = ()  # of what the bound is about, most telling first


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorScene:
    """What was counted for one bound and one subject."""

    subject_id: int
    subject: str
    now: datetime
    bound: Bound
    counted: Counted


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorRule:
    """Absolute bounds for those who want them; without any it is silent."""

    bounds: tuple[Bound, ...] = ()
    quiet: timedelta = timedelta(minutes=30)  # below its bound for so long: it is over
    follows: tuple[Subject, ...] = field(default=(), metadata={"handed": True})

    def __post_init__(self) -> None:
        brands = {one.name.casefold() for one in self.follows if one.role is Role.BRAND}
        for number, bound in enumerate(self.bounds, 1):
            if self.follows and bound.subject and bound.subject.casefold() not in brands:
                raise ValueError(f'bounds[{number}] subject "{bound.subject}" is no brand')

    def __call__(self, scene: FloorScene) -> list[Finding]:
        """One finding, or none."""
        bound, counted = scene.bound, scene.counted
        if not bound.is_crossed(counted):
            return []
        channel = bound.channel.value if bound.channel else None
        return [
            Finding(
                key=f"floor:{scene.subject}:{bound.where}",
                rule="floor",
                subject_id=scene.subject_id,
                channel=channel,
                severity=bound.severity,
                title=_title(bound, counted, place_of(scene.subject, channel)),
                why=_why(bound, counted),
                mentions=tuple(counted.rows),
                evidence=_evidence(bound, counted),
            )
        ]


def _title(bound: Bound, counted: Counted, place: str) -> str:
    within, mentions = Span(bound.within), Amount(counted.mentions)
    if bound.share is not None:
        return Wording(
            "%(place)s: %(share)s of %(mentions)s mentions in %(within)s are negative,"
            " your bound is %(bound)s",
            place=place,
            share=Amount(f"{counted.negative / counted.mentions:.0%}"),
            mentions=mentions,
            within=within,
            bound=Amount(f"{bound.share:.0%}"),
        )
    if bound.negative is not None:
        return Wording(
            "%(place)s: %(negative)s negative mentions in %(within)s, your bound is %(bound)s",
            place=place,
            negative=Amount(counted.negative),
            within=within,
            bound=Amount(bound.negative),
        )
    return Wording(
        "%(place)s: %(mentions)s mentions in %(within)s, your bound is %(bound)s",
        place=place,
        mentions=mentions,
        within=within,
        bound=Amount(bound.mentions),
    )


def _why(bound: Bound, counted: Counted) -> str:
    found = {
        "mentions": Amount(counted.mentions),
        "negative": Amount(counted.negative),
        "authors": Amount(counted.authors),
    }
    if bound.query:
        return Wording(
            "%(mentions)s mentions that %(query)s finds, %(negative)s of them negative,"
            " by %(authors)s authors; copies count once.",
            query=bound.query,
            **found,
        )
    return Wording(
        "%(mentions)s mentions, %(negative)s of them negative, by %(authors)s authors;"
        " copies count once.",
        **found,
    )


def _evidence(bound: Bound, counted: Counted) -> dict[str, Any]:
    return {
        "mentions": counted.mentions,
        "negative": counted.negative,
        "authors": counted.authors,
        "window_minutes": round(bound.within / timedelta(minutes=1)),
        "bound": bound.negative or bound.mentions or bound.share,
        "of": next(n for n in ("negative", "mentions", "share") if getattr(bound, n) is not None),
        "query": bound.query or None,
    }
