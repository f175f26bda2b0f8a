"""The tokenizer, as one `tokenizer.json`: what is done to a text is written there and only there.

So a plain transformers pipeline reads a text just as training did: folded (Nmt and NFKC, as
SentencePiece folds: Kudo and Richardson, 2018), links as `http` and handles as `@user`, spaces
collapsed, then cut into Unigram pieces (Kudo, 2018).
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from classifiers.train.neural.base import Base

BOS, PAD, EOS, UNKNOWN, MASK = "<s>", "<pad>", "</s>", "<unk>", "<mask>"
SPECIAL: Final = (BOS, PAD, EOS, UNKNOWN, MASK)  # and these are their ids in our models
PAD_ID: Final = 1
MASK_ID: Final = 4
LINK: Final = r"https?://\S+|www\.\S+"
HANDLE: Final = r"@\w{1,30}"
SPACE: Final = "\u2581"  # how SentencePiece writes a space
DIGITS: Final = 4  # of a score; they are logarithms of frequencies
LONGEST: Final = 512


def build(base: Base, ids: Sequence[int] | None = None, *, masked: bool = True) -> Any:
    """Make a `tokenizers.Tokenizer` of some pieces of the base, by their ids, or of all.

    Its own ids are the positions in `ids`, which begin with those of SPECIAL. masked: whether
    handles and links are folded, as they are for our models and are not in the base.
    """
    from tokenizers import (  # noqa: PLC0415
        AddedToken,
        Tokenizer,
        models,
        normalizers,
        pre_tokenizers,
        processors,
    )
    from tokenizers import Regex as Pattern  # noqa: PLC0415

    chosen = range(len(base.pieces)) if ids is None else ids
    scored = [(base.pieces[at], round(float(base.scores[at]), DIGITS)) for at in chosen]
    names = [piece for piece, _ in scored]
    tokenizer = Tokenizer(models.Unigram(scored, unk_id=names.index(UNKNOWN), byte_fallback=False))
    folds = [normalizers.Nmt(), normalizers.NFKC()]
    if masked:
        folds.append(normalizers.Replace(Pattern(LINK), "http"))
        folds.append(normalizers.Replace(Pattern(HANDLE), "@user"))
    folds += [normalizers.Replace(Pattern(" {2,}"), " "), normalizers.Strip()]
    tokenizer.normalizer = normalizers.Sequence(folds)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(SPACE, prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{BOS} $A {EOS}",
        pair=f"{BOS} $A {EOS} $B {EOS}",
        special_tokens=[(BOS, names.index(BOS)), (EOS, names.index(EOS))],
    )
    tokenizer.add_special_tokens([AddedToken(each, normalized=False) for each in SPECIAL])
    return tokenizer


def write(tokenizer: Any, out: Path) -> None:
    """Write `tokenizer.json`, without blanks, and `tokenizer_config.json` beside it."""
    out.mkdir(parents=True, exist_ok=True)
    content = json.loads(tokenizer.to_str())
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    (out / "tokenizer.json").write_text(text, "utf-8")
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": LONGEST,
        "model_input_names": ["input_ids", "attention_mask"],
        "clean_up_tokenization_spaces": False,
        "bos_token": BOS,
        "cls_token": BOS,
        "eos_token": EOS,
        "sep_token": EOS,
        "pad_token": PAD,
        "unk_token": UNKNOWN,
        "mask_token": MASK,
    }
    (out / "tokenizer_config.json").write_text(json.dumps(config, indent=1) + "\n", "utf-8")


def read(out: Path) -> Any:
    """Read the `tokenizers.Tokenizer` of a directory."""
    from tokenizers import Tokenizer  # noqa: PLC0415

    return Tokenizer.from_file(str(out / "tokenizer.json"))
