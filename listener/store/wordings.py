"""An incident's title and reasons: English in columns of their own, with their wordings beside."""

import json

from listener.domain.kept_wording import from_plain, to_plain
from listener.domain.wording import Wording
from listener.store.connection import Row


def kept(title: str, why: str) -> tuple[str, str, str | None]:
    """What the columns `title`, `why` and `wordings` hold; the last of these NULL for English."""
    wordings = {
        name: to_plain(said)
        for name, said in (("title", title), ("why", why))
        if isinstance(said, Wording)
    }
    return str(title), str(why), json.dumps(wordings) if wordings else None


def title_of(row: Row) -> str:
    """As a wording, if there is one that says the same as the English."""
    return _of(row, "title")


def why_of(row: Row) -> str:
    """As `title_of`."""
    return _of(row, "why")


def _of(row: Row, name: str) -> str:
    english, wordings = str(row[name]), row["wordings"]
    if wordings is None:
        return english
    try:
        said = from_plain(json.loads(wordings)[name])
    except (ValueError, KeyError, TypeError, RecursionError):  # another version's, or damaged
        return english
    return said if isinstance(said, Wording) and said == english else english
