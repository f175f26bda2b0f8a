"""What alarms were worth: beside what is stored, and beside what people marked."""

from datetime import UTC, date
from typing import Any

import pytest

from listener.domain.hindsight import Trouble, judged, troubles
from listener.domain.mark import Mark
from tests.builders import DAY, HOUR, NOW, an_incident

TODAY = NOW.date()
ALL = (TODAY - 30 * DAY, TODAY)


def a_mark(day: date | None = None, *, real: bool = True, **changes: Any) -> Mark:
    spike = {"key": "spike:Acme", "incident": 1, "opened_at": NOW, "resolved_at": NOW + HOUR}
    of: dict[str, Any] = {"day": day} if day else spike
    given: dict[str, Any] = {"subject": "Acme", "real": real, "who": "jo", "at": NOW}
    return Mark(**(given | of | changes))


def a_trouble(first: date = TODAY, *, real: bool = True, **changes: Any) -> Trouble:
    given: dict[str, Any] = {
        "subject": "Acme",
        "rule": None,
        "first": first,
        "last": first,
        "real": real,
    }
    return Trouble(**(given | changes))


def marked(*marks: Mark) -> list[Trouble]:
    return troubles(marks, ["spike"], *ALL, UTC)


def test_a_day_and_the_incident_on_it_are_one_trouble() -> None:
    (one,) = marked(a_mark(TODAY), a_mark())
    assert (one.rule, one.first, one.last) == (None, TODAY, TODAY)


def test_a_day_does_not_hide_an_incident_that_is_called_otherwise() -> None:
    assert {one.real for one in marked(a_mark(TODAY), a_mark(real=False))} == {True, False}


def test_incidents_of_one_rule_whose_days_overlap_are_one_trouble() -> None:
    after = a_mark(incident=2, key="spike:Acme:topic:billing", resolved_at=NOW + 2 * DAY)
    (one,) = marked(a_mark(), after)
    assert (one.rule, one.first, one.last) == ("spike", TODAY, TODAY + 2 * DAY)
    apart = a_mark(incident=3, opened_at=NOW - 3 * DAY, resolved_at=NOW - 3 * DAY)
    assert len(marked(a_mark(), apart)) == 2


@pytest.mark.parametrize(
    "mark",
    [
        a_mark(TODAY - 31 * DAY),
        a_mark(key="response:Acme:social"),
        a_mark(key="response@crew:Acme:social"),
    ],
)
def test_what_no_rule_could_find_there_is_left_out(mark: Mark) -> None:
    assert marked(mark) == []


def test_the_same_trouble_is_found_earlier_or_later_by_hours() -> None:
    stored = an_incident(7)
    for shift in (-7 * HOUR, -5 * HOUR, 5 * HOUR, 7 * HOUR):
        done = judged([an_incident(opened_at=NOW + shift)], [stored], [], UTC, NOW + DAY)
        is_same = done.alarms[0].stored is stored
        assert is_same is (-7 * HOUR <= shift <= 7 * HOUR)
        assert (done.only_stored == ()) is is_same
    (alarm,) = judged([an_incident(opened_at=NOW + DAY)], [stored], [], UTC, NOW + 2 * DAY).alarms
    assert alarm.stored is None


def test_each_stored_incident_is_the_same_as_one_other() -> None:
    found = [an_incident(1), an_incident(2, NOW + 2 * HOUR)]
    done = judged(found, [an_incident(7)], [], UTC, NOW + DAY)
    assert [one.stored is not None for one in done.alarms] == [True, False]


def test_other_keys_are_other_troubles() -> None:
    part = an_incident(7, key="spike:Acme:topic:billing")
    done = judged([an_incident()], [part], [], UTC, NOW + DAY)
    assert (done.alarms[0].stored, done.only_stored) == (None, (part,))


def test_hits_misses_and_false_alarms_by_day() -> None:
    yesterday, before = TODAY - DAY, TODAY - 2 * DAY
    said = [
        a_trouble(), a_trouble(yesterday), a_trouble(before, real=False),
        a_trouble(TODAY - 9 * DAY, real=False), a_trouble(subject="Boreal"),
    ]  # fmt: skip
    found = [an_incident(1), an_incident(2, NOW - 2 * DAY), an_incident(3, NOW - 5 * DAY)]
    done = judged(found, [], said, UTC, NOW + DAY)
    assert [one.first for one in done.hits] == [TODAY]
    assert [(one.subject, one.first) for one in done.misses] == [
        ("Acme", yesterday), ("Boreal", TODAY),
    ]  # fmt: skip
    assert [one.first for one in done.again] == [before]
    assert [one.first for one in done.spared] == [TODAY - 9 * DAY]
    assert [one.verdict for one in done.alarms] == ["real", "false alarm", "unmarked"]


def test_an_incident_that_lasts_into_a_day_is_on_then() -> None:
    late = an_incident(opened_at=NOW - DAY, resolved_at=NOW)
    assert judged([late], [], [a_trouble()], UTC, NOW).hits
    assert judged(
        [an_incident(opened_at=NOW - DAY, resolved_at=None)], [], [a_trouble()], UTC, NOW
    ).hits


def test_a_marked_spike_is_not_found_by_another_rule() -> None:
    severe = an_incident(rule="severe", key="severe:Acme:legal")
    done = judged([severe], [], [a_trouble(rule="spike")], UTC, NOW + DAY)
    assert (done.hits, done.alarms[0].verdict) == ((), "unmarked")
