"""Texts at the shell: labelled, measured, searched and matched."""

from pathlib import Path

import pytest

from tests.builders import a_line, written
from tests.cli.conftest import Shell


def test_texts_are_labelled_in_their_order(configured: Path, shell: Shell) -> None:
    texts = b'I hate this\n{"text": "I love this", "id": 7}\n{"text": 1}\nWhere is it?\n'
    said = shell("classify", stdin=texts)
    assert said.status == 3
    first, second, third, fourth = said.rows
    assert (first["sentiment"]["label"], second["sentiment"]["label"]) == ("negative", "positive")
    assert second["id"] == 7
    assert third == {"line": 3, "error": third["error"]}
    assert fourth["intent"] == "question"
    for row in (first, second, fourth):
        shares = [row["sentiment"][name] for name in ("negative", "neutral", "positive")]
        assert sum(shares) == pytest.approx(1, abs=0.001)


def test_texts_are_labelled_without_a_config_or_a_database(tmp_path: Path, shell: Shell) -> None:
    (tmp_path / "texts.txt").write_text("I hate this\n")
    said = shell("classify", "texts.txt")
    assert said.status == 0
    assert said.rows[0]["sentiment"]["label"] == "negative"
    assert [f.name for f in tmp_path.iterdir()] == ["texts.txt"]


def test_a_model_is_measured_against_a_file(tmp_path: Path, shell: Shell) -> None:
    lines = [a_line(n, text="I hate this") for n in range(4)]
    file = written(tmp_path / "gold.jsonl", [*lines, a_line(5, text="love it", label="positive")])
    rows = shell("evaluate", file, "--format", "jsonl").rows
    assert {row["language"]: row["n"] for row in rows} == {"en": 5, "all": 5}


def test_models_are_compared_side_by_side(tmp_path: Path, shell: Shell) -> None:
    lines = [a_line(n, text="I hate this") for n in range(4)]
    file = written(tmp_path / "gold.jsonl", [*lines, a_line(5, text="nagyon rossz", language="hu")])
    models = ("--model", "fast", "--model", "default", "--model", "fast")
    said = shell("evaluate", file, *models, "--format", "jsonl")
    pairs = [(language, model) for language in ("en", "hu", "all") for model in ("fast", "default")]
    assert [(row["language"], row["model"]) for row in said.rows] == pairs
    assert list(said.rows[0]) == [
        "model", "language", "n", "accuracy", "macro_f1", "macro_recall", "negative_f1", "ece",
    ]  # fmt: skip
    table = shell("evaluate", file, "--model", "fast").out.splitlines()
    assert table[0].split()[:3] == ["model", "language", "n"]
    assert said.err == ""


def test_a_model_is_measured_against_what_people_corrected(heard: Path, shell: Shell) -> None:
    assert "nothing to measure against" in shell("evaluate").err
    shell("correct", "drop:1", "--sentiment", "negative")
    rows = shell("evaluate", "--model", "fast", "--format", "jsonl").rows
    assert [(row["language"], row["n"]) for row in rows] == [("en", 1), ("all", 1)]


def test_a_model_that_cannot_be_had_is_said_before_anything_is_shown(
    tmp_path: Path, shell: Shell
) -> None:
    file = written(tmp_path / "gold.jsonl", [a_line()])
    said = shell("evaluate", file, "--model", "fast", "--model", "./nowhere")
    assert (said.status, said.out) == (2, "")
    assert "nowhere" in said.err


def test_stars_at_the_shell(shell: Shell) -> None:
    said = shell("classify", stdin=b'{"stars": 1}\n{"text": "I love it", "stars": 9}\n')
    assert said.status == 3
    assert said.rows[0]["sentiment"]["label"] == "negative"
    assert said.rows[1] == {"line": 2, "error": "stars 9 is outside 0..5"}


def test_a_field_of_theirs_called_error_is_no_error(shell: Shell) -> None:
    said = shell("classify", stdin=b'{"text": "I love it", "error": "E42"}\n')
    assert (said.status, said.rows[0]["error"]) == (0, "E42")
    assert said.rows[0]["sentiment"]["label"] == "positive"


def test_chinese_is_found_by_two_characters(heard: Path, shell: Shell) -> None:
    (row,) = shell("search", "行李", "--format", "jsonl").rows
    assert row["id"] == "drop:2"
