"""What X's posts become: pure, and calm about whatever an answer holds."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from listener.collectors.x.snowflake import is_id, moment_of
from listener.domain.mention import Kind, Mention, Reject

Post = Mapping[str, Any]
Users = Mapping[str, Mapping[str, Any]]

MOST_LINKS: Final = 100
LONGEST_LINK: Final = 2_000
_USERNAME = re.compile(r"[A-Za-z0-9_]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]+)*")
_OLD_CODES: Final = {"iw": "he", "in": "id", "ji": "yi"}
_NO_LANGUAGE = re.compile(r"und|zxx|art|q..")  # as for posts of pictures, or of tags alone
_MARKS: Final = ("blue", "business", "government")
_LARGEST: Final = 1 << 63  # what the database can count to


def to_mention(post: Post, users: Users, source: str) -> Mention | Reject | None:
    """A post as a mention; None for a repost, and for a version that was edited since.

    Every edit has an id of its own; the mention keeps the first.
    """
    number = post.get("id")
    if not is_id(number):
        return Reject(place="a post", reason="it has no id", content="")
    versions = _versions(post, number)
    referenced = _referenced(post)
    if "retweeted" in referenced or versions[-1] != number:
        return None
    is_edited = len(versions) > 1
    said_at = moment_of(versions[0]) if is_edited else _moment(post) or moment_of(number)
    text = _text(post)
    if said_at is None or not text:
        lacking = "no time" if text else "no text"
        return Reject(place=f"post {number}", reason=f"it has {lacking}", content="")
    return Mention(
        source=source,
        source_id=versions[0],
        text=text,
        said_at=said_at,
        kind=_kind(referenced),
        language=_language(post.get("lang")),
        edited_at=moment_of(number) if is_edited else None,
        parent_id=referenced.get("replied_to"),
        thread_id=_id(post.get("conversation_id")),
        **_counts(post),
        **_author(post, users, number),
    )


def _versions(post: Post, number: str) -> tuple[str, ...]:
    """The ids of a post, from the first version to the newest."""
    history = _list(post.get("edit_history_tweet_ids"))
    versions = tuple(each for each in history if is_id(each))
    return versions if number in versions else (number,)


def _referenced(post: Post) -> dict[str, str]:
    """What it answers, quotes or repeats: the kind of reference, and the id."""
    return {
        each["type"]: each["id"]
        for each in _list(post.get("referenced_tweets"))
        if isinstance(each, dict) and isinstance(each.get("type"), str) and is_id(each.get("id"))
    }


def _kind(referenced: Mapping[str, str]) -> Kind:
    if "replied_to" in referenced:
        return Kind.REPLY
    return Kind.QUOTE if "quoted" in referenced else Kind.POST


def _moment(post: Post) -> datetime | None:
    try:
        moment = datetime.fromisoformat(post["created_at"])
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _text(post: Post) -> str:
    """The whole text, with links as they lead on; empty where there is none."""
    note = post.get("note_tweet")  # of a long post `text` is only the beginning
    if isinstance(note, dict) and isinstance(note.get("text"), str) and note["text"].strip():
        return _readable(note["text"], note.get("entities"))
    text = post.get("text")
    return _readable(text, post.get("entities")) if isinstance(text, str) else ""


def _readable(text: str, entities: Any) -> str:
    for escaped, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(escaped, sign)
    found = _list(entities.get("urls"))[:MOST_LINKS] if isinstance(entities, dict) else []
    links = {each["url"]: each for each in found if _is_short(each)}
    shown = text
    for short in sorted(links, key=len, reverse=True):  # one may begin like another
        shown = shown.replace(short, _target(short, links[short]))
    return shown.strip() or text.strip()  # a picture alone is an answer too


def _is_short(link: Any) -> bool:
    short = link.get("url") if isinstance(link, dict) else None
    return isinstance(short, str) and re.match(r"https?://t\.co/\w", short) is not None


def _target(short: str, link: Mapping[str, Any]) -> str:
    """Where a short link leads; nothing for that of the post's own picture."""
    if link.get("media_key"):
        return ""
    targets = (link.get("unwound_url"), link.get("expanded_url"))
    return next(
        (to for to in targets if isinstance(to, str) and 0 < len(to) <= LONGEST_LINK), short
    )


def _language(code: Any) -> str | None:
    if not isinstance(code, str) or not _LANGUAGE.fullmatch(code) or _NO_LANGUAGE.fullmatch(code):
        return None
    return _OLD_CODES.get(code, code)


def _counts(post: Post) -> dict[str, Any]:
    given = _dict(post.get("public_metrics"))
    reposts, quotes = _count(given.get("retweet_count")), _count(given.get("quote_count"))
    return {
        "likes": _count(given.get("like_count")),
        "replies": _count(given.get("reply_count")),
        "shares": None if reposts is None and quotes is None else (reposts or 0) + (quotes or 0),
        "views": _count(given.get("impression_count")),
    }


def _author(post: Post, users: Users, number: str) -> dict[str, Any]:
    """Who wrote it: an account that is gone or hidden is not given with its posts."""
    author_id = _id(post.get("author_id"))
    user = users.get(author_id or "", {})
    username, shown = user.get("username"), user.get("name")
    handle = username if isinstance(username, str) and _USERNAME.fullmatch(username) else None
    return {
        "author": handle,
        "author_name": shown if isinstance(shown, str) and shown else None,
        "author_id": author_id,
        "followers": _count(_dict(user.get("public_metrics")).get("followers_count")),
        "verified": _verified(user),
        "url": f"https://x.com/{handle or 'i'}/status/{number}",
    }


def _verified(user: Mapping[str, Any]) -> bool | None:
    """Whether X marks the account, in whatever colour; None where it does not say."""
    mark, kind = user.get("verified"), user.get("verified_type")
    if mark is True or kind in _MARKS:
        return True
    return False if mark is False or kind == "none" else None


def _count(value: Any) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool)
    return value if is_count and 0 <= value < _LARGEST else None


def _id(value: Any) -> str | None:
    return value if is_id(value) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
