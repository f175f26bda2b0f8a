"""The n-grams of the language detector: reading texts, and fitting anew."""

import gzip
import json
import random
from pathlib import Path

import pytest

from classifiers.letters import FORMAT, Letters, ngrams
from classifiers.train.language import held_out, tag, train

WORDS = {
    "en": "the parcel has still not come and nobody answers when will it be here thank you",
    "hu": "a csomag még mindig nem jött meg és senki sem válaszol mikor lesz itt köszönöm",
    "de": "das paket ist immer noch nicht da und niemand antwortet wann kommt es danke",
}


def test_ngrams_are_runs_of_letters_and_words() -> None:
    found = ngrams("Ok, 12 JA!")
    assert " ja " in found
    assert "ok " in found
    assert not any(letter in "".join(found) for letter in "12,!")
    assert ngrams("12:30 !!") == []
    assert ngrams("soooooo") == ngrams("soo")


def test_the_shipped_model_knows_a_short_text() -> None:
    chances = Letters().chances("muito bom")
    assert max(chances, key=chances.__getitem__) == "pt"
    assert sum(chances.values()) == pytest.approx(1)
    assert Letters().chances("12:30") == {}


def test_a_tag_loses_its_country_but_not_its_script() -> None:
    assert [tag(each) for each in ("pt-MZ", "zh-Hant", "yue-Hant", "en", "es-en")] == [
        "pt",
        "zh-Hant",
        "zh-Hant",
        "en",
        "es-en",
    ]


def test_near_duplicates_fall_on_one_side() -> None:
    texts = [f"Where is my parcel number {number}" for number in range(50)]
    assert [held_out(text) for text in texts] == [held_out(f"{text.upper()}!") for text in texts]
    assert 0 < sum(map(held_out, texts)) < 25


def test_training_twice_gives_the_same_model_that_tells_three_languages(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "made_up").mkdir(parents=True)
    (data / "README.md").write_text("### made_up\n- from: this test\n- licence: MIT\n", "utf-8")
    chance = random.Random(0)
    with gzip.open(data / "made_up" / "train.jsonl.gz", "wt", encoding="utf-8") as file:
        for language, words in WORDS.items():
            for number in range(80):
                text = f"{' '.join(chance.choices(words.split(), k=8))} {number}"
                file.write(json.dumps({"text": text, "lang": language, "id": number}) + "\n")
    said: list[str] = []
    for name in ("one", "other"):
        train(data, tmp_path / name, 0, said.append)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "other" / path.name).read_bytes()
    model = Letters(tmp_path / "one")
    for language, words in WORDS.items():
        chances = model.chances(words)
        assert max(chances, key=chances.__getitem__) == language
    assert "| made_up | de, en, hu | this test | MIT |" in (tmp_path / "one/README.md").read_text()


def test_another_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"format": f"not {FORMAT}"}), "utf-8")
    with pytest.raises(ValueError, match="not a model"):
        Letters(tmp_path)
