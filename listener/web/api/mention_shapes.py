"""What is answered of mentions, their labels and their response clocks."""

from typing import Final

from pydantic import Field

from listener.domain.actions import Standing
from listener.domain.label import Sentiment
from listener.domain.mention import Channel, Evidence, Kind
from listener.domain.response import ClockState
from listener.domain.subject import Origin, Role
from listener.web.api.shape import Listed, Moment, Place, Shape

SEEN: Final = (
    "The number of the last act: sent along with an act, it keeps others' from being lost."
)


class Mention(Shape):
    """What somebody said, as `listener export` has it, and as `listener import` reads it."""

    name: str = Field(description="SOURCE:ID, by which it is asked for.")
    row: int
    id: str
    source: str
    channel: Channel
    kind: Kind
    title: str
    text: str
    language: str | None
    url: str | None
    created_at: Moment
    edited_at: Moment | None
    seen_at: Moment
    author: str | None
    author_name: str | None
    author_id: str | None
    followers: int | None
    verified: bool | None
    stars: float | None
    stars_scale: int | None
    likes: int | None
    replies: int | None
    shares: int | None
    views: int | None
    parent_id: str | None
    thread_id: str | None
    brand: str | None = Field(
        description="The subject that the label is towards: the one asked for, else the first."
    )
    subjects: list[str] = Field(description="All subjects that it counts for.")
    origin: Origin | None
    place: str | None
    product: str | None
    product_version: str | None
    label: Sentiment | None
    confidence: float | None = Field(description="How probable the label is.")
    topics: list[str]
    intent: str | None
    needs_answer: bool | None
    reason: str | None
    deleted_at: Moment | None


class FoundMention(Mention):
    """A mention, and where it says what was asked for."""

    terms: list[str]
    places: list[Place]


class MentionPage(Listed):
    """A page of mentions."""

    items: list[FoundMention]


class Clock(Shape):
    """What waits for an answer, or waited, as `listener inbox` has it."""

    id: str = Field(description="SOURCE:ID of the mention.")
    row: int
    subject: str
    channel: Channel
    state: ClockState
    due_at: Moment
    said_at: Moment
    seen_at: Moment
    sentiment: Sentiment | None
    confidence: float | None
    topics: list[str]
    intent: str | None
    needs_answer: bool | None
    reason: str | None
    assignee: str | None
    action: str = Field(
        description="What is best done; empty where nothing is to be done any more."
    )
    meaning: str
    team: str | None
    standing: Standing | None
    author: str | None
    stars: float | None
    stars_scale: int
    stars_disagree: bool
    text: str
    places: list[Place]


class ClockPage(Listed):
    """A page of clocks."""

    items: list[Clock]


class Match(Shape):
    """A subject that the mention was found for."""

    subject: str
    role: Role
    origin: Origin
    counts: bool
    aside: str | None = Field(description="Why it counts for nothing, where it does.")
    sentiment: Sentiment | None
    confidence: float | None
    stars_disagree: bool


class PublicAnswer(Shape):
    """What the brand answered."""

    said_at: Moment
    author: str | None
    text: str
    automatic: bool
    evidence: Evidence


class Act(Shape):
    """What somebody did."""

    number: int
    at: Moment
    who: str
    did: str
    detail: str
    note: str | None
    undone: bool


class MentionDetail(Mention):
    """A mention with all that is known of it."""

    assignee: str | None
    matches: list[Match]
    clocks: list[Clock]
    answers: list[PublicAnswer]
    acts: list[Act]
    seen: int = Field(description=SEEN)


class Label(Shape):
    """What a model or a person said of a mention."""

    subject: str | None = Field(description="Towards whom; null: of the whole text.")
    by: str = Field(description="model, given (it came along), or the person.")
    model: str | None
    sentiment: Sentiment
    negative: float
    neutral: float
    positive: float
    topics: list[str]
    intent: str | None
    intent_confidence: float | None
    needs_answer: bool | None
    reason: str | None
    stars_disagree: bool
    made_at: Moment


class Labels(Shape):
    """The labels of a mention, oldest first."""

    items: list[Label]
