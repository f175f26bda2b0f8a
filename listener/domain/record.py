"""The JSON form of a mention: what files, hooks and exports carry (DESIGN 7)."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from listener.domain.mention import USUAL_KIND, Channel, Evidence, Mention, Response
from listener.domain.scored import first_score
from listener.domain.times import to_json
from listener.domain.values import (
    BadRecord,
    is_link,
    read_count,
    read_float,
    read_kind,
    read_label,
    read_line,
    read_link,
    read_scale,
    read_text,
    read_time,
    read_topics,
    read_yes_or_no,
    shown,
)

# fmt: off
FIELDS: Final = (
    "id", "source", "channel", "kind", "title", "text", "language", "url", "created_at",
    "edited_at", "author", "author_name", "author_id", "followers", "verified", "stars",
    "stars_scale", "likes", "replies", "shares", "views", "parent_id", "thread_id", "brand",
    "place", "product", "product_version", "reply_at", "reply_id", "reply_author", "reply_text",
    "label", "topics",
)
# fmt: on
SYNONYMS: Final = {
    "lang": "language",
    "reply_by": "reply_author",
    "reply_to": "parent_id",
    "topic": "topics",
}

__all__ = ["FIELDS", "SYNONYMS", "BadRecord", "Record", "made_id", "read_record", "write_record"]

USUAL_SCALE = 5
_SERVICES: Final = {
    Channel.REVIEW: "googleplay playstore googleplaystore appstore appleappstore applestore itunes "
    "huaweiappgallery appgallery galaxystore microsoftstore steam trustpilot googlemaps google "
    "googlereviews googlebusiness googlebusinessprofile googlemybusiness yelp tripadvisor "
    "booking bookingcom expedia airbnb amazon g2 capterra glassdoor bbb sitejabber feefo "
    "reviewsio trustedshops arukereso openrice dianping meituan ctrip tmall taobao jd reviews",
    Channel.SOCIAL: "x twitter reddit facebook instagram threads tiktok youtube mastodon bluesky "
    "linkedin pinterest snapchat discord telegram tumblr quora stackexchange stackoverflow "
    "hackernews weibo sinaweibo wechat xiaohongshu douyin zhihu bilibili vk line kakao forum",
    Channel.NEWS: "rss atom feed blog googlealerts googlenews press web",
    Channel.TICKET: "zendesk freshdesk intercom email mail helpscout support",
    Channel.SURVEY: "typeform delighted asknicely surveymonkey googleforms nps csat ces",
}
_CHANNEL_OF_SERVICE: Final = {
    service: channel for channel, services in _SERVICES.items() for service in services.split()
}


@dataclass(frozen=True, slots=True)
class Record:
    """What one row holds: a mention, and the brand's answer where the row knows of one."""

    mention: Mention
    response: Response | None = None


def read_record(
    row: Mapping[str, Any],
    *,
    source: str,
    channel: Channel | None,
    zone: tzinfo,
    fields: Mapping[str, str] = {},
) -> Record:
    """Read one row. `source` and `channel` hold where the row does not tell; `fields` maps a
    field of ours to the column that holds it; times without a zone are read in `zone`.

    Text is passed on as it is: the door (`stages/collect.py`) normalises it. An answer that is
    dated before its mention is passed on too; whether it counts is decided where clocks are.
    Raises BadRecord.
    """
    if fields:
        row = _renamed(row, fields)
    found: dict[str, Any] = {}
    raw: dict[str, Any] = {}
    for key, value in row.items():
        if value is None or value == "":
            continue
        reader = _READERS.get(key)
        if reader is None:
            _keep(raw, key, value)
        elif reader[0] == key or reader[0] not in found:
            found[reader[0]] = reader[1](key, value)
    said_at = _time("created_at", found.pop("created_at", None), zone, row)
    where = _where(found, raw, channel)
    _score(found, raw, where)
    _check_words(found, row)
    _settle_verified(found, raw, where, row)
    if (found_url := found.get("url")) is not None and not is_link(found_url):
        raw.setdefault("link", found.pop("url"))
    answer = {key: found.pop(key) for key in _ANSWER if key in found}
    if "edited_at" in found:
        found["edited_at"] = _time("edited_at", found["edited_at"], zone, row)
    source = found.pop("source", None) or source
    source_id = found.pop("id", None) or made_id(found, said_at)
    kind = found.pop("kind", None) or USUAL_KIND[where]
    mention = Mention(
        source=source,
        source_id=source_id,
        text=found.pop("text", ""),
        said_at=said_at,
        channel=where,
        kind=kind,
        raw=raw,
        **found,
    )
    return Record(mention, _response(answer, mention, raw, zone, row) if answer else None)


def write_record(mention: Mention, response: Response | None = None) -> dict[str, Any]:
    """The export form: the fields of DESIGN 7 in their order, what is not known left out.

    `read_record` gives back the same mention. Fields that are none of ours follow at the end.
    """
    row: dict[str, Any] = {}
    for name in FIELDS:
        value = getattr(mention, _ATTRIBUTES.get(name, name), None)
        if name == "stars_scale" and mention.stars is None and value == USUAL_SCALE:
            continue
        if value is not None and value != "" and value != ():
            row[name] = _plain(value)
        elif response is not None and name in _ANSWER_ATTRIBUTES:
            answer = getattr(response, _ANSWER_ATTRIBUTES[name])
            if answer is not None and answer != "":
                row[name] = _plain(answer)
    for key, value in mention.raw.items():
        row.setdefault(key, value)
    return row


