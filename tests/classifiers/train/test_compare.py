"""Comparing models: what is kept, what is chosen, and how sure a difference is."""

import gzip
import json
import random
from pathlib import Path

import numpy as np
import pytest

from classifiers.train import compare_tables as tables
from classifiers.train.__main__ import main
from classifiers.train.compare import BEGIN, END, placed
from classifiers.train.compare_baselines import ask_vader, choosing, fit_and_ask, scopes
from classifiers.train.compare_baselines import counted as count_ngrams
from classifiers.train.compare_cache import ask
from classifiers.train.compare_figures import (
    Contender,
    best_scope,
    difference,
    family_errors,
    groups,
    predictions,
    score,
)
from classifiers.train.datasets import Row

WORDS = {
    "negative": "awful late broken",
    "neutral": "monday office desk",
    "positive": "fine joy wow",
}
Chances = np.ndarray[tuple[int, ...], np.dtype[np.float32]]


def rows(labels: str, source: str = "husst", language: str = "hu") -> list[Row]:
    """Held-out rows; a digit each is the label."""
    return [
        Row(f"{source} {at}", int(label), language, source, "held_out")
        for at, label in enumerate(labels)
    ]


def saying(labels: str, sure: float = 0.8) -> Chances:
    other = (1 - sure) / 2
    made = np.full((len(labels), 3), other, dtype=np.float32)
    made[range(len(labels)), [int(each) for each in labels]] = sure
    return made


def silent(text: str) -> None:
    """Say nothing."""


def test_nothing_is_asked_twice(tmp_path: Path) -> None:
    asked: list[str] = []

    def predict(texts: list[str]) -> Chances:
        asked.extend(texts)
        return saying("2" * len(texts))

    path = tmp_path / "said.npz"
    ask(path, ["b", "a", "b"], predict, silent)
    said = ask(path, ["a", "c", "b"], predict, silent, chunk=1)
    assert sorted(asked) == ["a", "b", "c"]
    assert said.probabilities.shape == (3, 3)
    assert said.read == 3


def test_answers_come_back_in_the_order_of_the_texts(tmp_path: Path) -> None:
    def predict(texts: list[str]) -> Chances:
        return np.array([[len(text), 0, 0] for text in texts], dtype=np.float32)

    texts = ["ccc", "a", "bb", "a"]
    for chunk in (1, 2, 10):
        said = ask(tmp_path / f"{chunk}.npz", texts, predict, silent, chunk)
        assert said.probabilities[:, 0].tolist() == [3, 1, 2, 1]


def test_a_stopped_run_keeps_what_was_said(tmp_path: Path) -> None:
    def breaks(texts: list[str]) -> Chances:
        if "bb" in texts:
            raise KeyboardInterrupt
        return saying("0" * len(texts))

    path = tmp_path / "said.npz"
    with pytest.raises(KeyboardInterrupt):
        ask(path, ["a", "bb"], breaks, silent, chunk=1)
    asked: list[str] = []

    def predict(texts: list[str]) -> Chances:
        asked.extend(texts)
        return saying("0" * len(texts))

    ask(path, ["a", "bb"], predict, silent)
    assert asked == ["bb"]


def test_of_two_labels_the_likelier_counts_whatever_neutral_says() -> None:
    every = rows("02" * 40, "waimai_10k", "zh")
    made = np.tile(np.array([[0.2, 0.7, 0.1]], dtype=np.float32), (80, 1))
    two, three = groups(every)
    assert (two.two_class, three.two_class) == (True, False)
    contender = Contender("any", made)
    assert {each.label for each in predictions(contender, two)} == {"negative"}
    assert {each.label for each in predictions(contender, three)} == {"neutral"}
    assert score(contender, two, every).accuracy == 0.5
    assert predictions(contender, two)[0].negative == pytest.approx(2 / 3)


def test_a_difference_of_nothing_is_nothing() -> None:
    every = rows("012" * 30)
    made = Contender("one", saying("010" * 30))
    found = difference(made, made, groups(every), every)
    assert (found.value, found.low, found.high) == (0, 0, 0)


def test_a_difference_is_that_of_the_scores_and_lies_in_its_interval() -> None:
    every = rows("012" * 40)
    good, bad = Contender("good", saying("012" * 40)), Contender("bad", saying("010" * 40))
    group = groups(every)
    found = difference(good, bad, group, every)
    expected = score(good, group[0], every).macro_f1 - score(bad, group[0], every).macro_f1
    assert found.value == pytest.approx(expected)
    assert 0 < found.low < found.value < found.high
    assert difference(good, bad, group, every) == found  # a seed fixes the resamples
    assert difference(bad, good, group, every).value == pytest.approx(-expected)


def test_fewer_texts_make_wider_intervals() -> None:
    widths = []
    for repeats in (30, 300):
        every = rows("0121" * repeats)
        first = Contender("first", saying("0121" * repeats))
        second = Contender("second", saying("0120" * repeats))
        found = difference(first, second, groups(every), every)
        widths.append(found.high - found.low)
    assert widths[0] > 2 * widths[1]


def test_train_rows_decide_which_scope_answers() -> None:
    judged = rows("012" * 30)
    train = [Row(f"t{at}", at % 3, "hu", "husst", "train") for at in range(30)]
    every = [*judged, *train]
    good_on_train = np.concatenate([saying("000" * 30), saying("012" * 10)])
    good_on_judged = np.concatenate([saying("012" * 30), saying("000" * 10)])
    nothing = np.full((len(every), 3), np.nan, dtype=np.float32)
    contender = Contender("TF-IDF", nothing, scopes={"a": good_on_judged, "b": good_on_train})
    chosen = best_scope(contender, groups(every), every)
    np.testing.assert_array_equal(chosen.probabilities[:90], good_on_train[:90])
    assert chosen.note == "husst hu: b"


