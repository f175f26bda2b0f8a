"""A receipt in words, section by section, for people at a terminal; pure."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

from listener.domain.incident import Event
from listener.domain.mark import verdict_of
from listener.domain.times import from_text
from listener.domain.wording import Amount, Span, Wording, listed
from listener.texts import ratings
from listener.texts.notice import chance

WIDTH: Final = 14  # of the names before the words
MOST_LISTED: Final = 8
WHOSE: Final = {
    "ours": Wording("ours: competitors were quiet in the same hours"),
    "theirs": Wording("theirs: most of it names a competitor too"),
    "everyones": Wording("everyone's: competitors rose in the same hours"),
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
    "opening": Wording("an opening: our brands are as usual, as far as is known"),
    "warning": Wording("an early warning: others have the same"),
}
_ONCE: Final = re.compile(r"By chance about once in ([\d,]+) (years|days)\.")
SELDOM: Final = {
    str(one): one
    for one in (
        Wording("By chance less than once in ten thousand years."),
        Wording("This may be chance."),
    )
}
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
    Wording("open"),
    Wording("over"),
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
TALLIES: Final = {Wording("by stars"): "stars", Wording("before"): "stars_before"}

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
    seldom = Wording(
        "%(chance)s, whenever one looks in a year (p = %(p)s)",
        chance=chance(p_value),
        p=Amount(f"{p_value:.1g}"),
    )
    return [
        *ratings.named(evidence),
        (Wording("since"), _when(evidence["began_at"], zone)),
        *((name, _tally(evidence.get(key) or {})) for name, key in TALLIES.items()),
        (Wording("chance"), seldom),
    ]


def _counts(evidence: Mapping[str, Any], zone: tzinfo) -> list[Line]:
    lines: list[Line] = [
        (Wording("window"), _window(evidence, zone)),
        (
            Wording("counted"),
            Wording(
                "%(negative)s negative of %(mentions)s mentions",
                negative=Amount(evidence["negative"]),
                mentions=Amount(evidence["mentions"]),
            ),
        ),
        (
            Wording("expected"),
            Wording(
                "%(expected)s: %(lift)s times as many were counted",
                expected=_expected(evidence),
                lift=_figure(evidence["lift"]),
            ),
        ),
        (
            Wording("share"),
            Wording(
                "%(share)s negative, usually %(usual)s",
                share=_percent(evidence["share"]),
                usual=_percent(evidence["usual_share"]),
            ),
        ),
        (
            Wording("chance"),
            Wording(
                "%(chance)s (p = %(p)s)",
                chance=_chance(str(evidence["chance"])),
                p=Amount(f"{evidence['p_value']:.1g}"),
            ),
        ),
    ]
    if evidence.get("learning"):
        words = Wording("less than two weeks of history: still learning what is usual")
        lines.append(("", words))
    return lines


def _window(evidence: Mapping[str, Any], zone: tzinfo) -> Wording:
    window = Span(timedelta(minutes=int(evidence["window_minutes"])))
    began = _when(evidence["started_at"], zone)
    if "at" not in evidence:
        return Wording("%(window)s; it began %(began)s", window=window, began=began)
    return Wording(
        "%(window)s up to %(at)s; it began %(began)s",
        window=window,
        at=_when(evidence["at"], zone),
        began=began,
    )


def _expected(evidence: Mapping[str, Any]) -> Wording:
    expected = _figure(evidence["expected"])
    if "expected_usual" not in evidence:
        return Wording("%(expected)s were expected", expected=expected)
    return Wording(
        "%(expected)s were expected with the event, %(usual)s without",
        expected=expected,
        usual=_figure(evidence["expected_usual"]),
    )


def _people(evidence: Mapping[str, Any]) -> list[Line]:
    lines: list[Line] = [(Wording("people"), _crowd(evidence))]
    for name, one in list((evidence.get("copied") or {}).items())[:MOST_LISTED]:
        words = Wording(
            "%(name)s: %(times)s times by %(authors)s authors (%(sources)s)",
            name=name,
            times=Amount(one["mentions"]),
            authors=Amount(one["authors"]),
            sources=listed(one["sources"]),
        )
        lines.append((Wording("copied"), words))
    return lines


def _crowd(evidence: Mapping[str, Any]) -> Wording:
    authors, texts = Amount(evidence["authors"]), Amount(evidence["clusters"])
    copies = evidence.get("copies")
    if not copies:
        return Wording(
            "%(authors)s authors, %(texts)s different texts", authors=authors, texts=texts
        )
    if copies == 1:
        return Wording(
            "%(authors)s authors, %(texts)s different texts, 1 copy not counted",
            authors=authors,
            texts=texts,
        )
    return Wording(
        "%(authors)s authors, %(texts)s different texts, %(copies)s copies not counted",
        authors=authors,
        texts=texts,
        copies=Amount(f"{copies:,}"),
    )


def _subjects_of_talk(evidence: Mapping[str, Any]) -> list[Line]:
    lines: list[Line] = []
    if evidence.get("terms"):
        lines.append((Wording("words risen"), listed(evidence["terms"])))
    risen = evidence.get("topics_risen") or []
    if risen:
        words = (
            Wording(
                "%(topic)s %(negative)s (usually %(usual)s)",
                topic=one["topic"],
                negative=Amount(one["negative"]),
                usual=Amount(f"{one['usual']:g}"),
            )
            for one in risen
        )
        lines.append((Wording("topics risen"), listed(words)))
    elif evidence.get("topics"):
        lines.append((Wording("topics"), _tally(evidence["topics"])))
    if evidence.get("channels"):
        lines.append((Wording("channels"), _tally(evidence["channels"])))
    for part in evidence.get("parts") or []:
        words_of_part = Wording(
            "%(name)s: %(negative)s negative, %(expected)s expected",
            name=part["topic"] or part["channel"],
            negative=Amount(part["negative"]),
            expected=_figure(part["expected"]),
        )
        lines.append((Wording("part"), words_of_part))
    return lines


def _compared(evidence: Mapping[str, Any]) -> list[Line]:
    lines: list[Line] = []
    whose = WHOSE.get(str(evidence.get("whose")))
    if whose is not None:
        lines.append((Wording("whose"), whose))
    lines += [("", _rival(rival)) for rival in (evidence.get("rivals") or [])[:MOST_LISTED]]
    lines += _meant(evidence)
    if evidence.get("events"):
        lines.append((Wording("event"), listed(map(str, evidence["events"]))))
    if evidence.get("beyond_last"):
        lines.append(("", listed([str(evidence["beyond_last"])])))
    return lines


def _meant(evidence: Mapping[str, Any]) -> list[Line]:
    """What a competitor's trouble is to us, and how we and the others were in the same hours."""
    means = MEANS.get(str(evidence.get("means")))
    if means is None:
        return []
    lines: list[Line] = [(Wording("means"), means)]
    for name, those in (
        (Wording("ours"), evidence["ours"]),
        (Wording("others"), evidence["others"]),
    ):
        lines += [(name, _rival(one)) for one in those[:MOST_LISTED]]
    same = [
        listed([one["topic"], _rival(one)], ": ") for one in evidence["same_topics"][:MOST_LISTED]
    ]
    return lines + [(Wording("same topic"), words) for words in same]


