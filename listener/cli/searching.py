"""The command `search`: stored mentions, by a query."""

from typing import Any, Final

import click

from listener import views
from listener.cli.asked import read_query
from listener.cli.context import Call
from listener.cli.shown import for_people, format_option, show
from listener.domain.when import since_when
from listener.store.searching import Order

ORDERS: Final = [order.value for order in (Order.RELEVANCE, Order.NEWEST)]
COLUMNS: Final = ("id", "said_at", "channel", "sentiment", "author", "text")


@click.command("search")
@click.argument("query")
@click.option("--limit", type=click.IntRange(min=1, max=1000), default=50, show_default=True)
@click.option(
    "--order",
    type=click.Choice(ORDERS),
    default=Order.RELEVANCE.value,
    show_default=True,
    help="The best of the newest first, or all in the order of time.",
)
@click.option("--since", help="Only what was said since then: 2026-11-01, or 30d.")
@click.option("--explain", is_flag=True, help="Say how the database went about it, on stderr.")
@format_option
@click.pass_obj
def search_command(
    call: Call,
    query: str,
    limit: int,
    order: str,
    since: str | None,
    explain: bool,
    form: str,
) -> int:
    """Find stored mentions; QUERY is as in docs/queries.md: acme delay NOT coyote lang:hu."""
    now = call.clock.now()
    found = views.find(
        call.store(),
        read_query(query),
        now,
        order=Order(order),
        limit=limit,
        since=since_when(since, now) if since else None,
        teams=call.pack().topic_teams,
    )
    tell(found, form, explain=explain)
    return 0 if found.is_complete else 3


def tell(found: views.Search, form: str, *, explain: bool = False) -> None:
    """Print a page of what was found."""
    rows = found.rows if form == "jsonl" else [_titled(row) for row in found.rows]
    show(for_people(rows, form), form, COLUMNS, "nothing found.")
    if found.next is not None:
        click.echo("there are more; --limit shows more of them.", err=True)
    if found.unfinished is not None:
        click.echo(found.unfinished, err=True)
    for line in found.explained if explain else ():
        click.echo(line, err=True)


def _titled(row: dict[str, Any]) -> dict[str, Any]:
    """The title before the text, with the places where they lie then."""
    from listener.domain.marked import told_places  # noqa: PLC0415

    if not row["title"]:
        return row
    told = {"text": f"{row['title']}: {row['text']}"}
    return {**row, **told, "places": told_places(row["places"], row["title"])}
