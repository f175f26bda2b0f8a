"""The door for text: what is made regular, searched, folded and shortened."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.domain.text import (
    Normal,
    excerpt,
    fold,
    is_question,
    normalise,
    whole_clusters,
)

FAMILY = "👩‍👩‍👧"
WALES = "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"
CLUSTERS = (
    FAMILY, WALES, "🇭🇺", "👍🏽", "❤️", "q\u0323\u0307", "กี่", "क्षि",
    "ស្រី", "q\U00011b66", "\u115f하",
)  # fmt: skip
TEXTS = st.text(
    st.sampled_from(
        "ae\u0301\u0323航ก\u0e35🇭🇺👩\u200d\ufe0f🏽 \n\r\t\x00\x85\u2028\u202e\ud83d\ufeff?？)@"
    )
    | st.characters()
)

# Normalising


def test_a_regular_text_is_left_alone() -> None:
    text = "Késő a járat!\n\t看航班 😡 ❤️ " + FAMILY
    assert normalise(text) == Normal(text, truncated=False, changed=False)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("  acme \n", "acme"),
        ("a\r\nb\rc\x85d\u2028e\x0bf", "a\nb\nc\nd\ne\nf"),
        ("a\x00b\x1b[31m\x9f", "ab[31m"),
        ("ke\u0301s", "kés"),
        ("e\x00\u0301", "é"),
        ("a\ud83db", "ab"),
        ("\ufeffacme", "acme"),
        ("pay\u202egnp.exe\u202c \u2066now\u2069", "paygnp.exe now"),
        ("\x00", ""),
    ],
)
def test_what_is_irregular_goes_out_and_the_raw_text_is_worth_keeping(raw: str, text: str) -> None:
    assert normalise(raw) == Normal(text, truncated=False, changed=True)


@pytest.mark.parametrize("text", [FAMILY, WALES, "שלום\u200f!", "می\u200cخواهم", "❤️", "🇭🇺"])
def test_what_emoji_and_right_to_left_scripts_need_stays(text: str) -> None:
    assert normalise(text).text == text


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_a_long_text_is_cut_between_clusters(cluster: str) -> None:
    raw = "a" + cluster * 9
    for limit in range(2, len(raw)):
        cut = normalise(raw, limit)
        assert cut.truncated
        assert cut.changed
        assert len(cut.text) <= limit
        assert cut.text == "a" + cluster * ((limit - 1) // len(cluster))


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_a_part_is_widened_to_the_clusters_it_begins_and_ends_in(cluster: str) -> None:
    text = f"a {cluster}{cluster} b"
    first, second = 2, 2 + len(cluster)
    assert whole_clusters(text, first, first + 1) == (first, second)
    assert whole_clusters(text, second - 1, second) == (first, second)
    assert whole_clusters(text, second, second + 1) == (second, second + len(cluster))
    assert whole_clusters(text, 0, 2) == (0, 2)
    assert whole_clusters(text, 0, len(text)) == (0, len(text))


def test_marks_stacked_without_end_do_not_eat_the_text() -> None:
    assert len(normalise("a" + "\u0323\u0324" * 50_000).text) == 20_000


@given(TEXTS, st.integers(1, 30))
def test_normalising_twice_changes_nothing(raw: str, limit: int) -> None:
    once = normalise(raw, limit)
    twice = normalise(once.text, limit)
    assert twice == Normal(once.text, truncated=False, changed=False)
    assert unicodedata.is_normalized("NFC", once.text)
    once.text.encode()  # no surrogates
    assert len(once.text) <= limit


# Shortening


def test_an_excerpt_is_one_line() -> None:
    assert excerpt("  late \n again\u2028!", 40) == "late again !"


def test_a_short_text_is_not_shortened() -> None:
    assert excerpt("late again", 10) == "late again"


def test_an_excerpt_ends_at_a_space_that_is_near() -> None:
    assert excerpt("my flight was delayed again", 23) == "my flight was delayed…"
    assert excerpt("my flight was delayed again", 20) == "my flight was…"
    assert excerpt("Verspätungsentschädigung", 10) == "Verspätun…"


def test_an_excerpt_cuts_no_cluster() -> None:
    assert excerpt("abc" + FAMILY, 6) == "abc…"
    assert excerpt("abcq\u0323\u0307xyz", 6) == "abc…"


@given(TEXTS, st.integers(0, 30))
def test_an_excerpt_is_never_longer_than_asked(text: str, length: int) -> None:
    short = excerpt(text, length)
    assert len(short) <= length
    assert len(short.splitlines()) <= 1


# Folding copies


BASE = "My flight with acme was cancelled without any notice today"


@pytest.mark.parametrize(
    "copy",
    [
        BASE.upper(),
        f"RT @bob: {BASE}",
        f"@acmeair {BASE}!!! https://t.co/abc123",
        f"{BASE} www.acme.com/x 😡",
        BASE.replace(" ", "  \n") + " 12:30",
        "My flight—with “acme” was cancelled… without any notice: today",
    ],
)
def test_copies_fold_into_one(copy: str) -> None:
    assert fold(copy) == fold(BASE)
    assert fold(copy) is not None


def test_other_texts_fold_apart() -> None:
    assert fold(BASE) != fold(BASE + " again")


def test_chinese_copies_fold_into_one() -> None:
    text = "航班又延误了两个小时没有人说明原因"
    assert fold(text) is not None
    assert fold(f"@acme{text}！ 12:30 😡") == fold(text)
    assert fold(f"https://t.co/abc{text}") == fold(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "good app",
        "Thank you very much!!!",
        "@a https://t.co/" + "x" * 40,
        "1" * 50,
        "很好用的应用",
    ],
)
def test_a_short_text_is_no_copy(text: str) -> None:
    assert fold(text) is None


def test_a_fold_is_stable_and_fits_into_sqlite() -> None:
    assert fold(BASE) == 724056924309416388


@given(TEXTS)
def test_any_text_can_be_folded(text: str) -> None:
    assert fold(text) is None or 0 <= (fold(text) or 0) < 2**63


# Questions


@pytest.mark.parametrize(
    "text",
    [
        "when?",
        "what?? ",
        "什么时候退款？",
        "متى الرحلة؟",
        "“when?”",
        "(when?)",
        "when? 😡❤️👩‍🚒",
        "when? 🇭🇺 " + WALES,
        "when? https://t.co/abc",
        "什么时候？https://t.co/abc",
        "when? https://t.co/abc www.acme.com/x 😡\n",
        "have you seen https://t.co/abc?",
        "mikor indul?»",
    ],
)
def test_it_is_a_question(text: str) -> None:
    assert is_question(text)


@pytest.mark.parametrize(
    "text", ["", "late", "when? now.", "really?!", "https://a.com/?q=1", "? late", "😡 ", "? @acme"]
)
def test_it_is_no_question(text: str) -> None:
    assert not is_question(text)


@pytest.mark.timeout(20)
def test_a_hostile_text_passes_the_door_quickly() -> None:
    for text in (
        "?" + "😡" * 20_000,
        "?" + " http://a" * 2_500 + "é",
        "http://é" * 2_500,
        "🇭" * 20_001,
        "a" * 19_000 + "航",
        "航 " * 10_000,
        "@" * 20_000,
        "\u0301" * 40_000,
    ):
        normalise(text)
        fold(text)
        is_question(text)
        excerpt(text, 80)
