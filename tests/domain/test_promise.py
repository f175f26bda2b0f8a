"""Promises: what deserves an answer, from whom, and which of several promises holds."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.domain.label import Sentiment
from listener.domain.promise import Asked, Deserves, Promise, Special, calendars_of, promised
from listener.domain.query import Document
from listener.errors import QueryError
from tests.builders import DAY, HOUR, MINUTE, NEGATIVE, NEUTRAL, NOW, ONE_HOUR, POSITIVE, a_clock

N, P, Q, C = Deserves.NEGATIVE, Deserves.POSITIVE, Deserves.QUESTION, Deserves.COMPLAINT


@pytest.mark.parametrize(
    ("which", "sentiment", "question", "intent", "covered"),
    [
        ((N,), NEGATIVE, False, None, True),
        ((N,), POSITIVE, True, None, False),
        ((N,), None, False, None, False),
        ((Q,), NEGATIVE, False, None, False),
        ((Q,), None, True, None, True),
        ((Deserves.NEUTRAL, P), NEUTRAL, False, None, True),
        ((), NEGATIVE, True, "complaint", False),
        ((C,), NEUTRAL, False, "complaint", True),
        ((C,), NEGATIVE, False, None, False),
        ((C,), NEGATIVE, True, "question", False),
        ((Q,), NEUTRAL, False, "question", True),
        ((N,), NEUTRAL, True, "complaint", False),
        ((C,), POSITIVE, False, "praise", False),
        ((Deserves.CHURN, Deserves.DEFECT), NEUTRAL, False, "defect", True),
        ((Deserves.CHURN,), NEGATIVE, False, "none", False),
    ],
)
def test_a_promise_covers_what_it_names(
    which: tuple[Deserves, ...],
    sentiment: Sentiment | None,
    question: bool,
    intent: str | None,
    covered: bool,
) -> None:
    asked = Asked(sentiment=sentiment, question=question, intent=intent)
    assert Promise(within=HOUR, which=which).covers(asked) is covered


@pytest.mark.parametrize("needs_answer", [True, False, None])
def test_a_promise_may_ask_whether_an_answer_is_needed(needs_answer: bool | None) -> None:
    asked = Asked(sentiment=NEUTRAL, intent="none", needs_answer=needs_answer)
    promise = Promise(within=HOUR, which=(Deserves.NEEDS_ANSWER,))
    assert promise.covers(asked) is (needs_answer is True)


@pytest.mark.parametrize(
    ("only", "never", "followers", "covered"),
    [
        ("", "", 5, True),
        ("followers:>1000", "", 5000, True),
        ("followers:>1000", "", 5, False),
        ("followers:>1000", "", None, False),
        ("", "followers:>1000", 5000, False),
        ("", "followers:>1000", 5, True),
        ("parcel", "followers:<3", 2, False),
        ("parcel", "followers:<3", 3, True),
    ],
)
def test_queries_say_from_whom(only: str, never: str, followers: int | None, covered: bool) -> None:
    promise = Promise(within=HOUR, only=only, never=never)
    document = Document(text="Acme lost my parcel", followers=followers)
    assert promise.covers(Asked(sentiment=NEGATIVE, document=document)) is covered
    assert promise.asks is bool(only or never)


def test_a_query_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(QueryError):
        Promise(within=HOUR, only="followers:many")


def a_case(within: timedelta, **to: Any) -> Special:
    named = {key: frozenset(names) for key, names in to.items()}
    return Special(**named, promise=Promise(within=within))


CASES = Promise(
    within=HOUR,
    others=(
        a_case(1 * MINUTE, subjects=["acme"]),
        a_case(2 * MINUTE, topics=["billing"]),
        a_case(3 * MINUTE, subjects=["acme"], topics=["billing"]),
        a_case(4 * MINUTE, subjects=["acme"], topics=["billing", "price"]),
        a_case(5 * MINUTE, topics=["delivery"]),
    ),
)


@pytest.mark.parametrize(
    ("subject", "topics", "within"),
    [
        ("Boreal", (), HOUR),
        ("Boreal", ("jokes",), HOUR),
        ("Acme", (), 1 * MINUTE),
        ("ACME", ("jokes",), 1 * MINUTE),
        ("Boreal", ("Billing",), 2 * MINUTE),
        ("Acme", ("billing",), 3 * MINUTE),  # the first of the two that name both
        ("Acme", ("price",), 4 * MINUTE),
        ("Boreal", ("delivery", "billing"), 2 * MINUTE),  # the first of the two that name one
        ("Acme", ("delivery",), 1 * MINUTE),
    ],
)
def test_the_most_special_promise_holds_and_of_equals_the_first(
    subject: str, topics: tuple[str, ...], within: timedelta
) -> None:
    assert CASES.made_to(subject, topics).within == within


@given(
    subject=st.sampled_from(["Acme", "Boreal", ""]),
    topics=st.lists(st.sampled_from(["billing", "price", "delivery", "x"]), max_size=3).map(tuple),
)
def test_one_promise_always_holds_and_it_fits(subject: str, topics: tuple[str, ...]) -> None:
    held = CASES.made_to(subject, topics)
    fitting = [case for case in CASES.others if case.fits(subject, topics)]
    if not fitting:
        assert held is CASES
    else:
        heaviest = max(case.weight for case in fitting)
        assert held is next(c for c in fitting if c.weight == heaviest).promise


def test_another_promise_moves_deadlines_and_forgets_nothing_that_was_told() -> None:
    shorter = Promise(
        within=30 * MINUTE,
        warn_at=(0.5,),
        team="cx",
        escalate_to="boss",
        escalate_after=HOUR,
        name="short",
    )
    clock = promised(a_clock(told_warnings=2, snoozed_until=NOW + DAY), shorter)
    assert clock.due_at == NOW + 30 * MINUTE
    assert clock.warn_at == (NOW + 15 * MINUTE,)
    assert clock.told_warnings == 1
    assert clock.snoozed_until == NOW + DAY
    assert (clock.team, clock.escalate_to) == ("cx", "boss")
    assert clock.escalate_at == NOW + 90 * MINUTE
    back = promised(clock, ONE_HOUR)
    assert (back.team, back.escalate_to, back.escalate_at) == (None, None, None)


def test_the_calendars_of_promises_are_those_of_their_cases_too() -> None:
    class Never:
        def add(self, start: Any, working: Any) -> Any:
            return start

        def between(self, start: Any, end: Any) -> Any:
            return timedelta(0)

    one, other = Never(), Never()
    case = Special(topics=frozenset({"x"}), promise=Promise(within=HOUR, hours="b", calendar=other))
    promise = Promise(within=HOUR, hours="a", calendar=one, others=(case,))
    assert calendars_of([promise, ONE_HOUR]) == {"a": one, "b": other}
