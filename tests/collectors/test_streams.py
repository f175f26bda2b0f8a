"""Streams in turns: what is put down to one of them, what to the source, and who is read then."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.collectors.streams import (
    NOTES,
    ClosedError,
    RefusedError,
    StreamPage,
    read_in_turn,
)
from listener.domain.mention import Batch
from listener.domain.schedule import BACKOFF, LONGEST_WAIT
from listener.domain.walk import Turns
from listener.errors import CollectorError, Trouble
from tests.builders import DAY, MINUTE, NOW, a_mention

NAMES = ("a", "b", "c", "d")
GONE = RefusedError("it is gone", kind=Trouble.SETTINGS)
BROKEN = CollectorError("it has a trouble of its own", kind=Trouble.SERVER)
SLOW = CollectorError("it was asked too often", kind=Trouble.RATE)


@dataclass
class Service:
    """Streams that give their own name once in a round, or raise what stands for them here."""

    failing: dict[str, Exception] = field(default_factory=dict)
    names: tuple[str, ...] = NAMES
    asked: list[str] = field(default_factory=list)
    cursor: Mapping[str, Any] | None = None
    told: list[str] = field(default_factory=list)
    now = NOW

    def ask(self, stream: str, state: Mapping[str, Any], now: object) -> StreamPage:
        self.asked.append(stream)
        assert not state.keys() & {*NOTES}
        if stream in self.failing:
            raise self.failing[stream]
        mention = a_mention(ord(stream), text=stream)
        return StreamPage(
            state={"read": state.get("read", 0) + 1}, found=Batch(mentions=(mention,), cost_usd=1)
        )

    def page(self) -> Batch:
        batch = read_in_turn(Turns.of(self.cursor, self.names), self.ask, self.now)
        self.cursor = batch.cursor
        self.told += [f"{one.place}: {one.reason}" for one in batch.rejects]
        return batch

    def round(self) -> str:
        """What was read until all had their turn."""
        read = ""
        while True:
            batch = self.page()
            read += "".join(one.text for one in batch.mentions)
            if batch.complete:
                return read

    def state(self, stream: str) -> Mapping[str, Any]:
        assert self.cursor is not None
        found: Mapping[str, Any] = self.cursor["streams"][stream]
        return found


@pytest.mark.parametrize("stream", NAMES)
@pytest.mark.parametrize("error", [GONE, BROKEN, ZeroDivisionError("by zero")])
def test_one_that_fails_is_told_once_and_all_others_are_read(stream: str, error: Exception) -> None:
    service = Service(failing={stream: error})
    for _ in range(3):
        assert set(service.round()) == set(NAMES) - {stream}
        service.now += MINUTE
    assert len(service.told) == 1
    assert service.told[0].startswith(f"{stream}: ")
    assert str(error) in service.told[0]
    service.failing.clear()
    service.now += LONGEST_WAIT
    assert stream in service.round()
    assert not service.state(stream).keys() & {*NOTES}


@pytest.mark.parametrize(
    ("error", "longest"), [(GONE, LONGEST_WAIT), (BROKEN, BACKOFF[Trouble.SERVER].longest)]
)
def test_one_that_fails_rests_as_long_as_it_has_failed_up_to_some_hours(
    error: CollectorError, longest: timedelta
) -> None:
    service = Service(failing={"b": error})
    tried = []
    for minute in range(3 * 24 * 60):
        service.asked.clear()
        service.now = NOW + minute * MINUTE
        service.round()
        tried += [minute] * service.asked.count("b")
    assert tried[:6] == [0, 1, 2, 4, 8, 16]
    assert (tried[-1] - tried[-2]) * MINUTE == longest
    service.now = NOW - DAY  # the clock was moved back, and no rest holds any more
    service.asked.clear()
    service.round()
    assert "b" in service.asked


def test_a_note_of_an_older_version_is_read() -> None:
    states = {"a": {"read": 4, "refused": "it is gone"}}
    service = Service(cursor={"streams": states, "rest": []})
    assert set(service.round()) == set(NAMES)
    assert service.state("a") == {"read": 5}
    service = Service(cursor={"streams": states, "rest": []}, failing={"a": GONE})
    service.round()
    assert service.told == []


def test_what_is_told_again_is_another_refusal_and_no_other_trouble() -> None:
    service = Service(failing={"b": GONE})
    service.round()
    for error in (BROKEN, GONE, RefusedError("it is private", kind=Trouble.SETTINGS), BROKEN):
        service.failing["b"] = error
        service.round()
    assert service.told == ["b: it is gone", "b: it is private"]


def test_a_failure_keeps_how_far_a_stream_was_read() -> None:
    service = Service()
    service.round()
    anew = RefusedError("it is gone", kind=Trouble.SETTINGS, state={"read": 0})
    service.failing = {"a": BROKEN, "b": GONE, "c": anew}
    service.round()
    assert [service.state(name)["read"] for name in "abcd"] == [1, 1, 0, 2]


def test_when_another_one_fails_too_the_source_is_in_trouble_and_nothing_moves() -> None:
    service = Service(failing=dict.fromkeys(NAMES, BROKEN))
    for _ in range(3):
        with pytest.raises(CollectorError) as caught:
            service.page()
        assert caught.value is BROKEN
    assert service.cursor is None
    assert len(service.asked) == 2 * 3  # and not each stream each time


@pytest.mark.parametrize(
    "error",
    [
        SLOW,
        CollectorError("it does not know us", kind=Trouble.CREDENTIALS),
        CollectorError("all is used up", kind=Trouble.QUOTA),
        CollectorError("it could not be reached", kind=Trouble.NETWORK, reached=False),
        ClosedError("its log-in is broken", kind=Trouble.SHAPE),
    ],
)
def test_what_cannot_be_of_one_stream_is_not_tried_with_another(error: CollectorError) -> None:
    service = Service(failing={"a": error})
    with pytest.raises(CollectorError) as caught:
        service.page()
    assert caught.value is error
    assert service.asked == ["a"]


def test_when_all_are_refused_the_source_is_in_trouble_until_one_is_not() -> None:
    service = Service(failing=dict.fromkeys(NAMES, GONE))
    for _ in range(3):
        with pytest.raises(CollectorError, match="it is gone"):
            service.round()
    assert len(service.told) == len(NAMES) - 1
    del service.failing["b"]
    assert set(service.round()) == {"b"}
    service.failing.clear()
    service.now += MINUTE
    assert set(service.round()) == set(NAMES)


def test_after_a_refusal_of_all_all_are_read_at_once() -> None:
    service = Service(failing=dict.fromkeys(NAMES, GONE))
    with pytest.raises(CollectorError):
        service.round()
    service.failing.clear()
    service.now += DAY
    assert set(service.round()) == set(NAMES)
    assert not any(service.state(name).keys() & {*NOTES} for name in NAMES)


def test_a_source_of_one_stream_is_in_trouble_with_it() -> None:
    service = Service(failing={"a": GONE}, names=("a",))
    with pytest.raises(CollectorError) as caught:
        service.page()
    assert caught.value is GONE


def test_an_outage_while_one_is_known_to_fail_is_told_as_one() -> None:
    service = Service(failing={"b": BROKEN})
    service.round()
    service.failing = dict.fromkeys(NAMES, BROKEN)
    for _ in range(3):
        with pytest.raises(CollectorError):
            service.round()
    service.failing.clear()
    service.round()
    assert set(service.round()) == set(NAMES)


def test_being_asked_to_wait_by_the_other_one_is_obeyed() -> None:
    service = Service(failing={"a": BROKEN, "b": SLOW, "c": SLOW, "d": SLOW})
    with pytest.raises(CollectorError) as caught:
        service.page()
    assert caught.value is SLOW


def test_a_cost_is_that_of_the_page_that_was_read() -> None:
    assert Service(failing={"a": BROKEN}).page().cost_usd == 1


@given(
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from([GONE, BROKEN]), max_size=3),
    st.integers(0, 10_000),
    st.lists(st.integers(13, 3_000), min_size=150, max_size=150),
)
def test_whatever_fails_the_others_are_read_and_it_again_later(
    failing: dict[str, Exception], start: int, waits: list[int]
) -> None:
    service = Service(failing=failing.copy())
    service.now = NOW + timedelta(seconds=start)
    read = ""
    for number, wait in enumerate(waits):
        service.now += timedelta(seconds=wait)
        if number == len(waits) // 3:
            assert set(read) == set(NAMES) - failing.keys()
            read = ""
            service.failing.clear()
        try:
            read += "".join(one.text for one in service.page().mentions)
        except CollectorError:
            continue
    assert set(read) == set(NAMES)
    assert len(service.told) <= 2 * len(failing)


@pytest.mark.parametrize(
    ("first", "then", "billed"),
    [
        (Trouble.NETWORK, Trouble.RATE, True),
        (Trouble.SERVER, Trouble.NETWORK, True),
        (Trouble.SERVER, Trouble.SERVER, False),
    ],
)
def test_an_answer_that_was_lost_may_be_billed_whatever_the_next_one_is(
    first: Trouble, then: Trouble, billed: bool
) -> None:
    failing: dict[str, Exception] = {name: CollectorError("no", kind=then) for name in "bcd"}
    with pytest.raises(CollectorError) as caught:
        Service(failing={"a": CollectorError("no", kind=first), **failing}).page()
    assert caught.value.may_be_billed is billed
