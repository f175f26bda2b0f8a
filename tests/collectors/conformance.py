"""What every collector promises. Subclass, build the world it reads, and inherit the tests."""

import json
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from listener.collectors.base import Collector
from listener.domain.mention import Batch, Channel, Mention
from listener.domain.record import write_record
from listener.errors import CollectorError, Trouble
from listener.files import json_line
from tests.servers.web import Step, WebServer, web_server

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
Cursor = Mapping[str, Any]
MOST_PAGES = 1_000
MOST_MEMORY = 60_000_000  # bytes


@dataclass(frozen=True, kw_only=True)
class World:
    """A source with known content. `make` builds the collector as after a restart."""

    make: Callable[[], Collector]
    count: int  # of mentions there
    cursor: Cursor | None = None  # of `many`: where it is read from
    now: datetime = NOW
    secrets: tuple[str, ...] = ()  # must never be seen in an error


@dataclass
class Reader:
    """Does what the runner does: commits page by page, keeps what it got by (source, id)."""

    now: datetime = NOW
    cursor: Cursor | None = None
    mentions: dict[tuple[str, str], Mention] = field(default_factory=dict)
    batches: list[Batch] = field(default_factory=list)

    def page(self, collector: Collector) -> Batch:
        batch = collector.fetch(self.cursor, self.now)
        self.mentions.update({(one.source, one.source_id): one for one in batch.mentions})
        if batch.cursor is not None:
            self.cursor = json.loads(json.dumps(batch.cursor))
        collector.committed(batch)
        self.batches.append(batch)
        return batch

    def read(self, collector: Collector) -> "Reader":
        for _ in range(MOST_PAGES):
            if self.page(collector).complete:
                return self
        raise AssertionError("it never completes")

    @property
    def refused(self) -> str:
        return refused(*self.batches)


def refused(*batches: Batch) -> str:
    """What each page rejected and why: the message of a test that fails."""
    pages = (
        "; ".join(f"{one.place}: {one.reason}" for one in batch.rejects) or "nothing"
        for batch in batches
    )
    return "\n".join(f"page {n} rejected {page}" for n, page in enumerate(pages, 1))


