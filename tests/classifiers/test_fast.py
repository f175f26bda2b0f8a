"""The built-in model: its file, its n-grams, and that it has learnt something."""

import gzip
import json
import shutil
from pathlib import Path

import pytest

from classifiers import ClassifierError, confusions, load, ngrams
from classifiers.evaluate import evaluate
from classifiers.fast import CONFIG_FILE, SHIPPED, WEIGHTS_FILE, FastClassifier

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
UMSAB = SHARED / "umsab" / "val.jsonl.gz"


def test_the_shipped_model_is_small_and_no_pickle() -> None:
    files = sorted(path.name for path in SHIPPED.iterdir())
    assert files == ["README.md", CONFIG_FILE, confusions.FILE, WEIGHTS_FILE]
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) <= 8_000_000


def test_the_card_lists_data_figures_and_limits() -> None:
    card = (SHIPPED / "README.md").read_text("utf-8")
    for heading in ("## How good it is", "## Limits", "## Training data"):
        assert heading in card
    assert "| umsab | en |" in card


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("I love it, thank you so much!", "positive"),
        ("Worst service ever, I hate this airline", "negative"),
        ("Nagyon rossz, unalmas film", "negative"),
        ("Csodálatos, nagyszerű film", "positive"),
        ("太差了，很失望，再也不来了", "negative"),
        ("服务很好，非常满意，推荐", "positive"),
        ("非常好吃，服務態度也很好，推薦！", "positive"),
        ("服務態度很差，不會再來", "negative"),
        ("Der Service ist super, vielen Dank!", "positive"),
        ("Muy mala experiencia, no lo recomiendo", "negative"),
        ("The office opens at 9 on Monday", "neutral"),
    ],
)
def test_plain_words_are_understood(text: str, label: str) -> None:
    assert load("fast").predict([text])[0].label == label


def test_an_empty_text_is_close_to_neutral() -> None:
    (prediction,) = load("fast").predict([""])
    assert prediction.negative < 0.6
    assert prediction.positive < 0.6


def test_handles_and_links_do_not_matter() -> None:
    fast = load("fast")
    one, other = fast.predict(
        ["@acme_air see https://acme.example/a?b=c", "@Someone_Else see http://t.co/xyz"]
    )
    assert one == other


def test_the_version_is_that_of_the_content(tmp_path: Path) -> None:
    for name in (CONFIG_FILE, WEIGHTS_FILE):
        shutil.copy(SHIPPED / name, tmp_path / name)
    assert FastClassifier(tmp_path).version == load("fast").version
    config = json.loads((tmp_path / CONFIG_FILE).read_text("utf-8"))
    (tmp_path / CONFIG_FILE).write_text(json.dumps(config | {"temperature": 2.0}), "utf-8")
    assert FastClassifier(tmp_path).version != load("fast").version


def test_a_broken_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ClassifierError, match="cannot be read"):
        FastClassifier(tmp_path)
    (tmp_path / CONFIG_FILE).write_text('{"format": "other"}')
    with pytest.raises(ClassifierError, match="not a model of the format"):
        FastClassifier(tmp_path)
    shutil.copy(SHIPPED / CONFIG_FILE, tmp_path / CONFIG_FILE)
    (tmp_path / WEIGHTS_FILE).write_bytes(b"not safetensors")
    with pytest.raises(ClassifierError, match="cannot be read"):
        FastClassifier(tmp_path)


def test_no_ngram_reaches_into_the_next_text() -> None:
    texts = ["ab", "", "c d e", "好吃"]
    for together, *alone in zip(
        ngrams.blocks(texts, 21), *(ngrams.blocks([text], 21) for text in texts), strict=True
    ):
        bounds = [*together.starts, len(together.buckets)]
        for at, single in enumerate(alone):
            mine = together.buckets[bounds[at] : bounds[at + 1]]
            assert mine.tolist() == single.buckets.tolist()
            assert (mine != 0).sum() == together.counts[at]


def test_long_drawn_letters_and_numbers_are_folded() -> None:
    one, other = (ngrams.codes_of([text]).tolist() for text in ("sooooo 42", "SOOO 17"))
    assert one == other


@pytest.mark.skipif(not UMSAB.exists(), reason="needs the labelled sets of ../shared")
def test_on_tweets_it_never_saw_it_is_as_good_as_promised() -> None:
    with gzip.open(UMSAB, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    made = load("fast").predict([row["text"] for row in rows])
    scores = evaluate([row["label"] for row in rows], made, [row["lang"] for row in rows])
    languages = [score.macro_f1 for score in scores if score.language != "all"]
    assert len(languages) == 8
    assert sum(languages) / 8 >= 0.52
