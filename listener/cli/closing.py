"""Commands that close the loop: which issue a mention belongs to, and who hears it is fixed."""

from collections.abc import Iterable, Mapping
from typing import Any

import click

from listener import issues
from listener.cli.context import Call
from listener.cli.shown import format_option, plain, show
from listener.errors import UsageError

ISSUES = ("issue", "mentions", "people", "told", "fixed_at", "last_said")
TO_TELL = ("id", "author", "language", "url", "told_at")


@click.command("link")
@click.argument("mention")
@click.argument("issue")
@click.option("--undo", is_flag=True, help="Take the tie back.")
@click.pass_obj
def link_command(call: Call, mention: str, issue: str, undo: bool) -> None:
    """Tie MENTION to an ISSUE of your tracker: its key or its address."""
    store, who, now = call.store(), call.who(), call.clock.now()
    if undo:
        issues.unlink(store, mention, issue, who, now)
        click.echo(f"{mention} is not tied to {issue}.", err=True)
        return
    kept = issues.link(store, mention, issue, who, now)
    click.echo(f"{mention} is tied to {kept}.", err=True)


@click.command("issues")
@format_option
@click.pass_obj
def issues_command(call: Call, form: str) -> None:
    """List the issues that mentions are tied to, and how many people wait to hear of each."""
    none = "no mention is tied to an issue; `listener link ID ISSUE` ties one."
    show(issues.listing(call.store()), form, ISSUES, none)


@click.command("fixed")
@click.argument("issue")
@click.option("--told", multiple=True, metavar="ID", help="You went back to who wrote this one.")
@click.option("--list", "only_list", is_flag=True, help="Change nothing; show who is to be told.")
@click.option("--undo", is_flag=True, help="It is not fixed after all.")
@format_option
@click.pass_obj
def fixed_command(
    call: Call, issue: str, told: tuple[str, ...], only_list: bool, undo: bool, form: str
) -> None:
    """Say that ISSUE is fixed, and show whom to go back to, with a draft in their language.

    Nothing is sent: read a draft, send it where they wrote, and tick it off with --told.
    """
    if undo + only_list + bool(told) > 1:
        raise UsageError("--told, --list and --undo do not go together.")
    store, who, now = call.store(), call.who(), call.clock.now()
    if undo:
        issues.reopen(store, issue, who, now)
        click.echo(f"{issue} is open again.", err=True)
        return
    if told:
        issues.told(store, issue, told, who, now)
    elif not only_list:
        issues.fix(store, issue, who, now)
    rows = issues.to_tell(store, issue)
    people = {row["person"] for row in rows}
    waiting = {row["person"] for row in rows if row["told_at"] is None}
    click.echo(f"{issue}: {len(waiting)} of {len(people)} wait to hear that it is fixed.", err=True)
    if any(row["fell_back"] for row in rows):
        click.echo("where there is no draft in their language it is in English.", err=True)
    show(rows, form, TO_TELL, "nobody is left who could be told.")
    if form != "jsonl":
        _show_drafts(row for row in rows if row["told_at"] is None)


def _show_drafts(rows: Iterable[Mapping[str, Any]]) -> None:
    """One for each person, on a line of its own: it is there to be copied, and no table cuts it."""
    first = {row["person"]: row for row in reversed(list(rows))}
    for row in reversed(first.values()):
        where = "  ".join(plain(row[name]) for name in ("id", "author", "url") if row[name])
        click.echo(f"\n{where}\n{plain(row['draft'])}")
