"""The channel as its reader sees it: posts, edits and threads, in the order of time."""

import json
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

WIDTH = 108
_QUOTED = {"rich_text_quote": "│ ", "rich_text_list": "• "}


@dataclass
class Seen:
    """A message: how it was posted, and how it was edited since."""

    ts: str
    body: Mapping[str, Any]
    edits: list[tuple[datetime, Mapping[str, Any]]] = field(default_factory=list)

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(float(self.ts), UTC)

    @property
    def is_reply(self) -> bool:
        return bool(self.body.get("thread_ts"))

    @property
    def interrupts(self) -> bool:
        """It stands in the channel itself."""
        return not self.is_reply or bool(self.body.get("reply_broadcast"))

    @property
    def ours(self) -> Mapping[str, Any]:
        return (self.body.get("metadata") or {}).get("event_payload") or {}

    @property
    def first_line(self) -> str:
        return str(self.body["text"])


def read(ledger: Path) -> list[Seen]:
    """All messages, oldest first."""
    found: dict[str, Seen] = {}
    for text in ledger.read_text(encoding="utf-8").splitlines():
        line = json.loads(text)
        if line["did"] == "post":
            found[line["ts"]] = Seen(line["ts"], line["body"])
        else:
            moment = datetime.fromtimestamp(float(line["at"]), UTC)
            found[line["ts"]].edits.append((moment, line["body"]))
    return list(found.values())


def shown(body: Mapping[str, Any]) -> Iterator[str]:
    """The lines of a message, its blocks one after another."""
    for block in body.get("blocks") or []:
        kind = block["type"]
        if kind in ("header", "section"):
            yield from _wrapped(block["text"]["text"], "# " if kind == "header" else "")
        elif kind == "context":
            yield from _wrapped(" ".join(e["text"] for e in block["elements"]), "  ")
        else:
            for element in block["elements"]:
                yield from _rich(element)


def _rich(element: Mapping[str, Any]) -> Iterator[str]:
    kind = element["type"]
    if kind == "rich_text_list":
        for item in element["elements"]:
            yield from _wrapped(_inline(item), "• ")
    else:
        for line in _inline(element).splitlines():
            yield from _wrapped(line, _QUOTED.get(kind, ""))


def _inline(element: Mapping[str, Any]) -> str:
    return "".join(
        one["fallback"] if one["type"] == "date" else one["text"] for one in element["elements"]
    )


def _wrapped(text: str, sign: str) -> Iterator[str]:
    rest = "│ " if sign == "│ " else " " * len(sign)
    yield from textwrap.wrap(text, WIDTH, initial_indent=sign, subsequent_indent=rest) or [""]


def transcript(
    messages: list[Seen], judged: Mapping[str, str], *, whole: bool = True
) -> Iterator[str]:
    """Every post and every edit, with the judgement of each post; replies are indented."""
    moments: list[tuple[datetime, int, Seen, Mapping[str, Any] | None]] = []
    for seen in messages:
        moments.append((seen.at, 0, seen, None))
        moments += [(moment, 1, seen, body) for moment, body in seen.edits]
    before: dict[str, list[str]] = {}
    for moment, _, seen, edit in sorted(moments, key=lambda one: one[:2]):
        margin = "        ↳ " if seen.is_reply else ""
        head = f"{moment:%a %H:%M}  {margin}"
        lines = list(shown(edit or seen.body))
        if edit is not None:
            new = [line for line in lines if line not in before[seen.ts]]
            yield f"{head}(edited, of {seen.at:%H:%M}) {new[0] if new else 'nothing seen'}"
            before[seen.ts] = lines
            continue
        before[seen.ts] = lines
        loud = "" if seen.interrupts and not seen.is_reply else " [in the channel too]"
        yield ""
        yield f"{head}{seen.first_line[:140]}{loud if seen.interrupts else ''}"
        yield f"           {margin and '        '}= {judged[seen.ts]}"
        if whole:
            yield from (f"           {margin and '        '}  {line}" for line in lines)
