"""What an incident is called on a page, and why it was told, in the language of who reads it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from markupsafe import Markup

from listener.domain.wording import Wording
from listener.texts import numbers
from listener.texts.escape import one_line
from listener.texts.words import TABLES, say
from listener.web.said import LONGEST_ERROR, said
from listener.web.words import SOURCE, is_translated

LONGEST: Final = 240


def headline(one: Mapping[str, Any], language: str) -> Markup:
    """Of an incident with its `rule`, `subject` and `title`, and `evidence` where that is known.

    As people were told in English. Of one whose title can be said in English alone, other languages
    have what the digest says of such an incident.
    """
    if _can_be_said(one["title"], language):
        return Markup(said(language, one["title"]))  # noqa: S704  # escaped there
    key, evidence = f"incident.{one['rule']}", one.get("evidence") or {}
    if language == SOURCE or key not in TABLES[SOURCE]:
        return Markup("<bdi>{}</bdi>").format(one_line(one["title"], LONGEST))
    named: dict[str, object] = {
        "name": Markup("<bdi>{}</bdi>").format(one_line(one["subject"], LONGEST))
    }
    if one["rule"] == "spike" and {"window_minutes", "negative"} <= evidence.keys():
        key = "spike.title"
        named["negative"] = numbers.number(evidence["negative"], language)
        named["span"] = numbers.duration(timedelta(minutes=evidence["window_minutes"]), language)
    pattern = say(language, key, **{name: f"{{{name}}}" for name in named})
    return Markup(pattern).format(**named)  # noqa: S704  # our own phrase


def is_short(title: str, language: str) -> bool:
    """Whether an incident is called by the few words, which do not name its channel."""
    return language != SOURCE and not _can_be_said(title, language)


def reason(why: str, language: str) -> Markup:
    """Why an incident was told: in English where it can be said in no other language."""
    if _can_be_said(why, language):
        return Markup(said(language, why))  # noqa: S704  # escaped there
    line = one_line(why, LONGEST_ERROR)
    if language == SOURCE or not line:
        return Markup("<bdi>{}</bdi>").format(line)
    return Markup('<bdi lang="en">{}</bdi>').format(line)


def _can_be_said(words: str, language: str) -> bool:
    return language != SOURCE and isinstance(words, Wording) and is_translated(language, words)
