"""How often models are known to be wrong about negatives."""

from pathlib import Path

import pytest

from classifiers import ClassifierError, known_error
from classifiers.train.confusion import FEWEST, count
from classifiers.train.datasets import Row


@pytest.mark.parametrize("name", ["default", "fast"])
def test_models_that_ship_have_a_record_of_posts_and_of_reviews(name: str) -> None:
    counted = known_error(name)
    assert {one.family for one in counted} == {"social", "review"}
    assert len({one.set for one in counted if one.family == "social"}) >= 10
    found = sum(one.hits for one in counted) / sum(one.hits + one.missed for one in counted)
    assert 0.6 < found < 0.95


def test_of_another_model_nothing_is_known(tmp_path: Path) -> None:
    assert known_error(str(tmp_path)) == []
    assert known_error("owner/model") == []


def test_a_record_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "confusion.json").write_text('{"sets": [{"hits": 1}]}')
    with pytest.raises(ClassifierError, match=r"confusion\.json"):
        known_error(str(tmp_path))


def test_confusions_are_counted_by_set_and_language() -> None:
    def row(number: int, label: int, source: str = "husst") -> Row:
        return Row(f"text {number}", label, "hu", source, "held_out")

    rows = [row(n, 0) for n in range(20)] + [row(n, 2) for n in range(20, 50)]
    labels = ["negative"] * 15 + ["neutral"] * 5 + ["negative"] * 3 + ["positive"] * 27
    (one,) = count(rows, labels)
    assert (one.hits, one.missed, one.false_alarms, one.passed) == (15, 5, 3, 27)
    assert (one.set, one.language, one.family) == ("husst", "hu", "review")
    assert count(rows[: FEWEST - 1], labels[: FEWEST - 1]) == []
    two_class = [row(n, 2 * (n % 2), "waimai_10k") for n in range(50)]
    assert count(two_class, ["negative"] * 50) == []  # its annotators had no neutral to give