class CollectorContract:
    """Give `world` and `many` as fixtures, and the name of the golden file."""

    golden_name = ""

    @pytest.fixture
    def world(self) -> World:
        raise NotImplementedError

    @pytest.fixture
    def many(self) -> World:
        """The same with some thousand items."""
        raise NotImplementedError

    @pytest.fixture(autouse=True)
    def nobody_sleeps(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(seconds: float) -> None:
            raise AssertionError("a collector slept")

        monkeypatch.setattr(time, "sleep", refuse)

    def test_it_says_what_it_is(self, world: World) -> None:
        collector = world.make()
        assert collector.name
        assert collector.service
        assert collector.every.total_seconds() > 0
        assert isinstance(collector.channel, Channel)
        assert "\n" not in collector.check()

    def test_all_that_is_there_is_read(self, world: World) -> None:
        reader = Reader(world.now).read(world.make())
        assert len(reader.mentions) == world.count, reader.refused
        for mention in reader.mentions.values():
            assert mention.said_at.tzinfo is UTC
            assert mention.text.strip() or mention.stars is not None
            assert json.dumps(write_record(mention))

    def test_the_mapping_is_the_golden_one(
        self, world: World, golden: Callable[[str, str], None]
    ) -> None:
        reader = Reader(world.now).read(world.make())
        answers = {one.parent_id: one for batch in reader.batches for one in batch.responses}
        rows: list[Mapping[str, Any]] = [
            write_record(mention, answers.get(mention.source_id))
            for _, mention in sorted(reader.mentions.items())
        ]
        rejects = [one for batch in reader.batches for one in batch.rejects]
        rows += [{"rejected": one.place, "reason": one.reason} for one in rejects]
        text = "".join(json_line(row) + "\n" for row in rows)
        golden(f"collectors/{self.golden_name}.expected.jsonl", text)

    def test_the_same_cursor_gives_the_same_page(self, world: World) -> None:
        collector, reader = world.make(), Reader(world.now)
        for _ in range(MOST_PAGES):
            first = collector.fetch(reader.cursor, world.now)
            again = collector.fetch(reader.cursor, world.now)
            assert again == first, refused(first, again)
            again = world.make().fetch(reader.cursor, world.now)
            assert again == first, refused(first, again)
            if reader.page(collector).complete:
                return

    def test_a_cursor_is_json_and_is_not_changed(self, world: World) -> None:
        collector, reader = world.make(), Reader(world.now).read(world.make())
        before = json.dumps(reader.cursor)
        collector.fetch(reader.cursor, world.now)
        assert json.dumps(reader.cursor) == before

    def test_reading_twice_adds_nothing(self, world: World) -> None:
        reader = Reader(world.now).read(world.make())
        once = dict(reader.mentions)
        assert reader.read(world.make()).mentions == once, reader.refused
        other = Reader(world.now).read(world.make())
        assert other.mentions == once, f"{reader.refused}\nand from the start\n{other.refused}"

    def test_after_a_crash_on_any_page_the_same_is_read(self, world: World) -> None:
        whole = Reader(world.now).read(world.make())
        for pages in range(1, len(whole.batches) + 1):
            reader, collector = Reader(world.now), world.make()
            for _ in range(pages):
                reader.page(collector)
            world.make().fetch(reader.cursor, world.now)  # fetched, but never committed
            reader.read(world.make())
            assert reader.mentions == whole.mentions, f"{whole.refused}\nthen\n{reader.refused}"

    @pytest.mark.parametrize("year", [1999, 2038, 2150])
    def test_a_wrong_clock_changes_no_identity(self, world: World, year: int) -> None:
        wrong = Reader(world.now.replace(year=year)).read(world.make())
        right = Reader(world.now).read(world.make())
        message = f"{wrong.refused}\nand in {right.now.year}\n{right.refused}"
        assert wrong.mentions.keys() == right.mentions.keys(), message

    def test_much_is_read_in_bounded_memory(self, many: World) -> None:
        collector, cursor = many.make(), many.cursor
        found: set[str] = set()
        collector.fetch(cursor, many.now)  # imports what it needs
        tracemalloc.start()
        try:
            for _ in range(MOST_PAGES):
                batch = collector.fetch(cursor, many.now)
                found.update(mention.source_id for mention in batch.mentions)
                cursor = batch.cursor or cursor
                if batch.complete:
                    break
            assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
        finally:
            tracemalloc.stop()
        assert len(found) == many.count >= 2_000


HTML = b"<!doctype html><html><head><title>Log in</title></head><body>Please</body></html>"


class HttpCollectorContract(CollectorContract):
    """A collector that asks a server."""

    @pytest.fixture
    def server(self) -> Iterator[WebServer]:
        with web_server() as running:
            yield running

    @pytest.fixture
    def hurried(self) -> Collector:
        """The collector of `world`, but one that hardly waits: for what never answers.

        After some thousand tests one garbage collection holds an answer up for half a second.
        """
        raise NotImplementedError

    @pytest.mark.parametrize(
        ("step", "kind"),
        [
            (Step(status=401, body=b"s3cret"), Trouble.CREDENTIALS),
            (Step(status=403), Trouble.CREDENTIALS),
            (Step(status=429, headers={"Retry-After": "120"}), Trouble.RATE),
            (Step(status=500, body=HTML), Trouble.SERVER),
            (Step(status=503, headers={"Retry-After": "120"}), Trouble.SERVER),
            (Step(silent=True), Trouble.NETWORK),
            (Step(body=b"<rss>" * 500, cut_at=700), Trouble.NETWORK),
            (Step(body=HTML, headers={"Content-Type": "text/html"}), Trouble.SHAPE),
            (Step(body=b"\0\xff" * 500), Trouble.SHAPE),
            (Step(body=b""), Trouble.SHAPE),
        ],
        ids=["401", "403", "429", "500", "503", "silent", "cut", "html", "junk", "empty"],
    )
    @pytest.mark.parametrize("first", [True, False], ids=["at first", "later"])
    def test_a_trouble_is_told_and_loses_nothing(
        self,
        world: World,
        hurried: Collector,
        server: WebServer,
        step: Step,
        kind: Trouble,
        first: bool,
    ) -> None:
        reader = Reader(world.now)
        if not first:
            reader.read(world.make())
        server.failing = step
        with pytest.raises(CollectorError) as caught:
            reader.read(hurried if step.silent else world.make())
        assert caught.value.kind is kind, str(caught.value)
        waits = caught.value.retry_after
        assert (waits.total_seconds() if waits else None) == (
            120 if "Retry-After" in step.headers else None
        )
        assert str(caught.value)
        for secret in (*world.secrets, "s3cret"):
            assert secret not in str(caught.value)
        server.failing = None
        assert len(reader.read(world.make()).mentions) == world.count, reader.refused

    def test_a_check_tells_the_trouble_too(self, world: World, server: WebServer) -> None:
        server.failing = Step(status=401)
        with pytest.raises(CollectorError):
            world.make().check()

    def test_a_check_says_how_long_to_wait(self, world: World, server: WebServer) -> None:
        server.failing = Step(status=429, headers={"Retry-After": "120"})
        with pytest.raises(CollectorError) as caught:
            world.make().check()
        assert caught.value.kind is Trouble.RATE
        assert caught.value.retry_after == timedelta(minutes=2)