def made_id(found: Mapping[str, Any], said_at: datetime) -> str:
    """The id of a row that has none: the same author, time and words give the same id."""
    words = found.get("text") or f"{found.get('title', '')}\n{found.get('stars', '')}"
    parts = (found.get("author") or found.get("author_name") or "", said_at.isoformat(), words)
    return sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _renamed(row: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, Any]:
    taken = set(fields.values())
    renamed = {key: value for key, value in row.items() if key not in taken and key not in fields}
    renamed.update((name, row[column]) for name, column in fields.items() if column in row)
    return renamed


def _keep(raw: dict[str, Any], key: str, value: Any) -> None:
    """Keep a field that is none of ours, where JSON can hold it: NaN and infinity are no values."""
    if isinstance(value, float) and not math.isfinite(value):
        return
    if isinstance(value, dict | list):
        try:
            json.dumps(value, allow_nan=False)
        except (ValueError, TypeError, RecursionError):
            raise BadRecord(f"{key} holds what JSON cannot") from None
    raw[key] = value


def _time(name: str, value: Any, zone: tzinfo, row: Mapping[str, Any]) -> datetime:
    if value is None:
        raise BadRecord(_missing(name, row))
    return read_time(name, value, zone)


def _missing(name: str, row: Mapping[str, Any]) -> str:
    alike = [key for key in row if key != name and key.lower() == name]
    hint = f"; is it the column {shown(alike[0])}? Map it: {name}={alike[0]}" if alike else ""
    return f"{name} is missing{hint}"


def _score(found: dict[str, Any], raw: Mapping[str, Any], where: Channel) -> None:
    """An answer of a survey that has no words, as most have none, is judged by its score."""
    if where is not Channel.SURVEY or found.get("text") or "stars" in found:
        return
    if given := first_score(raw):
        found["stars"], found["stars_scale"] = given


def _check_words(found: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    """There are words, or there are stars within their scale."""
    stars = found.get("stars")
    if stars is None:
        if not found.get("text"):
            raise BadRecord(_missing("text", row))
        return
    scale = found.get("stars_scale", USUAL_SCALE)
    if not 0 <= stars <= scale:
        raise BadRecord(f"stars {stars:g} is outside 0..{scale}")


def _where(found: dict[str, Any], raw: dict[str, Any], default: Channel | None) -> Channel:
    """The channel: named, or told by the service that was named, or by stars, or the default."""
    named: str | None = found.pop("channel", None)
    usual = default or Channel.SOCIAL
    if usual is Channel.SOCIAL and "stars" in found:
        usual = Channel.REVIEW  # no social post has stars
    if named is None:
        return usual
    if named in _CHANNELS:
        return _CHANNELS[named]
    raw.setdefault("service", named)
    known = _CHANNEL_OF_SERVICE.get("".join(filter(str.isalnum, named.lower())))
    if known is not None:
        return known
    return Channel.REVIEW if "stars" in found else usual


def _settle_verified(
    found: dict[str, Any], raw: dict[str, Any], where: Channel, row: Mapping[str, Any]
) -> None:
    """Leave aside what says nothing of the author: of a review it is the purchase that is verified,
    and what is neither yes nor no is no answer."""
    if "verified" in found and (where is Channel.REVIEW or found["verified"] is None):
        del found["verified"]
        _keep(raw, "verified", row["verified"])


def _response(
    answer: Mapping[str, Any],
    mention: Mention,
    raw: dict[str, Any],
    zone: tzinfo,
    row: Mapping[str, Any],
) -> Response | None:
    """The answer the row holds. One that is not dated cannot be placed, and is kept in `raw`."""
    if "reply_at" not in answer:
        raw.update(answer)
        return None
    return Response(
        source=mention.source,
        source_id=answer.get("reply_id") or f"{mention.source_id}#reply",
        said_at=_time("reply_at", answer["reply_at"], zone, row),
        parent_id=mention.source_id,
        thread_id=mention.thread_id,
        author=answer.get("reply_author"),
        text=answer.get("reply_text", ""),
        evidence=Evidence.FIELD,
    )


def _as_given(name: str, value: Any) -> Any:
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return to_json(value)
    if isinstance(value, StrEnum):
        return value.value
    return list(value) if isinstance(value, tuple) else value


_CHANNELS: Final = {channel.value: channel for channel in Channel}
_ATTRIBUTES: Final = {"id": "source_id", "created_at": "said_at"}
_ANSWER_ATTRIBUTES: Final = {
    "reply_at": "said_at",
    "reply_id": "source_id",
    "reply_author": "author",
    "reply_text": "text",
}
_ANSWER: Final = tuple(_ANSWER_ATTRIBUTES)
_SPECIAL: Final[dict[str, Callable[[str, Any], Any]]] = {
    "text": read_text,
    "title": read_text,
    "reply_text": read_text,
    "url": read_link,
    "kind": read_kind,
    "created_at": _as_given,
    "edited_at": _as_given,
    "reply_at": _as_given,
    "stars": read_float,
    "stars_scale": read_scale,
    "followers": read_count,
    "verified": read_yes_or_no,
    "likes": read_count,
    "replies": read_count,
    "shares": read_count,
    "views": read_count,
    "label": read_label,
    "topics": read_topics,
}
_READERS: Final[dict[str, tuple[str, Callable[[str, Any], Any]]]] = {
    name: (SYNONYMS.get(name, name), _SPECIAL.get(SYNONYMS.get(name, name), read_line))
    for name in (*FIELDS, *SYNONYMS)
}
