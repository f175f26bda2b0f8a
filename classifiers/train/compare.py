"""Comparing models with each other and with what a user would try first, on texts held out.

    python -m classifiers.train compare --data DIR --work DIR [--model NAME ...] [--out FILE]

What each contender says is kept in the working folder: a new model costs its own predictions only.
"""

import argparse
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from classifiers.base import Classifier, ClassifierError
from classifiers.beside import probabilities
from classifiers.registry import load
from classifiers.train import compare_tables as tables
from classifiers.train.compare_baselines import PENALTY, TfIdf, ask_fast, ask_vader
from classifiers.train.compare_cache import Said, ask
from classifiers.train.compare_figures import Contender, best_scope, groups
from classifiers.train.datasets import Row, read_rows
from classifiers.train.neural import sets

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Say = Callable[[str], None]

BEGIN: Final = "<!-- figures: written by the command above -->"
END: Final = "<!-- end of figures -->"

_TEXT: Final = """\
Written by `python -m classifiers.train compare`. Nobody was trained on these texts: a hash of the
normalised text holds out 8 % of each set, a third of `airline_us`, and all of UMSAB's val.{sample}

- TF-IDF: n-grams of 2 to 5 characters within words, and of 1 and 2 words, with an L2-regularised
  logistic regression (C = {penalty:g}), fitted on the same train part. UMSAB: one model for all its
  languages. Other sets: one for all sets of the language, or one for the set alone; as it is, or
  with rare labels lifted to equality. A tenth of the train part decides between the four.
- VADER is made for English; its score is no probability, so it has no calibration error.
- `val` is UMSAB's validation split. The labels of its Hindi rows agree with no model.
- Two-class sets (*) are scored on two classes, the likelier of negative and positive, and once more
  with neutral, where each text that is told neutral is wrong.

"""


def run_command(options: argparse.Namespace, say: Say) -> int:
    """Compare, print the tables, and write them to --out if it was given."""
    rows = read_rows(options.data, options.seed)
    say(f"{len(rows)} texts, {sum(row.part != 'train' for row in rows)} of them held out")
    names = options.contenders or ["default"]
    models = [ask_model(name, rows, options.work, options.most, say) for name in names]
    ring = ring_of(rows, models, options.work, options.most, say)
    text = report(ring, options.most)
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        page = options.out.read_text("utf-8") if options.out.is_file() else ""
        options.out.write_text(placed(text, page), "utf-8")
    for line in text.splitlines():
        say(line)
    return 0


def ring_of(
    rows: Sequence[Row], models: Sequence[Contender], work: Path, most: int, say: Say
) -> tables.Ring:
    """Ask the baselines, and bring all together over the rows that every model was asked about."""
    judged = _judged(rows, most)
    asked = [row if at in judged else _train(row) for at, row in enumerate(rows)]
    found = groups(asked, {each for members in tables.BEATEN.values() for each in members})
    tfidf = best_scope(_tfidf(rows, work, say), found, rows)
    every = [at for at, row in enumerate(rows) if row.part != "train"]
    texts = [rows[at].text for at in every]
    fast = _spread("fast", ask_fast(texts, work, say), every, len(rows))
    vader = _spread("VADER", ask_vader(texts, work, say), every, len(rows), honest=False)
    return tables.Ring(asked, found, [*models, fast, tfidf, vader], tfidf)


def report(ring: tables.Ring, most: int) -> str:
    """Give all tables as Markdown."""
    sample = f" A sample: at most {most} texts of a set and language." if most else ""
    parts = {
        "Averages": tables.averages(ring),
        f"What was asked for: {ring.contenders[0].name}": tables.targets(ring),
        "Neutral in Chinese": tables.neutral(ring),
        "Every set and language": [
            "**macro-F1**, macro-recall, F1 of negative, calibration error (ECE), in percent.",
            "",
            *tables.figures(ring),
        ],
    }
    body = "\n".join(f"## {title}\n\n" + "\n".join(lines) + "\n" for title, lines in parts.items())
    return f"# Figures\n\n{_TEXT.format(sample=sample, penalty=PENALTY)}{body}"


def placed(text: str, page: str) -> str:
    """Put the tables between the marks of a page that has them, a level down; else they are all."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        return text
    body = text.partition("\n")[2].replace("\n## ", "\n### ")
    return f"{before}{begin}\n{body}\n{end}{after}"


def ask_model(name: str, rows: Sequence[Row], work: Path, most: int, say: Say) -> Contender:
    """Let a model read what it is judged by; what an equal version said is not asked again."""
    model = load(name)
    if model.version.startswith("fast@"):
        model.close()
        raise ClassifierError(
            f"{name}: this is `fast`, which every comparison has anyway; name a directory"
        )
    at = sorted(_judged(rows, most))
    said = ask_of(model, [rows[each].text for each in at], work, say)
    return _spread(_short(name), said, at, len(rows))


def ask_of(model: Classifier, texts: list[str], work: Path, say: Say) -> Said:
    """What a model says of texts, and said before; it is closed then."""
    path = work / f"model-{re.sub(r'[^A-Za-z0-9.-]+', '-', model.version)[-80:]}.npz"
    say(f"{model.version} reads {len(texts)} texts")
    try:
        return ask(path, texts, _asking(model), say)
    finally:
        model.close()


def _asking(model: Classifier) -> "Callable[[list[str]], NDArray[np.float32]]":
    def predict(texts: list[str]) -> "NDArray[np.float32]":
        import numpy as np  # noqa: PLC0415

        return np.array(probabilities(model.predict(texts)), dtype=np.float32)

    return predict


def _judged(rows: Sequence[Row], most: int) -> frozenset[int]:
    """Say which rows are judged: those held out, or so many of each set and language."""
    aside = [row for row in rows if row.part != "train"]
    kept = {id(row) for row in (sets.some(aside, most) if most else aside)}
    return frozenset(at for at, row in enumerate(rows) if id(row) in kept)


def _train(row: Row) -> Row:
    """Take a row out of what is judged."""
    return Row(row.text, row.label, row.language, row.source, "train", row.noisy)


def _tfidf(rows: Sequence[Row], work: Path, say: Say) -> Contender:
    import numpy as np  # noqa: PLC0415

    kinds: dict[str, NDArray[np.float32]] = {}
    seconds, read = 0.0, 0
    for scope, said in TfIdf(rows, work, say).ask_all():
        shape = (len(rows), 3)
        made = kinds.setdefault(scope.variant, np.full(shape, np.nan, dtype=np.float32))
        made[list(scope.judged)] = said.probabilities
        seconds, read = seconds + said.seconds, read + said.read
    say(f"TF-IDF: {seconds:.0f} s of CPU, fitting included, for {read} answers")
    nothing = np.full((len(rows), 3), np.nan, dtype=np.float32)
    return Contender("TF-IDF", nothing, scopes=kinds)


def _spread(
    name: str, said: Said, at: Sequence[int], count: int, *, honest: bool = True
) -> Contender:
    import numpy as np  # noqa: PLC0415

    made = np.full((count, 3), np.nan, dtype=np.float32)
    made[list(at)] = said.probabilities
    return Contender(name, made, honest, said.per_second)


def _short(name: str) -> str:
    """Name a directory by its last two parts."""
    return "/".join(Path(name).parts[-2:]) if name.count("/") > 1 else name
