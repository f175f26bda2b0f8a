"""Windows, the home tab and buttons hold whatever people write, within Slack's bounds."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from listener.domain.press import MOST_CHOICES, OF_MENTION, Choice, Press
from listener.texts.slack import BUDGET, MOST_BLOCKS, card, size
from listener.texts.slack_home import MOST_WAITING, home
from listener.texts.slack_windows import window
from tests.builders import NOW
from tests.notifiers.build import a_spike

HOSTILE = (
    "<!channel> <@U1> <https://evil.example|acme.com> *bold* :tada:",
    "",
    "\u202egnp.exe\u2066",
    "&" * 5_000,
    "👩‍👩‍👧‍👦" * 2_000,
    "من كل مكان " * 500,
    "a\x00b\r\nc\u2028d",
    "快遞" * 20_000,
)
MOST_OF_VIEW = 100  # blocks


def plain_texts(found: Any) -> Iterator[str]:
    if isinstance(found, dict):
        if found.get("type") == "plain_text":
            yield found["text"]
        for value in found.values():
            yield from plain_texts(value)
    elif isinstance(found, list):
        for value in found:
            yield from plain_texts(value)


def must_be_sound(view: dict[str, Any]) -> None:
    """As Slack's own library has it, and none of it markup."""
    View(**view).validate_json()
    for block in view["blocks"]:
        made = Block.parse(block)
        assert made is not None
        made.validate_json()
    assert len(view["blocks"]) <= MOST_OF_VIEW
    assert all(plain_texts(view))
    assert "mrkdwn" not in str(view["blocks"])


def a_row(text: str) -> dict[str, Any]:
    return {
        "id": f"x:{text[:50]}",
        "author": text,
        "text": text,
        "subject": "Acme",
        "channel": "social",
        "topics": [text],
        "assignee": text,
        "action": "answer",
        "due_at": "2026-11-22T12:30:00.000Z",
    }


@pytest.mark.parametrize("act", sorted(OF_MENTION))
@pytest.mark.parametrize("text", HOSTILE)
def test_a_window_holds_any_mentions(act: Press, text: str) -> None:
    some = [
        Choice(name=f"x:{n}", subject="Acme", author=text, text=text)
        for n in range(MOST_CHOICES + 5)
    ]
    made = window(act, 10**9, some, seen=10**9, channel="C" + "0" * 12)
    must_be_sound(made)
    assert len(made["blocks"][1]["element"]["options"]) == MOST_CHOICES


def test_a_window_without_mentions_says_so_and_cannot_be_saved() -> None:
    made = window(Press.ANSWERED, 1, [], seen=0, channel="C1")
    must_be_sound(made)
    assert "submit" not in made


@pytest.mark.parametrize("text", HOSTILE)
def test_the_home_tab_holds_whoever_waits(text: str) -> None:
    made = home([a_row(text)] * (MOST_WAITING + 3), 1_000, [], NOW)
    must_be_sound(made)
    assert "and 980 more" in list(plain_texts(made))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_message_with_buttons_keeps_within_its_budget(text: str) -> None:
    spike = a_spike()
    quotes = tuple(replace(quote, text=text, author=text, places=()) for quote in spike.quotes)
    made = card(replace(spike, quotes=quotes, title=text or "…"), pressed=True)
    assert size(made.blocks) <= BUDGET
    assert len(made.blocks) <= MOST_BLOCKS
    assert [block["type"] for block in made.blocks].count("actions") == 2
