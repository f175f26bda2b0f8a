"""Training `fast`, on sets made up here."""

import gzip
import json
import random
from pathlib import Path

import numpy as np
import pytest

from classifiers.fast import WEIGHTS_FILE, FastClassifier
from classifiers.train.__main__ import main
from classifiers.train.datasets import Row, read_origins, read_rows
from classifiers.train.fast import row_weights

WORDS = {
    "negative": "awful late broken",
    "neutral": "monday office desk",
    "positive": "fine joy wow",
}


def write_set(data: Path, name: str, split: str, rows: list[dict[str, str]]) -> None:
    (data / name).mkdir(parents=True, exist_ok=True)
    with gzip.open(data / name / f"{split}.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def made_up(count: int, seed: int, language: str = "en") -> list[dict[str, str]]:
    chance = random.Random(seed)
    rows = []
    for number in range(count):
        label = chance.choice(sorted(WORDS))
        words = [chance.choice(WORDS[label].split()), f"thing{number}x{seed}", "and so on"]
        rows.append({"id": f"{seed}-{number}", "text": " ".join(words), "label": label})
        rows[-1]["lang"] = language
    return rows


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    write_set(folder, "umsab", "train", made_up(400, seed=1))
    write_set(folder, "umsab", "val", made_up(90, seed=2))
    write_set(folder, "airline_us", "dev", made_up(300, seed=3))
    readme = ["### umsab", "- from: who/umsab@1", "- licence: as above", "### twin"]
    readme += ["- from: who/umsab@1", "- licence: MIT", "### airline_us", "- licence: not stated"]
    (folder / "README.md").write_text("\n".join(readme))
    return folder


def test_training_twice_gives_the_same_model_and_it_has_learnt(data: Path, tmp_path: Path) -> None:
    for out in ("one", "two"):
        assert main(["fast", "--data", str(data), "--out", str(tmp_path / out)]) == 0
    one, two = ((tmp_path / out / WEIGHTS_FILE).read_bytes() for out in ("one", "two"))
    assert one == two
    labels = [each.label for each in FastClassifier(tmp_path / "one").predict(list(WORDS.values()))]
    assert labels == list(WORDS)
    card = (tmp_path / "one" / "README.md").read_text("utf-8")
    assert "| umsab | en | 90 |" in card
    assert "| umsab | 374 | en | who/umsab@1 | MIT |" in card
    assert "thing1x" not in card


def test_no_text_is_both_trained_and_reported_on(data: Path) -> None:
    leaked = [{"id": "x", "text": "AWFUL  thing0x2 and so on!", "label": "negative", "lang": "en"}]
    reported = made_up(90, seed=2)
    reported[0]["text"] = "awful thing0x2 and so on"
    write_set(data, "umsab", "val", reported)
    write_set(data, "other", "train", leaked)
    rows = read_rows(data, seed=0)
    assert "other" not in {row.source for row in rows}
    parts = {row.part for row in rows}
    assert parts == {"train", "held_out", "reported"}


def test_near_copies_stay_on_one_side(data: Path) -> None:
    copies = [
        {"id": str(number), "text": f"@user{number} Same text{'!' * number}", "label": label}
        for number, label in enumerate(["negative", "neutral", "positive"] * 3)
    ]
    write_set(data, "copies", "train", copies)
    parts = [row.part for row in read_rows(data, seed=0) if row.source == "copies"]
    assert len(parts) == 3  # one for each label
    assert len(set(parts)) == 1


def test_rows_of_two_class_sets_say_nothing_of_neutral() -> None:
    assert Row("a", 0, "zh", "waimai_10k", "train").two_class
    assert not Row("a", 0, "zh", "umsab", "train").two_class
    assert not Row("a", 1, "en", "semeval_topics_en", "train").two_class


def test_rarer_labels_weigh_more_and_large_sets_are_capped() -> None:
    rows = [Row("a", 0, "en", "s", "train")] * 90 + [Row("b", 2, "en", "s", "train")] * 10
    weights = row_weights(rows)
    assert weights[-1] > weights[0]
    assert weights.mean() == pytest.approx(1)
    many = row_weights([Row("a", 0, "en", "s", "train")] * 20_000)
    assert np.sum(many) == pytest.approx(10_000)


def test_a_licence_as_above_is_looked_up(data: Path) -> None:
    assert read_origins(data)["umsab"].licence == "MIT"


def test_without_data_it_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["fast", "--data", str(tmp_path)])
    assert stopped.value.code == 2
    assert "no README.md" in capsys.readouterr().err
