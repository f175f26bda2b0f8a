"""What a query nearly finds, and why not quite."""

from dataclasses import replace

import pytest

from listener.domain.query import Document, Reading, parse
from listener.domain.query.amiss import Kind, Nearly
from listener.domain.query.nearly import Nearby, Nearest
from tests.builders import NOW


def why(query: str, text: str | Document) -> Nearly | None:
    return Nearby(parse(query, broad=True)).why(text)


def said(query: str, text: str | Document) -> str:
    found = why(query, text)
    assert found is not None
    return found.why


@pytest.mark.parametrize(
    ("query", "text", "kind", "words"),
    [
        ("acme NOT coyote", "acme and a coyote", Kind.EXCLUDED, "excluded by coyote at character"),
        ("acme delay", "acme is fine", Kind.MISSING, "lacks delay"),
        ("acme (late OR slow)", "acme is fine", Kind.MISSING, "lacks late or slow"),
        ("acme", "acmeairlines is fine", Kind.INSIDE, 'acme stands inside of "acmeairlines"'),
        ("@acmeair", "hi @acmeairlines", Kind.INSIDE, '@acmeair stands inside of "@acmeairlines"'),
        ("acme", "my acne is fine", Kind.SLIP, '"acne" is one slip from acme'),
        ("késő", "megint keso", Kind.DIACRITICS, '"keso" differs from késő in its diacritics'),
        ("keso", "megint késő", Kind.DIACRITICS, '"késő" differs from keso in its diacritics'),
        ("快递", "快遞壞了", Kind.CHARACTERS, '"快遞" is 快递 in other characters'),
        ('"acme air"', "on acme-air", Kind.SIGNS, '"acme-air" is "acme air" written otherwise'),
        ('"acme air"', "by ACMEAIR!", Kind.SIGNS, '"ACMEAIR" is "acme air" written otherwise'),
        ("wi-fi", "no wifi here", Kind.SIGNS, '"wifi" is wi-fi written otherwise'),
        ("`Apple`", "an apple a day", Kind.CASE, '"apple" differs from `Apple` in case or signs'),
        (
            "air NEAR/1 late",
            "air was a bit late",
            Kind.FAR,
            '"air" and "late" have 3 words between',
        ),
        ("air NEAR/1 late", "late, was the air", Kind.FAR, '"late" and "air" have 2 words between'),
        ("air ONEAR/5 late", "late air", Kind.FAR, '"late" stands before "air"'),
        ('"acme air" NEAR/0 air', "acme air", Kind.FAR, 'the parts of "acme air" NEAR/0 air over'),
        ("air NEAR/1 (late OR slow)", "my air", Kind.MISSING, "lacks late or slow near air"),
    ],
)
def test_it_says_what_is_amiss(query: str, text: str, kind: Kind, words: str) -> None:
    found = why(query, text)
    assert found is not None
    assert found.kind is kind
    assert found.why.startswith(words)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("acme", "acme is found"),
        ("acme", "of something else"),
        ("acme delay", "of something else"),
        ("acme delay late", "acme alone lacks two of three"),
        ("acme delay NOT coyote", "acme lacks one, and has a coyote"),
        ("air NEAR/1 late", "of something else"),
        ("acme*", "the word racme"),
        ("(acme OR air) stars:1", "of something else"),
        ("ab", "within a cab"),
    ],
)
def test_what_is_found_and_what_is_far_from_it_is_not_nearly_found(query: str, text: str) -> None:
    assert why(query, text) is None


def test_all_that_excludes_it_is_named_with_its_places() -> None:
    text = "acme: the coyote is hiring, apply now"
    found = why("acme NOT (coyote OR corp) NOT pack:jobs", text)
    assert found is not None
    assert found.why == (
        'excluded by coyote at character 11 and excluded by pack:jobs: "is hiring" at character 18,'
        ' "apply now" at character 29'
    )
    marked = [text[place.start : place.end] for place in found.places]
    assert marked == ["coyote", "is hiring", "apply now"]


def test_a_field_that_excludes_it_is_named() -> None:
    assert said("acme -is:repost", "RT @somebody acme") == "excluded by is:repost"


def test_a_pair_that_excludes_it_is_named_once() -> None:
    text = "acme corp, the corp by acme"
    found = why("acme NOT (acme NEAR/1 corp)", text)
    assert found is not None
    assert found.why == "excluded by acme NEAR/1 corp at character 1"
    assert [(place.start, place.term) for place in found.places] == [(0, "acme"), (5, "corp")]


def test_of_several_ways_to_be_found_the_nearest_counts() -> None:
    assert said("(acme delay late) OR (acme slow)", "acme is fine") == "lacks slow"
    assert said("(acme delay) OR boreal", "my delay") == "lacks acme or boreal"
    assert said("coyote OR acme", "acmeair with a coyot") == 'acme stands inside of "acmeair"'


