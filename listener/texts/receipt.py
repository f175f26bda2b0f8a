"""A receipt in words, section by section, for people at a terminal; pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

from listener.domain.incident import Event
from listener.domain.times import from_text, in_words
from listener.domain.voice import so_many_copies
from listener.texts import ratings
from listener.texts.notice import chance

WIDTH: Final = 14  # of the names before the words
MOST_LISTED: Final = 8
WHOSE: Final = {
    "ours": "ours: competitors were quiet in the same hours",
    "theirs": "theirs: most of it names a competitor too",
    "everyones": "everyone's: competitors rose in the same hours",
}
ABOUT_SPIKES: Final = frozenset({
    "window_minutes", "mentions", "negative", "expected", "expected_usual", "event", "lift",
    "p_value", "p_volume", "p_share", "p_given_others", "share", "usual_share", "excess_per_hour",
    "learning",
    "episode", "chance", "authors", "clusters", "copies", "copied", "started_at", "at", "terms",
    "channels", "topics", "topics_risen", "first_mention", "loudest", "reached", "parts", "mostly",
    "whose", "rivals", "events", "beyond_last", "means", "ours", "others", "same_topics",
})  # fmt: skip
MEANS: Final = {
    "opening": "an opening: our brands are as usual, as far as is known",
    "warning": "an early warning: others have the same",
}
UNSAID: Final = frozenset({"items", "rows", "row", "by_week"})  # numbers of rows, and lists of them
FATES: Final = {"waiting": "waits to be sent", "shadow": "only noted: shadow"}
BECAME: Final = {"told": "told later", "summed": "in a summary", "silent": "never told"}
NAMES: Final = {
    "within_s": "promised",
    "detection_lag_s": "seen after",
    "elapsed_share": "time used",
    "p_value": "p-value",
    "p_before_after": "p-value",
    "n_before": "reviews before",
    "n_after": "reviews after",
    "window_minutes": "window",
    "of": "counts",
}
TALLIES: Final = {"by stars": "stars", "before": "stars_before"}

Line = tuple[str, str]  # a name, and words


def facts(receipt: Mapping[str, Any], zone: tzinfo) -> list[Line]:
    """What an incident rests on, in words; what nobody has words for comes as it is called."""
    evidence: Mapping[str, Any] = receipt["evidence"]
    if ratings.is_of_stars(evidence):
        return _stars(evidence, zone)
    if receipt["rule"] not in ("spike", "competitor") or "expected" not in evidence:
        return _others(evidence, zone, leave_out=frozenset())
    said = [
        *_counts(evidence, zone),
        *_people(evidence),
        *_subjects_of_talk(evidence),
        *_compared(evidence),
    ]
    return said + _others(evidence, zone, leave_out=ABOUT_SPIKES)


def _stars(evidence: Mapping[str, Any], zone: tzinfo) -> list[Line]:
    p_value = evidence["p_value"]
    return [
        *ratings.named(evidence),
        ("since", _when(evidence["began_at"], zone)),
        *((name, _tally(evidence.get(key) or {})) for name, key in TALLIES.items()),
        ("chance", f"{chance(p_value)}, whenever one looks in a year (p = {p_value:.1g})"),
    ]


def _counts(evidence: Mapping[str, Any], zone: tzinfo) -> list[Line]:
    window = in_words(timedelta(minutes=int(evidence["window_minutes"])))
    until = f" up to {_when(evidence['at'], zone)}" if "at" in evidence else ""
    expected = f"{evidence['expected']:.3g} were expected"
    if "expected_usual" in evidence:
        expected += f" with the event, {evidence['expected_usual']:.3g} without"
    lines = [
        ("window", f"{window}{until}; it began {_when(evidence['started_at'], zone)}"),
        ("counted", f"{evidence['negative']} negative of {evidence['mentions']} mentions"),
        ("expected", f"{expected}: {evidence['lift']:.3g} times as many were counted"),
        ("share", f"{evidence['share']:.0%} negative, usually {evidence['usual_share']:.0%}"),
        ("chance", f"{evidence['chance']} (p = {evidence['p_value']:.1g})"),
    ]
    if evidence.get("learning"):
        lines.append(("", "less than two weeks of history: still learning what is usual"))
    return lines


def _people(evidence: Mapping[str, Any]) -> list[Line]:
    copies = f", {so_many_copies(evidence['copies'])} not counted" if evidence.get("copies") else ""
    lines = [
        ("people", f"{evidence['authors']} authors, {evidence['clusters']} different texts{copies}")
    ]
    for name, one in list((evidence.get("copied") or {}).items())[:MOST_LISTED]:
        where = ", ".join(one["sources"])
        lines.append(
            ("copied", f"{name}: {one['mentions']} times by {one['authors']} authors ({where})")
        )
    return lines


def _subjects_of_talk(evidence: Mapping[str, Any]) -> list[Line]:
    lines = []
    if evidence.get("terms"):
        lines.append(("words risen", ", ".join(evidence["terms"])))
    risen = evidence.get("topics_risen") or []
    if risen:
        words = (f"{one['topic']} {one['negative']} (usually {one['usual']:g})" for one in risen)
        lines.append(("topics risen", ", ".join(words)))
    elif evidence.get("topics"):
        lines.append(("topics", _tally(evidence["topics"])))
    if evidence.get("channels"):
        lines.append(("channels", _tally(evidence["channels"])))
    for part in evidence.get("parts") or []:
        name = part["topic"] or part["channel"]
        lines.append(
            ("part", f"{name}: {part['negative']} negative, {part['expected']:.3g} expected")
        )
    return lines


def _compared(evidence: Mapping[str, Any]) -> list[Line]:
    lines = []
    whose = WHOSE.get(str(evidence.get("whose")))
    if whose is not None:
        lines.append(("whose", whose))
    lines += [("", _rival(rival)) for rival in (evidence.get("rivals") or [])[:MOST_LISTED]]
    lines += _meant(evidence)
    if evidence.get("events"):
        lines.append(("event", ", ".join(map(str, evidence["events"]))))
    if evidence.get("beyond_last"):
        lines.append(("", str(evidence["beyond_last"])))
    return lines


def _meant(evidence: Mapping[str, Any]) -> list[Line]:
    """What a competitor's trouble is to us, and how we and the others were in the same hours."""
    means = MEANS.get(str(evidence.get("means")))
    if means is None:
        return []
    lines = [("means", means)]
    for name, listed in (("ours", evidence["ours"]), ("others", evidence["others"])):
        lines += [(name, _rival(one)) for one in listed[:MOST_LISTED]]
    same = (f"{one['topic']}: {_rival(one)}" for one in evidence["same_topics"][:MOST_LISTED])
    return lines + [("same topic", words) for words in same]


