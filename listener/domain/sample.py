"""A row of a file, or of a test of a query, as queries see it: it need not be dated."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, tzinfo
from typing import Any, Final

from listener.domain.door import TEXT_LIMIT, TITLE_LIMIT
from listener.domain.mention import Channel
from listener.domain.query import Document
from listener.domain.record import read_record
from listener.domain.subject import document_of
from listener.domain.text import normalise

_SOME_DAY: Final = "2000-01-01T00:00:00Z"  # for what is not dated; it is taken out again


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A row: its id, if it has one, and what queries can ask of it."""

    id: str | None
    document: Document


def read_sample(
    row: Mapping[str, Any],
    *,
    source: str = "",
    channel: Channel | None = None,
    zone: tzinfo = UTC,
    fields: Mapping[str, str] = {},
) -> Sample:
    """Read a row as `read_record` does, with its text as it would be stored. Raises BadRecord.

    Its label and its topics are taken as given; without a time it is not known when it was said.
    """
    when = fields.get("created_at", "created_at")
    told = {key: _plain(value) for key, value in row.items()}
    is_dated = bool(told.get(when))
    if not is_dated:
        told[when] = _SOME_DAY
    mention = read_record(told, source=source, channel=channel, zone=zone, fields=fields).mention
    document = replace(
        document_of(mention),
        text=normalise(mention.text, TEXT_LIMIT).text,
        title=normalise(mention.title, TITLE_LIMIT).text,
        sentiment=mention.label.value if mention.label else None,
        topics=mention.topics,
        said_at=mention.said_at if is_dated else None,
    )
    has_id = bool(told.get(fields.get("id", "id")))
    return Sample(id=mention.source_id if has_id else None, document=document)


def _plain(value: Any) -> Any:
    """TOML has times of its own; all else is as in JSON."""
    return value.isoformat() if isinstance(value, date) else value
