"""What a test Slack keeps of files: handed over in three steps, seen by nobody until shown."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Answer = dict[str, Any]


@dataclass
class File:
    id: str
    name: str
    length: int
    content: bytes | None = None
    title: str = ""
    complete: bool = False
    shared_with: str | None = None


class Files:
    """Thread-safe. `refused`: ids that no message may show, whatever became of them."""

    def __init__(self) -> None:
        self.refused: set[str] = set()
        self._files: dict[str, File] = {}
        self._lock = threading.Lock()

    def all(self) -> list[File]:
        with self._lock:
            return list(self._files.values())

    def get(self, name: str) -> File:
        with self._lock:
            return self._files[name]

    def begin(self, body: Answer, base: str) -> Answer:
        """files.getUploadURLExternal"""
        name, length = body.get("filename"), int(body.get("length") or 0)
        if not name or length < 1:
            return {"ok": False, "error": "invalid_arguments"}
        with self._lock:
            file = File(f"F{len(self._files) + 1:010d}", str(name), length)
            self._files[file.id] = file
        url = f"{base}upload/v1/{file.id}"
        return {"ok": True, "upload_url": url, "file_id": file.id}

    def take(self, ticket: str, content: bytes) -> int:
        """What is posted to the upload's address; the HTTP status of the answer."""
        with self._lock:
            file = self._files.get(ticket)
            if file is None or file.complete or len(content) != file.length:
                return 400
            file.content = content
            return 200

    def complete(self, body: Answer) -> Answer:
        """files.completeUploadExternal"""
        asked = json.loads(body.get("files") or "[]")
        with self._lock:
            found = [self._files.get(one["id"]) for one in asked]
            files = [file for file in found if file is not None and file.content is not None]
            if not files or len(files) < len(asked):
                return {"ok": False, "error": "file_not_found"}
            for file, one in zip(files, asked, strict=True):
                file.complete, file.title = True, one.get("title", "")
                file.shared_with = body.get("channel_id") or body.get("channels")
        return {"ok": True, "files": [{"id": file.id, "title": file.title} for file in files]}

    def why_not(self, blocks: Any) -> Answer | None:
        """The refusal of a message that shows a file there is not; None: it may stand."""
        wrong = [
            f"invalid slack file [json-pointer:/blocks/{n}/slack_file]"
            for n, name in _shown(blocks)
            if not self._may_be_shown(name)
        ]
        if not wrong:
            return None
        told = {"messages": [f"[ERROR] {one}" for one in wrong]}
        refused = {"ok": False, "error": "invalid_blocks"}
        return refused | {"errors": wrong, "response_metadata": told}

    def _may_be_shown(self, name: str) -> bool:
        with self._lock:
            file = self._files.get(name)
            return file is not None and file.complete and name not in self.refused


def _shown(blocks: Any) -> Iterator[tuple[int, str]]:
    """The files that image blocks name, and where."""
    for n, block in enumerate(blocks or ()):
        if block.get("type") == "image" and "image_url" not in block:
            yield n, str(block.get("slack_file", {}).get("id"))
