"""What an `about` line says, who is believed, and what a judge learns from corrections."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listener.domain.relevance import (
    About,
    Aside,
    fingerprint,
    fitted,
    read_about,
    why_aside,
)
from listener.domain.vector import packed, unpacked

WIDTH = 24


def unit(*values: float) -> Any:
    """A vector of unit length that begins with these values."""
    made = np.zeros(WIDTH, np.float32)
    made[: len(values)] = values
    return made / np.linalg.norm(made)


WANTED, UNWANTED = unit(1, 0.6), unit(0.6, 1)


@pytest.mark.parametrize(
    ("line", "wanted", "unwanted"),
    [
        ("an airline", "an airline", ()),
        ("an airline, not the cartoon company", "an airline", ("the cartoon company",)),
        ("the shop (not the film); not the band", "the shop", ("the film", "the band")),
        ("the bank and not the river", "the bank", ("the river",)),
        ("a shop that does not sell shoes", "a shop that does not sell shoes", ()),
        ("a clinic, not-for-profit", "a clinic, not-for-profit", ()),
        ("not the film", "", ("the film",)),
        ("egy légitársaság, nem a rajzfilmcég", "egy légitársaság", ("a rajzfilmcég",)),
        ("航空公司，不是动画公司", "航空公司", ("动画公司",)),
        ("航空公司，而不是動畫公司", "航空公司", ("動畫公司",)),
        ("ein Verlag, nicht der Fluss", "ein Verlag", ("der Fluss",)),
    ],
)
def test_what_follows_not_is_what_it_is_not(
    line: str, wanted: str, unwanted: tuple[str, ...]
) -> None:
    assert read_about("Acme", line) == About("Acme", wanted, unwanted)


def test_each_part_is_read_together_with_the_name() -> None:
    about = read_about("Acme", "an airline, not the film")
    assert about.parts == ("Acme: an airline", "Acme: the film")


def test_a_persons_word_wins_over_the_model_and_over_the_source() -> None:
    assert why_aside(given=False, person=True, model=False) is None
    assert why_aside(given=True, person=False, model=True) is Aside.PERSON
    assert why_aside(given=False, person=False, model=None) is Aside.PERSON


def test_a_model_keeps_nothing_aside_that_named_its_subject() -> None:
    assert why_aside(given=False, person=None, model=False) is Aside.RELEVANCE
    assert why_aside(given=True, person=None, model=False) is None


def test_in_doubt_a_mention_counts() -> None:
    assert why_aside(given=False, person=None, model=None) is None
    assert why_aside(given=False, person=None, model=True) is None


def test_without_corrections_the_two_parts_of_the_line_judge() -> None:
    judge = fitted([WANTED, UNWANTED], [])
    near, between, far = judge([WANTED, unit(1, 1), UNWANTED])
    assert near > between > judge.threshold > far


def test_without_corrections_and_without_a_not_everything_counts() -> None:
    judge = fitted([WANTED], [])
    assert min(judge([WANTED, UNWANTED, -WANTED])) > judge.threshold


def test_nothing_is_judged_of_nothing() -> None:
    assert fitted([WANTED], [])([]) == []


def test_corrections_teach_what_the_line_does_not_say() -> None:
    rng = np.random.default_rng(3)

    def said(about: bool) -> Any:
        noise = 0.3 * rng.normal(size=WIDTH).astype(np.float32)
        return unit(*(unit(1, 1, 0, 1.5 if about else -1.5) + noise / np.sqrt(WIDTH)))

    told = [(said(about), about) for about in [True, False] * 25]
    fresh = [(said(about), about) for about in [True, False] * 50]
    judge = fitted([WANTED, UNWANTED], told)
    scores = judge([vector for vector, _ in fresh])
    right = [(score >= judge.threshold) == about for score, (_, about) in zip(scores, fresh)]  # noqa: B905
    assert sum(right) >= 95


def test_a_few_noes_alone_do_not_keep_everything_aside() -> None:
    judge = fitted([WANTED, UNWANTED], [(UNWANTED, False)] * 10)
    assert judge([WANTED])[0] > judge.threshold


@given(st.lists(st.tuples(st.integers(0, 2**32 - 1), st.booleans()), max_size=40))
@settings(max_examples=50, deadline=None)
def test_a_judge_gives_probabilities_whatever_it_was_told(told: list[tuple[int, bool]]) -> None:
    vectors = [unit(*np.random.default_rng(seed).normal(size=WIDTH)) for seed, _ in told]
    judge = fitted([WANTED, UNWANTED], [(v, yes) for v, (_, yes) in zip(vectors, told)])  # noqa: B905
    scores = judge([WANTED, UNWANTED, *vectors])
    assert all(0 <= score <= 1 for score in scores)


def test_the_fingerprint_changes_with_whatever_changes_the_judge() -> None:
    about = read_about("Acme", "an airline")
    names = {
        fingerprint(about, "base@1", None),
        fingerprint(about, "base@2", None),
        fingerprint(read_about("Acme", "a bank"), "base@1", None),
        fingerprint(about, "base@1", (1, "2026-11-22", 7)),
        fingerprint(about, "base@1", (1, "2026-11-22", 14)),
    }
    assert len(names) == 5
    assert fingerprint(about, "base@1", None) in names


def test_a_vector_is_kept_in_two_bytes_a_value() -> None:
    kept = packed(WANTED)
    assert len(kept) == 2 * WIDTH
    np.testing.assert_allclose(unpacked(kept), WANTED, atol=1e-3)