def _rival(rival: Any) -> str:
    if not isinstance(rival, Mapping):
        return str(rival)
    usual = rival.get("usual")
    usually = f", usually {usual:.3g}" if isinstance(usual, int | float) else ""
    return f"{rival.get('name') or rival.get('subject')}: {rival.get('negative')} negative{usually}"


def _others(evidence: Mapping[str, Any], zone: tzinfo, *, leave_out: frozenset[str]) -> list[Line]:
    """What other rules know: times as times, seconds as durations, shares in percent."""
    lines = []
    for key, value in evidence.items():
        if key in leave_out or key in UNSAID or value in (None, [], {}, ""):
            continue
        lines.append((_name(key), _value(key, value, zone)))
    return lines


def _name(key: str) -> str:
    bare = key.removesuffix("_s").removesuffix("_at")
    return NAMES.get(key, bare.replace("_", " "))


def _value(key: str, value: Any, zone: tzinfo) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _number(key, value)
    if isinstance(value, str):
        return _when(value, zone) if key.endswith("_at") or key == "at" else value
    if isinstance(value, Mapping):
        if isinstance(value.get("id"), str):
            return _mention(value, zone)
        return ", ".join(f"{k.replace('_', ' ')} {_value(k, v, zone)}" for k, v in value.items())
    listed = [_value(key, one, zone) for one in value[:MOST_LISTED]]
    more = f", and {len(value) - MOST_LISTED} more" if len(value) > MOST_LISTED else ""
    return ", ".join(listed) + more


def _number(key: str, value: float) -> str:
    if key.endswith("_s"):
        return in_words(timedelta(seconds=value))
    if key.endswith("_minutes"):
        return in_words(timedelta(minutes=value))
    if "share" in key:
        return f"{value:.0%}"
    return f"{int(value):,}" if value == int(value) else f"{value:.3g}"


def _mention(one: Mapping[str, Any], zone: tzinfo) -> str:
    words = [str(one["id"])]
    if one.get("said_at"):
        words.append(f"said {_when(one['said_at'], zone)}")
    if one.get("followers"):
        words.append(f"{one['followers']:,} followers")
    return ", ".join(words)


def _tally(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in list(counts.items())[:MOST_LISTED])


def _when(text: str, zone: tzinfo) -> str:
    try:
        return when(from_text(text), zone)
    except ValueError:
        return text


def when(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def life(receipt: Mapping[str, Any], zone: tzinfo) -> list[Line]:
    """What happened to it, and who did it."""
    lines = []
    for one in receipt["history"]:
        by = f" by {one['who']}" if one["who"] else ""
        detail = f": {one['detail']}" if one["detail"] else ""
        lines.append((_when(one["at"], zone), f"{one['event']}{by}{detail}"))
    mark = receipt["mark"]
    if mark is not None:
        note = f": {mark['note']}" if mark["note"] else ""
        lines.append(
            (_when(mark["at"], zone), f"marked as {mark['verdict']} by {mark['who']}{note}")
        )
    return sorted(lines, key=lambda line: line[0])


def told(receipt: Mapping[str, Any], zone: tzinfo) -> list[Line]:
    """Who was told what, when and why; what was not told, and why; edits of messages lack."""
    lines = [(_when(one["at"], zone), _told(one)) for one in receipt["told"] if _is_news(one)]
    held = [(_when(one["at"], zone), _withheld(one, zone)) for one in receipt["withheld"]]
    return sorted(lines + held, key=lambda line: line[0])


def _is_news(one: Mapping[str, Any]) -> bool:
    return bool(one["event"] != Event.INCIDENT_UPDATED)


def _told(one: Mapping[str, Any]) -> str:
    why = f" ({one['reason']})" if one["reason"] else ""
    return f"{one['outlet']}: {one['event']}{why}, {FATES.get(one['state'], one['state'])}"


def _withheld(one: Mapping[str, Any], zone: tzinfo) -> str:
    waits = f"waits until {_when(one['until'], zone)}" if one["until"] else "waits"
    fate = BECAME.get(one["became"], waits)
    return f"{one['outlet']}: {one['event']} held back: {one['reason']}; {fate}"


def aligned(lines: Iterable[Line], width: int = WIDTH) -> list[str]:
    """Names in a column of their own."""
    return [f"  {name:{width}}  {words}".rstrip() for name, words in lines]
