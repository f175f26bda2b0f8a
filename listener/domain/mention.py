"""What somebody said, and what a brand said back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from listener.domain.label import Sentiment

MentionId = int


class Channel(StrEnum):
    """The kind of place; it picks the response promise."""

    SOCIAL = "social"
    REVIEW = "review"
    NEWS = "news"
    TICKET = "ticket"
    SURVEY = "survey"


class Kind(StrEnum):
    """The form of what was said."""

    POST = "post"
    COMMENT = "comment"
    REPLY = "reply"
    QUOTE = "quote"
    REVIEW = "review"
    ARTICLE = "article"
    TICKET = "ticket"
    SURVEY_RESPONSE = "survey_response"


USUAL_KIND = {
    Channel.SOCIAL: Kind.POST,
    Channel.REVIEW: Kind.REVIEW,
    Channel.NEWS: Kind.ARTICLE,
    Channel.TICKET: Kind.TICKET,
    Channel.SURVEY: Kind.SURVEY_RESPONSE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """What somebody said, as its source gave it. Kept once by (source, source_id).

    Text fields are raw until the door (`stages/collect.py`) has normalised them.
    """

    source: str
    source_id: str
    text: str
    said_at: datetime  # the source's claim, UTC
    channel: Channel = Channel.SOCIAL
    kind: Kind = Kind.POST
    title: str = ""
    language: str | None = None  # as the source gives it; None: we detect it
    url: str | None = None
    edited_at: datetime | None = None
    author: str | None = None  # the handle
    author_name: str | None = None
    author_id: str | None = None  # stays when the handle changes; the handle where there is none
    followers: int | None = None
    verified: bool | None = None  # the service's own mark of the account; None: it says nothing
    stars: float | None = None
    stars_scale: int = 5
    likes: int | None = None
    replies: int | None = None
    shares: int | None = None
    views: int | None = None
    parent_id: str | None = None  # the source's id of what this answers
    thread_id: str | None = None
    brand: str | None = None  # a subject's name: the match was given
    place: str | None = None
    product: str | None = None
    product_version: str | None = None
    label: Sentiment | None = None  # given with the mention, by a person or a survey
    topics: tuple[str, ...] = ()
    automatic: bool = False  # its account says that it is a robot's; counts where it answers
    raw: Mapping[str, Any] = field(default_factory=dict)  # fields that are none of ours


class Evidence(StrEnum):
    """How a response was tied to its question."""

    DIRECT = "direct"  # it answers the mention itself
    THREAD = "thread"  # it came later in the same conversation
    FIELD = "field"  # the source keeps it with the mention, as review sites do
    HAND = "hand"  # a person marked the mention as answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A brand's public answer, seen at its source or marked by a person."""

    source: str
    source_id: str
    said_at: datetime
    parent_id: str | None  # the source's id of the mention it answers
    thread_id: str | None = None
    author: str | None = None
    text: str = ""
    automatic: bool = False
    evidence: Evidence = Evidence.DIRECT


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """A mention that is no longer at its source: text and author go, id, times and counts stay."""

    source: str
    source_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """An input that could not be read: kept, counted and shown, and nothing else stops for it."""

    place: str  # "reviews.csv:17"
    reason: str
    content: str


Found = Mention | Response | Tombstone | Reject
"""What a thing at a source can be read as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One page of a source, committed by itself together with its cursor."""

    mentions: tuple[Mention, ...] = ()
    responses: tuple[Response, ...] = ()
    tombstones: tuple[Tombstone, ...] = ()
    rejects: tuple[Reject, ...] = ()
    cursor: Mapping[str, Any] | None = None  # JSON; None: keep the one there is
    complete: bool = True  # False: ask again at once
    cost_usd: float = 0.0
    lost_usd: float = 0.0  # may have to be paid beside it, for an answer that was lost on its way
    gap_since: datetime | None = None  # what was said since then may be missing for good
    proved: bool = False  # it is empty, and its source has shown that it would not be else

    @classmethod
    def of(
        cls,
        found: Iterable[Found | None],
        *,
        cursor: Mapping[str, Any] | None = None,
        complete: bool = True,
        cost_usd: float = 0.0,
        gap_since: datetime | None = None,
    ) -> "Batch":
        """With all that was found, each kind in its order; None is left out."""
        each = tuple(found)
        return cls(
            mentions=tuple(one for one in each if isinstance(one, Mention)),
            responses=tuple(one for one in each if isinstance(one, Response)),
            tombstones=tuple(one for one in each if isinstance(one, Tombstone)),
            rejects=tuple(one for one in each if isinstance(one, Reject)),
            cursor=cursor,
            complete=complete,
            cost_usd=cost_usd,
            gap_since=gap_since,
        )


MAX_CLOCK_SKEW = timedelta(minutes=10)


def said_by(mention: Mention, now: datetime) -> datetime:
    """When it was said: the source's claim, unless that lies in the future."""
    return now if mention.said_at > now + MAX_CLOCK_SKEW else mention.said_at