def test_scopes_hold_train_rows_and_judge_the_others() -> None:
    every = [
        *[Row(f"u{at}", at % 3, "en", "umsab", "train") for at in range(40)],
        *[Row(f"a{at}", at % 3, "en", "apps", "train") for at in range(40)],
        *[Row(f"h{at}", 0, "en", "apps", "held_out") for at in range(5)],
        *[Row(f"v{at}", 0, "en", "umsab", "reported") for at in range(5)],
    ]
    made = {(each.kind, each.name): each for each in scopes(every)}
    assert set(made) == {("set", "umsab"), ("set", "apps"), ("language", "en")}
    assert len(made["language", "en"].rows) == 80  # umsab's train part helps others
    assert made["language", "en"].judged == made["set", "apps"].judged
    assert made["set", "umsab"].judged == tuple(range(85, 90))
    part = choosing(made["language", "en"], every)
    assert part is not None
    assert sorted([*part.rows, *part.judged]) == list(range(80))


def test_tfidf_learns_words() -> None:
    chance = random.Random(0)
    names = sorted(WORDS)
    labels = [at % 3 for at in range(90)]
    texts = [f"{chance.choice(WORDS[names[label]].split())} and so on" for label in labels]
    train = count_ngrams(texts)
    asked = count_ngrams(["so awful", "monday desk", "joy wow", "\ud800"])
    made = fit_and_ask(train, labels, asked, "balanced")
    assert made.argmax(axis=1).tolist()[:3] == [0, 1, 2]
    np.testing.assert_allclose(made.sum(axis=1), 1, atol=1e-5)


def test_vader_reads_english(tmp_path: Path) -> None:
    pytest.importorskip("vaderSentiment")
    said = ask_vader(["I love it!", "the desk", "I hate it"], tmp_path, silent)
    assert said.probabilities.argmax(axis=1).tolist() == [2, 1, 0]


def test_labels_at_chance_do_not_count_against_calibration() -> None:
    good = rows("012" * 20, "umsab", "fr")
    at_chance = [Row(f"h{at}", 0, "hi", "umsab", "reported") for at in range(60)]
    contender = Contender("any", saying("012" * 20 + "2" * 60, sure=0.98))
    error, count = family_errors(contender, [*good, *at_chance])["social"]
    assert count == 60
    assert error == pytest.approx(0.02, abs=1e-3)


def test_targets_say_pass_miss_or_nothing() -> None:
    every = rows("012" * 100)
    good, bad = Contender("good", saying("012" * 100)), Contender("TF-IDF", saying("010" * 100))
    lines = tables.targets(tables.Ring(every, groups(every), [good, bad], bad))
    hungarian = next(line for line in lines if "Hungarian" in line)
    assert hungarian.endswith("| pass |")
    assert next(line for line in lines if "UMSAB" in line).endswith("| - |")
    worse = tables.targets(tables.Ring(every, groups(every), [bad, good], good))
    assert next(line for line in worse if "Hungarian" in line).endswith("| **miss** |")


def made_up(count: int, seed: int) -> list[dict[str, str]]:
    chance = random.Random(seed)
    made = []
    for number in range(count):
        label = chance.choice(sorted(WORDS))
        words = [chance.choice(WORDS[label].split()), f"thing{number}x{seed}", "and so on"]
        row = {"id": f"{seed}-{number}", "text": " ".join(words), "label": label, "lang": "en"}
        made.append(row)
    return made


def test_the_command_writes_the_tables(tmp_path: Path, tiny_neural: Path) -> None:
    pytest.importorskip("vaderSentiment")
    data = tmp_path / "data"
    for seed, (name, count) in enumerate(
        {"umsab/train": 200, "umsab/val": 90, "airline_us/dev": 300}.items()
    ):
        path = data / f"{name}.jsonl.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        with gzip.open(path, "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in made_up(count, seed))
    (data / "README.md").write_text("### umsab\n")
    out = tmp_path / "figures.md"
    command = ["compare", "--data", str(data), "--work", str(tmp_path / "work")]
    command += ["--model", str(tiny_neural), "--out", str(out), "--most", "80"]
    assert main(command) == 0
    text = out.read_text("utf-8")
    assert "| airline_us | en | 80 |" in text
    assert "| umsab val | en | 80 |" in text
    assert "at most 80 texts" in text
    before = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "work").rglob("*.npz")}
    assert main(command) == 0
    after = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "work").rglob("*.npz")}
    assert before == after


def test_tables_go_between_the_marks_of_a_page_again_and_again() -> None:
    text = "# Figures\n\nwords\n\n## Averages\n\n| a |\n"
    assert placed(text, "") == placed(text, "# A page without marks\n") == text
    page = f"# Page\n\n{BEGIN}\nold\n{END}\n\n## After\n"
    once = placed(text, page)
    assert once == placed(text, once)
    assert "old" not in once
    assert once.startswith("# Page\n")
    assert once.endswith(f"{END}\n\n## After\n")
    assert "\n### Averages\n" in once


def test_fast_is_not_compared_with_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "data" / "umsab" / "val.jsonl.gz"
    path.parent.mkdir(parents=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write("")
    (tmp_path / "data" / "README.md").write_text("### umsab\n")
    command = ["compare", "--data", str(tmp_path / "data"), "--work", str(tmp_path / "work")]
    with pytest.raises(SystemExit):
        main([*command, "--model", "fast"])
    assert "has anyway" in capsys.readouterr().err
