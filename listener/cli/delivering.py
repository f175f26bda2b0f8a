"""The log of deliveries: what each outlet was told, and what was given up sent again."""

import click

from listener import inbox, views
from listener.cli.context import Call
from listener.cli.shown import format_option, plain, show
from listener.errors import UsageError
from listener.store.delivery_log import STATES

COLUMNS = ("id", "at", "outlet", "event", "incident", "title", "state", "attempts", "sent_at",
           "next_try_at", "place", "error")  # fmt: skip


@click.command("deliveries")
@click.option("--outlet", help='Only those of one outlet; "digest" is the mailing of reports.')
@click.option("--state", type=click.Choice(STATES), help="Only those that stand so.")
@click.option("--limit", type=click.IntRange(min=1, max=100_000), default=50, show_default=True)
@click.option("--again", multiple=True, metavar="ID", help="Send what was given up once more.")
@format_option
@click.pass_obj
def deliveries_command(
    call: Call, outlet: str | None, state: str | None, limit: int, again: tuple[str, ...], form: str
) -> None:
    """List what outlets were told, when, after how many attempts, and with which end.

    With --again nothing is listed: `listener run` sends it, at once where it runs.
    """
    if not again:
        rows = views.deliveries(call.store(), outlet=outlet, state=state, limit=limit)
        show(rows, form, COLUMNS, "nothing of the kind was told.", widest=80)
        return
    if outlet or state:
        raise UsageError("--again names deliveries; it does not go with --outlet or --state.")
    app = call.app(secrets=False)
    inbox.tell_again(app.store, again, app.outlets, call.who(), call.clock.now())
    click.echo(f"{', '.join(plain(one) for one in again)}: will be sent once more.", err=True)
