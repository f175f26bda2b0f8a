"""What the full-text index is fed: the same pieces that queries compare."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.domain.query.folding import fold_for_match, fold_letters, glues, keep_letters
from listener.domain.query.reading import Reading
from listener.domain.query.tokens import LONGEST, columns, cut, known, pairs
from tests.domain.query.test_against_slow import PIECES

SURROGATES = range(0xD800, 0xE000)


@pytest.mark.parametrize(
    ("text", "words", "runs"),
    [
        ("Acme's wi-fi, C++", "acme s wi fi c", ""),
        ("késő_járat ÉS naïve", "késő_járat és naïve", ""),
        ("great😡😡 flight €5", "great 😡 😡 flight € 5", ""),
        ("搭Acme航班。快", "acme", "搭 航班 快"),
        ("เที่ยวบิน ok", "ok", "เที่ยวบิน"),
        ("यह हिन्दी है", "यह हिन्दी है", ""),
        ("#AcmeAirDelay2", "acmeairdelay2 acme air delay 2", ""),
        ("…!? -- ()", "", ""),
    ],
)
def test_a_text_is_cut_into_words_signs_and_runs(text: str, words: str, runs: str) -> None:
    found = cut(Reading(text).hay)
    assert (found.words, list(found.runs)) == (words.split(), runs.split())


@pytest.mark.parametrize(
    ("run", "expected"),
    [("航", ["航"]), ("航空", ["航空", "空"]), ("快遞了", ["快遞", "遞了", "了"])],
)
def test_every_character_of_a_run_begins_a_piece(run: str, expected: list[str]) -> None:
    assert pairs(run) == expected


@given(st.lists(PIECES, max_size=20).map("".join))
def test_words_are_those_that_a_reading_has(text: str) -> None:
    reading = Reading(text)
    found = cut(reading.hay)
    if not columns(text).is_irregular:
        words = [word for word in found.words if glues(word[0])]
        assert words == [word for word in reading.words if glues(word[0])]
        assert "".join(found.runs) == "".join(w for w in reading.words if not glues(w[0]))


def test_only_long_words_and_odd_signs_are_irregular() -> None:
    plain = columns(f"{'word ' * 40} https://example.com/{'/'.join(['ab'] * 40)} ™ ’ … é 航空 🇭🇺")
    assert not plain.is_irregular
    long = columns(f"a {'x' * (LONGEST + 1)} b")
    assert (long.is_irregular, long.words) == (True, ["a", "b"])
    assert columns("Acme℡").is_irregular


def test_every_sign_that_is_folded_to_letters_is_known_to_be_odd() -> None:
    for char in map(chr, range(sys.maxunicode + 1)):
        kept = keep_letters(char) if ord(char) not in SURROGATES else ""
        if kept and not any(map(glues, kept)) and any(map(glues, fold_letters(char))):
            assert columns(char).is_irregular, hex(ord(char))


@pytest.mark.parametrize("text", ["acme", "航空", "¶", "a¶b", "😡", fold_for_match("¶A")])
def test_nobody_can_write_what_is_known_beside_the_words(text: str) -> None:
    found = columns(text)
    told = {known("channel", "social"), known("source", text)}
    assert not told & {*found.text.split(), *found.cjk.split()}
    assert len(told) == 2
