"""A receipt in words, section by section, for people at a terminal; pure."""

from collections.abc import Iterable, Mapping
from datetime import timedelta, tzinfo
from typing import Any, Final

from listener.domain.incident import Event
from listener.domain.mark import verdict_of
from listener.domain.wording import Amount, Homonym, Plural, Span, Wording, listed
from listener.texts import ratings
from listener.texts.events import told_of
from listener.texts.notice import chance
from listener.texts.receipt_parts import MOST_LISTED, Line, figure, percent, tally, when_told
from listener.texts.receipt_spike import lines as of_spike

WIDTH: Final = 14  # of the names before the words
ABOUT_SPIKES: Final = frozenset({
    "window_minutes", "mentions", "negative", "expected", "expected_usual", "event", "lift",
    "p_value", "p_volume", "p_share", "p_given_others", "share", "usual_share", "excess_per_hour",
    "learning",
    "episode", "chance", "authors", "clusters", "copies", "copied", "started_at", "at", "terms",
    "channels", "topics", "topics_risen", "first_mention", "loudest", "reached", "parts", "mostly",
    "whose", "rivals", "events", "beyond_last", "means", "ours", "others", "same_topics",
})  # fmt: skip
UNSAID: Final = frozenset({"items", "rows", "row", "by_week"})  # numbers of rows, and lists of them
FATES: Final = {
    "waiting": Wording("waits to be sent"),
    "sending": Wording("sending"),
    "sent": Wording("sent"),
    "failed": Wording("failed"),
    "shadow": Wording("only noted: shadow"),
}
BECAME: Final = {
    "told": Wording("told later"),
    "summed": Wording("in a summary"),
    "silent": Wording("never told"),
}
P_VALUE: Final = Wording("p-value")
NAMES: Final = {
    "within_s": Wording("promised"),
    "detection_lag_s": Wording("seen after"),
    "elapsed_share": Wording("time used"),
    "p_value": P_VALUE,
    "p_before_after": P_VALUE,
    "n_before": Wording("reviews before"),
    "n_after": Wording("reviews after"),
    "window_minutes": Wording("window"),
    "of": Wording("counts"),
    "open": Homonym("how many mentions", "open"),
    "over": Homonym("how many mentions", "over"),
}
# What other evidence is called, by its key without underscores: here so that it is gathered.
BARE: Final = (
    Wording("accounts"),
    Wording("authors"),
    Wording("bound"),
    Wording("count"),
    Wording("dispersion"),
    Wording("due"),
    Wording("first said"),
    Wording("followers"),
    Wording("hours"),
    Wording("hours learned"),
    Wording("in doubt"),
    Wording("kind"),
    Wording("known accounts"),
    Wording("last said"),
    Wording("median followers"),
    Wording("mentions"),
    Wording("more"),
    Wording("negative"),
    Wording("new accounts"),
    Wording("posts"),
    Wording("reach"),
    Wording("said"),
    Wording("seen"),
    Wording("share"),
    Wording("share at start"),
    Wording("sources"),
    Wording("started"),
    Wording("texts"),
    Wording("usual most"),
    Wording("usual share"),
    Wording("weeks"),
    Wording("words"),
)
MANY_TIMES: Final = 3  # from there on a time is told as so many times another
NOTHING: Final[tuple[object, ...]] = (None, [], {}, "")
TALLIES: Final = {Wording("by stars"): "stars", Wording("before"): "stars_before"}


def facts(receipt: Mapping[str, Any], zone: tzinfo) -> list[Line]:
    """What an incident rests on, in words; what nobody has words for comes as it is called."""
    evidence: Mapping[str, Any] = receipt["evidence"]
    if ratings.is_of_stars(evidence):
        return _stars(evidence, zone)
    if receipt["rule"] not in ("spike", "competitor") or "expected" not in evidence:
        return _others(evidence, zone, leave_out=frozenset())
    return of_spike(evidence, zone) + _others(evidence, zone, leave_out=ABOUT_SPIKES)


def _stars(evidence: Mapping[str, Any], zone: tzinfo) -> list[Line]:
    p_value = evidence["p_value"]
    seldom = Wording(
        "%(chance)s, whenever one looks in a year (p = %(p)s)",
        chance=chance(p_value),
        p=Amount(f"{p_value:.1g}"),
    )
    return [
        *ratings.named(evidence),
        (Wording("since"), when_told(evidence["began_at"], zone)),
        *((name, tally(evidence.get(key) or {})) for name, key in TALLIES.items()),
        (Wording("chance"), seldom),
    ]


def _others(evidence: Mapping[str, Any], zone: tzinfo, *, leave_out: frozenset[str]) -> list[Line]:
    """What other rules know: times as times, seconds as durations, shares in percent."""
    lines: list[Line] = []
    for key, value in evidence.items():
        if key in leave_out or key in UNSAID or value in NOTHING:
            continue
        lines.append((_name(key), _value(key, value, zone)))
    return lines


def _name(key: str) -> Wording:
    return NAMES.get(key) or Wording(_spelt(key).replace("%", "%%"))


