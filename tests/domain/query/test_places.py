"""Where the terms stand in a text as it was written, so that they can be marked."""

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from listener.domain.query import Document, Reading, fold_for_match, parse


def marked(query: str, text: str | Document) -> list[str]:
    raw = text if isinstance(text, str) else f"{text.title}\n{text.text}"
    return [raw[place.start : place.end] for place in parse(query, broad=True).places(text)]


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("acme", "  Fly   ACME,\n\nacme!", ["ACME", "acme"]),
        ('"acme air"', "on Acme \n\t Air today", ["Acme \n\t Air"]),
        ("strasse", "in der Straße und STRASSE", ["Straße", "STRASSE"]),
        ("ﬁne", "a fine and a ﬁne one", ["fine", "ﬁne"]),
        ("ａｃｍｅ", "acme and ＡＣＭＥ", ["acme", "ＡＣＭＥ"]),
        ("acme", "ac\u00adme", ["ac\u00adme"]),
        ("acme", "Acme™ is", ["Acme"]),
        ("istanbul", "İSTANBUL'da", ["İSTANBUL"]),
        ("航空", "東方航空公司的航空", ["航空", "航空"]),
        ("ガス", "ｶﾞｽ料金", ["ｶﾞｽ"]),
        ("késő", unicodedata.normalize("NFD", "a késő járat"), ["ke\u0301so\u030b"]),
        ("keso~plain", "a Késő járat", ["Késő"]),
        ("快递~han", "我的快遞呢", ["快遞"]),
        ("acme*", "acmeair and acme", ["acmeair", "acme"]),
        ("acme~1", "acne", ["acne"]),
        ("repülő~hu", "A Repülővel jöttem", ["Repülővel"]),
        ("delay", "late: #AcmeAirDelay!", ["#AcmeAirDelay"]),
        ("`Apple`", "apple Apple  \u200bAPPLE", ["Apple"]),
        ("fee NEAR/2 no", "fee? Well, it is: no. My fee. Fee", ["no", "fee", "Fee"]),
        ("refund ONEAR/2 denied", "denied my refund", []),
        ("acme NOT coyote", "acme coyote", ["acme"]),
        ("lang:hu", "acme", []),
        ("كتاب", "قرأت كـتاب اليوم", ["كـتاب"]),
        ("👍", "a 👍🏽, a 👍", ["👍🏽", "👍"]),
        ("👩", "the 👩‍👧 here", ["👩‍👧"]),
        ("👧", "the 👩‍👧 here", ["👩‍👧"]),
        ("🏴", "for 🏴\U000e0067\U000e0062\U000e007f!", ["🏴\U000e0067\U000e0062\U000e007f"]),
        ("`👍`", "so 👍🏽", ["👍🏽"]),
        ("👍~plain NEAR/2 no", "👍🏽 no", ["👍🏽", "no"]),
        ("🇭🇺", "🇨🇭🇺🇸 🇨🇭🇭🇺", ["🇭🇺"]),
        ("ᅡ~plain", "#ᅡΩ1", ["#ᅡ", "#ᅡΩ1"]),
    ],
)  # fmt: skip
def test_the_places_are_those_of_the_text_as_written(
    query: str, text: str, found: list[str]
) -> None:
    assert marked(query, text) == found


def test_places_count_from_the_title_on() -> None:
    assert marked("acme", Document(title="On Acme", text="see ACME")) == ["Acme", "ACME"]


def test_so_many_places_are_kept_and_no_more() -> None:
    assert len(parse("acme").places("acme " * 1_000)) == 50


@given(st.text(max_size=60), st.data())
def test_a_place_that_is_cut_out_holds_the_term_again(text: str, data: st.DataObject) -> None:
    words = fold_for_match(text).split(" ")
    word = data.draw(st.sampled_from(words))
    assume(word and not any(char in '"`«»' or not char.isprintable() for char in word))
    reading = Reading(text)
    for place in parse(f'"{word}"').places(reading):
        assert 0 <= place.start < place.end <= len(text)
        assert word in fold_for_match(text[place.start : place.end]) or "#" in text


def test_what_a_pack_makes_an_exception_for_is_not_asked_for() -> None:
    query = parse("acme NOT pack:coupons")
    text = "acme: coupon code at checkout, but refund expired"
    assert query.match(text) == ("acme",)
    assert query.terms == ("acme",)
    assert [place.term for place in query.places(text)] == ["acme"]
