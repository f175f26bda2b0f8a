"""Notices in the form other programs read, and severities in their order."""

from listener.domain.incident import Event, Incident, Severity, as_finding, notice_json
from tests.builders import NOW
from tests.notifiers.build import a_spike


def test_a_notice_has_the_fields_of_the_design_in_their_order() -> None:
    assert list(notice_json(a_spike())) == [
        "at", "event", "subject", "channel", "topic", "severity", "title", "why", "action",
        "team", "incident", "mentions", "evidence",
    ]  # fmt: skip


def test_nothing_people_wrote_is_in_it() -> None:
    notice = a_spike()
    assert notice.quotes
    assert all(quote.text not in str(notice_json(notice)) for quote in notice.quotes)


def test_severities_rise() -> None:
    assert sorted(Severity, key=lambda s: s.rank) == [
        Severity.INFO,
        Severity.WATCH,
        Severity.HIGH,
        Severity.CRITICAL,
    ]


def test_events_are_named_by_their_kind_and_what_happened() -> None:
    assert all(event.value.count(".") == 1 for event in Event)


def test_an_incident_is_told_as_it_was_last_found() -> None:
    incident = Incident(
        id=7,
        key="spike:Acme",
        rule="spike",
        subject_id=1,
        subject="Acme",
        topic="delivery",
        severity=Severity.HIGH,
        title="Acme",
        why="Many.",
        evidence={"negative": 25},
        opened_at=NOW,
        updated_at=NOW,
    )
    finding = as_finding(incident)
    for name in ("key", "rule", "subject_id", "topic", "severity", "title", "why", "evidence"):
        assert getattr(finding, name) == getattr(incident, name)
