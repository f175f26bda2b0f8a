"""What programs do to mentions and incidents: the deeds of `listener.web.deeds`, sent as JSON."""

from collections.abc import Callable
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator

from listener import detail, pressing, receipts
from listener.domain.intent import Intent
from listener.domain.label import Sentiment
from listener.notes import LONGEST as LONGEST_NOTE
from listener.web import deeds
from listener.web.api.asked import NO_NUL
from listener.web.api.endpoint import Deed, Terms
from listener.web.api.incidents import IncidentAsked
from listener.web.api.mentions import MentionAsked
from listener.web.api.problems import ProblemError
from listener.web.api.sent import Sent, Text, Whole
from listener.web.api.shape import Shape
from listener.web.behind import Behind
from listener.web.deeds import SAID, OvertakenError, Wish

Spans = Literal["1h", "4h", "1d", "7d"]
Topic = Annotated[
    str, Field(min_length=1, max_length=100, pattern=r"^[^\x00,]*[^\x00,\s][^\x00,]*$")
]


class OneDeed(Sent):
    """What is done, and what was seen before."""

    seen: Whole | None = None
    """`seen` of the answer it was read from: if anybody did something since, nothing is done."""

    @property
    def what(self) -> str:
        """The word of the forms for it."""
        return str(self.model_dump()["act"])

    @property
    def wish(self) -> Wish:
        given = self.model_dump(exclude={"act", "seen"}, exclude_none=True)
        return Wish({name: _as_written(value) for name, value in given.items()})


def _as_written(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, tuple | list) else str(value)


class Answered(OneDeed):
    """Mark a mention as answered."""

    act: Literal["answer"]


class Dismissed(OneDeed):
    """It needs no answer."""

    act: Literal["dismiss"]


class Assigned(OneDeed):
    """Say who answers it."""

    act: Literal["assign"]
    to: Text | None = Field(None, description="Whom; without it, whoever bears the token.")


class Snoozed(OneDeed):
    """Say nothing of it for a while; a promise runs on."""

    act: Literal["snooze"]
    span: Spans


class Corrected(OneDeed):
    """Say what it really is; it wins over any model. Without a sentiment the one it has stands."""

    act: Literal["correct"]
    sentiment: Sentiment | None = None
    topics: Annotated[list[Topic], Field(max_length=20)] | None = None
    intent: Intent | Literal["none"] | None = None
    subject: Text | None = Field(None, description="The sentiment is towards this subject alone.")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        of_text = self.topics is not None or self.intent is not None
        if self.subject is not None and (self.sentiment is None or of_text):
            raise ValueError("subject goes with sentiment alone; topics and intent are of the text")
        if self.sentiment is None and not of_text:
            raise ValueError("say what is wrong: sentiment, topics or intent")
        return self


class Judged(OneDeed):
    """Say whether it is about a subject that it was found for."""

    act: Literal["judge"]
    subject: Text
    about: bool

    @property
    def what(self) -> str:
        return "correct"


class Linked(OneDeed):
    """Tie it to an issue of your tracker."""

    act: Literal["link"]
    issue: Text


class Noted(OneDeed):
    """Keep a note for others who work here; nobody outside is told."""

    act: Literal["note"]
    note: Annotated[str, Field(min_length=1, max_length=LONGEST_NOTE, pattern=NO_NUL)]


class Acknowledged(OneDeed):
    """Say that you look after an incident."""

    act: Literal["ack"]


class Resolved(OneDeed):
    """Say that it is over."""

    act: Literal["resolve"]


class CalledReal(OneDeed):
    """Say that it was real."""

    act: Literal["real"]
    note: Text | None = None


class CalledFalse(OneDeed):
    """Say that it was a false alarm."""

    act: Literal["false"]
    note: Text | None = None


MentionDeed = Annotated[
    Answered | Dismissed | Assigned | Snoozed | Corrected | Judged | Linked | Noted,
    Field(discriminator="act"),
]
IncidentDeed = Annotated[
    Acknowledged | Resolved | Snoozed | CalledReal | CalledFalse | Noted, Field(discriminator="act")
]


class Done(Shape):
    """What was done."""

    said: str
    seen: int = Field(description="The number of the last act now.")
    again: bool = Field(
        description="True: this very request was carried out before, and was not a second time."
    )


def _to_mention(behind: Behind, asked: MentionAsked, sent: OneDeed, terms: Terms) -> dict[str, Any]:
    store = behind.store
    detail.last_act(store, asked.id)  # it is there

    def carry_out(seen: int | None) -> None:
        deeds.to_mention(behind, sent.what, asked.id, sent.wish, seen=seen)

    again = _carried_out(behind, f"mention {asked.id}", sent, terms, carry_out)
    return _done(sent, detail.last_act(store, asked.id)[0], again=again)


def _to_incident(
    behind: Behind, asked: IncidentAsked, sent: OneDeed, terms: Terms
) -> dict[str, Any]:
    store = behind.store
    receipts.last_act(store, asked.id)

    def carry_out(seen: int | None) -> None:
        deeds.to_incident(behind, sent.what, asked.id, sent.wish, seen=seen)

    again = _carried_out(behind, f"incident {asked.id}", sent, terms, carry_out)
    return _done(sent, receipts.last_act(store, asked.id)[0], again=again)


def _carried_out(
    behind: Behind, what: str, sent: OneDeed, terms: Terms, carry_out: Callable[[int | None], None]
) -> bool:
    """Do it, unless somebody was faster; True where it was done before under the same key."""
    seen = terms.seen if terms.seen is not None else sent.seen
    try:
        if terms.key is None:
            carry_out(seen)
            return False

        def once() -> bool:
            carry_out(seen)
            return True

        key = f"api:{behind.who}:{what}:{terms.key}"
        return pressing.only_once(behind.store, key, behind.now(), once) is None
    except OvertakenError as news:
        told = {"who": news.who, "did": news.did, "seen": news.number}
        kind = "overtaken" if terms.seen is None else "precondition"
        words = f"{news.who} {news.did} it meanwhile; look first, then send seen: {news.number}."
        raise ProblemError(kind, words, more=told) from None


def _done(sent: OneDeed, seen: int, *, again: bool) -> dict[str, Any]:
    return {"said": SAID[sent.what], "seen": seen, "again": again}


DEEDS: Final = (
    Deed(
        path="/mentions/{id}/actions",
        name="act_on_mention",
        summary="Answer, dismiss, assign, snooze, correct, judge or link a mention.",
        asked=MentionAsked,
        sent=MentionDeed,
        shape=Done,
        carry_out=_to_mention,
    ),
    Deed(
        path="/incidents/{id}/actions",
        name="act_on_incident",
        summary="Acknowledge, snooze or resolve an incident; say whether it was real.",
        asked=IncidentAsked,
        sent=IncidentDeed,
        shape=Done,
        carry_out=_to_incident,
    ),
)
