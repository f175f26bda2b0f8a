"""A mention as rules and messages see it: who, where, when, and the words."""

from dataclasses import dataclass
from datetime import datetime

from listener.domain.incident import Quote
from listener.domain.text import excerpt


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


def distinct_authors(voices: tuple[Voice, ...]) -> int:
    """How many people spoke; one whose name is not known counts by herself."""
    return len({("known", v.author_id) if v.author_id else ("row", v.id) for v in voices})


def clusters(voices: tuple[Voice, ...]) -> int:
    """How many different things were said: copies are folded onto the first."""
    return len({v.copy_of or v.id for v in voices})


def quoted(voice: Voice, length: int) -> Quote:
    """The voice as a message shows it, shortened to `length` characters."""
    return Quote(
        name=voice.name,
        author=voice.author,
        text=excerpt(voice.text, length) or voice.stars,
        said_at=voice.said_at,
        url=voice.url,
        sentiment=voice.sentiment,
        confidence=voice.confidence,
    )
