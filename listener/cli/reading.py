"""Commands that read texts: what a query matches, what a model says of them, how right it is."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from listener import views
from listener.cli.context import Call
from listener.cli.shown import format_option, show
from listener.domain.when import LONG_AGO

AT_ONCE = 1024
EVALUATED = (
    "model", "language", "n", "accuracy", "macro_f1", "macro_recall", "negative_f1", "ece",
)  # fmt: skip


@click.command("classify")
@click.argument(
    "file",
    default="-",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
)
@click.option("--model", help="fast, default, a directory or a Hugging Face id.")
@click.pass_obj
def classify_command(call: Call, file: Path, model: str | None) -> int:
    """Label FILE (lines of text, or JSONL with `text` in); prints JSONL, order kept."""
    from listener.app import topics_by_words  # noqa: PLC0415
    from listener.files import json_line  # noqa: PLC0415
    from listener.stages.classify import label_lines, started  # noqa: PLC0415

    config = call.config(optional=True)
    bad, lines = 0, _Lines(file)
    with started(model or config.classify.sentiment) as classifier:
        for answer in label_lines(classifier, lines, AT_ONCE, topics_by_words(config)):
            bad += "sentiment" not in answer
            click.echo(json_line(answer))
    if lines.damage:
        bad += 1
        click.echo(json_line({"line": lines.count + 1, "error": lines.damage}))
    return 3 if bad else 0


class _Lines:
    """The lines of a file, or of stdin; `damage` says why there are no more, where it is packed."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.count, self.damage = 0, ""

    def __iter__(self) -> Iterator[bytes]:
        if str(self._file) == "-":
            yield from sys.stdin.buffer
            return
        from listener.files import DAMAGED, UNPACKING, open_plain  # noqa: PLC0415

        with open_plain(self._file) as stream:
            try:
                for line in stream:
                    self.count += 1
                    yield line
            except UNPACKING:
                self.damage = DAMAGED


@click.command("evaluate")
@click.argument("file", required=False,
                type=click.Path(exists=True, dir_okay=False, path_type=Path))  # fmt: skip
@click.option(
    "--model",
    "models",
    multiple=True,
    help="fast, default, a directory or a Hugging Face id; several are compared.",
)
@format_option
@click.pass_obj
def evaluate_command(call: Call, file: Path | None, models: tuple[str, ...], form: str) -> int:
    """Measure labels against people's corrections, or against the labelled JSONL FILE.

    With --model given several times, the models stand below each other for each language.
    """
    from listener.cli.data import progress  # noqa: PLC0415
    from listener.stages.classify import measured, started, with_gold  # noqa: PLC0415

    names = list(dict.fromkeys(models)) or [call.config(optional=True).classify.sentiment]
    rows = with_gold(
        _labelled(file) if file else views.export(call.store(), "corrections", LONG_AGO)
    )
    scores, poison = [], 0
    for name in names if rows else ():
        with started(name) as classifier, progress(len(rows), f"reading with {name}") as bar:
            found = measured(classifier, rows, bar)
        scores += [{"model": name, **score} for score in found.scores]
        if found.poison:
            poison += found.poison
            click.echo(
                f"{name} could not bear {found.poison} of {len(rows)} texts; they are in none of"
                " its figures.",
                err=True,
            )
    languages = list(dict.fromkeys(score["language"] for score in scores))
    languages.sort(key=lambda language: (language == "all", language))
    scores.sort(key=lambda score: languages.index(score["language"]))
    show(scores, form, EVALUATED, "there is nothing to measure against.")
    return 3 if poison else 0


def _labelled(file: Path) -> Iterator[dict[str, Any]]:
    from listener.files import read_lines  # noqa: PLC0415

    for line in read_lines(file):
        if line.row is not None:
            yield dict(line.row)