def _named(key: str) -> str:
    """Of what is in a line: one of our words, or a name, such as that of a source."""
    return NAMES.get(key) or next((one for one in BARE if one == key), None) or listed([key])


def _spelt(key: str) -> str:
    return key.removesuffix("_s").removesuffix("_at").replace("_", " ")


def _value(key: str, value: Any, zone: tzinfo) -> str:
    if isinstance(value, bool):
        return Wording("yes") if value else Wording("no")
    if isinstance(value, int | float):
        return _number(key, value)
    if isinstance(value, str):
        return when_told(value, zone) if key.endswith("_at") or key == "at" else listed([value])
    if isinstance(value, Mapping):
        if isinstance(value.get("id"), str):
            return _mention(value, zone)
        known = [(k, v) for k, v in value.items() if v not in NOTHING]
        return listed(listed([_named(k), _value(k, v, zone)], " ") for k, v in known)
    parts = listed(_value(key, one, zone) for one in value[:MOST_LISTED])
    more = len(value) - MOST_LISTED
    return parts if more <= 0 else Wording("%(some)s, and %(num)s more", some=parts, num=more)


def _number(key: str, value: float) -> str:
    if key.endswith("_s"):
        return Span(timedelta(seconds=value))
    if key.endswith("_minutes"):
        return Span(timedelta(minutes=value))
    if key == "elapsed_share" and value >= MANY_TIMES:
        return Wording("%(times)s times what was promised", times=Amount(f"{value:,.0f}"))
    if "share" in key:
        return percent(value)
    return Amount(f"{int(value):,}") if value == int(value) else figure(value)


def _mention(one: Mapping[str, Any], zone: tzinfo) -> Wording:
    words = [str(one["id"])]
    if one.get("said_at"):
        words.append(Wording("said %(when)s", when=when_told(one["said_at"], zone)))
    if one.get("followers"):
        many = Amount(f"{one['followers']:,}")
        words.append(
            Plural("%(count)s follower", "%(count)s followers", one["followers"], count=many)
        )
    return listed(words)


def life(receipt: Mapping[str, Any], zone: tzinfo) -> list[Line]:
    """What happened to it, and who did it."""
    lines: list[Line] = []
    for one in receipt["history"]:
        what: str = Wording(one["event"].replace("%", "%%"))
        if one["who"]:
            what = Wording("%(event)s by %(who)s", event=what, who=one["who"])
        if one["detail"]:
            what = listed([what, one["detail"]], ": ")
        lines.append((when_told(one["at"], zone), what))
    mark = receipt["mark"]
    if mark is not None:
        what = _marked(mark["verdict"], mark["who"])
        if mark["note"]:
            what = listed([what, mark["note"]], ": ")
        lines.append((when_told(mark["at"], zone), what))
    return sorted(lines, key=lambda line: line[0])


def _marked(verdict: str, who: str) -> Wording:
    if verdict == verdict_of(True):
        return Wording("marked as real by %(who)s", who=who)
    return Wording("marked as false alarm by %(who)s", who=who)


def told(receipt: Mapping[str, Any], zone: tzinfo) -> list[Line]:
    """Who was told what, when and why; what was not told, and why; edits of messages lack."""
    lines: list[Line] = [
        (when_told(one["at"], zone), _told(one)) for one in receipt["told"] if _is_news(one)
    ]
    lines += [(when_told(one["at"], zone), _withheld(one, zone)) for one in receipt["withheld"]]
    return sorted(lines, key=lambda line: line[0])


def _is_news(one: Mapping[str, Any]) -> bool:
    return bool(one["event"] != Event.INCIDENT_UPDATED)


def _told(one: Mapping[str, Any]) -> Wording:
    fate = FATES.get(one["state"]) or Wording(one["state"].replace("%", "%%"))
    if one["reason"]:
        reason = Wording(one["reason"].replace("%", "%%"))
        return Wording(
            "%(outlet)s: %(event)s (%(reason)s), %(fate)s",
            outlet=one["outlet"],
            event=told_of(one["event"]),
            reason=reason,
            fate=fate,
        )
    return Wording(
        "%(outlet)s: %(event)s, %(fate)s",
        outlet=one["outlet"],
        event=told_of(one["event"]),
        fate=fate,
    )


def _withheld(one: Mapping[str, Any], zone: tzinfo) -> Wording:
    fate = BECAME.get(one["became"])
    if fate is None and one["until"]:
        fate = Wording("waits until %(when)s", when=when_told(one["until"], zone))
    return Wording(
        "%(outlet)s: %(event)s held back: %(reason)s; %(fate)s",
        outlet=one["outlet"],
        event=told_of(one["event"]),
        reason=Wording(one["reason"].replace("%", "%%")),
        fate=fate or Wording("waits"),
    )


def aligned(lines: Iterable[Line], width: int = WIDTH) -> list[str]:
    """Names in a column of their own."""
    return [f"  {name:{width}}  {words}".rstrip() for name, words in lines]
