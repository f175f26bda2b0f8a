"""The feed of reviews as Apple gives it, and what mentions they become. Pure."""

import re
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Final

from listener.domain.mention import Channel, Kind, Mention, Reject
from listener.domain.values import BadRecord, read_time, shown
from listener.errors import CollectorError, Trouble

PAGE: Final = 50  # reviews on a full page

_WRITER: Final = re.compile(r"/id([0-9]+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one question brought. is_app: Apple says that there is such an app."""

    entries: tuple[Any, ...]
    is_app: bool


def read_page(value: Any) -> Page:
    """Take a reply apart. An entry without a rating tells of the app, and is no review.

    An app that Apple does not know gets a reply like others, which names no address of its own.
    """
    feed = value.get("feed") if isinstance(value, dict) else None
    found = feed.get("entry") if isinstance(feed, dict) else None
    entries = found if isinstance(found, list) else [] if found is None else [found]
    if not isinstance(feed, dict) or (found is not None and not isinstance(found, list | dict)):
        words = "Apple's review feed answered something that is no list of reviews"
        raise CollectorError(words, kind=Trouble.SHAPE)
    links = feed.get("link")
    rels = [_of(_of(link, "attributes"), "rel") for link in _as_list(links)]
    reviews = (each for each in entries if not isinstance(each, dict) or "im:rating" in each)
    return Page(entries=tuple(reviews), is_app="self" in rels)


def to_mention(entry: Any, stream: str, source: str) -> Mention | Reject:
    """An entry of the feed of `stream`, which is "app/country", as a review."""
    number, stars = _label(entry, "id"), _label(entry, "im:rating")
    place = f"review {shown(number)} of {named(stream)}"
    if not (number.isascii() and number.isdigit()):
        return Reject(place=place, reason="it has no number", content="")
    if stars not in ("1", "2", "3", "4", "5"):
        return Reject(place=place, reason="it has not one to five stars", content="")
    try:
        said_at = read_time("updated", _label(entry, "updated"), UTC)
    except BadRecord as bad:
        return Reject(place=place, reason=str(bad), content="")
    app, country = stream.split("/")
    writer = _of(entry, "author")
    known_as = _WRITER.search(_label(writer, "uri"))
    return Mention(
        source=source,
        source_id=number,
        title=_label(entry, "title"),
        text=_label(entry, "content"),
        said_at=said_at,
        channel=Channel.REVIEW,
        kind=Kind.REVIEW,
        url=f"https://apps.apple.com/{country}/app/id{app}",
        author_name=_label(writer, "name") or None,
        author_id=known_as[1] if known_as else None,
        stars=float(stars),
        likes=_count(_label(entry, "im:voteSum")),
        place=country.upper(),
        product=app,
        product_version=_label(entry, "im:version") or None,
    )


def named(stream: str) -> str:
    app, country = stream.split("/")
    return f"app {app} in {country}"


def _of(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _label(value: Any, key: str) -> str:
    """The feed's way to give a text: {"label": "the text"}."""
    text = _of(_of(value, key), "label")
    return text if isinstance(text, str) else ""


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
