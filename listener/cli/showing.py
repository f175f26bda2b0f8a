"""Commands that show what is known: receipts, sources, digests."""

import tempfile
import webbrowser
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from listener import inbox, subscriptions, views
from listener.cli.context import Call
from listener.cli.shown import WIDEST, cut, format_option, plain, show
from listener.errors import UsageError
from listener.store.overview import Standing

if TYPE_CHECKING:
    from listener.app import App
    from listener.cycle import Report

MOST_NAMED = 20
_AS_WANTED = frozenset({"sent", "unsubscribed"})


@click.command("incidents")
@click.option("--all", "every", is_flag=True, help="Also those that are over.")
@format_option
@click.pass_obj
def incidents_command(call: Call, every: bool, form: str) -> None:
    """List incidents, gravest first."""
    rows = views.incident_list(call.store(), every=every)
    columns = ("id", "severity", "state", "subject", "title", "opened_at", "resolved_at")
    show(rows, form, columns, "no incident is open.")


@click.command("sources")
@format_option
@click.pass_obj
def sources_command(call: Call, form: str) -> None:
    """List sources: how they fare, how late they are, what they cost."""
    columns = ("name", "type", "last_success", "lag_s", "gap_since", "next_run", "error",
               "spent_usd", "month_usd", "forecast_usd", "usd_per_mention", "mentions",
               "rejected")  # fmt: skip
    store, now = call.store(), call.clock.now()
    rows = views.source_list(store, now)
    if form == "table":
        rows = [row | {"type": _type(row)} for row in rows]
    show(rows, form, columns, "no source was read yet.")
    if form == "table":
        _failing(rows)
    _troubles(views.standing(store, now))


def _type(row: Mapping[str, Any]) -> str:
    return f"{row['type']} (experimental)" if row["experimental"] else str(row["type"])


def _failing(rows: Iterable[Mapping[str, Any]]) -> None:
    """The streams that fail while the others of their source are read."""
    found = [(row["name"], one) for row in rows for one in row["failing"]]
    for name, one in found[:MOST_NAMED]:
        since = f" since {one['since']}" if one["since"] else ""
        stream = cut(plain(one["stream"]), WIDEST)
        click.echo(f"{plain(name)}: {stream} fails{since}: {plain(one['why'])}", err=True)
    if len(found) > MOST_NAMED:
        more = len(found) - MOST_NAMED
        click.echo(
            f"{more} more streams fail; `listener sources --format jsonl` has all.", err=True
        )


def _troubles(standing: Standing) -> None:
    """What waits, failed or was set aside, beside the sources; nothing where all is well."""
    for one in standing.deliveries:
        if one.waiting or one.failed or one.stale:
            error = f": {plain(one.error)}" if one.error else ""
            stale = f", {one.stale} still show deleted words" if one.stale else ""
            words = f"{one.outlet}: {one.waiting} wait, {one.failed} failed{stale}{error}"
            click.echo(words, err=True)
    if standing.quarantined:
        for text in standing.quarantined[:MOST_NAMED]:
            click.echo(f"{plain(text.name)}: set aside: {plain(text.reason)}", err=True)
        count = len(standing.quarantined)
        click.echo(
            f"{count} texts the model could not bear; `listener retry` tries them.", err=True
        )


@click.command("digest")
@click.option("--week", help="The ISO week, such as 2026-W47; the last whole one if not named.")
@click.option("--team", default="", help="What this team can act on, and not the company's.")
@click.option("--html", "html", type=click.Path(path_type=Path), help="Write it as HTML.")
@click.option("--text", "text", type=click.Path(path_type=Path), help="Write it as text.")
@click.option("--preview", is_flag=True, help="Open it in the browser.")
@click.option("--sample", is_flag=True, help="An invented one, where there is nothing to tell yet.")
@click.option("--resubscribe", metavar="ADDRESS", help="Mail it again to who unsubscribed.")
@click.option("--send", is_flag=True, help="Send it to those who read it and have not had it.")
@click.pass_obj
def digest_command(
    call: Call,
    week: str | None,
    team: str,
    html: Path | None,
    text: Path | None,
    preview: bool,
    sample: bool,
    resubscribe: str | None,
    send: bool,
) -> int:
    """Build a digest, and print, write, open or send it."""
    from listener import cycle  # noqa: PLC0415
    from listener.store.lock import DaemonLock  # noqa: PLC0415

    _must_be_a_week(week)
    if sample:
        if send or week or team:
            raise UsageError("--sample is invented: no --week, no --team, and nobody is sent it.")
        _show(_sample(call), html, text, preview=preview)
        click.echo("All of it is invented.", err=True)
        return 0
    if resubscribe is not None:
        subscriptions.subscribe_again(call.store(), resubscribe)
        click.echo(f"{resubscribe} gets the next digest again, if the settings name it.")
        return 0
    app = call.app(secrets=send)
    report = cycle.build_report(app, week, call.clock.now(), team)
    if html or text or preview or not send:
        _show(report, html, text, preview=preview)
    if send:
        with DaemonLock(app.store.path) as lock:
            lock.take("digest --send")
            _must_reach_somebody(app, team)
            told = cycle.send_report(app, report.week, call.clock.now(), team)
        for recipient, outcome in told.items():
            click.echo(f"{recipient}: {outcome}", err=True)
        if not told or any(outcome not in _AS_WANTED for outcome in told.values()):
            click.echo("listener: not everybody has the digest.", err=True)
            return 3
    _tell_unsubscribed(app)
    return 0


