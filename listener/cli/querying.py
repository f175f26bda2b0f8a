"""The command `query`: what a query finds, where and why, and what it nearly finds."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from listener import views
from listener.cli.asked import read_query
from listener.cli.context import Call
from listener.cli.data import CHANNELS, mapping_of, progress, zone_of
from listener.cli.shown import format_option, marked, plain, show
from listener.cli.translated import told
from listener.domain.mention import Channel
from listener.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from listener.domain.query import Document, Place, Query
    from listener.domain.query.amiss import Kind
    from listener.domain.query.nearly import Nearby, Nearest
    from listener.domain.sample import Sample
    from listener.files import Line

WIDEST: Final = 100  # columns of a text
MOST_NAMED: Final = 20  # bad lines
MOST_COUNTED: Final = 1000  # of the store, by day
MOST_DAYS: Final = 31  # of what goes on for longer, months are counted
BAR: Final = 40
NEARLY: Final = 10
TEXT_ENDING: Final = ".txt"
COLUMNS: Final = ("id", "terms", "text")
ONLY_STORED: Final = frozenset({"state", "team", "intent", "needs"})


@click.command("query")
@click.argument("query", required=False)
@click.argument("file", required=False,
                type=click.Path(exists=True, dir_okay=False, path_type=Path))  # fmt: skip
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@click.option("--nearly", type=click.IntRange(min=0), help="How many that nearly match; 10, and"
              " with --format jsonl none.")  # fmt: skip
@click.option("--inflect", multiple=True, metavar="LANGUAGE", help="Find inflected forms: hu, tr.")
@click.option("--channel", type=CHANNELS, help="Of lines that do not tell.")
@click.option("--map", "pairs", multiple=True, metavar="FIELD=COLUMN", help="Where a field stands.")
@click.option("--timezone", default="UTC", show_default=True, help="Of times without one.")
@click.option("--pack", help="Print a ready-made query: jobs, giveaways, coupons, bots.")
@click.option("--service", help="Show how this service is asked for QUERY, and what is left to us.")
@click.option("--explain", is_flag=True, help="Without FILE: say how the store was asked.")
@format_option
@click.pass_obj
def query_command(
    call: Call,
    query: str | None,
    file: Path | None,
    limit: int,
    nearly: int | None,
    inflect: tuple[str, ...],
    channel: str | None,
    pairs: tuple[str, ...],
    timezone: str,
    pack: str | None,
    service: str | None,
    explain: bool,
    form: str,
) -> int:
    """Show what QUERY matches in FILE (or in the store), where and by which terms; then what it
    nearly matches and why, and how many there are by day. FILE is JSONL or CSV as for `import`, or
    lines of text in a .txt; also .gz.
    """
    if pack is not None:
        click.echo(_pack(pack))
        return 0
    if query is None:
        raise UsageError("say what to look for: listener query 'acme NOT coyote' [FILE]")
    wanted = _read(query, inflect)
    most = _most_nearly(nearly, form)
    if service is not None:
        return _asked_of(call, wanted, service)
    if file is None:
        return _stored(call, wanted, limit, most, form, explain=explain)
    if explain:
        raise UsageError("--explain tells how the store is asked: leave FILE out.")
    trial = _trial(wanted, limit, most)
    reading = _Reading(file, channel, zone_of(timezone), mapping_of(pairs))
    with progress(file.stat().st_size, f"reading {file.name}") as bar:
        for line in _lines(file):
            trial.look_at(line, reading)
            if line.number % 1000 == 0:
                bar(line.end_offset)
    _tell(trial, form)
    return 3 if trial.bad else 0


def _most_nearly(nearly: int | None, form: str) -> int:
    if nearly is not None:
        return nearly
    return NEARLY if form == "table" else 0


def _pack(name: str) -> str:
    from listener.domain.query.packs import NAMES, text_of  # noqa: PLC0415

    if name not in NAMES:
        raise UsageError(f"--pack {name!r}: there is {', '.join(NAMES)}.")
    return text_of(name)


def _read(query: str, inflect: tuple[str, ...]) -> "Query":
    from listener.domain.query.stems import LANGUAGES  # noqa: PLC0415

    unknown = [language for language in inflect if language not in LANGUAGES]
    if unknown:
        raise UsageError(f"--inflect {unknown[0]!r}: there is {', '.join(LANGUAGES)}.")
    return read_query(query, inflect)


@dataclass(frozen=True, slots=True)
class _Reading:
    """How the lines of a file are read."""

    file: Path
    channel: str | None
    zone: Any
    fields: dict[str, str]

    def sample(self, line: "Line") -> "Sample":
        """Raises BadRecord."""
        from listener.domain.sample import read_sample  # noqa: PLC0415
        from listener.domain.values import BadRecord  # noqa: PLC0415
        from listener.files import source_of  # noqa: PLC0415

        if line.row is None:
            raise BadRecord(line.reason)
        return read_sample(
            line.row,
            source=source_of(self.file),
            channel=Channel(self.channel) if self.channel else None,
            zone=self.zone,
            fields=self.fields,
        )


def _trial(wanted: "Query", limit: int, nearly: int) -> "Trial":
    from listener.domain.query.nearly import Nearby, Nearest  # noqa: PLC0415

    return Trial(wanted, limit, Nearby(wanted) if nearly else None, Nearest(nearly))


def _lines(file: Path) -> "Iterator[Line]":
    from listener.files import read_lines, read_texts  # noqa: PLC0415

    is_text = file.name.lower().removesuffix(".gz").endswith(TEXT_ENDING)
    return read_texts(file) if is_text else read_lines(file)


@dataclass(slots=True)
class Trial:
    """What became of the lines of a file: found, nearly found, or not to be read."""

    query: "Query"
    limit: int
    nearby: "Nearby | None"  # None: nobody wants to know
    nearest: "Nearest[dict[str, Any]]"
    read: int = 0
    matched: int = 0
    found: list[dict[str, Any]] = field(default_factory=list)
    days: Counter[date] = field(default_factory=Counter)
    bad: int = 0
    named: list[str] = field(default_factory=list)

    def look_at(self, line: "Line", reading: _Reading) -> None:
        from listener.domain.query import Reading  # noqa: PLC0415
        from listener.domain.values import BadRecord  # noqa: PLC0415

        self.read += 1
        try:
            sample = reading.sample(line)
        except BadRecord as error:
            self.bad += 1
            if self.bad <= MOST_NAMED:
                self.named.append(f"{reading.file.name}:{line.number}: {error}")
            return
        name = sample.id or f"line {line.number}"
        text = Reading.of(sample.document)
        terms = self.query.match_read(text)
        if terms is not None:
            self._matches(name, sample.document, terms, text)
        elif self.nearby is not None and (one := self.nearby.why(text)) is not None:
            row = _row(name, sample.document, one.places)
            self.nearest.add(one.kind, {"id": name, "nearly": one.why, **row})

    def _matches(self, name: str, document: "Document", terms: tuple[str, ...], text: Any) -> None:
        self.matched += 1
        if document.said_at is not None:
            self.days[document.said_at.date()] += 1
        if len(self.found) < self.limit:
            row = _row(name, document, self.query.places(text))
            self.found.append({"id": name, "terms": list(terms), **row})


def _row(name: str, document: "Document", places: "tuple[Place, ...]") -> dict[str, Any]:
    title = {"title": document.title} if document.title else {}
    return {"id": name, "places": [list(place) for place in places], **title, "text": document.text}


def _tell(trial: Trial, form: str) -> None:
    _show_all(trial.found, trial.nearest.kept, trial.days, form)
    click.echo(f"{trial.matched} of {trial.read - trial.bad} match.", err=True)
    _count_nearly(trial.nearest.counts)
    if unknown := trial.query.fields & ONLY_STORED:
        click.echo(
            f"{', '.join(sorted(unknown))}: known of stored mentions only, and never of a file's.",
            err=True,
        )
    for line in trial.named:
        click.echo(f"listener: {plain(line)}", err=True)
    if trial.bad:
        click.echo(f"listener: {trial.bad} lines could not be read.", err=True)


def _count_nearly(counts: "Counter[Kind]") -> None:
    from listener.domain.query.amiss import Kind  # noqa: PLC0415

    if counts:
        kinds = ", ".join(f"{counts[kind]} {kind}" for kind in Kind if counts[kind])
        click.echo(f"{counts.total()} nearly: {kinds}.", err=True)


def _show_all(
    rows: list[dict[str, Any]], nearly: list[dict[str, Any]], days: Counter[date], form: str
) -> None:
    if form == "jsonl":
        show([*rows, *nearly], form, (), "")
        return
    _show(rows, COLUMNS, "nothing matches.")
    if nearly:
        click.echo("\nnearly:")
        _show(nearly, ("id", "nearly", "text"), "")
    _show_days(days)


def _show(rows: list[dict[str, Any]], columns: tuple[str, ...], none: str) -> None:
    shown = [{**row, "text": marked(row)} for row in rows]
    show(shown, "table", columns, none, widest=WIDEST)


def _show_days(days: Counter[date]) -> None:
    """A bar for each day, or for each month where there are too many days."""
    if not days:
        return
    first, last = min(days), max(days)
    if (last - first).days < MOST_DAYS:
        span = range((last - first).days + 1)
        bars = [(str(day := first + timedelta(days=n)), days[day]) for n in span]
    else:
        months: Counter[str] = Counter()
        for day, count in days.items():
            months[f"{day:%Y-%m}"] += count
        bars = sorted(months.items())
    most = max(count for _, count in bars)
    size = len(str(most))
    click.echo()
    for name, count in bars:
        click.echo(f"{name}  {count:{size}}  {'█' * -(-BAR * count // most)}".rstrip())


def _stored(
    call: Call, wanted: "Query", limit: int, nearly: int, form: str, *, explain: bool
) -> int:
    """The newest that the store has; it asks its index."""
    store, now = call.store(), call.clock.now()
    found = views.find(store, wanted, now, limit=max(limit, MOST_COUNTED))
    near, kinds = views.nearly(store, wanted, nearly)
    days = Counter(datetime.fromisoformat(row["said_at"]).date() for row in found.rows)
    _show_all(found.rows[:limit], near, days, form)
    more = "more than " if found.next is not None else ""
    click.echo(f"{more}{len(found.rows)} match.", err=True)
    _count_nearly(kinds)
    for line in (*filter(None, (found.unfinished,)), *(found.explained if explain else ())):
        click.echo(line, err=True)
    return 0 if found.is_complete else 3


def _asked_of(call: Call, wanted: "Query", service: str) -> int:
    """How a service that searches for us is asked, and what is left to us."""
    source = _source(call, service)
    translation = views.translate(wanted, service, {} if source is None else {service: source})
    if translation.impossible is not None:
        click.echo(plain(translation.impossible))
        return 3
    for line in told(translation):
        click.echo(line)
    return 0


def _source(call: Call, service: str) -> Any:
    """The source of this name; where the settings cannot be read, a service's type will do."""
    from listener.collectors.translations import is_searching  # noqa: PLC0415

    try:
        return call.source(service)
    except ConfigError as error:
        if not is_searching(service):
            raise
        for mistake in error.mistakes:
            click.echo(f"note: {plain(mistake)}", err=True)
        return None
