"""The windows that open where a button in Slack needs one more answer; pure."""

import json
from collections.abc import Sequence
from typing import Final

from listener.domain.label import Sentiment
from listener.domain.press import MOST_CHOICES, Choice, Press
from listener.texts.slack_parts import VALUE_LIMIT, Block, option, plain_text, section, who

CALLBACK: Final = "listener.choose"
WHICH: Final = "which"
SENTIMENT: Final = "sentiment"
_TITLES: Final = {
    Press.ANSWERED: "Mark as answered",
    Press.ASSIGN: "Assign to me",
    Press.WRONG: "Correct the sentiment",
    Press.NOT_US: "Not about us",
}
_HELP: Final = {
    Press.ANSWERED: "Their promises stop running now.",
    Press.ASSIGN: "Your colleagues see that you answer them.",
    Press.WRONG: "Counts are made anew, and the model can learn of it.",
    Press.NOT_US: "They count for nothing any more, and the filter learns of it.",
}


def window(
    act: Press, incident: int, choices: Sequence[Choice], *, seen: int, channel: str
) -> Block:
    """Ask which of an incident's mentions are meant and, of a sentiment, what it is.

    seen: the newest act on record when it was opened; channel: where its button was pressed.
    """
    asked = {"act": act.value, "incident": incident, "seen": seen, "channel": channel}
    shown = [one for one in choices if len(one.name) <= VALUE_LIMIT][:MOST_CHOICES]
    blocks = [section(_HELP[act]), *([_which(shown)] if shown else [_nothing()])]
    if act is Press.WRONG and shown:
        blocks.append(_sentiment())
    made: Block = {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": json.dumps(asked),
        "title": plain_text(_TITLES[act]),
        "close": plain_text("Close"),
        "blocks": blocks,
    }
    return made | {"submit": plain_text("Save")} if shown else made


def _nothing() -> Block:
    return section("None of its mentions is stored any more.")


def _which(choices: Sequence[Choice]) -> Block:
    boxes = [option(one.text, one.name, who(one.name, one.author)) for one in choices]
    element: Block = {"type": "checkboxes", "action_id": WHICH, "options": boxes}
    if len(boxes) == 1:
        element["initial_options"] = boxes
    return {
        "type": "input",
        "block_id": WHICH,
        "label": plain_text("Which of them?"),
        "element": element,
    }


def _sentiment() -> Block:
    radio = [option(one.value, one.value) for one in Sentiment]
    return {
        "type": "input",
        "block_id": SENTIMENT,
        "label": plain_text("What is it really?"),
        "element": {"type": "radio_buttons", "action_id": SENTIMENT, "options": radio},
    }
