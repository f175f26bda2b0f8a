"""The command that lets the rules look at the past with other settings."""

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from listener.cli.context import Call
from listener.cli.data import progress
from listener.cli.playing import Hours
from listener.cli.shown import format_option, plain, show
from listener.domain.when import since_when
from listener.texts import backtest as words

if TYPE_CHECKING:
    from datetime import datetime

    from listener.config import Config
    from listener.domain.hindsight import Backtest

USUAL_SPAN = "90d"
RULES = ("rule", "alarms", "a_week", "stored", "same", "new", "gone", "real", "false_alarm",
         "unmarked")  # fmt: skip
LISTED = ("opened", "for", "rule", "severity", "title", "stored", "marked")
MOST_CHARTS = 10
LEGEND = (
    "Beneath: how many incidents would have opened that day, how many are stored; + marked as real,"
    " - as a false alarm; e a known event."
)


@click.command("backtest")
@click.option("--since", default=USUAL_SPAN, show_default=True, help="A span, or a past time.")
@click.option("--set", "settings", multiple=True, metavar="rules.NAME.KEY=VALUE",
              help="Another setting of a rule; may be repeated.")  # fmt: skip
@format_option
@click.pass_obj
def backtest_command(call: Call, since: str, settings: tuple[str, ...], form: str) -> None:
    """Let the rules look at stored history, with other settings; stores nothing.

    Shows when they would have fired, how often a week, what differs from the incidents that are
    stored, and what that is worth by what `mark` said.
    """
    from listener.replay import backtest as past  # noqa: PLC0415

    now = call.clock.now()
    begin = since_when(since, now)
    config = _with(call, settings) if settings else call.config()
    store = call.store()
    first, last = past.span(store, begin, now)
    days = -(-(last - first + past.WARM_UP) // timedelta(days=1))
    with progress(days * 24, "looking back") as bar:
        done = past.backtest(config, store, begin, now, Hours(days, bar))
    if form == "jsonl":
        for row in words.as_json(done, settings):
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    _show(done, config, now, settings)


def _with(call: Call, settings: tuple[str, ...]) -> "Config":
    """The settings of the file, which is checked by itself first, with other ones for rules."""
    from listener.app import plugins  # noqa: PLC0415
    from listener.config.other import with_rules  # noqa: PLC0415
    from listener.replay.backtest import LEFT_OUT  # noqa: PLC0415

    call.config()
    return with_rules(call.path, plugins(call.clock), settings, LEFT_OUT)


def _show(done: "Backtest", config: "Config", now: "datetime", settings: tuple[str, ...]) -> None:
    from listener.config.events import known_events  # noqa: PLC0415

    zone = config.listener.timezone
    for line in words.facts(done, zone, settings):
        click.echo(plain(line))
    click.echo()
    show(words.by_rule(done), "table", RULES, "no rule ran.")
    for line in words.worth(done):
        click.echo(plain(line) if line.strip() == line else f"  {plain(line)}")
    made = words.charts(done, zone, known_events(config.events, now))
    for chart in made[:MOST_CHARTS]:
        click.echo()
        for line in chart:
            click.echo(line)
    if made:
        more = (
            f" {len(made) - MOST_CHARTS} more brands are not drawn." if made[MOST_CHARTS:] else ""
        )
        click.echo(LEGEND + more)
        click.echo()
    show(words.listed(done, zone), "table", LISTED, "nothing would have fired, and nothing has.")
