"""X looked at again: what was deleted, what is only hidden, and what that costs."""

from collections.abc import Iterator
from typing import Any

import pytest

from listener.collectors.base import Rechecks
from listener.collectors.x.answers import PAGE
from listener.collectors.x.looking_up import GONE
from listener.domain.mention import Batch
from listener.errors import CollectorError, Trouble
from tests.builders import HOUR, MINUTE
from tests.collectors.conformance import NOW
from tests.collectors.test_x import a_source
from tests.servers.web import Step, as_json, web_server
from tests.servers.x import LOOK_UP, TOKEN, XService, a_post, a_user, not_found


@pytest.fixture
def service() -> Iterator[XService]:
    with web_server() as running:
        yield XService(running, NOW, users=[a_user("11", "ann")])


def test_it_is_off_unless_it_is_asked_for(service: XService) -> None:
    source = a_source(service.server)
    assert isinstance(source, Rechecks)
    assert source.recheck_most == 0
    assert a_source(service.server, see_deletions=True).recheck_most == PAGE


def test_what_x_does_not_find_is_gone_and_what_it_gives_is_read_anew(service: XService) -> None:
    kept = a_post(1, NOW - HOUR, "acme, and not acme only", public_metrics={"like_count": 9})
    service.posts = [kept]
    batch = a_source(service.server).recheck([kept["id"], "2123", "t1_of-another"], NOW)
    ((made,), (stone,)) = batch.mentions, batch.tombstones
    assert (made.source_id, made.likes, made.author) == (kept["id"], 9, "ann")
    assert (stone.source, stone.source_id, stone.reason) == ("x", "2123", GONE)
    (asked,) = service.server.asked
    assert (asked.route, asked.query["ids"]) == (LOOK_UP, f"{kept['id']},2123")


def test_when_none_is_found_all_are_gone(service: XService) -> None:
    batch = a_source(service.server).recheck(["1", "2"], NOW)
    assert [one.source_id for one in batch.tombstones] == ["1", "2"]


def test_what_is_hidden_is_not_gone(service: XService) -> None:
    service.posts = [a_post(1, NOW - HOUR, "acme")]
    service.hidden = {service.posts[0]["id"]}
    batch = a_source(service.server).recheck([service.posts[0]["id"]], NOW)
    assert batch == Batch()


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Forbidden"},  # as of an account that was suspended
        {"type": "https://api.twitter.com/2/problems/other"},
        {"type": None},
        {"resource_type": "user"},
        {"parameter": "referenced_tweets.id"},
        {"resource_id": "2", "value": "2"},  # which was not asked for
        {"resource_id": ["1"], "value": None},
    ],
)
def test_only_a_post_that_is_not_found_is_gone(service: XService, changes: Any) -> None:
    service.server.routes[LOOK_UP] = lambda asked: as_json({"errors": [not_found("1", **changes)]})
    assert a_source(service.server).recheck(["1"], NOW).tombstones == ()


def test_what_is_given_is_not_gone_whatever_else_is_said(service: XService) -> None:
    post = a_post(1, NOW - HOUR, "acme")
    both = {"data": [post], "errors": [not_found(post["id"])]}
    service.server.routes[LOOK_UP] = lambda asked: as_json(both)
    assert a_source(service.server).recheck([post["id"]], NOW).tombstones == ()


def test_an_old_version_of_an_edited_post_says_nothing(service: XService) -> None:
    first = a_post(1, NOW - HOUR, "acme bad")
    newer = a_post(2, NOW - HOUR + MINUTE, "acme good")["id"]
    service.posts = [{**first, "edit_history_tweet_ids": [first["id"], newer]}]
    batch = a_source(service.server).recheck([first["id"]], NOW)
    assert (batch.mentions, batch.tombstones) == ((), ())


def test_each_post_that_is_given_is_paid_for(service: XService) -> None:
    service.posts = [a_post(n, NOW - HOUR, "acme") for n in range(PAGE)]
    source = a_source(service.server, see_deletions=True)
    batch = source.recheck([post["id"] for post in service.posts], NOW)
    assert batch.cost_usd == pytest.approx(0.5)
    assert batch.cost_usd <= source.page_usd
    assert source.recheck(["1", "2"], NOW).cost_usd == 0


def test_ids_that_are_none_of_x_are_not_asked_for(service: XService) -> None:
    assert a_source(service.server).recheck(["t1_7", "at://x"], NOW) == Batch()
    assert not service.server.asked


@pytest.mark.parametrize("value", [[], {}, "text", 7, None, {"data": {}}, {"data": 7}])
def test_an_answer_of_another_shape_buries_nothing(service: XService, value: Any) -> None:
    service.server.routes[LOOK_UP] = lambda asked: as_json(value)
    with pytest.raises(CollectorError) as caught:
        a_source(service.server).recheck(["1"], NOW)
    assert caught.value.kind is Trouble.SHAPE


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (Step(status=400), Trouble.SETTINGS),
        (Step(status=401), Trouble.CREDENTIALS),
        (Step(status=503), Trouble.SERVER),
    ],
)
def test_a_refusal_is_told(service: XService, step: Step, kind: Trouble) -> None:
    service.server.failing = step
    with pytest.raises(CollectorError) as caught:
        a_source(service.server).recheck(["1"], NOW)
    assert caught.value.kind is kind
    assert TOKEN not in str(caught.value)
