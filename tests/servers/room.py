"""What a test Slack keeps: its channels and messages, and a ledger of all it accepted."""

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from listener.clock import Clock


@dataclass
class Message:
    ts: str
    channel: str
    body: dict[str, Any]
    edits: list[dict[str, Any]] = field(default_factory=list)

    @property
    def shown(self) -> dict[str, Any]:
        """What stands in Slack now: the last edit, with the metadata it was posted with."""
        return self.body | (self.edits[-1] if self.edits else {})

    @property
    def thread_ts(self) -> str | None:
        return self.body.get("thread_ts")

    @property
    def ids(self) -> list[str]:
        payload = (self.body.get("metadata") or {}).get("event_payload") or {}
        return [name for name in (payload.get("notice_id"), *(payload.get("also") or ())) if name]


class Room:
    """Thread-safe. Every post and every edit is a line of the ledger file before it is answered."""

    def __init__(self, channels: Sequence[str], ledger: Path | None, clock: Clock) -> None:
        self._clock = clock
        self.strict = bool(channels)
        self._names = {name.removeprefix("#"): f"C{n:08d}" for n, name in enumerate(channels, 1)}
        self._messages: list[Message] = []
        self._last = 0.0
        self._lock = threading.Lock()
        self._ledger = ledger
        self._restore()

    def id_of(self, channel: str) -> str | None:
        """The id for a name or an id; a name not seen before becomes a channel, unless strict."""
        with self._lock:
            if channel in self._names.values():
                return channel
            name = channel.removeprefix("#")
            if name not in self._names and not self.strict:
                self._names[name] = f"C{len(self._names) + 1:08d}"
            return self._names.get(name)

    def has_id(self, channel: str) -> bool:
        with self._lock:
            return channel in self._names.values()

    def channels(self) -> list[dict[str, Any]]:
        with self._lock:
            return [{"id": place, "name": name} for name, place in sorted(self._names.items())]

    def post(self, channel: str, body: dict[str, Any], fault: str | None) -> Message:
        with self._lock:
            self._last = max(self._clock.now().timestamp(), self._last + 0.000001)
            message = Message(f"{self._last:.6f}", channel, body)
            self._messages.append(message)
            self._write(
                {"did": "post", "ts": message.ts, "channel": channel, "fault": fault}
                | {
                    "name": next(name for name, place in self._names.items() if place == channel),
                    "body": body,
                }
            )
            return message

    def edit(self, channel: str, ts: str, body: dict[str, Any]) -> Message | None:
        with self._lock:
            message = self._find(channel, ts)
            if message is not None:
                message.edits.append(body)
                at = f"{self._clock.now().timestamp():.6f}"
                self._write({"did": "edit", "ts": ts, "at": at, "channel": channel, "body": body})
            return message

    def delete(self, channel: str, ts: str) -> None:
        with self._lock:
            self._messages = [m for m in self._messages if (m.channel, m.ts) != (channel, ts)]

    def history(self, channel: str, oldest: float = 0) -> list[Message]:
        """The channel, newest first: without replies, but for those shown to all."""
        return [
            message
            for message in reversed(self.messages())
            if message.channel == channel
            and float(message.ts) > oldest
            and (message.thread_ts is None or message.body.get("reply_broadcast"))
        ]

    def thread(self, channel: str, ts: str) -> list[Message]:
        """A message and its replies, oldest first; empty where there is none."""
        return [
            message
            for message in self.messages()
            if message.channel == channel and ts in (message.ts, message.thread_ts)
        ]

    def messages(self) -> list[Message]:
        with self._lock:
            return list(self._messages)

    def _find(self, channel: str, ts: str) -> Message | None:
        for message in self._messages:
            if (message.channel, message.ts) == (channel, ts):
                return message
        return None

    def _write(self, line: dict[str, Any]) -> None:
        if self._ledger is not None:
            with self._ledger.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def _restore(self) -> None:
        if self._ledger is None or not self._ledger.exists():
            return
        for text in self._ledger.read_text(encoding="utf-8").splitlines():
            line = json.loads(text)
            if line["did"] == "post":
                self._names[line["name"]] = line["channel"]
                self._messages.append(Message(line["ts"], line["channel"], line["body"]))
                self._last = float(line["ts"])
            elif (message := self._find(line["channel"], line["ts"])) is not None:
                message.edits.append(line["body"])
