"""Commands that play the past in virtual time: `replay` and `demo`."""

import shutil
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from listener.cli.context import Call
from listener.cli.data import CHANNELS, mapping_of, progress, zone_of
from listener.domain.mention import Channel

if TYPE_CHECKING:
    from listener.replay.show import Played


@click.command("replay")
@click.argument("files", nargs=-1, required=True,
                type=click.Path(exists=True, dir_okay=False, path_type=Path))  # fmt: skip
@click.option("--out", type=click.Path(file_okay=False, path_type=Path),
              help="Keep database, notices and digest here.")  # fmt: skip
@click.option("--labels", type=click.Choice(["model", "given"]), default="model", show_default=True)
@click.option("--until-quiet", is_flag=True, help="Go on until no clock and no incident is open.")
@click.option(
    "--source", help="The source of mentions that name none; the file's stem if not named."
)
@click.option("--channel", type=CHANNELS, help="Of mentions that do not tell.")
@click.option("--map", "pairs", multiple=True, metavar="FIELD=COLUMN")
@click.option("--timezone", default="UTC", show_default=True, help="Of times without one.")
@click.pass_obj
def replay_command(
    call: Call,
    files: tuple[Path, ...],
    out: Path | None,
    labels: str,
    until_quiet: bool,
    source: str | None,
    channel: str | None,
    pairs: tuple[str, ...],
    timezone: str,
) -> int:
    """Play the dated mentions of FILES; prints every notice as a line of JSON."""
    from listener.replay import show  # noqa: PLC0415

    config = call.config(optional=True)
    events, rejects = show.read_files(
        files,
        source=source,
        channel=Channel(channel) if channel else None,
        zone=zone_of(timezone),
        fields=mapping_of(pairs),
    )
    for reject in rejects[:20]:
        click.echo(f"listener: {reject.place}: {reject.reason}", err=True)
    with _kept(out) as folder, progress(len(events), "replaying") as bar:
        played = show.replay(
            config, events, folder, labels=labels, until_quiet=until_quiet, echo=sys.stdout,
            progress=_Counted(bar),
        )  # fmt: skip
    _summary(played, len(rejects))
    return 3 if rejects else 0


class _kept:  # noqa: N801  # reads as a word where it is used
    """The folder that was named; or one that is gone afterwards."""

    def __init__(self, folder: Path | None) -> None:
        self._named = folder
        self._temporary: str | None = None

    def __enter__(self) -> Path:
        if self._named is not None:
            self._named.mkdir(parents=True, exist_ok=True)
            return self._named
        self._temporary = tempfile.mkdtemp(prefix="listener-replay-")
        return Path(self._temporary)

    def __exit__(self, *error: object) -> None:
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)


def _summary(played: "Played", rejected: int) -> None:
    click.echo(
        f"{played.mentions} mentions and {played.responses} answers"
        + (f", {rejected} lines rejected" if rejected else ""),
        err=True,
    )
    for name, role, mentions, negative in played.subjects:
        click.echo(f"  {name} ({role}): {mentions} mentions, {negative} negative", err=True)
    clocks = ", ".join(f"{count} {state}" for state, count in sorted(played.clocks.items()))
    click.echo(f"  response clocks: {clocks or 'none'}", err=True)
    click.echo(
        f"  {played.notices} notices;"
        f" {played.mentions / max(played.seconds, 1e-9):,.0f} mentions a second,"
        f" {played.cpu_seconds:.1f} s of CPU, {played.peak_mb:.0f} MB at most",
        err=True,
    )


@click.command("demo")
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--no-serve", is_flag=True, help="End when the story is told.")
@click.option("--port", default=8765, show_default=True, help="Where the pages are shown.")
@click.option("--seed", default=1, show_default=True)
@click.option("--days", default=14, show_default=True, type=click.IntRange(12, 366))
@click.option("--no-crisis", is_flag=True, help="Two ordinary weeks.")
@click.pass_obj
def demo_command(
    call: Call,
    folder: Path | None,
    no_serve: bool,
    port: int,
    seed: int,
    days: int,
    no_crisis: bool,
) -> None:
    """Play two weeks of an invented brand into FOLDER (./demo), then show the pages."""
    from listener.replay import show  # noqa: PLC0415

    target = folder or Path("demo")
    target.mkdir(parents=True, exist_ok=True)
    now = call.clock.now()
    with progress(days * 24, "playing two weeks") as bar:
        hours = Hours(days, bar)
        played, marks = show.demo(
            target, now=now, seed=seed, days=days, crisis=not no_crisis, progress=hours
        )
    for line in show.story_lines(target, marks):
        click.echo(line)
    _summary(played, 0)
    for name in (show.DATABASE, show.NOTICES, show.DIGEST_HTML, show.DIGEST_TEXT):
        click.echo(f"  {target / name}", err=True)
    if not no_serve:
        from listener.web.serve import serve_demo  # noqa: PLC0415

        serve_demo(target / "listener.db", port, call.who())


class Hours:
    """Turns virtual time into steps of a progress bar."""

    def __init__(self, days: int, bar: progress) -> None:
        self._length, self._bar = days * 24, bar
        self._first: datetime | None = None

    def __call__(self, now: datetime) -> None:
        self._first = self._first or now
        self._bar(min(self._length, int((now - self._first) / timedelta(hours=1))))


class _Counted:
    """Steps a progress bar on with each moment that is played."""

    def __init__(self, bar: progress) -> None:
        self._bar, self._at = bar, 0

    def __call__(self, now: datetime) -> None:
        self._at += 1
        self._bar(self._at)
