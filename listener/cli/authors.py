"""The command that lists who spoke, and what the accounts of an influencer said."""

from typing import Any

import click

from listener import views
from listener.cli.context import Call
from listener.cli.shown import for_people, format_option, show
from listener.domain.actions import Standing
from listener.domain.subject import Role, Subject
from listener.domain.when import since_when
from listener.errors import UsageError
from listener.store.authors import Order

USUAL_SPAN = "30d"
MOST = 50
HEARD = ("author", "source", "followers", "verified", "first_seen", "mentions", "negative",
         "positive", "standing", "last_said", "reach", "share")  # fmt: skip
SPOKEN = ("account", "source", "followers", "posts", "subject", "role", "mentions", "negative",
          "neutral", "positive", "last_said", "sentiment", "url", "text")  # fmt: skip
MARKS = {True: "yes", False: "no", None: None}


@click.command("people")
@click.option("--subject", help="Only who spoke of this one.")
@click.option("--influencer", metavar="NAME", help="What the accounts of this one said of others.")
@click.option("--since", default=USUAL_SPAN, show_default=True, help="A span, or a past time.")
@click.option("--source", help="Only of this source.")
@click.option("--order", type=click.Choice([o.value for o in Order]), help="[default: reach]")
@click.option(
    "--standing", type=click.Choice([s.value for s in Standing]), help="Only who speaks so."
)
@click.option("--limit", type=click.IntRange(min=1), help="[default: 50; with --influencer all]")
@format_option
@click.pass_obj
def people_command(
    call: Call,
    subject: str | None,
    influencer: str | None,
    since: str,
    source: str | None,
    order: str | None,
    standing: str | None,
    limit: int | None,
    form: str,
) -> None:
    """List who spoke, as each service shows them; nobody is joined across services.

    With --influencer: what each account of that subject said of every brand and competitor.
    """
    moment = since_when(since, call.clock.now())
    if influencer is None:
        rows = views.people_heard(
            call.store(),
            since=moment,
            subject=subject,
            source=source,
            order=Order(order or Order.REACH),
            limit=limit or MOST,
            standing=Standing(standing) if standing else None,
        )
        show(_in_a_table(rows, form), form, HEARD, "nobody spoke.")
        return
    if subject or source or order or standing:
        raise UsageError("--influencer goes with --since, --limit and --format only.")
    app = call.app(secrets=False)
    services = {name: collector.service for name, collector in app.collectors.items()}
    rows = views.said_by(app.store, _influencer(app.subjects, influencer), services, moment)
    said = for_people(rows[:limit], form)
    show(said, form, SPOKEN, f"{influencer} has no accounts; name them in its `accounts`.")


def _in_a_table(rows: list[dict[str, Any]], form: str) -> list[dict[str, Any]]:
    if form == "jsonl":
        return rows
    return [
        row
        | {
            "verified": MARKS[row["verified"]],
            "share": None if row["share"] is None else f"{row['share']:.1%}",
        }
        for row in rows
    ]


def _influencer(subjects: tuple[Subject, ...], name: str) -> Subject:
    followed = [one for one in subjects if one.role is Role.INFLUENCER]
    for one in followed:
        if one.name.casefold() == name.casefold():
            return one
    known = ", ".join(one.name for one in followed) or "none"
    raise UsageError(f"--influencer {name!r} is no influencer that is followed; there is: {known}.")
