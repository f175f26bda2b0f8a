"""The door: a mention is normalised and matched once, before it is stored."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from listener.domain.mention import Mention, Response, said_by
from listener.domain.subject import Match, Matcher, Subject
from listener.domain.text import fold, is_question, normalise

TEXT_LIMIT = 20_000
TITLE_LIMIT = 1_000
COUNTS = ("followers", "likes", "replies", "shares", "views")
MOST_COUNTED = 10**15  # more is no count, and SQLite could not keep it


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A mention as it is stored: its text is normal, and its subjects are known."""

    mention: Mention
    raw_text: str | None  # as it came, where normalising changed it
    truncated: bool
    question: bool
    fold: int | None  # equal for copies; None for what is too short to be a copy
    matches: tuple[Match, ...]


def admit(mention: Mention, service: str, matcher: Matcher, now: datetime) -> Arrival:
    """Normalise, match and fold one mention. Total: any text is taken."""
    raw = mention.text
    text = normalise(raw, TEXT_LIMIT)
    title = normalise(mention.title, TITLE_LIMIT).text if mention.title else ""
    said_at = said_by(mention, now)
    if beyond := [name for name in COUNTS if (getattr(mention, name) or 0) > MOST_COUNTED]:
        uncounted: dict[str, Any] = dict.fromkeys(beyond)
        mention = replace(mention, **uncounted)
    if text.changed or title != mention.title or said_at is not mention.said_at:
        mention = replace(mention, text=text.text, title=title, said_at=said_at)
    return Arrival(
        mention=mention,
        raw_text=storable(raw) if text.changed else None,
        truncated=text.truncated,
        question=is_question(text.text),
        fold=fold(text.text),
        matches=tuple(matcher.matches(service, mention)),
    )


def as_classified(mention: Mention) -> str:
    """The text that a model reads of a mention: as it is stored, the title before it."""
    text = normalise(mention.text, TEXT_LIMIT).text
    return f"{normalise(mention.title, TITLE_LIMIT).text}\n{text}" if mention.title else text


def admit_answer(response: Response) -> Response:
    """An answer as it is stored: its text is normal."""
    text = normalise(response.text, TEXT_LIMIT)
    return replace(response, text=text.text) if text.changed else response


def answer_of(mention: Mention, brand: Subject) -> Response:
    """A post of the brand's own account: an answer to what it replies to, not a mention."""
    return Response(
        source=mention.source,
        source_id=mention.source_id,
        said_at=mention.said_at,
        parent_id=mention.parent_id,
        thread_id=mention.thread_id,
        author=mention.author or brand.name,
        text=normalise(mention.text, TEXT_LIMIT).text,
        automatic=mention.automatic,
    )


def storable(raw: str) -> str:
    """A text without what SQLite cannot bind or would cut short."""
    return raw.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")
