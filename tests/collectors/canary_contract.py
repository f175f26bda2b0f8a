"""What a collector promises that tells silence from breakage.

Subclass, build a world in which nothing is found though its service lives, and inherit the tests.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest

from listener.collectors.base import Canary, Collector
from listener.errors import CollectorError, Trouble
from tests.collectors.conformance import NOW, Reader
from tests.servers.web import Step, WebServer


@dataclass(frozen=True, kw_only=True)
class Silence:
    """A source that finds nothing.

    path: of the question that always has an answer. nothing: by their paths, empty answers of the
    right shape to this question and to all others that read something.
    """

    collector: Collector
    path: str
    nothing: Mapping[str, Step]


class CanaryContract:
    """Give `server` and `silence` as fixtures."""

    @pytest.fixture
    def silence(self, server: WebServer) -> Silence:
        raise NotImplementedError

    def test_silence_is_believed_where_the_service_lives(
        self, server: WebServer, silence: Silence
    ) -> None:
        assert Reader().read(silence.collector).mentions == {}
        server.asked.clear()
        assert sings(silence.collector)
        assert [asked.route for asked in server.asked] == [silence.path]

    def test_a_service_that_answers_everything_with_nothing_is_mute(
        self, server: WebServer, silence: Silence
    ) -> None:
        Reader().read(silence.collector)  # logs in, where that is needed
        assert silence.path in silence.nothing
        server.routes.update(
            {path: lambda asked: silence.nothing[asked.route] for path in silence.nothing}
        )
        assert not sings(silence.collector)

    @pytest.mark.parametrize(
        ("step", "kind"),
        [
            (Step(status=401), Trouble.CREDENTIALS),
            (Step(status=429, headers={"Retry-After": "120"}), Trouble.RATE),
            (Step(status=500), Trouble.SERVER),
            (Step(body=b"null"), Trouble.SHAPE),
        ],
        ids=["401", "429", "500", "null"],
    )
    def test_a_trouble_of_its_question_is_told(
        self, server: WebServer, silence: Silence, step: Step, kind: Trouble
    ) -> None:
        server.routes[silence.path] = lambda asked: step
        with pytest.raises(CollectorError) as caught:
            sings(silence.collector)
        assert caught.value.kind is kind, str(caught.value)
        wait = timedelta(minutes=2) if kind is Trouble.RATE else None
        assert caught.value.retry_after == wait


def sings(collector: Collector) -> bool:
    """What its canary says; it must have one."""
    assert isinstance(collector, Canary)
    return collector.canary(NOW)
