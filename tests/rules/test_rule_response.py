"""The response rule: what has come due is told in one message of each kind."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from listener.domain.incident import Event, Severity
from listener.domain.response import OPEN, ClockState, ResponseClock, settle, was_told
from listener.rules.response import ClockScene, ResponseRule, Told, key_of
from tests.builders import HOUR, MINUTE, NOW, a_clock

AT = NOW + 50 * MINUTE


def look(*clocks: ResponseClock, now: object = AT, **more: object) -> list[Told]:
    moment = AT if now is AT else now
    scene = ClockScene(
        subject_id=1,
        subject="Acme",
        channel="social",
        within=HOUR,
        now=moment,  # type: ignore[arg-type]
        clocks=tuple(settle(c, moment) for c in clocks),  # type: ignore[arg-type]
        open_before=int(str(more.get("open_before", 0))),
    )
    return ResponseRule()(scene)


def numbered(number: int, **changes: object) -> ResponseClock:
    return replace(a_clock(), mention_id=number, **changes)  # type: ignore[arg-type]


def test_nothing_due_is_nothing_told() -> None:
    assert look() == []
    assert look(numbered(1), now=NOW + MINUTE) == []


def test_each_kind_of_news_is_one_message_gravest_first() -> None:
    told = look(
        numbered(1, due_at=AT - MINUTE),
        numbered(2, due_at=AT - 2 * MINUTE),
        numbered(3),
        numbered(4, told_warnings=1, answered_at=AT),
        numbered(5, told_warnings=1, dismissed=True),
    )
    assert [(one.event, [c.mention_id for c in one.clocks]) for one in told] == [
        (Event.RESPONSE_OVERDUE, [1, 2]),
        (Event.RESPONSE_DUE_SOON, [3]),
        (Event.RESPONSE_MET, [4]),
        (Event.INCIDENT_UPDATED, [5]),
    ]
    assert [one.finding.severity for one in told] == [
        Severity.HIGH,
        Severity.WATCH,
        Severity.INFO,
        Severity.INFO,
    ]


def test_a_message_says_how_many_and_how_long() -> None:
    (told,) = look(*(numbered(n, due_at=AT - 5 * MINUTE) for n in range(14)))
    assert told.finding.title == ("Acme on social: 14 mentions wait longer than the promised 1 h")
    assert "due 5 min ago" in told.finding.why
    (one,) = look(numbered(1))
    assert one.finding.title == "Acme on social: 1 mention to answer, 10 min left of 1 h"


def test_those_told_of_before_are_counted() -> None:
    (told,) = look(numbered(1), open_before=3)
    assert "3 told of before still wait" in told.finding.why


def test_the_finding_rests_on_its_clocks() -> None:
    (told,) = look(numbered(8), numbered(9))
    assert told.finding.key == key_of("Acme", "social") == "response:Acme:social"
    assert told.finding.mentions == (8, 9)
    evidence = told.finding.evidence
    assert evidence["due_at"] == "2026-11-22T13:00:00Z"
    assert evidence["detection_lag_s"] == 30
    assert evidence["within_s"] == 3600
    assert [item["row"] for item in evidence["items"]] == [8, 9]


def test_a_thousand_clocks_are_summed_up() -> None:
    (told,) = look(*(numbered(n, due_at=AT - MINUTE) for n in range(1000)))
    assert len(told.finding.mentions) == 1000
    assert len(told.finding.evidence["items"]) == 50


CLOCKS = st.lists(
    st.builds(
        lambda minutes, told, over, closed, answered, dismissed: a_clock(
            due_at=NOW + minutes * MINUTE,
            told_warnings=told,
            told_overdue=over,
            told_closed=closed,
            answered_at=NOW + MINUTE if answered else None,
            dismissed=dismissed,
        ),
        st.integers(0, 100),
        st.integers(0, 2),
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.booleans(),
    ),
    max_size=8,
)


@given(clocks=CLOCKS)
def test_a_clock_is_in_one_message_at_most_and_only_with_news(clocks: list[ResponseClock]) -> None:
    named = [replace(clock, mention_id=n) for n, clock in enumerate(clocks)]
    told = look(*named)
    said = [c.mention_id for one in told for c in one.clocks]
    assert len(said) == len(set(said))
    for one in told:
        for clock in one.clocks:
            if one.event is Event.RESPONSE_OVERDUE:
                assert clock.state is ClockState.OVERDUE
                assert not clock.told_overdue
            elif one.event is Event.RESPONSE_DUE_SOON:
                assert clock.state in OPEN - {ClockState.OVERDUE}
            else:
                assert clock.state not in OPEN
                assert was_told(clock)
                assert not clock.told_closed
