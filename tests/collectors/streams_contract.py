"""What a collector of several streams promises: one that fails holds up no other.

Subclass, build a world in which one stream can be made to fail, and inherit the tests.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from listener.collectors.base import Collector
from listener.collectors.streams import NOTES
from listener.domain.schedule import LONGEST_WAIT
from listener.errors import CollectorError, Trouble
from tests.builders import MINUTE
from tests.collectors.conformance import HTML, Reader
from tests.servers.web import Asked, Route, Step, WebServer


@dataclass(frozen=True, kw_only=True)
class Streams:
    """A source of some streams, each with something of its own.

    lame: one, neither the first nor the last, by its name. asks_lame: whether a question is to it.
    its, others: the ids of what it gives, and of what the others do. refusal: how the service
    refuses it.
    """

    make: Callable[[], Collector]
    lame: str
    asks_lame: Callable[[Asked], bool]
    its: set[str]
    others: set[str]
    refusal: Step


@dataclass
class Trap:
    """Answers what is asked of one stream with a step, while there is one."""

    server: WebServer
    streams: Streams
    step: Step | None = None

    def __post_init__(self) -> None:
        self.server.routes.update(
            {path: self._around(route) for path, route in self.server.routes.items()}
        )

    def _around(self, route: Route) -> Route:
        def answer(asked: Asked) -> Step:
            return self.step if self.step and self.streams.asks_lame(asked) else route(asked)

        return answer


class StreamsContract:
    """Give `server` and `streams` as fixtures."""

    @pytest.fixture
    def streams(self, server: WebServer) -> Streams:
        raise NotImplementedError

    @pytest.mark.parametrize("trouble", ["refused", "broken", "html", "cut"])
    def test_a_stream_that_fails_is_told_once_and_holds_up_no_other(
        self, server: WebServer, streams: Streams, trouble: str
    ) -> None:
        steps = {
            "refused": streams.refusal,
            "broken": Step(status=500, body=HTML),
            "html": Step(body=HTML, headers={"Content-Type": "text/html"}),
            "cut": Step(body=HTML, cut_at=9),
        }
        trap = Trap(server, streams, steps[trouble])
        reader = Reader().read(streams.make())
        assert _ids(reader) == streams.others, reader.refused
        assert _told(reader) == [streams.lame]
        for _ in range(2):
            reader.now += MINUTE
            reader.read(streams.make())
        assert _ids(reader) == streams.others
        assert _told(reader) == [streams.lame], reader.refused
        trap.step = None
        reader.now += LONGEST_WAIT
        reader.read(streams.make())
        assert _ids(reader) == streams.others | streams.its, reader.refused
        assert not _state(reader, streams).keys() & {*NOTES}

    def test_a_stream_that_fails_later_loses_nothing(
        self, server: WebServer, streams: Streams
    ) -> None:
        reader = Reader().read(streams.make())
        known = _state(reader, streams)
        Trap(server, streams, Step(status=500))
        after = _state(reader.read(streams.make()), streams)
        assert known.items() <= after.items()
        assert after.keys() - known.keys() == {*NOTES}

    def test_being_asked_to_wait_holds_for_all(self, server: WebServer, streams: Streams) -> None:
        trap = Trap(server, streams, Step(status=429, headers={"Retry-After": "120"}))
        reader = Reader()
        with pytest.raises(CollectorError) as caught:
            reader.read(streams.make())
        assert caught.value.kind is Trouble.RATE
        assert _told(reader) == []
        trap.step = None
        assert _ids(reader.read(streams.make())) == streams.others | streams.its


def _ids(reader: Reader) -> set[str]:
    return {source_id for _, source_id in reader.mentions}


def _state(reader: Reader, streams: Streams) -> dict[str, Any]:
    assert reader.cursor is not None
    return dict(reader.cursor["streams"][streams.lame])


def _told(reader: Reader) -> list[str]:
    return [one.place for batch in reader.batches for one in batch.rejects]
