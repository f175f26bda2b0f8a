"""`python -m classifiers.train default --corrections FILE`: a model that people corrected."""

import argparse
import json
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from classifiers import near, neural
from classifiers.base import LABELS, ClassifierError
from classifiers.train.corrected import fitting
from classifiers.train.corrected.fitting import Change, Corrections, Verdict
from classifiers.train.corrected.reading import USUAL_FILE, Output, Texts, with_bias
from classifiers.train.datasets import read_rows

Say = Callable[[str], None]
FEWEST: Final = 20  # with fewer nothing can be told
USUAL_TEXTS: Final = 200  # of each set and language, of which the moments are taken
NOT_BETTER: Final = 1


@dataclass(frozen=True, slots=True)
class Corrected:
    """What corrections change, and how that does on corrections it had not seen."""

    changes: tuple[tuple[Output, Change], ...]
    holds: tuple[float, ...]
    verdict: Verdict


def run_command(options: argparse.Namespace, say: Say) -> int:
    """Fit, compare, and write the model if it is better; 1 if it is not."""
    base = options.base or neural.SHIPPED
    texts, labels = read(options.corrections)
    if len(texts) < FEWEST:
        raise ClassifierError(
            f"{options.corrections}: {len(texts)} corrections; at least {FEWEST} are needed to tell"
            " whether a model is better for them"
        )
    say(f"{len(texts)} corrections, {base}")
    reader = Texts(base)
    done = corrected(reader, texts, labels)
    found = done.verdict
    say(
        f"of corrections it had not seen {found.right_after} of {found.count} are right, before"
        f" {found.right_before}; log-loss {-found.gain:+.4f} (standard error {found.spread:.4f})"
    )
    if not found.is_better:
        say("not better by more than chance: nothing is written")
        return NOT_BETTER
    out = options.out or options.work / "model"
    write(reader, done, out, Path(options.corrections).name)
    say(f'written to {out}; to use it: [classify] sentiment = "{out}"')
    return 0


def read(path: Path) -> tuple[list[str], list[str]]:
    """Texts and labels of what `listener export --kind corrections --format jsonl` wrote.

    Of several of one text the last counts. Raises ClassifierError for a file that is none.
    """
    found: dict[str, str] = {}
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise ClassifierError(f"{path}: {error.strerror}") from None
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            if row.get("subject") is not None:
                continue  # towards one of several names: no label of the text
            text, label = row["text"], row["label"]
        except (ValueError, TypeError, KeyError) as error:
            raise ClassifierError(
                f"{path}, line {number}: not a correction ({error}); write the file with"
                " `listener export --kind corrections --format jsonl`"
            ) from None
        if label in LABELS and isinstance(text, str) and text.strip():
            found[text] = label
    return list(found), list(found.values())


def corrected(reader: Texts, texts: Sequence[str], labels: Sequence[str]) -> Corrected:
    """Fit a change of the output layers of a model to what people said of texts."""
    import numpy as np  # noqa: PLC0415

    read, fast = reader.read(texts), reader.fast(texts)
    wanted = np.array([LABELS.index(label) for label in labels])
    changes, holds, before, after = [], [], [], []
    for output in reader.outputs:
        said = Corrections(with_bias(read[:, output.columns]), wanted, fast)
        layer = reader.layer(output)
        hold = fitting.chosen_hold(layer, said, reader.powers)
        changes.append((output, fitting.fitted(layer, said, reader.powers, hold)))
        holds.append(hold)
        before.append(fitting.logits_of(layer, said))
        after.append(fitting.unseen(layer, said, reader.powers))
    was, made = (
        fitting.product(fitting.answered(early, late, reader.threshold), fast, reader.powers)
        for early, late in (before, after)
    )
    return Corrected(tuple(changes), tuple(holds), fitting.verdict(was, made, wanted))


def write(reader: Texts, done: Corrected, out: Path, name: str) -> None:
    """Write a directory as the base's, with what corrections change beside it."""
    import torch  # noqa: PLC0415
    from safetensors.torch import save_file  # noqa: PLC0415

    out.mkdir(parents=True, exist_ok=True)
    for kept in sorted(reader.directory.iterdir()):
        if kept.is_file() and kept.name != "README.md":
            shutil.copyfile(kept, out / kept.name)
    tensors: dict[str, Any] = {}
    for output, change in done.changes:
        gate, weights = (torch.from_numpy(one).float() for one in (change.gate, change.weights))
        tensors |= near.tensors_of(near.Near(gate, weights), output.which)
    new = out / f"{near.NEAR_FILE}.new"
    save_file(tensors, new, metadata={"format": "pt"})
    new.replace(out / near.NEAR_FILE)  # the old one may be mapped into somebody's memory
    config = neural.read_config(out)
    found = done.verdict
    config["listener"]["corrected"] = {
        "corrections": found.count,
        "held": list(done.holds),
        "right_before": found.right_before,
        "right_after": found.right_after,
    }
    (out / neural.CONFIG_FILE).write_text(json.dumps(config, indent=1) + "\n", "utf-8")
    (out / "README.md").write_text(_card(reader.directory, found, name), "utf-8")


def _card(base: Path, found: Verdict, name: str) -> str:
    return (
        "# A corrected model\n\n"
        f"The model `{base.name}`, with a change of its output layers fitted to {found.count}"
        f" corrections (`{name}`), which holds for texts like those. Of corrections it had not"
        f" seen, in {fitting.FOLDS} parts, {found.right_after} are right; before"
        f" {found.right_before}. The layers are those of the model it was made of, whose card holds"
        " for it.\n"
    )


def write_usual(data: Path, directory: Path, seed: int, say: Say) -> None:
    """Keep, beside a model, the moments of what its output layers read of usual texts.

    Of each set and language the same number of texts, of those it was trained on.
    """
    from classifiers.train.corrected.reading import write_usual as keep  # noqa: PLC0415

    counted: dict[tuple[str, str], int] = {}
    texts: list[str] = []
    rows = read_rows(data, seed)
    random.Random(seed).shuffle(rows)  # noqa: S311
    for row in rows:
        kind = (row.source, row.language)
        if row.part == "train" and counted.get(kind, 0) < USUAL_TEXTS:
            counted[kind] = counted.get(kind, 0) + 1
            texts.append(row.text)
    say(f"{len(texts)} usual texts of {len(counted)} sets and languages")
    keep(Texts(directory), texts)
    say(f"written to {directory / USUAL_FILE}")
