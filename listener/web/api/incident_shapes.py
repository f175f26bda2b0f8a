"""What is answered of incidents."""

from typing import Literal

from pydantic import Field

from listener.domain.incident import Severity
from listener.domain.mention import Channel
from listener.web.api.mention_shapes import SEEN, Act
from listener.web.api.shape import Listed, Moment, Open, Place, Shape


class Incident(Shape):
    """An incident in short, as `listener incidents` has it."""

    id: int
    rule: str
    severity: Severity
    state: Literal["open", "acknowledged", "resolved"]
    subject: str
    channel: Channel | None
    title: str
    why: str
    action: str
    opened_at: Moment
    updated_at: Moment
    resolved_at: Moment | None


class IncidentPage(Listed):
    """A page of incidents."""

    items: list[Incident]


class Quote(Shape):
    """A mention that the incident rests on."""

    id: str
    role: str
    author: str | None
    followers: int | None
    said_at: Moment
    text: str
    places: list[Place]


class Happened(Shape):
    """A line of its life."""

    at: Moment
    event: str
    who: str | None
    detail: str


class Told(Shape):
    """What an outlet was told."""

    at: Moment
    outlet: str
    event: str
    reason: str | None
    state: str


class Withheld(Shape):
    """What was not told, or not at once."""

    at: Moment
    outlet: str
    event: str
    reason: str
    until: Moment | None
    became: str | None


class Mark(Shape):
    """What a person called it."""

    verdict: Literal["real", "false alarm"]
    note: str
    who: str
    at: Moment


class Note(Shape):
    """What somebody wrote beside it, for colleagues."""

    at: Moment
    who: str
    text: str


class Hour(Shape):
    """An hour around it."""

    start: Moment
    count: int | None = Field(description="Negatives; null: not measured.")
    expected: float | None
    upto: float | None = Field(description="Where chance ends.")
    mark: str


class Receipt(Shape):
    """All that an incident rests on, as `listener explain` has it."""

    incident: int
    subject: str
    channel: Channel | None
    topic: str | None
    rule: str
    severity: Severity
    title: str
    why: str
    action: str
    opened_at: Moment
    resolved_at: Moment | None
    acknowledged_by: str | None
    snoozed_until: Moment | None
    evidence: Open
    quotes: list[Quote]
    history: list[Happened]
    notes: list[Note]
    told: list[Told]
    withheld: list[Withheld]
    mark: Mark | None
    hours: list[Hour]
    acts: list[Act]
    seen: int = Field(description=SEEN)
