"""Feeds: mentions and incidents for readers of news, answers that are due for calendars."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final
from urllib.parse import quote, urlencode

from pydantic import BeforeValidator, Field

from listener import listings
from listener.domain.label import as_told
from listener.domain.response import ClockState
from listener.domain.role import Scope
from listener.domain.times import from_text
from listener.store.waiting import STILL_OPEN
from listener.texts import atom, due
from listener.texts.escape import one_line
from listener.web.api.asked import Asked, Limit, Name, digits
from listener.web.api.endpoint import ATOM, ICS, Endpoint
from listener.web.api.keys import TOKEN
from listener.web.api.mentions import Filters, found
from listener.web.behind import Behind
from listener.web.words import translations

LONGEST: Final = 120  # characters of a title
LONGEST_TEXT: Final = 2_000
MOST_DUE: Final = 500
BASE: Final = "/feeds"


class MentionsFed(Filters):
    """Mentions for a reader of news."""

    limit: Limit = 50
    token: Name | None = None


class IncidentsFed(Asked):
    """Incidents for a reader of news."""

    subject: Name | None = None
    limit: Limit = 50
    token: Name | None = None


class DueAsked(Asked):
    """Answers for a calendar."""

    subject: Name | None = None
    limit: Annotated[int, Field(ge=1, le=MOST_DUE), BeforeValidator(digits)] = 100
    token: Name | None = None


def _mentions(behind: Behind, asked: MentionsFed) -> bytes:
    say = translations(behind.language).gettext
    page = found(behind, asked, limit=asked.limit)
    about = asked.q.strip() or asked.subject
    return atom.feed(
        title=f"{say('Mentions')}: {about}" if about else say("Mentions"),
        itself=_address(behind, "mentions.atom", asked),
        home=behind.home,
        now=behind.now(),
        entries=[_mention(behind, row) for row in page.rows],
    )


def _mention(behind: Behind, row: Mapping[str, Any]) -> atom.Entry:
    told = as_told(row["label"], row["confidence"]) if row["label"] else None
    text = ": ".join(filter(None, (row["title"], row["text"])))
    return atom.Entry(
        id=f"urn:listener:mention:{quote(row['name'], safe=':')}",
        title=" · ".join(filter(None, (row["brand"], told, one_line(text, LONGEST)))),
        content=text[:LONGEST_TEXT],
        author=one_line(row["author"] or row["author_name"] or row["source"], LONGEST),
        link=f"{behind.home}mentions/{row['row']}",
        published=from_text(row["created_at"]),
        updated=from_text(row["edited_at"] or row["seen_at"]),
    )


def _incidents(behind: Behind, asked: IncidentsFed) -> bytes:
    say = translations(behind.language).gettext
    page = listings.incident_page(behind.store, subject=asked.subject, limit=asked.limit)
    return atom.feed(
        title=f"{say('Incidents')}: {asked.subject}" if asked.subject else say("Incidents"),
        itself=_address(behind, "incidents.atom", asked),
        home=f"{behind.home}incidents",
        now=behind.now(),
        entries=[_incident(behind, row) for row in page.rows],
    )


def _incident(behind: Behind, row: Mapping[str, Any]) -> atom.Entry:
    return atom.Entry(
        id=f"urn:listener:incident:{row['id']}",
        title=f"{row['severity']} · {one_line(row['title'], LONGEST)}",
        content=f"{row['why']}\n{row['action']}".strip(),
        author=row["rule"],
        link=f"{behind.home}incidents/{row['id']}",
        published=from_text(row["opened_at"]),
        updated=from_text(row["resolved_at"] or row["updated_at"]),
    )


def _due(behind: Behind, asked: DueAsked) -> bytes:
    now, say = behind.now(), translations(behind.language).gettext
    page = listings.clocks(
        behind.store,
        now,
        states=STILL_OPEN,
        subject=asked.subject,
        limit=asked.limit,
        pack=behind.pack(),
    )
    answers = [_answer(behind, row, say) for row in page.rows]
    return due.calendar(title=say("Answers that are due"), now=now, answers=answers)


def _answer(behind: Behind, row: Mapping[str, Any], say: Callable[[str], str]) -> due.Due:
    what = say("Overdue") if row["state"] == ClockState.OVERDUE else say("Answer")
    author = one_line(row["author"] or "", LONGEST)
    text = one_line(row["text"], LONGEST)
    return due.Due(
        id=f"{quote(row['id'], safe='')}.{quote(row['subject'], safe='')}@listener",
        at=from_text(row["due_at"]),
        title=f"{what}: {' · '.join(filter(None, (row['subject'], author, text)))}",
        text="\n".join(filter(None, (row["action"], row["text"][:LONGEST_TEXT]))),
        link=f"{behind.home}mentions/{row['row']}",
    )


def _address(behind: Behind, name: str, asked: Asked) -> str:
    """Where the feed is read, without the token that opens it."""
    given = asked.model_dump(exclude={TOKEN}, exclude_defaults=True, mode="json")
    return f"{behind.home}feeds/{name}{f'?{urlencode(given)}' if given else ''}"


FEEDS: Final = (
    Endpoint(
        base=BASE,
        path="/mentions.atom",
        name="feed_mentions",
        summary="The newest mentions that a query finds, as an Atom feed.",
        asked=MentionsFed,
        shape=str,
        media=ATOM,
        answer=_mentions,
        scope=Scope.FEED,
    ),
    Endpoint(
        base=BASE,
        path="/incidents.atom",
        name="feed_incidents",
        summary="The newest incidents, as an Atom feed.",
        asked=IncidentsFed,
        shape=str,
        media=ATOM,
        answer=_incidents,
        scope=Scope.FEED,
    ),
    Endpoint(
        base=BASE,
        path="/due.ics",
        name="feed_due",
        summary="The answers that are due, one event each, as a calendar.",
        asked=DueAsked,
        shape=str,
        media=ICS,
        answer=_due,
        scope=Scope.FEED,
    ),
)
