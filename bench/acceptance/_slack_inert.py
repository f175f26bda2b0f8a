"""What of a payload Slack would act on, or show broken: nothing that people wrote may be among it.

Written apart from the product's own escaping, so that one does not hide the faults of the other.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

import regex  # knows where a cluster ends

from bench.acceptance._hostile_digest import PAGES
from listener.texts.escape import safe_link
from listener.texts.words import LANGUAGES, say

# All other types act, or are read as markup.
PLAIN: Final = frozenset(
    {"header", "section", "context", "divider", "actions", "input", "plain_text", "text", "date"}
    | {"rich_text", "rich_text_section", "rich_text_list", "rich_text_quote", "link", "button"}
    | {"static_select", "checkboxes", "radio_buttons", "modal", "home"}
)
LINK_WORDS: Final = {
    say(language, key)
    for language in LANGUAGES
    for key in ("link.open", "quote.open", "foot.browser")
}
_LIVE: Final = re.compile(r"[<>]|&(?!(amp|lt|gt);)")
_BROKEN: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066\u2067\ufeff\ud800-\udfff]"
)
_ISOLATE, _END = "\u2068", "\u2069"


def live(body: dict[str, Any], links: Sequence[str]) -> list[str]:
    """What Slack would act on."""
    found = [f"{part['type']}" for part in _parts(body) if part.get("type", "text") not in PLAIN]
    for part in _parts(body):
        kind = part.get("type")
        if kind == "plain_text" and part.get("emoji") is not False:
            found.append("names of emoji")
        if "url" in part and not _is_ours(part["url"], links):
            found.append(f"a link to {part['url'][:60]}")
        if kind == "link" and part.get("text") not in LINK_WORDS:
            found.append("a link with words of others")
    if _LIVE.search(body.get("text") or ""):
        found.append("markup in the line for notifications")
    return found


def _is_ours(url: str, links: Sequence[str]) -> bool:
    """One of our pages, or an address of a mention that may be shown."""
    return url.startswith(PAGES) or url in {safe_link(link) for link in links}


def broken(body: dict[str, Any], words: str) -> list[str]:
    """What is shown broken: half a cluster, controls, an order of reading that runs on."""
    found = []
    for text in _shown(body):
        if _BROKEN.search(text):
            found.append(f"a control in {text[:40]!r}")
        if text.endswith("…") and _is_half(text[:-1].rstrip(), words):
            found.append(f"half a cluster at the end of {text[-12:]!r}")
    rows = [part for part in _parts(body) if "elements" in part or part.get("type") == "section"]
    if not all(_closes("".join(_shown(row))) for row in rows):
        found.append("an isolate without its end")
    return found


def _is_half(cut: str, words: str) -> bool:
    """Whether people's words were cut inside of what is read as one sign."""
    line = " ".join(words.split())
    tail = cut[-40:]
    at = line.find(tail) + len(tail)
    if len(tail) < 5 or at < len(tail) or at >= len(line):
        return False
    around = line[max(at - 70, 0) : at + 70]
    ends = {found.end() for found in regex.finditer(r"\X", around)}
    stacked = len(max(regex.findall(r"\X", around), key=len)) > 64
    return not stacked and min(at, 70) not in ends


def _closes(text: str) -> bool:
    depth = 0
    for char in text:
        depth += (char == _ISOLATE) - (char == _END)
        if depth < 0:
            return False
    return depth == 0


def _shown(found: Any) -> Iterator[str]:
    return (part["text"] for part in _parts(found) if isinstance(part.get("text"), str))


def _parts(found: Any) -> Iterator[dict[str, Any]]:
    if isinstance(found, dict):
        yield found
        for value in found.values():
            yield from _parts(value)
    elif isinstance(found, list):
        for value in found:
            yield from _parts(value)
