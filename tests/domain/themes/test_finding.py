"""Groups of texts: who is near whom, from window to window."""

import numpy as np
import pytest

from listener.domain.themes import group
from listener.domain.themes.questions import most_asked
from listener.domain.themes.talk import is_talk

WIDTH = 64
APART = np.eye(WIDTH)[2:]  # what texts are about


def said(about: int, number: int, *, seed: int = 1, shared: float = 3.0) -> list[np.ndarray]:
    """So many texts about one thing; all of them point mostly one way, as those of encoders do."""
    noise = np.random.default_rng(seed + 100 * about).normal(size=(number, WIDTH))
    made = APART[about] + 0.06 * noise
    made[:, 0] += shared
    return [np.asarray(one / np.linalg.norm(one), np.float32) for one in made]


def english(number: int) -> list[str]:
    return ["en"] * number


def test_texts_about_like_things_are_a_group() -> None:
    texts = [*said(1, 20), *said(2, 12), *said(3, 7)]
    found = group(texts, english(39))
    assert len(found.middles) == 3
    assert {found.of[:20], found.of[20:32], found.of[32:]} == {(0,) * 20, (1,) * 12, (2,) * 7}


def test_too_few_texts_are_none() -> None:
    texts = [*said(1, 20), *said(2, 20), *said(3, 3)]
    found = group(texts, english(43))
    assert len(found.middles) == 2
    assert set(found.of[40:]) == {None}


def test_a_group_goes_on_in_the_next_window_and_a_new_one_comes_after_it() -> None:
    first = group([*said(1, 20), *said(2, 20)], english(40))
    texts = [*said(2, 15, seed=2), *said(3, 15, seed=2), *said(1, 15, seed=2)]
    then = group(texts, english(45), first.middles)
    assert then.of == (*[1] * 15, *[2] * 15, *[0] * 15)


def test_a_group_nobody_speaks_of_stays_where_it_is() -> None:
    others = [text for about in range(2, 8) for text in said(about, 20)]
    first = group([*said(1, 30), *others], english(150))
    then = group(others, english(120), first.middles)
    assert np.array_equal(then.middles[0], first.middles[0])
    back = group([*said(1, 20, seed=3), *others], english(140), then.middles)
    assert set(back.of[:20]) == {0}


def test_what_is_said_in_two_languages_is_one_group() -> None:
    """What all texts of a language share says nothing of what they are about."""
    shift = np.zeros(WIDTH, np.float32)
    shift[1] = 1.0
    english_ones = [*said(1, 40), *said(2, 40)]
    german = [v + shift for v in (*said(1, 40, seed=2), *said(2, 40, seed=2))]
    texts = [*english_ones, *(v / np.linalg.norm(v) for v in german)]
    found = group(texts, [*english(80), *["de"] * 80])
    assert len(found.middles) == 2
    assert found.of[:40] == found.of[80:120] != found.of[40:80] == found.of[120:]


def test_nothing_is_said() -> None:
    found = group([], [], said(1, 1))
    assert (found.of, len(found.middles)) == ((), 1)
    assert group([], []).middles == ()


@pytest.mark.parametrize("number", [1, 4])
def test_a_few_texts_alone_are_no_theme(number: int) -> None:
    assert set(group(said(1, number), english(number)).of) == {None}


def test_the_same_texts_give_the_same_groups() -> None:
    texts = [*said(1, 20), *said(2, 20)]
    one, other = group(texts, english(40)), group(texts, english(40))
    assert one.of == other.of
    assert np.array_equal(one.middles, other.middles)


def test_mere_talk_is_near_to_a_phrase() -> None:
    texts = [*said(1, 20), *said(2, 20)]
    found = group(texts, english(40))
    assert is_talk(found.middles, said(2, 1, seed=5), texts) == [False, True]
    assert is_talk(found.middles, [], texts) == [False, False]


def test_what_most_people_ask_comes_first_and_is_told_by_the_most_typical() -> None:
    texts = [*said(1, 6), *said(2, 9), *said(3, 8)]
    people = [*range(6), *range(100, 109), *[7] * 8]
    asked = most_asked(texts, english(23), people, [True] * 23)
    assert [(one.people, len(one.members)) for one in asked] == [(9, 9), (6, 6)]
    assert asked[0].told in range(6, 15)


def test_six_like_questions_are_found_among_what_is_not_asked() -> None:
    texts = [*said(1, 6), *said(2, 9), *said(3, 8)]
    asks = [*[True] * 6, *[False] * 17]
    asked = most_asked(texts, english(23), range(23), asks)
    assert [(one.people, one.members) for one in asked] == [(6, tuple(range(6)))]


def test_nobody_asks_anything() -> None:
    assert most_asked(said(1, 9), english(9), range(9), [False] * 9) == ()
