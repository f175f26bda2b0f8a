from hypothesis import given
from hypothesis import strategies as st

from listener.texts.terms import risen_terms

CALM = [
    "the flight was late and the seat was hard",
    "the staff at the desk was rude to me",
    "we waited for the bus and it was cold",
    "the food on the plane was not good at all",
] * 10
ANGRY = [
    "the baggage belt was broken and nobody came",
    "where is the baggage you lost on the way",
    "no baggage for three days and no call",
    "my baggage came back in pieces, the handle gone",
] * 4


def numbered(texts: list[str]) -> list[str]:
    return [
        f"{text} case{'abcdefghij'[i % 10]}{'klmnopqrst'[i // 10]}" for i, text in enumerate(texts)
    ]


def test_the_word_that_rose_is_found_with_its_examples() -> None:
    now = numbered(CALM[:20] + ANGRY)
    found = risen_terms(now, numbered(CALM), k=1)
    assert found[0].word == "baggage"
    assert (found[0].texts, found[0].texts_before) == (16, 0)
    assert all("baggage" in now[i] for i in found[0].examples)


def test_the_same_texts_twice_have_no_risen_word() -> None:
    assert risen_terms(numbered(CALM), numbered(CALM)) == ()


def test_nothing_to_compare_with_gives_nothing() -> None:
    assert risen_terms(numbered(ANGRY), []) == ()
    assert risen_terms([], numbered(CALM)) == ()


def test_copies_of_one_text_are_one_voice() -> None:
    shouting = ["RT @star boycott boycott boycott https://t.co/x"] * 500
    words = {term.word for term in risen_terms(numbered(CALM) + shouting, numbered(CALM))}
    assert "boycott" not in words


def test_names_handles_and_links_are_no_terms() -> None:
    now = numbered(["acme air's crew @acme https://acme.example/x at acme air strands us"] * 30)
    words = {t.word for t in risen_terms(now, numbered(CALM), names=["Acme Air"])}
    assert words == {"crew"}  # and "strands", in the same texts


def test_chinese_terms_grow_to_the_string_people_write() -> None:
    now = [f"{who}说快递员不{how}" for who in "甲乙丙丁戊己" for how in "好来理应"]
    before = [f"{who}说味道{how}" for who in "甲乙丙丁戊己" for how in "好甜咸淡"]
    assert [term.word for term in risen_terms(now, before, k=1)] == ["说快递员不"]


@given(st.lists(st.text(max_size=30), max_size=20), st.lists(st.text(max_size=30), max_size=20))
def test_any_text_is_borne(now: list[str], before: list[str]) -> None:
    for term in risen_terms(now, before):
        assert term.texts >= 3
        assert all(0 <= i < len(now) for i in term.examples)
