"""The door: any text is taken, and is normal afterwards."""

from hypothesis import given
from hypothesis import strategies as st

from listener.domain.door import (
    TEXT_LIMIT,
    TITLE_LIMIT,
    admit,
    admit_answer,
    answer_of,
    as_classified,
)
from listener.domain.subject import Matcher
from tests.builders import DAY, MINUTE, NOW, a_mention, a_subject, an_answer, arrived

ANYTHING = st.text(
    st.characters() | st.sampled_from(["\0", "\ud800", "\udfff", "\u202e", "\r", "\u0301", "\x85"])
)


@given(text=ANYTHING, title=ANYTHING)
def test_whatever_comes_can_be_stored_and_coming_again_changes_nothing(
    text: str, title: str
) -> None:
    arrival = arrived(a_mention(text=text, title=title))
    for kept in (arrival.mention.text, arrival.mention.title, arrival.raw_text or ""):
        assert kept.encode().decode() == kept
        assert "\0" not in kept
    again = arrived(arrival.mention)
    assert again.mention == arrival.mention
    assert again.raw_text is None


@given(text=ANYTHING, title=ANYTHING)
def test_the_model_reads_what_is_stored(text: str, title: str) -> None:
    mention = a_mention(text=text, title=title)
    stored = arrived(mention).mention
    if stored.title:
        assert as_classified(mention) == f"{stored.title}\n{stored.text}"
    assert as_classified(stored) == (
        f"{stored.title}\n{stored.text}" if stored.title else stored.text
    )


def test_the_raw_text_is_kept_where_it_differs() -> None:
    assert arrived(a_mention(text="plain")).raw_text is None
    assert arrived(a_mention(text="a\u202eb")).raw_text == "a\u202eb"
    assert arrived(a_mention(text="a\ud800\0b")).raw_text == "a?\ufffdb"


def test_a_long_text_is_cut_and_said_to_be() -> None:
    arrival = arrived(a_mention(text="x" * (TEXT_LIMIT + 1), title="y" * (TITLE_LIMIT + 1)))
    assert arrival.truncated
    assert len(arrival.mention.text) == TEXT_LIMIT
    assert len(arrival.mention.title) == TITLE_LIMIT
    assert not arrived(a_mention(text="x" * TEXT_LIMIT)).truncated


def test_a_claim_from_the_future_is_taken_as_now() -> None:
    assert admit(a_mention(said_at=NOW + DAY), "x", Matcher(()), NOW).mention.said_at == NOW
    slightly = a_mention(said_at=NOW + 5 * MINUTE)
    assert admit(slightly, "x", Matcher(()), NOW).mention.said_at == NOW + 5 * MINUTE


def test_copies_have_one_fold_and_others_another() -> None:
    words = "Acme has lost my luggage for the third time this year"
    folds = [
        arrived(a_mention(n, text=text)).fold
        for n, text in enumerate((words, f"RT @jo {words.upper()}!!", f"{words} again"))
    ]
    assert folds[0] == folds[1] != folds[2]
    assert arrived(a_mention(text="so late")).fold is None


def test_subjects_are_found_in_the_title_too() -> None:
    subject = a_subject(id=7)
    arrival = arrived(a_mention(title="ACME", text="never again"), [subject])
    assert [match.subject_id for match in arrival.matches] == [7]


def test_a_brands_own_post_is_an_answer_to_what_it_replies_to() -> None:
    own = a_mention(9, author="acme_help", parent_id="1", thread_id="t", text=" So\0rry ")
    answer = answer_of(own, a_subject())
    assert (answer.parent_id, answer.thread_id, answer.author) == ("1", "t", "acme_help")
    assert answer.text == "Sorry"
    assert not answer.automatic


def test_a_robots_answer_stays_one() -> None:
    assert answer_of(a_mention(automatic=True), a_subject()).automatic


@given(text=ANYTHING)
def test_an_answer_is_made_normal_too(text: str) -> None:
    kept = admit_answer(an_answer(text=text))
    assert kept.text == arrived(a_mention(text=text)).mention.text
    assert admit_answer(kept) is kept
