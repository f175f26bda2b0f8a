"""What Slack refuses of a message or a window: its documented limits, counted the strictest way.

A length is that of JavaScript, after Slack's own escaping of & < >. Slack does not document how
much all blocks of a message may hold; about 13,200 characters were refused (slackapi/bolt-js#2509).
"""

import html
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

Block = dict[str, Any]

MOST_TEXT: Final = 40_000
MOST_BLOCKS: Final = 50
MOST_OF_A_VIEW: Final = 100
ALL_BLOCKS: Final = 13_200
_WHOLE_VIEW: Final = 250_000  # bytes
_TITLE: Final = 24  # of a window, and of the buttons below it
_PRIVATE: Final = 3_000
_ID: Final = 255
_LINK: Final = 3_000
_VALUE: Final = 2_000
_ALT: Final = 2_000  # and of a title
_METADATA: Final = 8_000  # not documented; far below what was taken

_WORDS: Final = {  # the most that a block's own text, or an element's, may have
    "header": 150,
    "section": 3_000,
    "button": 75,
    "input": 2_000,
}
_ELEMENTS: Final = {"actions": 25, "context": 10}
_OPTIONS: Final = {"checkboxes": 10, "radio_buttons": 10, "static_select": 100, "overflow": 5}
_IN_A_VIEW_ONLY: Final = "input"
_DATE: Final = re.compile(r"\{(date|time|ago)[a-z_]*\}")


def of_message(body: Block) -> str | None:
    """Slack's word for why it would not post this; None where it would."""
    if not _is_sound(body):
        return "invalid_json"
    if length(str(body.get("text") or "")) > MOST_TEXT:
        return "msg_too_long"
    blocks = body.get("blocks") or []
    if len(blocks) > MOST_BLOCKS or any(_of_block(block) for block in blocks):
        return "invalid_blocks"
    if any(block["type"] == _IN_A_VIEW_ONLY for block in blocks) or _names_twice(blocks):
        return "invalid_blocks"
    if sum(length(words) for words in texts_of(blocks)) > ALL_BLOCKS:
        return "msg_blocks_too_long"
    if length(json.dumps(body.get("metadata") or {})) > _METADATA:
        return "metadata_too_large"
    return None


def of_view(view: Block) -> str | None:
    """Slack's word for why it would not show this window or tab; None where it would."""
    if not _is_sound(view):
        return "invalid_json"
    blocks = view.get("blocks") or []
    if not 1 <= len(blocks) <= MOST_OF_A_VIEW or any(_of_block(block) for block in blocks):
        return "invalid_arguments"
    if _names_twice(blocks) or len(json.dumps(view).encode()) > _WHOLE_VIEW:
        return "view_too_large"
    if length(view.get("private_metadata", "")) > _PRIVATE:
        return "invalid_arguments"
    return _of_head(view, any(block["type"] == "input" for block in blocks))


def troubles(blocks: Sequence[Block]) -> list[str]:
    """What is wrong with each of the blocks, for people."""
    return [f"{block.get('type')}: {why}" for block in blocks if (why := _of_block(block))]


def length(text: str) -> int:
    return len(html.escape(text, quote=False).encode("utf-16-le", "surrogatepass")) // 2


def _of_head(view: Block, asks: bool) -> str | None:
    kind, title = view.get("type"), view.get("title")
    if kind == "home":
        return "invalid_arguments" if title or view.get("submit") or view.get("close") else None
    if kind != "modal" or not title or (asks and not view.get("submit")):
        return "invalid_arguments"
    words = [view[name] for name in ("title", "submit", "close") if view.get(name)]
    return "invalid_arguments" if any(_of_words(one, _TITLE) for one in words) else None


def _of_block(block: Block) -> str | None:
    kind = block.get("type", "")
    if length(block.get("block_id", "")) > _ID:
        return "block_id is too long"
    if kind in ("header", "section"):
        return _of_words(block.get("text"), _WORDS[kind])
    if kind == "rich_text":
        return _of_rich(block)
    if kind == "image":
        return _of_picture(block)
    if kind == "input":
        return _of_words(block.get("label"), _WORDS[kind]) or _of_element(block["element"])
    if kind in _ELEMENTS:
        return _of_row(block, kind)
    return None if kind == "divider" else "no such block"


