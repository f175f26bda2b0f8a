"""Answers of Stack Exchange as values: pages, questions, answers, comments. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any

from listener.domain.markup import without_markup
from listener.domain.mention import Kind, Mention, Reject
from listener.domain.values import BadRecord, is_link, read_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Items as they came. backoff: so many seconds its site must not be asked."""

    items: tuple[Mapping[str, Any], ...]
    has_more: bool
    backoff: int


def read_page(value: Any) -> Page | None:
    """An answer as a page; None where it is none."""
    items = value.get("items") if isinstance(value, dict) else None
    if not isinstance(items, list):
        return None
    return Page(
        items=tuple(item if isinstance(item, dict) else {} for item in items),
        has_more=value.get("has_more") is True,
        backoff=count(value.get("backoff")) or 0,
    )


def to_mention(item: Mapping[str, Any], source: str, site: str) -> Mention | Reject:
    """A question, an answer or a comment of a site as a mention.

    Numbers are a site's own, and so are those of users. Titles come escaped.
    """
    kind, number = _what(item)
    said_at, edited_at = _time(item, "creation_date"), _time(item, "last_edit_date")
    place = f"{site}/{number}"
    if not number or said_at is None:
        return Reject(place=place, reason="it has no number or no time", content="")
    title, text = unescape(line(item.get("title"))), without_markup(line(item.get("body")))
    if not text:
        title, text = "", title
    if not text:
        return Reject(place=place, reason="it has no words", content="")
    writer = item.get("owner")
    writer = writer if isinstance(writer, dict) else {}
    user, link = count(writer.get("user_id")), line(item.get("link"))
    parent = count(item.get("post_id" if kind is Kind.COMMENT else "question_id"))
    above = None if parent is None else f"{site}/{parent}"
    return Mention(
        source=source,
        source_id=place,
        kind=kind,
        title=title,
        text=text,
        said_at=said_at,
        edited_at=edited_at if edited_at and edited_at > said_at else None,
        url=link if is_link(link) else None,
        author_name=unescape(line(writer.get("display_name"))) or None,
        author_id=None if user is None else f"{site}/{user}",
        likes=count(item.get("score")),
        replies=count(item.get("answer_count")),
        views=count(item.get("view_count")),
        parent_id=None if kind is Kind.POST else above,
        thread_id=None if kind is Kind.COMMENT else above,
        raw=_extras(item),
    )


def _what(item: Mapping[str, Any]) -> tuple[Kind, str]:
    """What an item is, and its number on its site: posts share theirs, comments have others."""
    if "comment_id" in item:
        number = count(item["comment_id"])
        return Kind.COMMENT, f"c{number}" if number else ""
    kind, name = (Kind.REPLY, "answer_id") if "answer_id" in item else (Kind.POST, "question_id")
    return kind, str(count(item.get(name)) or "")


def _extras(item: Mapping[str, Any]) -> dict[str, Any]:
    """What is none of our fields; the licence wants its writer and its link named."""
    licence, tags = line(item.get("content_license")), item.get("tags")
    words = [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    return ({"tags": words} if words else {}) | ({"license": licence} if licence else {})


def _time(item: Mapping[str, Any], name: str) -> datetime | None:
    try:
        return read_time(name, item.get(name), UTC) if item.get(name) else None
    except BadRecord:
        return None


def line(value: Any) -> str:
    """A text without the blanks around it; empty where it is none."""
    return value.strip() if isinstance(value, str) else ""


def count(value: Any) -> int | None:
    """A number from zero up that the database can hold; None where it is none."""
    counts = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**18
    return value if counts else None
