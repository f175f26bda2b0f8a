"""What a model says of texts, and how good that is, for each set and language."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from classifiers.base import LABELS, Prediction
from classifiers.beside import LEAST, predictions, probabilities
from classifiers.evaluate import Score, calibration_error, score_of
from classifiers.registry import load
from classifiers.train.datasets import HELD_OUT_THIRD, Row
from classifiers.train.neural import feed, sets, tokenizer
from classifiers.train.neural.tokenizer import PAD_ID

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BATCH_TOKENS: Final = 4096
MOST_HELD_OUT: Final = 400  # rows of a set and language; more say little that is new
MOST_CHOSEN_BY: Final = 150  # the same, where weights and temperatures are chosen


@dataclass(frozen=True, slots=True)
class Judged:
    """Rows, and the logits of a model for them, float32 [rows, 3]."""

    rows: list[Row]
    logits: "NDArray[np.float32]"

    def where(self, keep: Sequence[bool]) -> "Judged":
        """Give a part of it."""
        import numpy as np  # noqa: PLC0415

        rows = [row for row, wanted in zip(self.rows, keep, strict=True) if wanted]
        return Judged(rows, self.logits[np.array(keep, dtype=bool)])


def held_out(rows: Sequence[Row], most: int = MOST_HELD_OUT) -> list[Row]:
    """Give the held-out rows, at most so many of a set and language; of airline tweets ten times.

    They are the nearest to what our users' customers write, and so many are held out.
    """
    aside = [row for row in rows if row.part == "held_out"]
    airline = [row for row in aside if row.source == HELD_OUT_THIRD]
    others = [row for row in aside if row.source != HELD_OUT_THIRD]
    return sets.some(others, most) + sets.some(airline, 10 * most)


def logits(model: Any, encoded: "Sequence[NDArray[np.int32]]") -> "NDArray[np.float32]":
    """Give the logits of texts, float32 [texts, 3], in their order; in bf16 where the CPU can."""
    return outputs(model, encoded, lambda made: made.logits)


def outputs(
    model: Any, encoded: "Sequence[NDArray[np.int32]]", of: Callable[[Any], Any]
) -> "NDArray[np.float32]":
    """Give something of what the model makes of texts, float32 [texts, any], in their order.

    of: what that is, [batch, any], of what it makes of a batch.
    """
    import numpy as np  # noqa: PLC0415
    import torch  # noqa: PLC0415

    lengths = np.array([len(each) for each in encoded], dtype=np.int64)
    out: NDArray[np.float32] = np.zeros((0, len(LABELS)), dtype=np.float32)
    everything = np.arange(len(encoded), dtype=np.int64)
    fast = torch.ops.mkldnn._is_mkldnn_bf16_supported()
    model.eval()
    for batch in feed.batches(everything, lengths, BATCH_TOKENS, np.random.default_rng(0)):
        ids, mask = feed.padded([encoded[at] for at in batch], PAD_ID)
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast):
            made = model(input_ids=torch.from_numpy(ids), attention_mask=torch.from_numpy(mask))
            found = of(made).float().numpy()
        if not len(out):
            out = np.zeros((len(encoded), found.shape[1]), dtype=np.float32)
        out[batch] = found
    return out


def judge_directory(directory: Path, rows: Sequence[Row], longest: int) -> Judged:
    """Load a finished directory as any user would, and let it read the rows."""
    from transformers import AutoModelForSequenceClassification  # noqa: PLC0415

    model = AutoModelForSequenceClassification.from_pretrained(directory)
    encoded = feed.encode(tokenizer.read(directory), [row.text for row in rows], longest)
    return Judged(list(rows), logits(model, encoded))


def judge_as_run(directory: Path, rows: Sequence[Row]) -> Judged:
    """Let a finished directory read the rows as the package does, with all that it adds."""
    import numpy as np  # noqa: PLC0415

    model = load(str(directory.resolve()))
    likely = probabilities(model.predict([row.text for row in rows]))
    model.close()
    return Judged(list(rows), np.log(np.maximum(likely, LEAST)).astype(np.float32))


def by_set(judged: Judged, least_rows: int) -> list[tuple[str, Score]]:
    """Score each set and language that has so many rows: (set, score), in order."""
    groups: dict[tuple[str, str], list[tuple[str, Prediction]]] = {}
    for row, made in zip(judged.rows, predictions(judged.logits), strict=True):
        groups.setdefault((row.source, row.language), []).append((LABELS[row.label], made))
    return [
        (source, score_of(language, pairs))
        for (source, language), pairs in sorted(groups.items())
        if len(pairs) >= least_rows
    ]


def by_family(judged: Judged, temperatures: dict[str, float] | None = None) -> dict[str, float]:
    """Give the calibration error of each family, over its rows with three labels."""
    import numpy as np  # noqa: PLC0415

    errors = {}
    for family in (sets.SOCIAL, sets.REVIEW):
        keep = [sets.family_of(row.source) == family and not row.two_class for row in judged.rows]
        if not any(keep):
            continue
        part = judged.where(keep)
        made = predictions(part.logits / np.float32((temperatures or {}).get(family, 1.0)))
        gold = [LABELS[row.label] for row in part.rows]
        right = [each.label == label for each, label in zip(made, gold, strict=True)]
        sure = [float(np.max([e.negative, e.neutral, e.positive])) for e in made]
        errors[family] = calibration_error(sure, right)
    return errors


def log_loss(judged: Judged) -> float:
    """Give the mean loss over sets, each counting alike; rows of two labels lose neutral."""
    import numpy as np  # noqa: PLC0415

    values = judged.logits.astype(np.float64).copy()
    values[[row.two_class for row in judged.rows], 1] = -1e4
    values -= values.max(axis=1, keepdims=True)
    values -= np.log(np.exp(values).sum(axis=1, keepdims=True))
    each = -values[np.arange(len(values)), [row.label for row in judged.rows]]
    sources = np.array([row.source for row in judged.rows])
    return float(np.mean([each[sources == name].mean() for name in np.unique(sources)]))


def macro_f1(scores: Sequence[tuple[str, Score]], source: str) -> float:
    """Give the mean macro-F1 over the languages of a set; 0 where it was not scored."""
    found = [score.macro_f1 for name, score in scores if name == source]
    return sum(found) / len(found) if found else 0.0
