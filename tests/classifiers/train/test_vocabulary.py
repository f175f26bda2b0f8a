"""The pruned vocabulary and its tokenizer."""

from collections import Counter
from pathlib import Path

import pytest

from classifiers.train.neural import tokenizer, vocabulary
from classifiers.train.neural.tokenizer import SPECIAL
from tests.classifiers.train.tiny import tiny_base


def cut(text: str) -> list[str]:
    tokens: list[str] = tokenizer.build(tiny_base()).encode(text).tokens
    return tokens


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("@ann awful", "@user awful"),
        ("@Jo_12: late", "@user: late"),
        ("fine https://a.b/c?d=e#f wow", "fine http wow"),
        ("fine www.shop.example/x", "fine http"),
        ("＠ann　so", "@user so"),
        ("  so\n\n on\t", "so on"),
    ],
)
def test_masks_and_folds_are_in_the_tokenizer(text: str, masked: str) -> None:
    folded = tokenizer.build(tiny_base()).normalizer.normalize_str(text)
    assert folded == masked
    assert cut(text) == cut(masked)


def test_a_text_lies_between_the_special_tokens() -> None:
    assert cut("so late") == ["<s>", "▁so", "▁late", "</s>"]


def test_transformers_reads_what_was_written(tmp_path: Path) -> None:
    from transformers import AutoTokenizer  # noqa: PLC0415 - takes seconds

    base = tiny_base()
    ids = [base.pieces.index(name) for name in SPECIAL] + [4, 5, 6, 60]
    ours = tokenizer.build(base, ids)
    tokenizer.write(ours, tmp_path)
    theirs = AutoTokenizer.from_pretrained(tmp_path)
    for text in ("ab @you x", "", "http://a b"):
        assert theirs(text)["input_ids"] == ours.encode(text).ids
    assert (theirs.pad_token_id, theirs.mask_token_id) == (tokenizer.PAD_ID, tokenizer.MASK_ID)
    assert tokenizer.read(tmp_path).encode("ab").ids == ours.encode("ab").ids


def test_special_pieces_come_first_and_all_characters_that_matter_are_kept() -> None:
    base = tiny_base()
    ids = vocabulary.choose(base, {"en": Counter()}, {"en": 1}, 64)
    kept = [base.pieces[at] for at in ids]
    assert kept[: len(SPECIAL)] == list(SPECIAL)
    assert {"a", "ß", "好", "廳", "か", "한", "😀"} <= set(kept)
    assert len(kept) == len(set(kept)) <= 64


def test_what_texts_use_is_kept_before_what_they_do_not() -> None:
    base = tiny_base()
    whole = tokenizer.build(base)
    texts = {"en": ["monday monday wow"], "ka": ["გამარჯობა"]}
    counted = vocabulary.count_pieces(whole, texts)
    kept = {base.pieces[at] for at in vocabulary.choose(base, counted, {"en": 1, "ka": 1}, 66)}
    assert {"▁monday", "▁wow", "გამარჯობა"} <= kept


def test_too_small_a_vocabulary_is_refused() -> None:
    with pytest.raises(ValueError, match="single characters"):
        vocabulary.choose(tiny_base(), {}, {}, 20)


def test_the_cost_of_pruning_is_told() -> None:
    base = tiny_base()
    whole = tokenizer.build(base)
    ids = [at for at, piece in enumerate(base.pieces) if piece not in ("▁wow", "ß")]
    ids = [*(base.pieces.index(name) for name in SPECIAL), *sorted(set(ids[4:-1]))]
    growth, odd = vocabulary.growth(whole, tokenizer.build(base, ids), [("wow ß", "en")])["en"]
    assert growth == pytest.approx(8 / 5)
    assert odd == pytest.approx(1 / 8)
