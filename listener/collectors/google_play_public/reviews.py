"""What google-play-scraper reads of a review, as a mention and the developer's answer. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from listener.domain.mention import Channel, Evidence, Kind, Mention, Reject, Response
from listener.domain.values import BadRecord, read_time, shown

Review = Mapping[str, Any]


def changed_at(review: Review) -> datetime | None:
    """When it was written or last changed; the newest first is by this."""
    return _moment(review.get("at"))


def to_mention(review: Review, source: str, package: str) -> Mention | Reject:
    """A review as a mention.

    All that Google tells is when it was last changed. Where the answer is older than that, the
    review is older than the answer, and was changed afterwards.
    """
    number, changed = review.get("reviewId"), changed_at(review)
    place = f"review {shown(number)} of {package}"
    if not isinstance(number, str) or not number or changed is None:
        return Reject(place=place, reason="it has no id or no time", content="")
    text, stars = _line(review.get("content")) or "", _count(review.get("score"))
    stars = stars if stars in (1, 2, 3, 4, 5) else None
    if not text and stars is None:
        return Reject(place=place, reason="it has no words and no stars", content="")
    answered = _moment(review.get("repliedAt"))
    edited = answered is not None and answered < changed
    return Mention(
        source=source,
        source_id=number,
        kind=Kind.REVIEW,
        channel=Channel.REVIEW,
        text=text,
        said_at=answered if answered and edited else changed,
        edited_at=changed if edited else None,
        url=f"https://play.google.com/store/apps/details?id={package}&reviewId={quote(number)}",
        author_name=_line(review.get("userName")),
        stars=stars,
        likes=_count(review.get("thumbsUpCount")),
        product=package,
        product_version=_line(review.get("appVersion")),
    )


def to_answer(review: Review, mention: Mention, brand: str | None) -> Response | None:
    """The developer's answer, if there is one. Of several edits the store keeps the first seen."""
    said_at = _moment(review.get("repliedAt"))
    if said_at is None:
        return None
    return Response(
        source=mention.source,
        source_id=f"{mention.source_id}#reply",  # as an import names it
        said_at=said_at,
        parent_id=mention.source_id,
        author=brand,
        text=_line(review.get("replyContent")) or "",
        evidence=Evidence.FIELD,
    )


def _moment(value: Any) -> datetime | None:
    try:
        return read_time("at", value, UTC)
    except BadRecord:
        return None


def _count(value: Any) -> int | None:
    counts = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63
    return value if counts else None


def _line(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
