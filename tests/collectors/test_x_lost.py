"""X: answers that are lost on their way cost one page in a day, as X bills its posts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from listener.clock import VirtualClock
from listener.collectors.x import X
from listener.domain.query import parse
from listener.stages.collect import collect_page
from listener.store import spending
from tests.builders import DAY, HOUR, MINUTE, NOW, a_subject
from tests.collectors.test_x import WORDS, a_source
from tests.servers.web import Asked, Step, web_server
from tests.servers.x import SEARCH, XService, a_post
from tests.stages.world import World

CUT = Step(body=b'{"data": []}', cut_at=5)
PAGE_USD = 0.5
CANARIES_USD = 0.1  # of some that are asked in the silence


@pytest.fixture
def service() -> Iterator[XService]:
    with web_server() as running:
        yield XService(running, NOW)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "world")
    yield made
    made.store.close()


def spent(world: World) -> float:
    with world.store.read() as db:
        return spending.of_month(db, "x", NOW)


def of_three_searches(service: XService) -> X:
    subjects = tuple(a_subject(word, query=parse(word), accounts={}) for word in WORDS)
    return a_source(service.server, follows=subjects)


def test_answers_that_are_all_cut_short_cost_a_page_in_a_day(
    service: XService, world: World
) -> None:
    source = a_source(service.server)
    service.server.failing = CUT
    for day in (0, 1):
        for turn in range(50):
            clock = VirtualClock(NOW + day * DAY + turn * 10 * MINUTE)
            page = collect_page(world.store, source, world.matcher, clock)
            assert page.error is not None
            assert page.error.may_be_billed
        assert spent(world) == pytest.approx((day + 1) * PAGE_USD, abs=CANARIES_USD)


@pytest.mark.parametrize("every", [1, 2])
def test_a_search_that_is_cut_short_costs_a_page_in_a_day(
    service: XService, world: World, every: int
) -> None:
    """Each time, and every other time: then its state notes nothing in between."""
    inner, source, cut = service.server.routes[SEARCH], of_three_searches(service), 0

    def answer(asked: Asked) -> Step:
        nonlocal cut
        if not asked.query["query"].startswith("alpha"):
            return inner(asked)
        cut += 1
        return CUT if cut % every == 0 else inner(asked)

    service.server.routes[SEARCH] = answer
    service.posts = [a_post(1, NOW - HOUR, "a canary finds it today")]
    for day in (0, 1):
        before = cut
        for turn in range(50):
            clock = VirtualClock(NOW + day * DAY + turn * 10 * MINUTE)
            for _ in WORDS:
                page = collect_page(world.store, source, world.matcher, clock)
                assert page.error is None
        assert cut - before > 2 * every
        assert spent(world) == pytest.approx((day + 1) * PAGE_USD, abs=CANARIES_USD)


def test_what_is_read_after_a_loss_is_paid_for(service: XService, world: World) -> None:
    service.posts = [a_post(at, NOW - HOUR, "acme") for at in range(3)]
    source = a_source(service.server)
    working = service.server.failing
    for hours, step in enumerate((CUT, CUT, working, CUT)):
        service.server.failing = step
        clock = VirtualClock(NOW + hours * HOUR)
        collect_page(world.store, source, world.matcher, clock)
    assert len(service.searches) == 4
    assert spent(world) == pytest.approx(PAGE_USD + 3 * source.price_per_post)
