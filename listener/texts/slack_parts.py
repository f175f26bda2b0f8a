"""The parts that every message, window and page in Slack is built of; pure.

Nothing is mrkdwn: words stand in plain_text objects, where Slack reads neither markup nor mentions.
"""

from collections.abc import Sequence
from typing import Any, Final

from listener.domain.chart import Chart
from listener.texts.escape import in_slack, isolated

Block = dict[str, Any]

HEADER_LIMIT: Final = 150
BUTTON_LIMIT: Final = 75
OPTION_LIMIT: Final = 75
ALT_LIMIT: Final = 1_000  # half of what Slack takes
VALUE_LIMIT: Final = 150  # of an option


def plain_text(words: str) -> Block:
    return {"type": "plain_text", "text": words, "emoji": False}


def header(words: str) -> Block:
    return {"type": "header", "text": plain_text(in_slack(words, HEADER_LIMIT) or "…")}


def section(words: str, limit: int = 2_900) -> Block:
    return {"type": "section", "text": plain_text(in_slack(words, limit) or "…")}


def context(words: str, limit: int = 300) -> Block:
    return {"type": "context", "elements": [plain_text(in_slack(words, limit) or "…")]}


def image(chart: Chart) -> Block:
    """A picture that Slack keeps; its id is none of a user's words."""
    return {
        "type": "image",
        "slack_file": {"id": chart.file},
        "alt_text": in_slack(chart.alt, ALT_LIMIT) or "…",
        "title": plain_text(in_slack(chart.title, ALT_LIMIT) or "…"),
    }


def button(words: str, action: str, value: str = "", *, url: str = "", style: str = "") -> Block:
    made: Block = {"type": "button", "text": plain_text(words), "action_id": action}
    if value:
        made["value"] = value
    if url:
        made["url"] = url
    return made | {"style": style} if style else made


def option(words: str, value: str, description: str = "") -> Block:
    made: Block = {"text": plain_text(in_slack(words, OPTION_LIMIT) or "…"), "value": value}
    if description:
        made["description"] = plain_text(in_slack(description, OPTION_LIMIT) or "…")
    return made


def actions(name: str, elements: Sequence[Block]) -> Block:
    return {"type": "actions", "block_id": name, "elements": list(elements)}


def who(name: str, author: str | None) -> str:
    """Who said it and where: "@jo on x"; the rest of a name is the service's number."""
    source = in_slack(name.partition(":")[0], 40)
    written = in_slack(author or "", 60)
    return f"{isolated(written)} on {source}" if written else f"on {source}"