def _of_picture(block: Block) -> str | None:
    """From an address, or a file that Slack holds already."""
    if ("image_url" in block) == ("slack_file" in block):
        return "a picture has one place"
    if length(block.get("image_url", "")) > _LINK:
        return "a picture's url"
    if not 1 <= length(block.get("alt_text", "")) <= _ALT:
        return "alt_text"
    return _of_words(block["title"], _ALT) if "title" in block else None


def _of_row(block: Block, kind: str) -> str | None:
    inside = block.get("elements") or []
    if not 1 <= len(inside) <= _ELEMENTS[kind]:
        return f"{len(inside)} elements"
    if kind == "context":
        return _first(_of_words(one, _WORDS["section"]) for one in inside)
    ids = Counter(one.get("action_id") for one in inside)
    return "action_id twice" if max(ids.values()) > 1 else _first(map(_of_element, inside))


def _of_element(element: Block) -> str | None:
    kind = element.get("type", "")
    if not 1 <= length(element.get("action_id", "")) <= _ID:
        return "action_id"
    if kind == "button":
        if length(element.get("value", "")) > _VALUE or length(element.get("url", "")) > _LINK:
            return "a button's value or url is too long"
        return _of_words(element.get("text"), _WORDS[kind])
    if kind not in _OPTIONS:
        return "no such element"
    options = element.get("options") or []
    if not 1 <= len(options) <= _OPTIONS[kind]:
        return f"{len(options)} options"
    if any(one not in options for one in element.get("initial_options", ())):
        return "initial_options are none of the options"
    named = element.get("placeholder")
    return (_of_words(named, 150) if named else None) or _first(map(_of_option, options))


def _of_option(option: Block) -> str | None:
    if not 1 <= length(option.get("value", "")) <= 150:
        return "an option's value"
    said = option.get("description")
    return _of_words(option.get("text"), 75) or (_of_words(said, 75) if said else None)


def _of_words(words: Any, most: int) -> str | None:
    if not isinstance(words, dict) or words.get("type") not in ("plain_text", "mrkdwn"):
        return "no text object"
    text = words.get("text")
    if not isinstance(text, str) or not text:
        return "an empty text"
    return f"{length(text)} characters, of {most}" if length(text) > most else None


def _of_rich(element: Block) -> str | None:
    """Of rich text: nothing empty, no end of a link, and moments that can be shown."""
    kind = element.get("type", "")
    if kind == "text":
        return None if element.get("text") else "an empty text"
    if kind == "link":
        return None if 1 <= length(element.get("url", "")) <= _LINK else "a link's url"
    if kind == "date":
        shown = _DATE.search(element.get("format", "")) and element.get("fallback")
        return None if shown and isinstance(element.get("timestamp"), int) else "a date"
    if not kind.startswith("rich_text"):
        return None  # a user, a channel: Slack takes them
    inside = element.get("elements")
    return _first(map(_of_rich, inside)) if inside else f"{kind} without elements"


def _names_twice(blocks: Sequence[Block]) -> bool:
    names = [block["block_id"] for block in blocks if block.get("block_id")]
    return len(names) > len(set(names))


def texts_of(found: Any) -> Iterator[str]:
    """Every text that is shown, or led to."""
    if isinstance(found, dict):
        for name, value in found.items():
            if name in ("text", "url", "fallback") and isinstance(value, str):
                yield value
            else:
                yield from texts_of(value)
    elif isinstance(found, list):
        for value in found:
            yield from texts_of(value)


def _is_sound(found: Any) -> bool:
    """Whether it can be sent: no half of a surrogate pair, no null."""
    try:
        sent = json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return b"\\u0000" not in sent


def _first(found: Iterator[str | None]) -> str | None:
    return next((why for why in found if why), None)
