"""`python -m classifiers.train default --corrections`, on the model that ships."""

import json
from pathlib import Path

import pytest

from classifiers import load
from classifiers.train.__main__ import main
from classifiers.train.corrected.command import read

PRAISE = "Kraxlig, really kraxlig"  # what an in-group says; no model can know what it means
CALLS = (
    "my parcel", "the new app", "their staff", "this update", "the login page", "your shop",
    "the courier", "the refund", "my order", "the hotline", "their website", "the invoice",
)  # fmt: skip


def written(path: Path, rows: list[dict[str, str]]) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return path


def a_slang(label: str) -> list[dict[str, str]]:
    openings = ("so", "again", "today", "honestly", "well")
    return [
        {"text": f"{opening}, {call}: {PRAISE}", "label": label}
        for call in CALLS
        for opening in openings
    ]


def test_a_model_learns_what_people_say_and_is_loaded_as_any_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path / "corrections.jsonl", a_slang("positive"))
    out = tmp_path / "mine"
    assert main(["default", "--corrections", str(file), "--out", str(out)]) == 0
    said = capsys.readouterr().err
    assert "of corrections it had not seen" in said
    assert f'sentiment = "{out}"' in said
    new = [f"look here, {call}: {PRAISE}" for call in ("my garden", "the manual", "their answer")]
    before, after = (load(name).predict(new) for name in ("default", str(out)))
    for one, other in zip(before, after, strict=True):
        assert other.positive > one.positive
    config = json.loads((out / "config.json").read_text("utf-8"))
    assert config["listener"]["corrected"]["corrections"] == 60
    assert load(str(out)).version != load("default").version
    assert "60 corrections" in (out / "README.md").read_text("utf-8")


def test_nothing_is_written_where_it_is_not_better(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Labels that contradict each other teach nothing."""
    labels = ("neutral", "positive", "negative")
    rows = [row | {"label": labels[at % 3]} for at, row in enumerate(a_slang("positive"))]
    file, out = written(tmp_path / "corrections.jsonl", rows), tmp_path / "mine"
    assert main(["default", "--corrections", str(file), "--out", str(out)]) == 1
    assert "nothing is written" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([{"text": "too few", "label": "negative"}], "at least 20 are needed"),
        ([{"words": "no text"}], "line 1: not a correction"),
    ],
)
def test_what_cannot_be_used_is_named(
    rows: list[dict[str, str]], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path / "corrections.jsonl", rows)
    with pytest.raises(SystemExit) as ended:
        main(["default", "--corrections", str(file), "--out", str(tmp_path / "mine")])
    assert ended.value.code == 2
    assert words in capsys.readouterr().err


def test_what_is_said_towards_one_of_several_names_is_no_label_of_the_text(tmp_path: Path) -> None:
    rows = [
        {"text": "Acme beats Boreal", "label": "positive"},
        {"text": "Acme beats Boreal", "label": "negative", "subject": "Boreal"},
    ]
    assert read(written(tmp_path / "both.jsonl", rows)) == (["Acme beats Boreal"], ["positive"])
