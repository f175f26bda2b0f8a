"""What the fields of a query say of a mention, once more from the page: for tests only."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from listener.domain.query.document import Document
from listener.domain.query.nodes import Field
from tests.domain.query.letters import fold


def whole_text(doc: Document) -> str:
    return f"{doc.title}\n{doc.text}" if doc.title else doc.text


def holds(field: Field, doc: Document) -> bool:
    name, value = field.name, field.value
    if name in ("stars", "followers", "likes"):
        return _compare(getattr(doc, name), field)
    if name in ("since", "until"):
        if doc.said_at is None:
            return False
        return (doc.said_at >= _time(value)) == (name == "since")
    return TEXT_FIELDS[name](value, doc)


def _compare(number: float | None, field: Field) -> bool:
    if number is None:
        return False
    value = float(field.value)
    match field.op:
        case ":":
            return number == value
        case "<":
            return number < value
        case "<=":
            return number <= value
        case ">":
            return number > value
        case ">=":
            return number >= value
        case _:
            return value <= number <= float(field.high)


def _time(value: str) -> datetime:
    time = datetime.fromisoformat(value)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _by(value: str, doc: Document) -> bool:
    if not doc.author:
        return False
    author, wanted = fold(doc.author.removeprefix("@")), fold(value.removeprefix("@"))
    if wanted.endswith("*"):
        return author.startswith(wanted[:-1])
    return author == wanted


def _at_site(value: str, doc: Document) -> bool:
    host = (urlsplit(doc.url).hostname or "").lower() if doc.url else ""
    return host == value.lower() or host.endswith("." + value.lower())


def _in_language(value: str, doc: Document) -> bool:
    language, wanted = (doc.language or "").lower(), value.lower()
    return language == wanted or (wanted == "zh" and language.startswith("zh-"))


def _is(value: str, doc: Document) -> bool:
    if value == "verified":
        return bool(doc.verified)
    if value == "repost":
        return doc.text.lstrip().startswith("RT @")
    return fold(doc.text).endswith(("?", "؟"))


def _has_link(value: str, doc: Document) -> bool:
    return re.search(r"https?://\w", whole_text(doc), re.IGNORECASE) is not None


def _in_state(value: str, doc: Document) -> bool:
    states = ("waiting", "due_soon", "overdue") if value == "open" else (value,)
    return doc.state in states


TEXT_FIELDS: dict[str, Callable[[str, Document], bool]] = {
    "author": _by,
    "site": _at_site,
    "lang": _in_language,
    "channel": lambda value, doc: doc.channel == value,
    "source": lambda value, doc: doc.source == value,
    "kind": lambda value, doc: doc.kind == value,
    "is": _is,
    "has": _has_link,
    "sentiment": lambda value, doc: doc.sentiment == value,
    "label": lambda value, doc: value in doc.labels,
    "intent": lambda value, doc: doc.intent == value,
    "needs": lambda value, doc: doc.needs_answer is True,
    "topic": lambda value, doc: value in doc.topics,
    "subject": lambda value, doc: (doc.subject or "").lower() == value,
    "above": lambda value, doc: value in [name.lower() for name in doc.above],
    "below": lambda value, doc: value in [name.lower() for name in doc.below],
    "state": _in_state,
    "team": lambda value, doc: value in doc.teams,
}
