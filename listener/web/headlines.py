"""What an incident is called on a page: as people were told in English, in few words elsewhere."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from markupsafe import Markup

from listener.texts import numbers
from listener.texts.escape import one_line
from listener.texts.words import TABLES, say
from listener.web.words import SOURCE

LONGEST: Final = 240


def headline(one: Mapping[str, Any], language: str) -> Markup:
    """Of an incident with its `rule`, `subject` and `title`, and `evidence` where that is known.

    People are told in English, with the figures that a rule wrote down; other languages have what
    the digest says of such an incident.
    """
    key, evidence = f"incident.{one['rule']}", one.get("evidence") or {}
    if language == SOURCE or key not in TABLES[SOURCE]:
        return Markup("<bdi>{}</bdi>").format(one_line(one["title"], LONGEST))
    said: dict[str, object] = {
        "name": Markup("<bdi>{}</bdi>").format(one_line(one["subject"], LONGEST))
    }
    if one["rule"] == "spike" and {"window_minutes", "negative"} <= evidence.keys():
        key = "spike.title"
        said["negative"] = numbers.number(evidence["negative"], language)
        said["span"] = numbers.duration(timedelta(minutes=evidence["window_minutes"]), language)
    pattern = say(language, key, **{name: f"{{{name}}}" for name in said})
    return Markup(pattern).format(**said)  # noqa: S704  # our own phrase
