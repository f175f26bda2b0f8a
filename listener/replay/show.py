"""What `replay` and `demo` play and leave behind: database, notices, digest, and figures."""

import io
import json
import resource
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import TextIO

from listener import cycle, views
from listener.app import App, open_app, plugins
from listener.clock import VirtualClock, cpu_seconds, monotonic
from listener.collectors.demo import SUBJECTS, story
from listener.config import Config, from_document
from listener.domain.mention import Channel, Mention, Reject, Response
from listener.domain.record import BadRecord
from listener.domain.times import to_json
from listener.errors import UsageError
from listener.files import source_of
from listener.imports import Wanted, records
from listener.notifiers.jsonl import Jsonl
from listener.replay.play import Event, Foresight, PastSource, in_order, play

DATABASE, NOTICES = "listener.db", "notices.jsonl"
DIGEST_HTML, DIGEST_TEXT = "digest.html", "digest.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What a replay came to. CPU and memory are those of the model's process, too."""

    mentions: int
    responses: int
    subjects: Sequence[tuple[str, str, int, int]]  # name, role, mentions, negative
    clocks: Mapping[str, int]  # by state
    notices: int
    seconds: float
    cpu_seconds: float
    peak_mb: float


def read_files(
    files: Sequence[Path],
    *,
    source: str | None,
    channel: Channel | None,
    zone: tzinfo,
    fields: Mapping[str, str],
) -> tuple[list[Event], list[Reject]]:
    """The events of several files, by the time they are seen, and the lines that hold none."""
    rejects: list[Reject] = []
    streams = []
    for file in files:
        wanted = Wanted(
            file=file,
            source=source or source_of(file),
            channel=channel,
            zone=zone,
            fields=dict(fields),
        )
        streams.append(list(_events(wanted, rejects)))
    return in_order(streams), rejects


def _events(wanted: Wanted, rejects: list[Reject]) -> Iterator[Event]:
    for line, found in records(wanted):
        if isinstance(found, BadRecord):
            place = f"{wanted.file.name}:{line.number}"
            rejects.append(Reject(place=place, reason=str(found), content=line.raw))
            continue
        yield found.mention
        if found.response is not None:
            yield found.response


def replay(
    config: Config,
    events: Sequence[Event],
    folder: Path,
    *,
    labels: str = "model",
    until: datetime | None = None,
    until_quiet: bool = False,
    echo: TextIO | None = None,
    service: str = "replay",
    progress: Callable[[datetime], None] = lambda now: None,
) -> Played:
    """Play events into a new database in `folder`; `echo` is given every notice, too.

    Raises UsageError where a database stands in the way.
    """
    _must_be_free(folder)
    clock = VirtualClock(_start(events, until))
    past = PastSource(events=events, service=service, name=service)
    with (folder / NOTICES).open("w", encoding="utf-8") as file:
        stream = _Tee(file, echo)
        app = open_app(
            replace(
                config,
                digest=replace(config.digest, to=()),
                manners=replace(config.manners, shadow=timedelta(0)),
            ),
            clock,
            database=folder / DATABASE,
            durable=False,
            collectors=[past],
            notifiers={"jsonl": Jsonl(stream=stream)},
            labels=labels,
        )
        app.prepared = Foresight(app.model, events)
        began = monotonic(), cpu_seconds()
        try:
            ended = play(app, clock, past, until=until, until_quiet=until_quiet, progress=progress)
            _write_digest(app, folder, events, ended, whole=until is None)
            taken = monotonic() - began[0], cpu_seconds() - began[1]
            summary = views.summary(app.store)
        finally:
            app.close()
    children = cpu_seconds(children=True)
    return Played(
        mentions=sum(isinstance(e, Mention) for e in events),
        responses=sum(isinstance(e, Response) for e in events),
        subjects=summary.subjects,
        clocks=summary.clocks,
        notices=stream.lines,
        seconds=taken[0],
        cpu_seconds=taken[1] + children,
        peak_mb=_peak_mb(),
    )


