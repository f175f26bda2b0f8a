"""What a query looks at: the words of a mention, and what is known of it beside them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A mention as queries see it. None: not known, and then no comparison holds."""

    text: str
    title: str = ""
    author: str | None = None  # the handle
    url: str | None = None
    language: str | None = None  # as BCP 47: hu, zh-Hant
    channel: str | None = None
    source: str | None = None
    kind: str | None = None
    stars: float | None = None  # of five
    followers: int | None = None
    likes: int | None = None
    verified: bool | None = None
    said_at: datetime | None = None  # UTC
    sentiment: str | None = None
    intent: str | None = None
    needs_answer: bool | None = None
    topics: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()  # what is to be known of them, of `domain.label.Remark`
    state: str | None = None  # of its response clock
    teams: tuple[str, ...] = ()
    subject: str | None = None  # whom the match is about, of which the rest is known
    above: tuple[str, ...] = ()  # subjects that the text puts this one above
    below: tuple[str, ...] = ()  # and below