def _rival(rival: Any) -> Wording:
    if not isinstance(rival, Mapping):
        return listed([str(rival)])
    name, negative = rival.get("name") or rival.get("subject"), Amount(rival.get("negative"))
    usual = rival.get("usual")
    if not isinstance(usual, int | float):
        return Wording("%(name)s: %(negative)s negative", name=name, negative=negative)
    return Wording(
        "%(name)s: %(negative)s negative, usually %(usual)s",
        name=name,
        negative=negative,
        usual=_figure(usual),
    )


def _chance(told: str) -> str:
    """As the rule told it, which says it in one of four ways."""
    once = _ONCE.fullmatch(told)
    if once is None:
        return SELDOM.get(told, told)
    often = Amount(once[1])
    if once[2] == "days":
        return Wording("By chance about once in %(days)s days.", days=often)
    return Wording("By chance about once in %(years)s years.", years=often)


def _figure(value: float) -> Amount:
    return Amount(f"{value:.3g}")


def _percent(share: float) -> Amount:
    return Amount(f"{share:.0%}")


def _others(evidence: Mapping[str, Any], zone: tzinfo, *, leave_out: frozenset[str]) -> list[Line]:
    """What other rules know: times as times, seconds as durations, shares in percent."""
    lines: list[Line] = []
    for key, value in evidence.items():
        if key in leave_out or key in UNSAID or value in (None, [], {}, ""):
            continue
        lines.append((_name(key), _value(key, value, zone)))
    return lines


def _name(key: str) -> Wording:
    bare = key.removesuffix("_s").removesuffix("_at")
    return NAMES.get(key) or Wording(bare.replace("_", " ").replace("%", "%%"))


