"""A form that was sent: what it is about, what goes with it, and where to go back to."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from listener.web.deeds import Wish

MOST: Final = 200  # mentions at once
_BACK: Final = re.compile(r"/(?:inbox|mentions|incidents)(?:[/?][!-\[\]-~]*)?")
_DONE: Final = re.compile(r"[?&](?:done|undo)=[^&]*")


@dataclass(frozen=True, slots=True)
class Form(Wish):
    """What was sent: each field once, but for `on`, the mentions that it is about."""

    on: tuple[str, ...]

    @classmethod
    def read(cls, body: bytes) -> "Form | None":
        """None where it is no form."""
        try:
            pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST + 20)
        except ValueError:
            return None
        on = tuple(dict.fromkeys(value for key, value in pairs if key == "on"))
        return cls(dict(pairs), on)

    def number(self, key: str) -> int | None:
        """A number of a row, if there is one."""
        word = self.word(key)
        return int(word) if word.isascii() and word.isdigit() and len(word) < 19 else None

    @property
    def back(self) -> str:
        """Where it came from: one of our pages, and nothing else."""
        wanted = self.fields.get("back", "")
        return _DONE.sub("", wanted) if _BACK.fullmatch(wanted) else "/inbox"
