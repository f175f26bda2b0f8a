"""What programs do to mentions and incidents, by the same code as the pages."""

from typing import Any, get_args

import pytest

from listener.domain.press import SPANS
from listener.store.connection import Store
from listener.web.api.deeds import Spans
from tests.store.kept import rows
from tests.web.api.client import Client

ACTIONS = "mentions/x:1/actions"


@pytest.mark.parametrize(
    ("body", "did", "detail"),
    [
        ({"act": "answer"}, "answered", ""),
        ({"act": "dismiss"}, "dismissed", ""),
        ({"act": "assign", "to": "jo"}, "assigned", "jo"),
        ({"act": "assign"}, "assigned", "token actNone"),
        ({"act": "snooze", "span": "4h"}, "snoozed", "2026-11-22T16:00:00+00:00"),
        ({"act": "correct", "sentiment": "positive"}, "corrected", "positive"),
        ({"act": "correct", "intent": "churn"}, "corrected", "negative, churn"),
        ({"act": "correct", "topics": ["price", "delivery"]}, "corrected", "negative"),
        (
            {"act": "correct", "subject": "Acme", "sentiment": "neutral"},
            "corrected",
            "neutral towards Acme",
        ),
        ({"act": "judge", "subject": "Acme", "about": False}, "corrected", "not about Acme"),
        ({"act": "judge", "subject": "Acme", "about": True}, "corrected", "about Acme"),
        ({"act": "link", "issue": "SHOP-12"}, "linked", "SHOP-12"),
    ],
)
def test_each_act_of_a_mention_is_done_and_on_record(
    agent: Client, body: dict[str, Any], did: str, detail: str
) -> None:
    done = agent.post(ACTIONS, body)
    (act,) = agent.get("mentions/x:1")["acts"]
    assert (act["did"], act["detail"], act["who"]) == (did, detail, "token actNone")
    assert (done["seen"], done["again"]) == (act["number"], False)
    assert done["said"].endswith(".")


def test_a_note_is_kept_with_a_mention_and_with_an_incident(agent: Client) -> None:
    for path in ("mentions/x:1", "incidents/1"):
        agent.post(f"{path}/actions", {"act": "note", "note": "Called them.\nNobody was there."})
        act = agent.get(path)["acts"][-1]
        assert (act["did"], act["note"]) == ("noted", "Called them.\nNobody was there.")
        assert agent.refused(f"{path}/actions", {"act": "note", "note": " "})["status"] == 422


def test_topics_are_kept_as_they_were_sent(agent: Client) -> None:
    agent.post(ACTIONS, {"act": "correct", "sentiment": "neutral", "topics": ["late parcel", "x"]})
    assert agent.get("mentions/x:1/labels")["items"][-1]["topics"] == ["late parcel", "x"]


def test_each_act_of_an_incident_is_done_and_on_record(agent: Client) -> None:
    for body, did in [
        ({"act": "ack"}, "acknowledged"),
        ({"act": "snooze", "span": "1h"}, "snoozed"),
        ({"act": "real", "note": "a strike"}, "marked"),
        ({"act": "false"}, "marked"),
        ({"act": "resolve"}, "resolved"),
    ]:
        agent.post("incidents/1/actions", body)
        receipt = agent.get("incidents/1")
        assert receipt["acts"][-1]["did"] == did
    assert receipt["acknowledged_by"] == "token actNone"
    assert receipt["mark"]["verdict"] == "false alarm"
    assert receipt["resolved_at"] is not None


def test_what_cannot_be_done_is_said(agent: Client) -> None:
    agent.post("incidents/1/actions", {"act": "resolve"})
    for path, body in [
        ("incidents/1/actions", {"act": "snooze", "span": "1h"}),
        ("mentions/x:3/actions", {"act": "correct", "subject": "Boreal", "sentiment": "neutral"}),
        ("mentions/play:https://shop.example/4/actions", {"act": "dismiss"}),
    ]:
        assert agent.refused(path, body)["status"] == 422
    for path in ("mentions/x:99/actions", "incidents/99/actions"):
        assert agent.refused(path, {"act": "snooze", "span": "1h"})["status"] == 404


def test_nobody_is_overwritten_unseen(agent: Client) -> None:
    seen = agent.get("mentions/x:1")["seen"]
    agent.post(ACTIONS, {"act": "assign", "to": "jo", "seen": seen})
    told = agent.refused(ACTIONS, {"act": "dismiss", "seen": seen})
    assert told["status"] == 409
    assert (told["who"], told["did"]) == ("token actNone", "assigned")
    assert agent.get("mentions/x:1")["acts"][-1]["did"] == "assigned"
    agent.post(ACTIONS, {"act": "dismiss", "seen": told["seen"]})


def test_an_etag_does_the_same_by_a_header(agent: Client) -> None:
    for path in ("mentions/x:1", "incidents/1"):
        deed = {"act": "snooze", "span": "1h"}
        tag = agent.ask(path).headers["etag"]
        agent.post(f"{path}/actions", deed, {"if-match": tag})
        assert agent.refused(f"{path}/actions", deed, {"if-match": tag})["status"] == 412
        agent.post(f"{path}/actions", deed, {"if-match": "*"})
        again = agent.ask(path).headers["etag"]
        assert again != tag
        agent.post(f"{path}/actions", deed, {"if-match": again})


def test_two_who_saw_the_same_incident_do_not_overwrite_each_other(agent: Client) -> None:
    agent.post("incidents/1/actions", {"act": "ack", "seen": 0})
    assert agent.refused("incidents/1/actions", {"act": "resolve", "seen": 0})["status"] == 409
    assert agent.get("incidents/1")["resolved_at"] is None


def test_a_request_that_is_sent_again_is_done_once(agent: Client, story: Store) -> None:
    key = {"idempotency-key": "b7f1"}
    done = agent.post(ACTIONS, {"act": "assign", "to": "jo"}, key)
    again = agent.post(ACTIONS, {"act": "assign", "to": "jo"}, key)
    assert (done["again"], again["again"]) == (False, True)
    assert again["seen"] == done["seen"]
    agent.post("mentions/x:2/actions", {"act": "assign", "to": "jo"}, key)
    assert len(rows(story, "SELECT * FROM audit WHERE did = 'assigned'")) == 2


def test_a_request_that_failed_may_be_sent_again(agent: Client) -> None:
    key = {"idempotency-key": "c0de"}
    agent.post(ACTIONS, {"act": "assign", "to": "jo"})
    assert agent.refused(ACTIONS, {"act": "dismiss", "seen": 0}, key)["status"] == 409
    seen = agent.get("mentions/x:1")["seen"]
    assert not agent.post(ACTIONS, {"act": "dismiss", "seen": seen}, key)["again"]


def test_one_may_snooze_as_long_as_at_the_pages() -> None:
    assert get_args(Spans) == tuple(SPANS)