def _value(key: str, value: Any, zone: tzinfo) -> str:
    if isinstance(value, bool):
        return Wording("yes") if value else Wording("no")
    if isinstance(value, int | float):
        return _number(key, value)
    if isinstance(value, str):
        return _when(value, zone) if key.endswith("_at") or key == "at" else listed([value])
    if isinstance(value, Mapping):
        if isinstance(value.get("id"), str):
            return _mention(value, zone)
        return listed(listed([_name(k), _value(k, v, zone)], " ") for k, v in value.items())
    parts = listed(_value(key, one, zone) for one in value[:MOST_LISTED])
    more = len(value) - MOST_LISTED
    return parts if more <= 0 else Wording("%(some)s, and %(num)s more", some=parts, num=more)


def _number(key: str, value: float) -> str:
    if key.endswith("_s"):
        return Span(timedelta(seconds=value))
    if key.endswith("_minutes"):
        return Span(timedelta(minutes=value))
    if "share" in key:
        return _percent(value)
    return Amount(f"{int(value):,}") if value == int(value) else _figure(value)


def _mention(one: Mapping[str, Any], zone: tzinfo) -> Wording:
    words = [str(one["id"])]
    if one.get("said_at"):
        words.append(Wording("said %(when)s", when=_when(one["said_at"], zone)))
    if one.get("followers"):
        many = Amount(f"{one['followers']:,}")
        words.append(Wording("%(count)s followers", count=many))
    return listed(words)


def _tally(counts: Mapping[str, int]) -> Wording:
    some = list(counts.items())[:MOST_LISTED]
    return listed(listed([name, Amount(count)], " ") for name, count in some)


def _when(text: str, zone: tzinfo) -> str:
    try:
        return when(from_text(text), zone)
    except ValueError:
        return text


def when(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def life(receipt: Mapping[str, Any], zone: tzinfo) -> list[Line]:
    """What happened to it, and who did it."""
    lines: list[Line] = []
    for one in receipt["history"]:
        what: str = Wording(one["event"].replace("%", "%%"))
        if one["who"]:
            what = Wording("%(event)s by %(who)s", event=what, who=one["who"])
        if one["detail"]:
            what = listed([what, one["detail"]], ": ")
        lines.append((_when(one["at"], zone), what))
    mark = receipt["mark"]
    if mark is not None:
        what = _marked(mark["verdict"], mark["who"])
        if mark["note"]:
            what = listed([what, mark["note"]], ": ")
        lines.append((_when(mark["at"], zone), what))
    return sorted(lines, key=lambda line: line[0])


def _marked(verdict: str, who: str) -> Wording:
    if verdict == verdict_of(True):
        return Wording("marked as real by %(who)s", who=who)
    return Wording("marked as false alarm by %(who)s", who=who)


def told(receipt: Mapping[str, Any], zone: tzinfo) -> list[Line]:
    """Who was told what, when and why; what was not told, and why; edits of messages lack."""
    lines: list[Line] = [
        (_when(one["at"], zone), _told(one)) for one in receipt["told"] if _is_news(one)
    ]
    lines += [(_when(one["at"], zone), _withheld(one, zone)) for one in receipt["withheld"]]
    return sorted(lines, key=lambda line: line[0])


def _is_news(one: Mapping[str, Any]) -> bool:
    return bool(one["event"] != Event.INCIDENT_UPDATED)


def _told(one: Mapping[str, Any]) -> Wording:
    """`event` is a word that programs read, and stands as it is."""
    fate = FATES.get(one["state"]) or Wording(one["state"].replace("%", "%%"))
    if one["reason"]:
        reason = Wording(one["reason"].replace("%", "%%"))
        return Wording(
            "%(outlet)s: %(event)s (%(reason)s), %(fate)s",
            outlet=one["outlet"],
            event=one["event"],
            reason=reason,
            fate=fate,
        )
    return Wording(
        "%(outlet)s: %(event)s, %(fate)s", outlet=one["outlet"], event=one["event"], fate=fate
    )


def _withheld(one: Mapping[str, Any], zone: tzinfo) -> Wording:
    fate = BECAME.get(one["became"])
    if fate is None and one["until"]:
        fate = Wording("waits until %(when)s", when=_when(one["until"], zone))
    return Wording(
        "%(outlet)s: %(event)s held back: %(reason)s; %(fate)s",
        outlet=one["outlet"],
        event=one["event"],
        reason=Wording(one["reason"].replace("%", "%%")),
        fate=fate or Wording("waits"),
    )


def aligned(lines: Iterable[Line], width: int = WIDTH) -> list[str]:
    """Names in a column of their own."""
    return [f"  {name:{width}}  {words}".rstrip() for name, words in lines]
