"""The command that shows measures, each with what it rests on."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import click

from listener import figures
from listener.cli.context import Call
from listener.cli.shown import format_option, show
from listener.domain.measures import Unit
from listener.domain.times import in_words
from listener.domain.when import since_when
from listener.errors import UsageError

USUAL_SPAN = "30d"
COLUMNS = ("subject", "measure", "value", "between", "n", "note")
TO_CHECK = ("id", "channel", "language", "sentiment", "text")
TOO_FEW = "too few to tell"


@click.command("measures")
@click.option("--since", default=USUAL_SPAN, show_default=True, help="A span, or a past time.")
@click.option("--subject", help="Only this one's.")
@click.option(
    "--draw",
    type=click.IntRange(1, 1000),
    metavar="N",
    help="List N mentions drawn at random, for you to check with `correct`.",
)
@format_option
@click.pass_obj
def measures_command(
    call: Call, since: str, subject: str | None, draw: int | None, form: str
) -> None:
    """Show share of voice, negative share, NPS, CES, CSAT, stars, response times and estimates.

    Each with a 95 % interval and what it rests on: see docs/measures.md.
    """
    now = call.clock.now()
    moment = since_when(since, now)
    if draw is not None and subject is not None:
        raise UsageError(
            "drawing mentions to check: they are drawn among all subjects, for the model is one for"
            " all; leave --subject out."
        )
    if draw is not None:
        drawn = figures.draw(call.store(), draw, moment, now)
        show(drawn, form, TO_CHECK, "no model has labelled anything since then.")
        return
    app = call.app(secrets=False)
    rows = figures.of_span(app.store, figures.Known.of_app(app), moment, now, subject)
    show(rows if form == "jsonl" else _in_a_table(rows), form, COLUMNS, "nothing was said.")


def _in_a_table(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [_for_people(row) for row in rows]


def _for_people(row: Mapping[str, Any]) -> dict[str, Any]:
    told, between = TOO_FEW, None
    if row["enough"]:
        told = _words(row["value"], row["unit"]) + (" (assumed)" if row["assumed"] else "")
        if row["low"] is not None:
            ends = (_words(row[end], row["unit"]) for end in ("low", "high"))
            between = " to ".join(ends)
    return {**row, "value": told, "between": between}


def _words(value: float, unit: str) -> str:
    if unit == Unit.SHARE:
        return f"{value:.1%}"
    if unit == Unit.SECONDS:
        return in_words(timedelta(seconds=value))
    if unit in (Unit.PEOPLE, Unit.MONEY):
        return f"{value:,.0f}"
    return f"{value:.2f}" if unit == Unit.STARS else f"{value:+.0f}"
