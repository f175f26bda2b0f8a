"""Deliveries: who may make them, what is read of them, and what is not taken."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.collectors.webhook import Form, Refused, Webhook
from listener.domain.mention import Channel, Evidence, Kind
from tests.builders import MINUTE, NOW, SECOND

SECRET = "a secret of the shop"
SHARED = Path(__file__).parents[3] / "shared" / "fixtures" / "surveys"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def a_hook(**changes: Any) -> Webhook:
    return replace(Webhook(name="shop", secret=SECRET), **changes)


def signed(body: bytes, *, at: Any = NOW, secret: str = SECRET) -> Mapping[str, str]:
    moment = str(int(at.timestamp()))
    mac = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256)
    return {"x-listener-timestamp": moment, "x-listener-signature": f"sha256={mac.hexdigest()}"}


def typeform_signed(body: bytes) -> Mapping[str, str]:
    mac = hmac.new(SECRET.encode(), body, hashlib.sha256).digest()
    return {"typeform-signature": f"sha256={base64.b64encode(mac).decode()}"}


def body_of(value: Any) -> bytes:
    return json.dumps(value).encode()


def taken(hook: Webhook, value: Any) -> Any:
    body = body_of(value)
    return hook.take(body, signed(body), NOW).batch


MINE = {"id": "7", "text": "Acme lost my parcel", "created_at": "2026-11-22T11:00:00Z"}


def test_a_signed_delivery_is_read() -> None:
    (mention,) = taken(a_hook(), MINE).mentions
    assert (mention.source, mention.source_id, mention.text) == ("shop", "7", MINE["text"])


def test_a_delivery_speaks_for_its_own_source_only() -> None:
    (mention,) = taken(a_hook(), {**MINE, "source": "x"}).mentions
    assert mention.source == "shop"


def test_pointers_say_where_things_are() -> None:
    hook = a_hook(
        items="/data/reviews",
        fields={"id": "/id", "text": "/body/0", "created_at": "/at", "stars": "/sc~1ore"},
        channel=Channel.REVIEW,
    )
    items = [{"id": 1, "body": ["fine"], "at": 1795343520, "sc/ore": 5, "other": 1}, {"id": 2}]
    batch = taken(hook, {"data": {"reviews": items}})
    (mention,) = batch.mentions
    assert (mention.text, mention.stars, mention.kind) == ("fine", 5, Kind.REVIEW)
    (reject,) = batch.rejects
    assert reject.place.endswith("item 2")
    assert "created_at is missing" in reject.reason
    assert json.loads(reject.content) == {"id": 2}


def test_an_answer_comes_with_its_question() -> None:
    (answer,) = taken(a_hook(), {**MINE, "reply_at": "2026-11-22T11:30:00Z"}).responses
    assert (answer.parent_id, answer.evidence) == ("7", Evidence.FIELD)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-listener-signature": "sha256=00"},
        {"x-listener-timestamp": "now"},
        {"x-listener-timestamp": "9" * 30},
        signed(body_of(MINE), secret="another secret, as long"),
        signed(body_of(MINE), at=NOW - 5 * MINUTE - SECOND),
        signed(body_of(MINE), at=NOW + 5 * MINUTE + SECOND),
        {**signed(body_of(MINE)), "x-listener-timestamp": str(int(NOW.timestamp()) + 1)},
        {**signed(body_of(MINE)), "x-listener-signature": "sha256=\udcff"},
        signed(body_of({**MINE, "text": "other words"})),
    ],
)
def test_what_is_not_signed_by_us_and_now_is_refused(headers: Mapping[str, str]) -> None:
    with pytest.raises(Refused) as caught:
        a_hook().take(body_of(MINE), headers, NOW)
    assert SECRET not in str(caught.value)


def test_clocks_may_differ_by_five_minutes() -> None:
    for skew in (timedelta(0), 5 * MINUTE, -5 * MINUTE):
        a_hook().take(body_of(MINE), signed(body_of(MINE), at=NOW + skew), NOW)


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff"])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(Refused, match="no JSON"):
        a_hook().take(body, signed(body), NOW)


def test_a_list_must_be_one_and_not_endless() -> None:
    for value in ({"items": 3}, {}, {"items": [MINE] * 1001}):
        with pytest.raises(Refused):
            taken(a_hook(items="/items"), value)


@given(JSON)
def test_any_json_is_a_mention_or_a_reject(value: Any) -> None:
    batch = taken(a_hook(), value)
    assert len(batch.mentions) + len(batch.rejects) == 1


@given(JSON)
def test_any_answer_to_a_form_is_a_mention_or_a_reject(value: Any) -> None:
    for each in (value, {"form_response": value}, {"form_response": {"answers": value}}):
        body = body_of(each)
        batch = a_hook(form=Form.TYPEFORM).take(body, typeform_signed(body), NOW).batch
        assert len(batch.mentions) + len(batch.rejects) == 1


def test_the_same_delivery_has_the_same_key() -> None:
    body = body_of(MINE)
    first = a_hook().take(body, signed(body), NOW)
    assert first.key == a_hook().take(body, signed(body), NOW + MINUTE).key
    assert first.key != a_hook().take(body, signed(body, at=NOW + MINUTE), NOW).key
    assert first.key != a_hook().take(b"1", signed(b"1"), NOW).key


def a_form_answer() -> dict[str, Any]:
    score = {"type": "number", "number": 2, "field": {"type": "nps", "id": "a"}}
    words = {"type": "text", "text": "Nobody answers.", "field": {"type": "long_text", "id": "b"}}
    address = {"type": "email", "email": "me@example.com", "field": {"type": "email", "id": "c"}}
    return {
        "form_response": {
            "token": "t-1",
            "submitted_at": "2026-11-22T10:00:00Z",
            "hidden": {"customer": "4711"},
            "definition": {"title": "After your flight"},
            "answers": [score, address, words],
        }
    }


def test_an_answer_to_a_survey_has_a_score_and_words_and_no_address() -> None:
    body = body_of(a_form_answer())
    batch = a_hook(form=Form.TYPEFORM).take(body, typeform_signed(body), NOW).batch
    (mention,) = batch.mentions
    assert (mention.stars, mention.stars_scale, mention.text) == (2, 10, "Nobody answers.")
    assert (mention.channel, mention.kind) == (Channel.SURVEY, Kind.SURVEY_RESPONSE)
    assert (mention.source_id, mention.product) == ("t-1", "After your flight")
    assert "example.com" not in repr(mention)
    assert "4711" not in repr(mention)
    with pytest.raises(Refused):
        a_hook(form=Form.TYPEFORM).take(body, signed(body), NOW)


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/fixtures is not here")
def test_a_documented_survey_answer_is_understood() -> None:
    body = body_of(json.loads((SHARED / "typeform_webhook.json").read_text("utf-8"))["body"])
    (mention,) = a_hook(form=Form.TYPEFORM).take(body, typeform_signed(body), NOW).batch.mentions
    assert (mention.stars, mention.stars_scale) == (3, 10)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"secret": "short"}, "16 characters"),
        ({"fields": {"stars": "score"}}, "no JSON pointer"),
        ({"fields": {"colour": "/c"}}, "none of"),
        ({"items": "data"}, "no JSON pointer"),
        ({"timezone": "Mars"}, "unknown"),
    ],
)
def test_settings_that_could_take_nothing_are_refused(changes: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        a_hook(**changes)


def test_its_secret_is_not_shown() -> None:
    assert SECRET not in repr(a_hook())
    assert "/hooks/shop" in a_hook().check()


def test_what_was_sent_while_we_were_away_is_a_gap() -> None:
    hook = a_hook()
    first = hook.fetch(None, NOW)
    assert (first.complete, first.gap_since) == (True, None)
    assert hook.fetch(first.cursor, NOW + hook.every).gap_since is None
    assert hook.fetch(first.cursor, NOW + 24 * hook.every).gap_since == NOW


@pytest.mark.parametrize(("score", "scale"), [(4, 5), (8, 10), (0, 5)])
def test_a_score_beyond_its_scale_is_one_of_ten(score: int, scale: int) -> None:
    value = a_form_answer()
    value["form_response"]["answers"][0] |= {"number": score, "field": {"type": "rating"}}
    body = body_of(value)
    (mention,) = a_hook(form=Form.TYPEFORM).take(body, typeform_signed(body), NOW).batch.mentions
    assert (mention.stars, mention.stars_scale) == (score, scale)


@pytest.mark.parametrize("score", [True, -1, 99, "7"])
def test_what_is_no_score_does_not_cost_the_words(score: Any) -> None:
    value = a_form_answer()
    value["form_response"]["answers"][0]["number"] = score
    body = body_of(value)
    (mention,) = a_hook(form=Form.TYPEFORM).take(body, typeform_signed(body), NOW).batch.mentions
    assert (mention.stars, mention.text) == (None, "Nobody answers.")