def _tell_unsubscribed(app: "App") -> None:
    for one in subscriptions.unsubscribed(app.store):
        click.echo(
            f"{plain(one.recipient)} unsubscribed on {one.unsubscribed_at:%Y-%m-%d}; to mail it"
            f" again: listener digest --resubscribe {plain(one.recipient)}",
            err=True,
        )


def _sample(call: Call) -> "Report":
    from listener.cycle import rendered  # noqa: PLC0415
    from listener.domain.week import Schedule  # noqa: PLC0415
    from listener.replay.sample import sample  # noqa: PLC0415

    config = call.config(optional=True)
    zone, language = config.listener.timezone, config.listener.language.value
    table = config.digest
    schedule = Schedule(every=table.every, day=table.day, at=table.at)
    return rendered(sample(schedule, zone, language, call.clock.now()))


def _show(report: "Report", html: Path | None, text: Path | None, *, preview: bool) -> None:
    """Write it where it is wanted; open it, or print it where nothing else is wanted."""
    if html is not None:
        html.write_text(report.html, encoding="utf-8")
    if text is not None:
        text.write_text(report.text, encoding="utf-8")
    if preview:
        _open(report)
    elif not (html or text):
        click.echo(report.text)


def _open(report: "Report") -> None:
    """Show it in the browser; it lies in a file that nobody else may read."""
    name = f"listener-digest-{report.week}-"
    with tempfile.NamedTemporaryFile("w", prefix=name, suffix=".html", encoding="utf-8",
                                     delete=False) as file:  # fmt: skip
        file.write(report.html)
    path = Path(file.name)
    try:
        opened = webbrowser.open(path.as_uri())
    except webbrowser.Error:
        opened = False
    click.echo(str(path))
    if not opened:
        click.echo("There is no browser here; the file is to be opened in one.", err=True)


def _must_reach_somebody(app: "App", team: str) -> None:
    from listener.cycle import edition_of  # noqa: PLC0415

    if team and not edition_of(app, team).readers:
        raise UsageError(
            f"digest --send: nobody of {team} would get it; [[teams]] {team} wants digest = true,"
            " and email with [notify.email], or slack with [notify.slack]."
        )
    if team:
        return
    if not app.reporting.readers:
        raise UsageError(
            "digest --send: nobody would get it; set up [notify.email], and name the recipients"
            " in [digest] to, or set up a way out with digests = true."
        )


def _must_be_a_week(text: str | None) -> None:
    from listener.domain.week import Week  # noqa: PLC0415

    try:
        if text is not None:
            Week.parse(text)
    except ValueError as error:
        raise UsageError(f"--week {error}.") from None


@click.command("send-test")
@click.argument("notifier", required=False)
@click.pass_obj
def send_test_command(call: Call, notifier: str | None) -> int:
    """Send a test message by NOTIFIER, or by all, also to who gets only digests."""
    from listener.app import digests_to  # noqa: PLC0415

    config = call.config(secrets=True)
    names = [notifier] if notifier else list(config.notifiers)
    unknown = [name for name in names if name not in config.notifiers]
    if unknown or not names:
        known = ", ".join(config.notifiers) or "none"
        raise UsageError(
            f"[notify.{unknown[0] if unknown else '...'}] is not configured; there is: {known}."
        )
    chosen = {name: config.notifiers[name] for name in names}
    failed = 0
    for tested in inbox.send_test(chosen, digests_to(config, chosen), call.clock.now()):
        if tested.error is None:
            click.echo(f"{tested.what}: told {tested.place}.")
        else:
            failed += 1
            click.echo(f"listener: {tested.what}: {tested.error}", err=True)
    return 3 if failed else 0
