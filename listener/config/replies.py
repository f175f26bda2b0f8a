"""`[[replies]]`: reply templates, shown as drafts beside what people wrote."""

from collections.abc import Mapping
from typing import Any, Final

from listener.config.arrays import named
from listener.config.values import Reading
from listener.domain.reply import Reply

LONGEST_NAME: Final = 60


def replies(document: Mapping[str, Any], reading: Reading) -> tuple[Reply, ...]:
    """The templates without mistakes, each with a name of its own."""
    written = document.get("replies", [])
    found = named(Reply, written, "[[replies]]", "reply", reading, longest=LONGEST_NAME)
    return tuple(reply for _, reply, is_named in found if is_named)
