"""Commands for what waits and what people do of it: `views.py` lists, `inbox.py` acts."""

import click

from listener import inbox, views
from listener.cli.asked import read_query
from listener.cli.context import Call
from listener.cli.shown import for_people, format_option, marked, show
from listener.domain.intent import NO_INTENT, Intent
from listener.domain.label import Sentiment
from listener.domain.response import ClockState
from listener.domain.when import read_moment, read_span
from listener.errors import UsageError
from listener.store.waiting import STILL_OPEN, InboxFilter

PATIENCE = 30.0  # seconds; a command has more time than a page
STATES = [state.value for state in ClockState]


@click.command("inbox")
@click.option("--state", "states", multiple=True, type=click.Choice(STATES))
@click.option("--subject", help="Only this subject's.")
@click.option("--query", help="Only mentions that it finds: see docs/queries.md.")
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True)
@format_option
@click.pass_obj
def inbox_command(
    call: Call,
    states: tuple[str, ...],
    subject: str | None,
    query: str | None,
    limit: int,
    form: str,
) -> None:
    """List what waits for an answer, most urgent first."""
    wanted = InboxFilter(
        states=states or STILL_OPEN, subject=subject, limit=limit, now=call.clock.now()
    )
    asked = read_query(query) if query else None
    found = views.sought(call.store(), wanted, asked, call.pack(), PATIENCE)
    if found.unfinished is not None:
        click.echo(found.unfinished, err=True)
    columns = (
        "id",
        "subject",
        "channel",
        "state",
        "due_at",
        "sentiment",
        "assignee",
        "team",
        "action",
        "text",
    )
    show(for_people(found.rows, form), form, columns, "nothing waits.")


@click.command("answer")
@click.argument("mention")
@click.option("--at", help="When it was answered, if not now; ISO 8601.")
@click.pass_obj
def answer_command(call: Call, mention: str, at: str | None) -> None:
    """Mark MENTION (SOURCE:ID or row number) as answered."""
    before = inbox.answer(call.store(), mention, call.who(), call.clock.now(), read_moment(at))
    if before is None:
        click.echo(f"{mention} is answered.", err=True)
    else:
        click.echo(f"{mention} was already answered at {before:%Y-%m-%d %H:%M} UTC.", err=True)


@click.command("dismiss")
@click.argument("mention")
@click.pass_obj
def dismiss_command(call: Call, mention: str) -> None:
    """Say that MENTION needs no answer."""
    inbox.dismiss(call.store(), mention, call.who(), call.clock.now())
    click.echo(f"{mention} is dismissed.", err=True)


@click.command("assign")
@click.argument("mention")
@click.argument("who")
@click.pass_obj
def assign_command(call: Call, mention: str, who: str) -> None:
    """Say WHO answers MENTION."""
    inbox.assign(call.store(), mention, who, call.who(), call.clock.now())
    click.echo(f"{mention} is for {who}.", err=True)


@click.command("snooze")
@click.argument("what")
@click.argument("span")
@click.pass_obj
def snooze_command(call: Call, what: str, span: str) -> None:
    """Say nothing of WHAT for SPAN (30m, 4h, 2d).

    WHAT is a mention (SOURCE:ID), whose promise runs on, or an incident (its number, or
    incident:NUMBER), which is told again if it is open then.
    """
    app = call.app(secrets=False)
    said, until = inbox.snooze_named(
        app.store, what, read_span(span), call.who(), app.hearing, call.clock.now()
    )
    click.echo(f"{said} is silent until {until:%Y-%m-%d %H:%M} UTC.", err=True)


@click.command("correct")
@click.argument("mention")
@click.option("--sentiment", type=click.Choice([s.value for s in Sentiment]))
@click.option("--topic", "topics", multiple=True)
@click.option("--subject", help="The sentiment is towards this subject alone.")
@click.option("--intent", type=click.Choice([*(i.value for i in Intent), NO_INTENT]))
@click.option("--about", "about", multiple=True, metavar="SUBJECT", help="It is about SUBJECT.")
@click.option("--not-about", "not_about", multiple=True, metavar="SUBJECT", help="It is not.")
@click.pass_obj
def correct_command(
    call: Call,
    mention: str,
    sentiment: str | None,
    topics: tuple[str, ...],
    subject: str | None,
    intent: str | None,
    about: tuple[str, ...],
    not_about: tuple[str, ...],
) -> None:
    """Correct the label of MENTION, or whom it is about; your word wins over any model's."""
    if sentiment is None and (topics or not (intent or about or not_about)):
        raise UsageError(
            "correcting: say what is wrong, with --sentiment (and --topic), --intent, --about or"
            " --not-about."
        )
    if subject is not None and (sentiment is None or topics or intent):
        raise UsageError(
            "correcting: --subject goes with --sentiment alone; topics and intent are of the text."
        )
    store, who, now = call.store(), call.who(), call.clock.now()
    for relevant, subjects in ((True, about), (False, not_about)):
        for one in subjects:
            inbox.judge(store, mention, one, who, now, relevant=relevant)
            click.echo(f"{mention} is {'' if relevant else 'not '}about {one}.", err=True)
    given = Sentiment(sentiment) if sentiment else None
    if subject is not None and given is not None:
        inbox.correct_towards(store, mention, subject, given, who, now)
        click.echo(f"{mention} is {sentiment} towards {subject}.", err=True)
    elif given is not None or intent is not None:
        inbox.correct(store, mention, given, topics, who, now, intent)
        said = (sentiment and f"is {sentiment}", intent and f"has the intent {intent}")
        click.echo(f"{mention} {' and '.join(filter(None, said))}.", err=True)


@click.command("aside")
@click.option("--subject", help="Only this subject's.")
@click.option("--reason", help="Only those kept aside for this: relevance, person, spam.")
@click.option("--limit", default=100, show_default=True)
@format_option
@click.pass_obj
def aside_command(
    call: Call, subject: str | None, reason: str | None, limit: int, form: str
) -> None:
    """List what is kept aside: it counts for nothing, and alerts nobody."""
    rows = views.kept_aside(call.store(), subject=subject, reason=reason, limit=limit)
    columns = ("id", "subject", "reason", "score", "by", "said_at", "text")
    shown = rows if form == "jsonl" else [{**row, "text": marked(row)} for row in rows]
    show(shown, form, columns, "nothing is kept aside.")


@click.command("ack")
@click.argument("incident", type=int)
@click.pass_obj
def ack_command(call: Call, incident: int) -> None:
    """Say that you look after INCIDENT."""
    app = call.app(secrets=False)
    taken = inbox.acknowledge(app.store, incident, call.who(), app.editing, call.clock.now())
    whose = "yours" if taken in (None, call.who()) else f"looked after by {taken} already"
    click.echo(f"incident {incident} is {whose}.", err=True)


@click.command("resolve")
@click.argument("incident", type=int)
@click.pass_obj
def resolve_command(call: Call, incident: int) -> None:
    """Say that INCIDENT is over."""
    app = call.app(secrets=False)
    inbox.resolve(app.store, incident, call.who(), app.editing, call.clock.now())
    click.echo(f"incident {incident} is resolved.", err=True)


@click.command("retry")
@click.argument("mentions", nargs=-1)
@click.pass_obj
def retry_command(call: Call, mentions: tuple[str, ...]) -> None:
    """Try again what was set aside: the MENTIONS named; or all texts, and failed messages."""
    app = call.app(secrets=False)
    texts, messages = inbox.retry(app.store, mentions, call.clock.now(), app.outlets)
    click.echo(f"{texts} texts and {messages} messages will be tried again.", err=True)