def _must_be_free(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    database = folder / DATABASE
    if database.exists():
        raise UsageError(
            f"{database} is there already: a replay needs a new one. Name another folder."
        )


def _start(events: Sequence[Event], until: datetime | None) -> datetime:
    times = [event.said_at for event in events[:1]] + ([until] if until else [])
    if not times:
        raise UsageError("there is nothing to replay: no line holds a mention.")
    return min(times)


class _Tee(io.StringIO):
    """Writes notices to a file, and to a second stream if there is one; counts them."""

    def __init__(self, file: TextIO, echo: TextIO | None) -> None:
        super().__init__()
        self._streams = [file] + ([echo] if echo is not None else [])
        self.lines = 0

    def write(self, text: str) -> int:
        self.lines += text.count("\n")
        for stream in self._streams:
            stream.write(text)
        return len(text)

    def flush(self) -> None:
        for stream in self._streams:
            stream.flush()


def _write_digest(
    app: App, folder: Path, events: Sequence[Event], now: datetime, *, whole: bool
) -> None:
    """The report of the newest due week; or, with `whole`, of the week the last event lies in.

    Of a week that is over it is kept as well, so that the pages list it.
    """
    zone = app.reporting.zone
    last = max((e.said_at for e in events), default=now)
    week = app.reporting.schedule.covering(last, zone) if whole else None
    report = cycle.build_report(app, str(week) if week else None, now)
    if not whole:  # what is kept is never made again, and that week may go on
        cycle.keep_report(app, report, now)
    (folder / DIGEST_HTML).write_text(report.html, encoding="utf-8")
    (folder / DIGEST_TEXT).write_text(report.text, encoding="utf-8")


def _peak_mb() -> float:
    ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    per_mb = 1024 if sys.platform != "darwin" else 1024 * 1024
    return (ours + child) / per_mb


def demo_end(now: datetime, config: Config) -> datetime:
    """The last Monday at nine where the demo lives: two whole weeks lie behind it."""
    zone = config.listener.timezone
    local = now.astimezone(zone)
    monday = (local - timedelta(days=local.weekday())).replace(
        hour=9, minute=0, second=0, microsecond=0
    )
    return (monday if monday <= local else monday - timedelta(days=7)).astimezone(now.tzinfo)


def demo_config(clock: VirtualClock) -> Config:
    """The settings of the demo: its brand, its rival, its influencer; all else by default.

    But topics are told by words alone: nobody wants to wait for the vectors of two weeks.
    """
    document = {
        "subjects": [dict(s) for s in SUBJECTS],
        "collectors": {"demo": {}},
        "classify": {"topics_by": "words"},
    }
    return from_document(document, Path("config.toml").absolute(), plugins(clock))


def demo(
    folder: Path,
    *,
    now: datetime,
    seed: int = 1,
    days: int = 14,
    crisis: bool = True,
    progress: Callable[[datetime], None] = lambda now: None,
) -> tuple[Played, list[str]]:
    """Play the built-in story up to the last Monday; returns the figures and the story in lines."""
    config = demo_config(VirtualClock(now))
    end = demo_end(now, config)
    told = story(end, days=days, seed=seed, crisis=crisis)
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
        (folder / name).unlink(missing_ok=True)
    played = replay(
        config,
        in_order([told.events]),
        folder,
        until=end,
        service="demo",
        progress=progress,
    )
    marks = [(told.praise_at, "the influencer praises the brand")]
    if told.crisis_at is not None:
        marks.append((told.crisis_at, "the crisis begins"))
    return played, [f"{to_json(at)}  -- {what}" for at, what in marks]


def story_lines(folder: Path, marks: Sequence[str]) -> list[str]:
    """What was told, in the order of time, with the marks of the story between; for a terminal.

    Response promises are summed up by day: there are many.
    """
    lines = list(marks)
    promises: dict[str, Counter[str]] = {}
    for text in (folder / NOTICES).read_text(encoding="utf-8").splitlines():
        notice = json.loads(text)
        if notice["event"].startswith("response."):
            day = promises.setdefault(notice["at"][:10], Counter())
            day[notice["event"]] += len(notice["mentions"])
        else:
            lines.append(f"{notice['at']}  {notice['event']}: {notice['title']}")
            lines.append(f"{notice['at']}  {' ' * len(notice['event'])}  {notice['why']}")
    for date, counts in promises.items():
        said = ", ".join(f"{n} {event}" for event, n in sorted(counts.items()))
        lines.append(f"{date}T23:59:59Z  {said}")
    return sorted(lines, key=lambda line: line[:20])
