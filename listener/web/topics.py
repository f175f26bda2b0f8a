"""What is talked about: topics that rise and fall, and what nobody defined."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from listener.domain.digest import TELLING
from listener.domain.period import Span
from listener.domain.week import midnight
from listener.outlook import talk
from listener.outlook.talk import Moved, Talk, Undefined
from listener.texts.escape import one_line
from listener.web.behind import Behind
from listener.web.links import finder, search_for
from listener.web.outlooks import asked_days, outlook_of, period_view
from listener.web.pages import LONGEST_TEXT, render
from listener.web.speaking import speaking

USUAL: Final = 7  # days: week on week
MOST_THEMES: Final = 30


def topics_page(behind: Behind, given: Mapping[str, str]) -> str:
    """Raises UsageError for a subject that is not followed."""
    asked = asked_days(behind, given, USUAL)
    wanted = given.get("subject", "")
    found = talk.of_subject(outlook_of(behind), wanted, asked.period)
    view = {} if found is None else _view(found)
    name = "" if found is None else found.subject.name
    return render(
        "topics.html.j2",
        behind,
        here="/topics",
        choice=period_view(asked, subject=name if wanted else ""),
        talk=found,
        name=name,
        days=asked.period.count,
        **view,
        **speaking(behind),
    )


def _view(found: Talk) -> dict[str, Any]:
    name, span = found.subject.name, found.period.span
    topics = [_topic(one, found) for one in found.topics]
    return {
        "groups": [
            ("risen", [one for one in topics if one["verdict"] == "risen"]),
            ("fallen", [one for one in topics if one["verdict"] == "fallen"]),
            ("steady", [one for one in topics if one["verdict"] not in ("risen", "fallen")]),
        ],
        "themes": [_theme(one, name, found.period.zone) for one in found.themes[:MOST_THEMES]],
        "find": finder(name, span),
        "find_before": finder(name, found.period.before),
        "contradicting": search_for(name, span, ("channel", "review"), ("label", "disagreeing")),
    }


def _topic(one: Moved, found: Talk) -> dict[str, Any]:
    return {"topic": one.topic, "change": one.change, "verdict": _verdict(one, found)}


def _verdict(one: Moved, found: Talk) -> str:
    """What can be said of it: "risen", "fallen", "chance", "few" or "unknown"."""
    if one.change is None:
        return "unknown"
    if one.change.certain:
        return "risen" if one.change.points > 0 else "fallen"
    before = found.week.labelled_before or 0
    return "few" if min(found.week.labelled, before) < TELLING else "chance"


def _theme(one: Undefined, name: str, zone: ZoneInfo) -> dict[str, Any]:
    """Its members are not kept one by one: its words are what it can be looked for by."""
    words = [word for word in one.theme.name.split(" · ") if word.strip()]
    until = one.theme.until
    week = Span(midnight(until - timedelta(days=7), zone), midnight(until, zone))
    return {
        "theme": one.theme,
        "first_on": one.first_on,
        "text": one_line(one.voice.text, LONGEST_TEXT) if one.voice else None,
        "mention": one.voice.name if one.voice else None,
        "address": search_for(name, week, words=words),
    }
