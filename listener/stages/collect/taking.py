"""What a page brings, kept: mentions, answers, tombstones and what was refused."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from listener.domain.door import Arrival, admit, admit_answer, answer_of
from listener.domain.mention import Batch, Mention, Response
from listener.domain.subject import Matcher
from listener.errors import CollectorError
from listener.store import answering, gone, mentions, search, sources
from listener.store.connection import BATCH, Db, Store


@dataclass(frozen=True, slots=True)
class Page:
    """What became of one page. `error` None: it was read and kept."""

    accepted: int = 0
    updated: int = 0
    rejected: int = 0
    responses: int = 0
    gone: int = 0
    complete: bool = True
    error: CollectorError | None = None

    def plus(self, other: "Page") -> "Page":
        return Page(
            self.accepted + other.accepted,
            self.updated + other.updated,
            self.rejected + other.rejected,
            self.responses + other.responses,
            self.gone + other.gone,
            other.complete,
            other.error,
        )


def take_in(
    db: Db, batch: Batch, source: str, service: str, matcher: Matcher, now: datetime
) -> Page:
    """Keep a page inside a transaction: mentions, answers, tombstones and what was refused."""
    arrivals, answers = admitted(batch.mentions, service, matcher, now)
    added = mentions.Added()
    for begin in range(0, len(arrivals), BATCH):
        part = mentions.add(db, arrivals[begin : begin + BATCH], now)
        added = mentions.Added(added.new + part.new, added.changed + part.changed)
    answers += [(admit_answer(response), None) for response in batch.responses]
    responses = answering.add(db, answers, now) if answers else 0
    buried = gone.bury(db, batch.tombstones, now)
    if batch.rejects:
        sources.reject(db, source, batch.rejects, now)
    return Page(
        accepted=len(added.new),
        updated=len(added.changed),
        rejected=len(batch.rejects),
        responses=responses,
        gone=buried,
        complete=batch.complete,
    )


def admitted(
    page: Sequence[Mention], service: str, matcher: Matcher, now: datetime
) -> tuple[list[Arrival], list[tuple[Response, int | None]]]:
    """Through the door: mentions on one side, the posts of our own accounts on the other."""
    arrivals: list[Arrival] = []
    answers: list[tuple[Response, int | None]] = []
    for mention in page:
        brand = matcher.brand_behind(service, mention)
        if brand is not None:
            answers.append((answer_of(mention, brand), brand.id))
        else:
            arrivals.append(admit(mention, service, matcher, now))
    return arrivals, answers


def index(store: Store, enough: Callable[[], bool]) -> int:
    """Bring the full-text index up to date, or so far until it is `enough`; returns how many
    mentions were indexed."""
    return search.index_new(store, enough)
