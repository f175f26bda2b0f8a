"""The JSON form of a mention: what is read, what is refused and in which words."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.domain.label import Sentiment
from listener.domain.mention import Channel, Evidence, Kind, Mention, Response
from listener.domain.record import (
    FIELDS,
    SYNONYMS,
    BadRecord,
    Record,
    read_record,
    write_record,
)

SAID_AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def read(default: Channel | None = None, /, **row: Any) -> Record:
    row = {"id": "1", "text": "hello", "created_at": "2026-11-22T12:00:00Z", **row}
    row = {key: value for key, value in row.items() if value != "LEFT OUT"}
    return read_record(row, source="file", channel=default, zone=UTC)


def test_a_line_of_tweets_is_read() -> None:
    record = read(author="ann", lang="en", label="negative", brand="Acme", retweet_count=3, x=None)
    assert record == Record(
        Mention(
            source="file",
            source_id="1",
            text="hello",
            said_at=SAID_AT,
            author="ann",
            language="en",
            label=Sentiment.NEGATIVE,
            brand="Acme",
            raw={"retweet_count": 3},
        )
    )


def test_a_line_of_reviews_is_read_with_its_answer() -> None:
    record = read(
        channel_="x",
        stars=1.0,
        channel="google_play",
        reply_at="2026-11-23T08:00:00",
        reply_by="Acme",
        reply_text="Sorry!",
        topic="billing",
    )
    assert record.mention.channel is Channel.REVIEW
    assert record.mention.kind is Kind.REVIEW
    assert record.mention.topics == ("billing",)
    assert record.mention.raw == {"channel_": "x", "service": "google_play"}
    assert record.response == Response(
        source="file",
        source_id="1#reply",
        said_at=datetime(2026, 11, 23, 8, 0, tzinfo=UTC),
        parent_id="1",
        author="Acme",
        text="Sorry!",
        evidence=Evidence.FIELD,
    )


def test_an_answer_older_than_its_mention_is_passed_on() -> None:
    response = read(reply_at="2026-11-01", reply_id="r9").response
    assert response is not None
    assert response.source_id == "r9"
    assert response.said_at < SAID_AT


def test_an_answer_without_a_date_is_kept_beside() -> None:
    record = read(reply_text="Sorry!")
    assert record.response is None
    assert record.mention.raw == {"reply_text": "Sorry!"}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"created_at": "LEFT OUT"}, "created_at is missing"),
        ({"created_at": None}, "created_at is missing"),
        ({"created_at": "foo"}, "created_at is no time: 'foo'"),
        ({"created_at": True}, "created_at is no time: True"),
        ({"created_at": 12}, "created_at is no time: 12"),
        ({"created_at": math.nan}, "created_at is no time: nan"),
        ({"created_at": "20/11/2026 10:00"}, "created_at is no time: '20/11/2026 10:00'"),
        (
            {"created_at": "0001-01-01"},
            "created_at is outside the years 1970 to 2200: '0001-01-01'",
        ),
        ({"created_at": []}, "created_at is no time: []"),
        ({"edited_at": "later"}, "edited_at is no time: 'later'"),
        ({"reply_at": "later"}, "reply_at is no time: 'later'"),
        ({"text": "LEFT OUT"}, "text is missing"),
        ({"text": ""}, "text is missing"),
        ({"text": " \n"}, "text is missing"),
        (
            {"text": "LEFT OUT", "Text": "x"},
            "text is missing; is it the column 'Text'? Map it: text=Text",
        ),
        ({"text": ["a"]}, "text is a list, not text"),
        ({"text": 5}, "text is a number, not text"),
        ({"id": {"a": 1}}, "id is an object, not text"),
        ({"id": True}, "id is true or false, not text"),
        ({"id": 10**5000}, "id is a number of too many digits"),
        ({"author": ["a"]}, "author is a list, not text"),
        ({"stars": 9}, "stars 9 is outside 0..5"),
        ({"stars": -1}, "stars -1 is outside 0..5"),
        ({"stars": 11, "stars_scale": 10}, "stars 11 is outside 0..10"),
        ({"stars": "many"}, "stars is no number: 'many'"),
        ({"stars": True}, "stars is true or false, not a number"),
        ({"stars": math.nan}, "stars is no number we can keep"),
        ({"stars": 10**5000}, "stars is no number we can keep"),
        ({"stars_scale": 0}, "stars_scale 0 is outside 1..1000"),
        ({"followers": 2**63}, "followers is no number we can keep"),
        ({"followers": math.inf}, "followers is no number we can keep"),
        ({"likes": "12K"}, "likes is no number: '12K'"),
        ({"likes": 1.5}, "likes is no whole number: 1.5"),
        ({"likes": [1]}, "likes is a list, not a number"),
        ({"label": "mixed"}, "label is none of negative, neutral, positive: 'mixed'"),
        ({"label": 3}, "label is none of negative, neutral, positive: 3"),
        ({"topics": {"a": 1}}, "topics is an object, not a list of names"),
        ({"url": 5}, "url is a number, not text"),
        ({"other": [math.nan]}, "other holds what JSON cannot"),
    ],
)
def test_a_row_that_is_no_mention_says_why(row: dict[str, Any], reason: str) -> None:
    with pytest.raises(BadRecord) as caught:
        read(**row)
    assert str(caught.value) == reason


@pytest.mark.parametrize(
    "said",
    [
        "2026-11-22T12:00:00Z",
        "2026-11-22T13:00:00+01:00",
        "2026-11-22 13:00:00 +0100",
        "2026-11-22 12:00:00",
        "2026-11-22 12:00:00 UTC",
        " 2026-11-22T12:00:00 ",
        "20261122T120000",
        1795348800,
        1795348800.0,
        1795348800000,
        "1795348800",
    ],
)
def test_a_moment_is_read_in_the_forms_people_write(said: Any) -> None:
    assert read(created_at=said).mention.said_at == SAID_AT
    assert read(created_at=said).mention.said_at.tzinfo is UTC


def test_a_time_without_a_zone_is_read_in_the_one_given() -> None:
    row = {"text": "x", "created_at": "2026-07-01 14:00"}
    record = read_record(row, source="f", channel=None, zone=ZoneInfo("Europe/Budapest"))
    assert record.mention.said_at == datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    twice = {"text": "x", "created_at": "2026-10-25 02:30"}  # the hour that comes twice
    read_record(twice, source="f", channel=None, zone=ZoneInfo("Europe/Budapest"))


def test_a_date_alone_is_its_midnight() -> None:
    assert read(created_at="2026-11-22").mention.said_at == SAID_AT - timedelta(hours=12)


@pytest.mark.parametrize(
    ("named", "stars", "default", "channel"),
    [
        ("review", None, None, Channel.REVIEW),
        ("ticket", 3, None, Channel.TICKET),
        ("App Store", None, None, Channel.REVIEW),
        ("Google Play Store", None, Channel.SOCIAL, Channel.REVIEW),
        ("trustpilot", None, None, Channel.REVIEW),
        ("x", None, Channel.REVIEW, Channel.SOCIAL),
        ("Reddit", None, None, Channel.SOCIAL),
        ("zendesk", None, None, Channel.TICKET),
        ("somewhere", 4, Channel.NEWS, Channel.REVIEW),
        ("somewhere", None, Channel.NEWS, Channel.NEWS),
        ("somewhere", None, None, Channel.SOCIAL),
        (None, 4, None, Channel.REVIEW),
        (None, 4, Channel.SOCIAL, Channel.REVIEW),
        (None, 9, Channel.SURVEY, Channel.SURVEY),
        (None, None, Channel.NEWS, Channel.NEWS),
        (None, None, None, Channel.SOCIAL),
    ],
)
def test_the_channel_is_named_or_told_by_service_and_stars(
    named: str | None, stars: int | None, default: Channel | None, channel: Channel
) -> None:
    record = read(default, channel=named, stars=stars, stars_scale=10)
    assert record.mention.channel is channel


def test_a_missing_id_is_always_the_same_and_differs_between_rows() -> None:
    ids = [
        read(id="LEFT OUT", **more).mention.source_id
        for more in ({}, {}, {"text": "x"}, {"author": "a"}, {"created_at": "2026-11-22"})
    ]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 4


def test_the_source_in_the_line_wins() -> None:
    assert read(source="forum").mention.source == "forum"


def test_columns_are_mapped_to_our_fields() -> None:
    row = {
        "Body": "hi",
        "When": "2026-11-22 12:00",
        "Score": "4,5",
        "text": "not this",
        "Id": "007",
    }
    fields = {"text": "Body", "created_at": "When", "stars": "Score", "id": "Id"}
    mention = read_record(row, source="f", channel=None, zone=UTC, fields=fields).mention
    assert (mention.text, mention.stars, mention.source_id) == ("hi", 4.5, "007")
    assert mention.raw == {}


def test_stars_alone_are_enough() -> None:
    mention = read(text="", stars="4").mention
    assert (mention.text, mention.stars, mention.channel) == ("", 4.0, Channel.REVIEW)


def test_half_letters_and_control_characters_do_no_harm() -> None:
    half = "\ud83d"
    row = dict.fromkeys(
        ("id", "author", "url", "source", "title", "text", "brand", "x"), f"a{half}\n\0b"
    )
    mention = read(**row).mention
    assert mention.text == f"a{half}\n\0b"  # the door's work
    assert (mention.source_id, mention.author, mention.source) == ("a b", "a b", "a b")
    assert read(id="LEFT OUT", text=half).mention.source_id


def test_a_long_id_is_cut_and_stays_distinct() -> None:
    one, two = (read(id="x" * 600 + end).mention.source_id for end in "ab")
    assert len(one) == len(two) == 500
    assert one != two


def test_only_web_addresses_are_links() -> None:
    assert read(url="https://example.org/1").mention.url == "https://example.org/1"
    mention = read(url="javascript:alert(1)").mention
    assert mention.url is None
    assert mention.raw == {"link": "javascript:alert(1)"}


def test_what_json_cannot_hold_is_left_out_of_the_rest() -> None:
    assert read(score=math.nan, other=1).mention.raw == {"other": 1}


def test_our_own_name_beats_a_synonym() -> None:
    assert read(lang="de", language="hu").mention.language == "hu"
    assert read(language="hu", lang="de").mention.language == "hu"


def test_the_export_names_fields_in_the_order_of_the_design() -> None:
    record = read(reply_at="2026-11-23", stars=3, url="https://e.org", topics=["a", "b"], zeta=1)
    row = write_record(record.mention, record.response)
    known = [name for name in row if name in FIELDS]
    assert known == sorted(known, key=FIELDS.index)
    assert row["created_at"] == "2026-11-22T12:00:00Z"
    assert row["topics"] == ["a", "b"]
    assert list(row)[-1] == "zeta"
    assert None not in row.values()


@pytest.mark.parametrize(
    ("given", "verified"),
    [(True, True), (False, False), (1, True), (0.0, False), ("Yes", True), (" FALSE ", False),
     ("1", True), ("no", False), (None, None), ("", None)],
)  # fmt: skip
def test_an_author_may_be_verified(given: Any, verified: bool | None) -> None:
    mention = read(author="ann", verified=given).mention
    assert (mention.verified, mention.raw) == (verified, {})
    assert write_record(mention).get("verified") is verified


@pytest.mark.parametrize("given", ["Verified buyer", "2026-01-01", 7, ["yes"], {}])
def test_what_does_not_say_whether_an_author_is_verified_is_kept_beside(given: Any) -> None:
    mention = read(verified=given).mention
    assert (mention.verified, mention.raw) == (None, {"verified": given})


def test_of_a_review_it_is_not_the_author_that_is_verified() -> None:
    for row in ({"stars": 4}, {"channel": "trustpilot"}):
        mention = read(verified=True, **row).mention
        assert (mention.verified, mention.raw["verified"]) == (None, True)
    assert write_record(mention)["verified"] is True


def test_a_column_that_is_mapped_says_whether_an_author_is_verified() -> None:
    row = {"text": "hi", "created_at": "2026-11-22", "badge": "no", "verified": "since May"}
    record = read_record(row, source="x", channel=None, zone=UTC, fields={"verified": "badge"})
    assert record.mention.verified is False


lines = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30)
moments = st.datetimes(datetime(1970, 1, 2), datetime(2199, 12, 30), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)
counts = st.none() | st.integers(-(2**63), 2**63 - 1)
scalars = st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | lines
optional = st.none() | lines


@st.composite
def mentions(draw: st.DrawFn) -> Mention:
    scale = draw(st.integers(1, 100))
    stars = draw(st.none() | st.floats(0, scale))
    text = draw(st.text() if stars is not None else st.text(min_size=1).filter(str.strip))
    others = st.text().filter(lambda name: name not in FIELDS and name not in SYNONYMS)
    channel = draw(st.sampled_from(Channel))
    return Mention(
        source=draw(lines),
        source_id=draw(lines),
        text=text if text.strip() else "",
        said_at=draw(moments),
        channel=channel,
        kind=draw(st.sampled_from(Kind)),
        title=draw(st.text().filter(lambda title: not title or title.strip())),
        language=draw(optional),
        url=draw(st.none() | lines.map(lambda line: f"https://{line}")),
        edited_at=draw(st.none() | moments),
        author=draw(optional),
        author_name=draw(optional),
        author_id=draw(optional),
        followers=draw(counts),
        verified=None if channel is Channel.REVIEW else draw(st.none() | st.booleans()),
        stars=stars,
        stars_scale=scale,
        likes=draw(counts),
        replies=draw(counts),
        shares=draw(counts),
        views=draw(counts),
        parent_id=draw(optional),
        thread_id=draw(optional),
        brand=draw(optional),
        place=draw(optional),
        product=draw(optional),
        product_version=draw(optional),
        label=draw(st.none() | st.sampled_from(Sentiment)),
        topics=tuple(draw(st.lists(lines, unique=True, max_size=3))),
        raw=draw(st.dictionaries(others, scalars | st.lists(scalars), max_size=3)),
    )


@given(mentions())
def test_what_is_written_is_read_again(mention: Mention) -> None:
    row = write_record(mention)
    assert read_record(row, source="other", channel=None, zone=UTC) == Record(mention)


@given(mentions(), moments, optional, st.text().filter(lambda text: not text or text.strip()))
def test_an_answer_is_read_again_too(
    mention: Mention, said_at: datetime, author: str | None, text: str
) -> None:
    response = Response(
        source=mention.source,
        source_id="r",
        said_at=said_at,
        parent_id=mention.source_id,
        thread_id=mention.thread_id,
        author=author,
        text=text,
        evidence=Evidence.FIELD,
    )
    row = write_record(mention, response)
    assert read_record(row, source="x", channel=None, zone=UTC) == Record(mention, response)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(FIELDS) | st.text(), anything))
def test_whatever_the_row_it_is_read_or_refused(row: dict[str, Any]) -> None:
    try:
        record = read_record(row, source="file", channel=None, zone=ZoneInfo("Europe/Budapest"))
    except BadRecord:
        return
    assert write_record(record.mention, record.response)
