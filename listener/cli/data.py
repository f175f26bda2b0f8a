"""Commands that bring data in, take it out, keep it safe, and erase it."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from listener import inbox, views
from listener.cli.context import Call
from listener.domain.mention import Channel
from listener.domain.when import since_when
from listener.errors import UsageError

KINDS = ("mentions", "clocks", "incidents", "corrections", "issues", "notes")
CHANNELS = click.Choice([channel.value for channel in Channel])


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, help="The name of the source it comes from.")
@click.option("--channel", type=CHANNELS, help="Of mentions that do not tell.")
@click.option("--map", "pairs", multiple=True, metavar="FIELD=COLUMN", help="Where a field stands.")
@click.option("--timezone", default="UTC", show_default=True, help="Of times without one.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.pass_obj
def import_command(
    call: Call,
    file: Path,
    source: str,
    channel: str | None,
    pairs: tuple[str, ...],
    timezone: str,
    dry_run: bool,
) -> int:
    """Bring in the mentions of FILE (CSV or JSONL, also .gz); twice changes nothing."""
    from listener import imports  # noqa: PLC0415

    wanted = imports.Wanted(
        file=file,
        source=source_named(source),
        channel=Channel(channel) if channel else None,
        zone=zone_of(timezone),
        fields=mapping_of(pairs),
    )
    app = None if dry_run else call.app(secrets=False, create=True)
    with progress(file.stat().st_size, f"importing {file.name}") as bar:
        counts = imports.bring_in(app, wanted, bar)
    click.echo(
        f"{counts.read} lines: {counts.accepted} accepted, {counts.updated} updated,"
        f" {counts.unchanged} unchanged, {counts.rejected} rejected"
        + (f"; see {counts.rejects_file}" if counts.rejected and not dry_run else "")
    )
    return 3 if counts.rejected else 0


class progress:  # noqa: N801  # reads as a verb where it is used
    """A progress bar on a terminal's stderr; elsewhere nothing."""

    def __init__(self, length: int, label: str) -> None:
        self._bar = click.progressbar(
            length=max(length, 1), label=label, file=sys.stderr, hidden=not sys.stderr.isatty()
        )
        self._at = 0

    def __enter__(self) -> "progress":
        self._bar.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._bar.__exit__(None, None, None)

    def __call__(self, at: int) -> None:
        self._bar.update(max(0, at - self._at))
        self._at = max(self._at, at)


class counter:  # noqa: N801  # reads as a verb where it is used
    """What has been read so far, on a terminal's stderr; elsewhere nothing."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._shown = sys.stderr.isatty()

    def __enter__(self) -> "counter":
        return self

    def __exit__(self, *error: object) -> None:
        if self._shown:
            click.echo(err=True)

    def __call__(self, count: int) -> None:
        if self._shown:
            click.echo(f"\r{self._label}: {count} so far", nl=False, err=True)


def source_named(name: str) -> str:
    """A name that can stand before the colon of SOURCE:ID, and in a path."""
    if not 1 <= len(name) <= 64 or not name.isprintable() or set(name) & set(" :/"):
        raise UsageError(
            f"--source {name!r}: write 1 to 64 characters without spaces, colons or slashes."
        )
    return name


def zone_of(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise UsageError(
            f"--timezone {name!r} is unknown; write it like Europe/Budapest."
        ) from None


def mapping_of(pairs: tuple[str, ...]) -> dict[str, str]:
    """`--map field=column ...` as a mapping from our fields to columns."""
    from listener.domain.record import FIELDS  # noqa: PLC0415

    mapping = {}
    for pair in pairs:
        name, equals, column = pair.partition("=")
        if not equals or name not in FIELDS:
            raise UsageError(
                f"--map {pair!r}: write FIELD=COLUMN; the fields are {', '.join(FIELDS)}."
            )
        mapping[name] = column
    return mapping


@click.command("export")
@click.option("--kind", type=click.Choice(KINDS), default="mentions", show_default=True)
@click.option("--since", help="A time, or a span such as 90d; all if not named.")
@click.option("--format", "form", type=click.Choice(["csv", "jsonl"]), default="jsonl")
@click.option("--out", type=click.Path(path_type=Path), help="A file; stdout if not named.")
@click.pass_obj
def export_command(call: Call, kind: str, since: str | None, form: str, out: Path | None) -> None:
    """Write out mentions, clocks, incidents, corrections, issues or notes."""
    from listener.files import write_csv, write_jsonl  # noqa: PLC0415

    rows = views.export(call.store(), kind, since_when(since, call.clock.now()))
    stream = out.open("w", encoding="utf-8", newline="") if out else sys.stdout
    try:
        if form == "jsonl":
            write_jsonl(stream, rows)
        else:
            first, rows = _peeked(rows)
            write_csv(stream, list(first), rows)
    finally:
        if out:
            stream.close()


def _peeked(
    rows: Iterator[dict[str, object]],
) -> tuple[dict[str, object], Iterator[dict[str, object]]]:
    first = next(rows, None)
    if first is None:
        return {}, iter(())

    def again() -> Iterator[dict[str, object]]:
        yield first
        yield from rows

    return first, again()


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def backup_command(call: Call, file: Path) -> None:
    """Copy the database to FILE, while it is in use."""
    store = call.store()
    store.backup(file)
    click.echo(
        f"{store.path} is backed up to {file} ({file.stat().st_size / 1e6:.1f} MB).", err=True
    )


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def restore_command(call: Call, file: Path) -> None:
    """Put the backup FILE in the database's place; what was there is kept beside it."""
    from listener.store.connection import restore  # noqa: PLC0415
    from listener.store.lock import DaemonLock  # noqa: PLC0415

    path = call.database or call.config().listener.database
    with DaemonLock(path) as lock:
        lock.take("restore")
        kept = restore(file, path, call.clock.now())
    click.echo(
        f"{path} is restored from {file}." + (f" The old one is {kept}." if kept else ""), err=True
    )


@click.command("forget")
@click.option("--author", required=True, metavar="SOURCE:ID", help="Whom to erase.")
@click.pass_obj
def forget_command(call: Call, author: str) -> None:
    """Erase a person: words, name and quotes go, counts stay.

    What others only repeat ("RT @name: ...") goes too. Not touched: mentions by others that name
    the person in words of their own (they are counted), backups, files that were imported or
    dropped, and messages that were sent.
    """
    done = inbox.forget(call.store(), author, call.who(), call.clock.now())
    figures = {
        "forgotten_mentions": done.mentions,
        "forgotten_reposts": done.reposts,
        "still_named_by_others": done.still_named,
    }
    click.echo(json.dumps(figures))
    if done.still_named:
        name = author.rpartition(":")[2].lstrip("@")
        click.echo(
            f"listener: {done.still_named} mentions by others still name the person;"
            f" `listener search {name}` lists them.",
            err=True,
        )
    click.echo(
        "listener: FILE.rejects.jsonl files beside imported files are not touched; look there"
        " yourself.",
        err=True,
    )
