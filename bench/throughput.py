"""The neural model beside what people run today, on the same texts, in turns, on all cores.

    python -m bench.throughput [FILE.jsonl[.gz]] [--model DIR]

- ours: `classifiers.load`, tokenising included
- the same weights by transformers: batches of like length, fp32 and bf16
- xlm-roberta-base (Conneau et al., 2020; random weights cost as much as trained ones), fed the ids
  of our tokenizer: as a pipeline runs it (fp32, batches of 32 as they come), and in its best form
  (bf16, like lengths together, the best of three batch sizes)
"""

import argparse
import gzip
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench import texts
from bench.figure import Figure, python, table

ROUNDS = 2
SHARED = Path(__file__).parents[2] / "shared" / "data"
SETS = ("semeval_tweets_en/train.jsonl.gz", "umsab/val.jsonl.gz")
BATCH_TOKENS = (1024, 2048, 4096)
XLM_R = {"vocab_size": 250_002, "max_position_embeddings": 514, "type_vocab_size": 1}

Ids = Sequence[Sequence[int]]


def figures(file: Path | None, model: Path | None = None) -> list[Figure]:
    """Each way reads other texts in each round, so that nothing can be remembered."""
    from classifiers import load
    from classifiers.neural import SHIPPED, WEIGHTS_FILE, NeuralClassifier

    directory = model or SHIPPED
    if not (directory / WEIGHTS_FILE).is_file():
        return [Figure(name="the neural model is not there", value=0, unit=str(directory))]
    said = _said(file, 12_000)
    command = _command(directory, said)  # before this process is large: a child begins as we are
    ours = load(str(directory.resolve()))
    known = NeuralClassifier(directory)._reader._model
    fp32, bf16 = _library(directory)
    large_fp32, large_bf16 = _large()

    def encoded(some: Sequence[str]) -> Ids:
        return [each[:128] for each in known.encode(list(some))]

    best = max(
        BATCH_TOKENS,
        key=lambda size: _rate(lambda some: _sorted(large_bf16, encoded(some), size), said[-192:])[
            0
        ],
    )
    ways: list[tuple[str, Callable[[Sequence[str]], Any], int]] = [
        ("ours", ours.predict, 2000),
        ("its weights by transformers, fp32", lambda t: _sorted(fp32, encoded(t), 2400), 400),
        ("its weights by transformers, bf16", lambda t: _sorted(bf16, encoded(t), 2400), 600),
        ("xlm-roberta-base, fp32, batches of 32", lambda t: _as_it_comes(large_fp32, encoded(t)),
         96),
        (f"xlm-roberta-base, bf16, {best} tokens a batch",
         lambda t: _sorted(large_bf16, encoded(t), best), 384),
    ]  # fmt: skip
    for _, way, _ in ways:
        way(said[-48:])
    rates: list[list[tuple[float, float]]] = [[] for _ in ways]
    for turn in range(ROUNDS):
        for (_, way, count), found in zip(ways, rates, strict=True):
            found.append(_rate(way, said[turn * 2500 :][:count]))
    walls = [max(wall for wall, _ in found) for found in rates]
    cpus = [max(cpu for _, cpu in found) for found in rates]
    rows = []
    for (name, _, _), wall, cpu in zip(ways, walls, cpus, strict=True):
        rows.append(Figure(name=name, value=wall, unit="texts/s",
                           note=f"{cpu:.0f} texts per CPU second"))  # fmt: skip
    rows += [
        _ratio("against transformers, bf16", walls, 2, cpus),
        _ratio("against xlm-roberta-base, its best form", walls, 4, cpus, floor=3, aim=6),
        _ratio("against xlm-roberta-base, fp32 as it comes", walls, 3, cpus, floor=12, aim=25),
    ]
    return rows + command


def _ratio(
    name: str, walls: Sequence[float], other: int, cpus: Sequence[float], **bounds: float
) -> Figure:
    note = f"{cpus[0] / cpus[other]:.1f} x by CPU seconds"
    value = walls[0] / walls[other]
    return Figure(name=name, value=value, unit="x", more=True, note=note, **bounds)


def _rate(way: Callable[[Sequence[str]], Any], said: Sequence[str]) -> tuple[float, float]:
    """Texts in a second, and in a second of CPU time."""
    wall, cpu = time.perf_counter(), time.process_time()
    way(said)
    return len(said) / (time.perf_counter() - wall), len(said) / (time.process_time() - cpu)


def _said(file: Path | None, count: int) -> list[str]:
    paths = [file] if file else [SHARED / each for each in SETS if (SHARED / each).is_file()]
    if not paths:
        return [json.loads(line)["text"] for line in texts.lines(None, count)]
    raw = paths[0].read_bytes()
    lines = (gzip.decompress(raw) if paths[0].suffix == ".gz" else raw).splitlines()
    said = list(dict.fromkeys(json.loads(line)["text"] for line in lines if line.strip()))
    return (said * (count // len(said) + 1))[:count]


def _library(directory: Path) -> tuple[Any, Any]:
    import torch
    from transformers import AutoModelForSequenceClassification as Auto

    types = (torch.float32, torch.bfloat16)
    return tuple(Auto.from_pretrained(directory, dtype=each).eval() for each in types)  # type: ignore[return-value]


def _large() -> tuple[Any, Any]:
    import copy

    import torch
    from transformers import XLMRobertaConfig, XLMRobertaForSequenceClassification

    model = XLMRobertaForSequenceClassification(XLMRobertaConfig(num_labels=3, **XLM_R)).eval()
    return model, copy.deepcopy(model).to(torch.bfloat16)


def _as_it_comes(model: Any, encoded: Ids) -> None:
    for start in range(0, len(encoded), 32):
        _forward(model, encoded[start : start + 32])


def _sorted(model: Any, encoded: Ids, batch_tokens: int) -> None:
    left = sorted(encoded, key=len, reverse=True)
    while left:
        count = max(1, batch_tokens // len(left[0]))
        _forward(model, left[:count])
        left = left[count:]


def _forward(model: Any, some: Ids) -> None:
    import torch

    width = max(map(len, some))
    ids = torch.tensor([[*each, *[1] * (width - len(each))] for each in some])
    with torch.inference_mode():
        model(input_ids=ids, attention_mask=(ids != 1).long()).logits.tolist()


def _command(directory: Path, said: Sequence[str]) -> list[Figure]:
    """The command as users run it: one line, and two thousand."""
    with TemporaryDirectory() as folder:
        one, many = Path(folder) / "one.txt", Path(folder) / "many.txt"
        one.write_text("I love it\n", encoding="utf-8")
        many.write_text("".join(" ".join(t.split()) + "\n" for t in said[:2000]), encoding="utf-8")
        arguments = ("-m", "listener", "classify", "--model", str(directory))
        first = python(*arguments, str(one))
        all_of_it = python(*arguments, str(many))
    return [
        Figure(name="`listener classify`, one text", value=first.cpu, unit="CPU seconds", floor=6),
        Figure(name="`listener classify`, 2,000 texts", value=all_of_it.peak_mb,
               unit="MB, of its largest process", floor=600, aim=400),
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.throughput", description=__doc__)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--model", type=Path, help="a packed directory (default: what ships)")
    options = parser.parse_args()
    print(table(figures(options.file, options.model)))


if __name__ == "__main__":
    main()
