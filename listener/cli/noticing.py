"""Commands that look back on alerts: why they were, and whether people call them real."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import click

from listener import marking, receipts
from listener.cli.context import Call
from listener.cli.shown import format_option, highlighted, plain
from listener.errors import UsageError
from listener.texts import chart
from listener.texts import receipt as words
from listener.texts.marked import harmless
from listener.texts.receipt_parts import Line

VERDICTS = ("real", "false")


@click.command("explain")
@click.argument("incident", type=int)
@format_option
@click.pass_obj
def explain_command(call: Call, incident: int, form: str) -> None:
    """Show the receipt of INCIDENT: what it rests on, who was told, and what was done."""
    from listener.config.events import known_events  # noqa: PLC0415

    config, store, now = call.config(), call.store(), call.clock.now()
    found = receipts.receipt(store, incident)
    hours = receipts.hours_around(store, incident, now, known_events(config.events, now))
    if form == "jsonl":
        click.echo(json.dumps(found | {"hours": receipts.as_rows(hours)}, ensure_ascii=False))
        return
    zone = config.listener.timezone
    for line in _head(found):
        click.echo(plain(line))
    _section("", words.facts(found, zone))
    if hours:
        click.echo("Negatives an hour; what is beyond the line is hardly chance:")
        for line in chart.hours_chart(hours, zone):
            click.echo(f"  {line}")
    _quotes(found["quotes"])
    _section("Life", words.life(found, zone))
    _section("Told", words.told(found, zone))


def _head(found: dict[str, Any]) -> Iterable[str]:
    state = "over" if found["resolved_at"] else "open"
    if found["acknowledged_by"] and not found["resolved_at"]:
        state = f"looked after by {found['acknowledged_by']}"
    yield f"incident {found['incident']}: {found['severity']}, {found['rule']}, {state}"
    yield found["title"]
    yield found["why"]
    if found["action"]:
        yield f"-> {found['action']}"


def _section(title: str, lines: Sequence[Line]) -> None:
    if title and lines:
        click.echo(title)
    for line in words.aligned((plain(name), plain(said)) for name, said in _named(lines)):
        click.echo(line)


def _named(lines: Sequence[Line]) -> Iterable[Line]:
    return ((name or " ", said) for name, said in lines)


def _quotes(quotes: Sequence[dict[str, Any]]) -> None:
    if quotes:
        click.echo("Said")
    for quote in quotes:
        said = harmless(quote["text"], quote["places"], len(quote["text"]))
        followers = f", {quote['followers']:,} followers" if quote["followers"] else ""
        role = f"{quote['role']}: " if quote["role"] else ""
        click.echo(f"  > {highlighted(said)}")
        click.echo(f"    {role}{plain(quote['author'])}, {plain(quote['id'])}{followers}")


@click.command("mark")
@click.argument("what", metavar="[INCIDENT] [real|false]", nargs=-1)
@click.option("--day", help="A day instead of an incident, such as 2026-11-03.")
@click.option("--subject", help="Whose day.")
@click.option("--note", default="", help="What was it?")
@click.option("--undo", is_flag=True, help="Take the mark back.")
@click.pass_obj
def mark_command(
    call: Call, what: tuple[str, ...], day: str | None, subject: str | None, note: str, undo: bool
) -> None:
    """Say that INCIDENT, or a day of a subject, was `real` or a `false` alarm.

    `explain` shows it.
    """
    incident, verdict = _read_marked(what)
    if (verdict is None) is not undo:
        raise UsageError("marking: say real or false, or take the mark back with --undo.")
    real, who, now = verdict == "real", call.who(), call.clock.now()
    if incident is not None and day is None and subject is None:
        if undo:
            marking.unmark_incident(call.store(), incident, who, now)
        else:
            marking.mark_incident(call.store(), incident, who, now, real=real, note=note)
        click.echo(_marked(f"incident {incident}", verdict), err=True)
        return
    if incident is not None or day is None or subject is None:
        raise UsageError("marking: name an incident, or a day with --day and --subject.")
    when = _day(day)
    if undo:
        marking.unmark_day(call.store(), subject, when, who, now)
    else:
        zone = call.config().listener.timezone
        marking.mark_day(call.store(), subject, when, zone, who, now, real=real, note=note)
    click.echo(_marked(f"{when} of {subject}", verdict), err=True)


def _read_marked(what: Sequence[str]) -> tuple[int | None, str | None]:
    """The number of an incident and the verdict, each where it is given."""
    numbers = [word for word in what if word.isascii() and word.isdigit() and len(word) < 19]
    verdicts = [word for word in what if word in VERDICTS]
    others = [word for word in what if word not in numbers and word not in VERDICTS]
    if others:
        raise UsageError(f"marking: {others[0]!r} is neither an incident's number, real nor false.")
    if len(numbers) > 1 or len(verdicts) > 1:
        raise UsageError("marking: name one incident, and one of real and false.")
    return (int(numbers[0]) if numbers else None, verdicts[0] if verdicts else None)


def _marked(what: str, verdict: str | None) -> str:
    if verdict is None:
        return f"{what} is no longer marked."
    return f"{what} is marked as {'real' if verdict == 'real' else 'a false alarm'}."


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"marking: {text!r} is no day; write it like 2026-11-03.") from None
