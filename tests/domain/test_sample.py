"""Rows of files as queries see them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from listener.domain.mention import Channel
from listener.domain.query import parse
from listener.domain.sample import read_sample
from listener.domain.values import BadRecord


def test_a_row_needs_no_time_and_no_id() -> None:
    sample = read_sample({"text": "acme", "stars": 2, "stars_scale": 10, "lang": "hu"})
    assert sample.id is None
    assert sample.document.said_at is None
    assert sample.document.stars == 1
    query = parse("acme stars:1 lang:hu channel:review -since:2000-01-01 -until:2030-01-01")
    assert query.match(sample.document) == ("acme",)


def test_what_is_told_of_it_is_known() -> None:
    row = {
        "nr": 7, "text": "acme\u2028late", "title": " A\r\nB ", "created_at": "2026-11-01T09:00:00",
        "label": "negative", "topics": ["delay"], "author": "jo",
    }  # fmt: skip
    sample = read_sample(
        row,
        source="old",
        channel=Channel.NEWS,
        zone=ZoneInfo("Europe/Budapest"),
        fields={"id": "nr"},
    )
    document = sample.document
    assert sample.id == "7"
    assert document.said_at == datetime(2026, 11, 1, 8, tzinfo=UTC)
    assert (document.title, document.text) == ("A\nB", "acme\nlate")
    assert (document.source, document.channel) == ("old", "news")
    assert (document.sentiment, document.topics) == ("negative", ("delay",))


def test_times_of_toml_are_read_too() -> None:
    when = datetime(2026, 11, 1, 9, tzinfo=UTC)
    assert read_sample({"text": "acme", "created_at": when}).document.said_at == when
    assert read_sample({"text": "acme", "created_at": when.date()}).document.said_at is not None


@pytest.mark.parametrize("row", [{}, {"text": 5}, {"text": "a", "created_at": "soon"}])
def test_a_row_that_is_no_mention_is_refused(row: dict[str, object]) -> None:
    with pytest.raises(BadRecord):
        read_sample(row)