def test_of_each_kind_some_are_kept_and_all_are_counted() -> None:
    nearest: Nearest[str] = Nearest(5)
    for number in range(9):
        nearest.add(Kind.MISSING, f"missing {number}")
        nearest.add(Kind.SLIP, f"slip {number}")
    nearest.add(Kind.EXCLUDED, "excluded")
    assert nearest.kept == ["excluded", "slip 0", "slip 1", "missing 0", "missing 1"]
    assert nearest.counts == {Kind.MISSING: 9, Kind.SLIP: 9, Kind.EXCLUDED: 1}
    assert Nearest[str](0).kept == []


def test_a_denied_denial_is_a_part_like_others() -> None:
    assert said("acme NOT (NOT delay)", "acme") == "lacks delay"


def test_it_says_what_is_known_in_place_of_what_was_asked() -> None:
    document = Document(
        text="acme", author="Jo", url="https://www.acme.com/a", language="en", channel="social",
        source="x", kind="post", stars=3, followers=12_000_000, likes=7, said_at=NOW,
        sentiment="neutral", labels=("doubtful",), topics=("delay", "price"),
        state="met", teams=("care",), subject="Acme", above=("Boreal",), below=("Coyote",),
    )  # fmt: skip
    asked = {
        "author:kim": "author is Jo, not kim",
        "site:boreal.com": "site is acme.com, not boreal.com",
        "lang:(hu OR de)": "lang is en, not hu or de",
        "channel:news": "channel is social, not news",
        "source:reddit": "source is x, not reddit",
        "kind:reply": "kind is post, not reply",
        "stars:<=2": "stars is 3, not <=2",
        "stars:1..2": "stars is 3, not 1..2",
        "followers:>20000000": "followers is 12000000, not >20000000",
        "likes:8": "likes is 7, not 8",
        "since:2026-11-23": "since is 2026-11-22 12:00 UTC, not 2026-11-23",
        "until:2026-11-22": "until is 2026-11-22 12:00 UTC, not 2026-11-22",
        "sentiment:negative": "sentiment is neutral, not negative",
        "label:comparing": "label is doubtful, not comparing",
        "topic:food": "topic is delay, price, not food",
        "state:open": "state is met, not open",
        "team:sales": "team is care, not sales",
        "subject:boreal": "subject is Acme, not boreal",
        "above:coyote": "above is Boreal, not coyote",
        "below:boreal": "below is Coyote, not boreal",
        "is:question": "it is no question",
        "is:repost": "it is no repost",
        "is:verified": "its author is not verified",
        "has:link": "it has no link",
    }
    for field, words in asked.items():
        found = why(f"acme {field}", document)
        assert found is not None, field
        assert (found.kind, found.why) == (Kind.FIELD, words)
    unknown = replace(document, stars=None, topics=(), author=None)
    for name in ("stars:1", "topic:food", "author:jo"):
        assert said(f"acme {name}", unknown) == f"{name.partition(':')[0]} is not known"


def test_a_field_alone_makes_nothing_nearly_found() -> None:
    assert why("stars:1", Document(text="fine", stars=2)) is None
    assert said("stars:1 lang:hu", Document(text="fine", stars=2, language="hu")) == (
        "stars is 2, not 1"
    )


def test_places_are_those_of_the_title_and_the_text_as_written() -> None:
    document = Document(title="ACMEAIR!", text="ist spät")
    for query, found in (("acme", "ACMEAIR"), ("spat", "spät")):
        nearly = why(query, document)
        assert nearly is not None
        (place,) = nearly.places
        assert Reading.of(document).raw[place.start : place.end] == found


@pytest.mark.parametrize(
    "piece", ["a", "acm ", "air ", "air late ", "@", "é", "航", "a\u0301", "x-y "]
)
def test_no_text_takes_for_ever(piece: str) -> None:
    text = piece * (60_000 // len(piece))
    terms = " OR ".join(f'a{"cm" * n}e~plain OR `A{n}` OR "air {n}"' for n in range(30))
    for query in (terms, "(air NEAR/0 acme) NOT (late OR air)", "air ONEAR/3 late", "x航空 -é"):
        found = Nearby(parse(query)).why(text)
        assert found is None or len(found.why) < 300


def test_the_words_stay_short_whatever_stands_in_the_text() -> None:
    terms = " OR ".join(f"word{n}" for n in range(300))
    assert said(f"acme ({terms})", "acme") == ("lacks word0 or word1 or word2 or word3 or 296 more")
    assert len(said("acme", "x" * 9_000 + "acme")) < 120
    assert said("`A  c`", "it is a\u202e\n\tC") == '"a C" differs from `A c` in case or signs'
