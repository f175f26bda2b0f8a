"""What an epoch is made of, and what is wanted of each text."""

import dataclasses

import numpy as np
import pytest

from classifiers.train.datasets import Row
from classifiers.train.neural import feed, sets
from classifiers.train.neural.recipe import QUICK, Recipe, with_settings

RECIPE = Recipe()


def rows(count: int, source: str, language: str = "en", label: int = 0) -> list[Row]:
    return [Row(f"{source} {at}", label, language, source, "train") for at in range(count)]


def test_small_sets_are_seen_often_and_huge_ones_in_part() -> None:
    every = rows(10, "umsab", "fr") + rows(10, "umsab", "hi") + rows(9000, "netflix_reviews_en")
    counts = np.bincount(sets.draw(every, RECIPE, 0), minlength=len(every))
    assert set(counts[:10]) == {3}
    assert set(counts[10:20]) == {5}
    assert counts[20:].sum() == sets.OTHERS.most
    assert counts[20:].max() == 1


def test_an_epoch_is_repeatable_and_the_next_is_another() -> None:
    every = rows(5000, "netflix_reviews_en")
    first, again, second = (sets.draw(every, RECIPE, epoch) for epoch in (0, 0, 1))
    assert first.tolist() == again.tolist()
    assert set(first.tolist()) != set(second.tolist())


def test_only_the_languages_of_a_recipe_are_wanted() -> None:
    recipe = dataclasses.replace(RECIPE, languages=("fr",))
    every = rows(3, "umsab", "fr") + rows(3, "umsab", "en")
    assert {row.language for row in sets.wanted(every, recipe)} == {"fr"}
    assert len(sets.wanted(every, RECIPE)) == 6
    assert len(sets.wanted(every, dataclasses.replace(RECIPE, most_rows=2))) == 4


def test_of_a_sorted_file_some_rows_of_each_label_are_kept() -> None:
    every = rows(500, "umsab", label=0) + rows(500, "umsab", "en", label=2)
    every = [dataclasses.replace(row, text=f"{at}") for at, row in enumerate(every)]
    kept = sets.some(every, 100)
    assert len(kept) == 100
    assert 30 < sum(row.label == 0 for row in kept) < 70
    assert [int(row.text) for row in kept] == sorted(int(row.text) for row in kept)


def test_noisy_labels_are_believed_less() -> None:
    sure = Row("a", 2, "en", "umsab", "train")
    noisy = dataclasses.replace(sure, noisy=True)
    targets = sets.targets([sure, noisy], RECIPE)
    np.testing.assert_allclose(targets[0], [0, 0, 1])
    np.testing.assert_allclose(targets[1], [0.05, 0.05, 0.9], atol=1e-6)
    assert sets.row_weights([sure, noisy], RECIPE).tolist() == pytest.approx([1, 0.7])


def test_two_label_sets_never_ask_for_neutral() -> None:
    noisy = Row("a", 0, "zh", "weibo_senti_100k_sample", "train", noisy=True)
    np.testing.assert_allclose(sets.targets([noisy], RECIPE)[0], [0.925, 0, 0.075], atol=1e-6)


def test_batches_hold_every_text_once_and_no_more_tokens_than_they_may() -> None:
    lengths = np.array([3, 50, 4, 9, 70, 9, 8, 3, 200])
    order = np.arange(len(lengths))
    made = feed.batches(order, lengths, 100, np.random.default_rng(0))
    assert sorted(at for batch in made for at in batch.tolist()) == order.tolist()
    assert all(len(each) == 1 or lengths[each].max() * len(each) <= 100 for each in made)


def test_of_a_long_text_the_middle_is_left_out() -> None:
    ids = list(range(30))
    assert feed.without_middle(ids, 30) == ids
    assert feed.without_middle(ids, 9) == [0, 1, 2, 3, 4, 5, 27, 28, 29]


def test_padding_is_masked() -> None:
    ids, mask = feed.padded([np.array([0, 7, 2]), np.array([0, 2])], 1)
    assert ids.tolist() == [[0, 7, 2], [0, 2, 1]]
    assert mask.tolist() == [[1, 1, 1], [1, 1, 0]]


def test_any_string_can_be_read() -> None:
    assert feed.readable("a\ud800b") == "a?b"
    assert len(feed.readable("x" * 1_000_000)) <= feed.READ_CHARACTERS + 1


def test_settings_are_read_by_their_types() -> None:
    settings = [
        "rate=1e-4",
        "exit_layer=0",
        "layers=0,2",
        "languages=en,hu",
        "mean_pooling=false",
        "pieces=9",
    ]
    recipe = with_settings(RECIPE, settings)
    assert (recipe.rate, recipe.layers, recipe.languages) == (1e-4, (0, 2), ("en", "hu"))
    assert (recipe.mean_pooling, recipe.pieces) == (False, 9)
    assert recipe.fingerprint() != RECIPE.fingerprint() != QUICK.fingerprint()


@pytest.mark.parametrize("wrong", ["rat=1", "rate", "rate=fast", "mean_pooling=perhaps"])
def test_a_wrong_setting_is_named(wrong: str) -> None:
    with pytest.raises(ValueError, match=f"--set {wrong}"):
        with_settings(RECIPE, [wrong])
