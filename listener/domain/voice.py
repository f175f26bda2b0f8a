"""A mention as rules and messages see it: who, where, when, and the words."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from listener.domain.incident import Quote
from listener.domain.marked import Marked, Span
from listener.domain.masking import masked, masked_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One stored mention of one subject, with the sentiment that readers take."""

    id: int
    name: str  # SOURCE:ID
    channel: str
    said_at: datetime
    text: str
    author: str | None = None
    author_id: int | None = None
    followers: int | None = None
    url: str | None = None
    sentiment: str | None = None
    copy_of: int | None = None  # the first with the same words that day; None: it is that first
    topics: tuple[str, ...] = ()
    language: str | None = None
    stars: str = ""  # as text, "★ 1/5"
    confidence: float | None = None  # how probable the sentiment is; None: nothing is known of it
    places: tuple[Span, ...] = ()  # in the text, where the subject's query found its terms


def distinct_authors(voices: tuple[Voice, ...]) -> int:
    """How many people spoke; one whose name is not known counts by herself."""
    return len({("known", v.author_id) if v.author_id else ("row", v.id) for v in voices})


def clusters(voices: tuple[Voice, ...]) -> int:
    """How many different things were said: copies are folded onto the first."""
    return len({v.copy_of or v.id for v in voices})


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """How many people said how much: of a storm too large to be read voice by voice, too."""

    mentions: int
    copies: int
    authors: int
    clusters: int
    channels: Mapping[str, int]

    @classmethod
    def of(cls, voices: tuple[Voice, ...]) -> "Crowd":
        return cls(
            mentions=len(voices),
            copies=sum(v.copy_of is not None for v in voices),
            authors=distinct_authors(voices),
            clusters=clusters(voices),
            channels=Counter(v.channel for v in voices),
        )


@dataclass(frozen=True, slots=True)
class Repeated:
    """What several said in nearly the same words: how often, by how many, where and when."""

    first: Voice
    mentions: int
    authors: int
    sources: tuple[str, ...]
    last_said_at: datetime


def repeated(voices: tuple[Voice, ...], most: int) -> list[Repeated]:
    """The largest clusters of copies among these voices, largest first."""
    by_first: dict[int, list[Voice]] = {}
    for voice in voices:
        by_first.setdefault(voice.copy_of or voice.id, []).append(voice)
    several = sorted((c for c in by_first.values() if len(c) > 1), key=len, reverse=True)
    return [_repeated(cluster) for cluster in several[:most]]


def _repeated(cluster: list[Voice]) -> Repeated:
    in_order = sorted(cluster, key=lambda v: (v.said_at, v.id))
    return Repeated(
        first=in_order[0],
        mentions=len(cluster),
        authors=distinct_authors(tuple(cluster)),
        sources=tuple(sorted({v.name.partition(":")[0] for v in cluster})),
        last_said_at=in_order[-1].said_at,
    )


def quoted(voice: Voice, length: int, *, mask: bool) -> Quote:
    """The voice as a message shows it, at most `length` characters around what was found.

    `mask`: what a person can be reached or paid by is taken out, for all that leaves the house.
    """
    said = Marked.of(voice.text, voice.places)
    author = voice.author
    if mask:  # of a part that no masking shortens too much: a text may be very long
        said = masked(said.around(4 * length))
        author = masked_text(author) if author else author
    said = said.around(length)
    return Quote(
        name=voice.name,
        author=author,
        text=said.text or voice.stars,
        said_at=voice.said_at,
        url=voice.url,
        sentiment=voice.sentiment,
        confidence=voice.confidence,
        places=said.spans,
    )
