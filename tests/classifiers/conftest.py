"""Classifiers for the tests: the shipped one, a tiny one of random weights, a supervised one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from classifiers import Classifier, Supervised, load

LETTERS = [chr(code) for code in range(ord("a"), ord("z") + 1)]


def save_tiny_bert(directory: Path, names: dict[int, str], *, safe: bool = True) -> Path:
    """Write a BERT of random weights and a tokenizer of letters, as `save_pretrained` would."""
    import torch  # noqa: PLC0415 - only these tests need it, and it takes seconds
    from tokenizers import (  # noqa: PLC0415
        Tokenizer,
        models,
        normalizers,
        pre_tokenizers,
        processors,
    )
    from transformers import (  # noqa: PLC0415
        BertConfig,
        BertForSequenceClassification,
        PreTrainedTokenizerFast,
    )

    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *LETTERS, *(f"##{each}" for each in LETTERS)]
    vocabulary = {piece: at for at, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        model_max_length=32,
    ).save_pretrained(directory)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(pieces),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=32,
        id2label=names,
        label2id={name: at for at, name in names.items()},
    )
    model = BertForSequenceClassification(config)
    model.save_pretrained(directory)
    if not safe:
        torch.save(model.state_dict(), directory / "pytorch_model.bin")
        (directory / "model.safetensors").unlink()
    return directory


@pytest.fixture(scope="session")
def tiny_bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("tiny-bert")
    return save_tiny_bert(directory, {0: "NEG", 1: "Neutral", 2: "POS"})


@pytest.fixture(scope="session")
def tiny_neural(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory as `python -m classifiers.train default` packs it, of random weights."""
    import torch  # noqa: PLC0415

    from classifiers.train.neural import model, pack, tokenizer  # noqa: PLC0415
    from tests.classifiers.train.tiny import tiny_base  # noqa: PLC0415

    directory = tmp_path_factory.mktemp("tiny-neural")
    base = tiny_base()
    last = len(base.pieces) - 1  # <mask>
    ids = [*range(4), last, *range(4, last)]
    network = model.classifier(base, ids, (0, 1), mean_pooling=True, seed=0)
    with torch.no_grad():
        network.classifier.weight *= 50  # so that it says different things of different texts
    cutter = tokenizer.build(base, ids)
    pack.pack(network, cutter, directory, temperature=1.0, settings={"longest": 24})
    return directory


@pytest.fixture(scope="session", params=["fast", "neural", "hugging face", "supervised"])
def classifier(request: pytest.FixtureRequest) -> Iterator[Classifier]:
    """Each classifier in turn."""
    made: Classifier
    match request.param:
        case "fast":
            made = load("fast")
        case "neural":
            made = load(str(request.getfixturevalue("tiny_neural")))
        case "supervised":
            made = Supervised("fast")
        case _:
            made = load(str(request.getfixturevalue("tiny_bert")))
    yield made
    made.close()
