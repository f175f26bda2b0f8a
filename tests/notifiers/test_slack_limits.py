"""The server refuses what Slack refuses."""

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from listener.texts.slack_parts import actions, button, context, header, section
from tests.servers.slack import SlackServer

TEXT = {"type": "plain_text", "text": "a"}


def words(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "plain_text", "text": text}}


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    inside = {"type": "rich_text_section", "elements": list(elements)}
    return {"type": "rich_text", "elements": [inside]}


@pytest.mark.parametrize(
    ("blocks", "code"),
    [
        ([words("a")] * 51, "invalid_blocks"),
        ([words("")], "invalid_blocks"),
        ([words("a" * 3_001)], "invalid_blocks"),
        ([words("&" * 601)], "invalid_blocks"),
        ([words("😀" * 1_501)], "invalid_blocks"),
        ([words("a" * 2_900)] * 5, "msg_blocks_too_long"),
        ([{"type": "header", "text": TEXT | {"text": "a" * 151}}], "invalid_blocks"),
        ([{"type": "context", "elements": [TEXT] * 11}], "invalid_blocks"),
        ([actions("a", [button("a" * 76, "a")])], "invalid_blocks"),
        ([actions("a", [button("a", "a", url="https://e.com/" + "a" * 3_000)])], "invalid_blocks"),
        ([actions("a", [button("a", "a"), button("b", "a")])], "invalid_blocks"),
        ([actions("a", [button("a", "a")])] * 2, "invalid_blocks"),
        ([rich()], "invalid_blocks"),
        ([rich({"type": "text", "text": ""})], "invalid_blocks"),
        ([{"type": "nothing"}], "invalid_blocks"),
    ],
)
def test_a_message_that_breaks_a_limit_is_refused(blocks: list[dict[str, Any]], code: str) -> None:
    with SlackServer() as server:
        client = WebClient(token="xoxb-1", base_url=server.url)
        with pytest.raises(SlackApiError) as refused:
            client.chat_postMessage(channel="#cx", text="a", blocks=blocks)
    assert refused.value.response["error"] == code


def test_a_message_within_the_limits_is_taken() -> None:
    blocks = [
        header("a"),
        section("a" * 2_900),
        actions("a", [button("a" * 75, "a", "1")]),
        rich({"type": "text", "text": "a"}),
        context("a"),
    ]
    with SlackServer() as server:
        client = WebClient(token="xoxb-1", base_url=server.url)
        assert client.chat_postMessage(channel="#cx", text="a", blocks=blocks)["ok"]
