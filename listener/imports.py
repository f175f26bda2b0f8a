"""Imports: a file of mentions, brought in page by page; bad lines are kept beside it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from itertools import islice
from pathlib import Path

from listener import cycle
from listener.app import App
from listener.domain.mention import Batch, Channel, Mention, Reject, Response
from listener.domain.record import BadRecord, Record, read_record
from listener.files import Line, RejectFile, read_lines

PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A file, and how to read what it does not tell by itself."""

    file: Path
    source: str
    channel: Channel | None
    zone: tzinfo
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Counts:
    """What became of the lines; accepted + updated + unchanged + rejected = read."""

    read: int = 0
    accepted: int = 0
    updated: int = 0
    rejected: int = 0
    rejects_file: Path | None = None

    @property
    def unchanged(self) -> int:
        """Lines we had already, or that stand twice in the file."""
        return self.read - self.accepted - self.updated - self.rejected


def records(wanted: Wanted) -> Iterator[tuple[Line, Record | BadRecord]]:
    """Every line of the file: what it holds, or why it cannot be read."""
    for line in read_lines(wanted.file):
        if line.row is None:
            yield line, BadRecord(line.reason)
            continue
        try:
            record = read_record(
                line.row,
                source=wanted.source,
                channel=wanted.channel,
                zone=wanted.zone,
                fields=wanted.fields,
            )
        except BadRecord as bad:
            yield line, bad
        else:
            yield line, record


def bring_in(app: App | None, wanted: Wanted, progress: Callable[[int], None]) -> Counts:
    """Import a file; `app` None only reads it. `progress` is told how many bytes were read."""
    counts, keeper = Counts(), RejectFile(wanted.file)
    lines = records(wanted)
    while page := list(islice(lines, PAGE)):
        counts.read += len(page)
        mentions: list[Mention] = []
        responses: list[Response] = []
        rejects: list[tuple[int, str, str]] = []
        for line, found in page:
            if isinstance(found, BadRecord):
                rejects.append((line.number, str(found), line.raw))
                continue
            mentions.append(found.mention)
            if found.response is not None:
                responses.append(found.response)
        counts.rejected += len(rejects)
        if app is not None:
            _keep(app, wanted, counts, mentions, responses, rejects)
            if rejects:
                keeper.add(rejects)
                counts.rejects_file = keeper.path
        else:
            counts.accepted += len(mentions)
        progress(page[-1][0].end_offset)
    return counts


def _keep(
    app: App,
    wanted: Wanted,
    counts: Counts,
    mentions: list[Mention],
    responses: list[Response],
    rejects: list[tuple[int, str, str]],
) -> None:
    batch = Batch(
        mentions=tuple(mentions),
        responses=tuple(responses),
        rejects=tuple(
            Reject(place=f"{wanted.file.name}:{number}", reason=reason, content=raw)
            for number, reason, raw in rejects
        ),
    )
    page = cycle.receive(app, batch, wanted.source, wanted.source)
    counts.accepted += page.accepted
    counts.updated += page.updated
