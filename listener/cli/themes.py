"""The command that lists themes."""

import click

from listener import insights
from listener.cli.context import Call
from listener.cli.shown import format_option, show

COLUMNS = ("subject", "theme", "mentions", "people", "negative", "before", "move", "defined",
           "until", "text")  # fmt: skip


@click.command("themes")
@click.option("--subject", help="Only those of this one.")
@click.option("--day", metavar="DAY", help="As they stood on this day, such as 2026-11-23.")
@format_option
@click.pass_obj
def themes_command(call: Call, subject: str | None, day: str | None, form: str) -> None:
    """List what at least five people talked about in seven days though nobody defined it.

    Found each day; a theme keeps its name. `defined` no: none of the topics covers it.
    """
    rows = insights.themes_of(call.store(), subject, day)
    if form != "jsonl":
        rows = [{**row, "defined": "yes" if row["defined"] else "no"} for row in rows]
    show(rows, form, COLUMNS, "no theme was found yet; they are looked for once a day.")
