"""What a spike rests on, in words: a line for each thing that was counted; pure."""

import re
from collections.abc import Mapping
from datetime import timedelta, tzinfo
from typing import Any, Final

from listener.domain.wording import Amount, Span, Wording, listed
from listener.texts.receipt_parts import MOST_LISTED, Line, figure, percent, tally, when_told

WHOSE: Final = {
    "ours": Wording("ours: competitors were quiet in the same hours"),
    "theirs": Wording("theirs: most of it names a competitor too"),
    "everyones": Wording("everyone's: competitors rose in the same hours"),
}
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


def lines(evidence: Mapping[str, Any], zone: tzinfo) -> list[Line]:
    """All that is known of one, in the order in which people ask."""
    return [
        *_counts(evidence, zone),
        *_people(evidence),
        *_subjects_of_talk(evidence),
        *_compared(evidence),
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
                lift=figure(evidence["lift"]),
            ),
        ),
        (
            Wording("share"),
            Wording(
                "%(share)s negative, usually %(usual)s",
                share=percent(evidence["share"]),
                usual=percent(evidence["usual_share"]),
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
    began = when_told(evidence["started_at"], zone)
    if "at" not in evidence:
        return Wording("%(window)s; it began %(began)s", window=window, began=began)
    return Wording(
        "%(window)s up to %(at)s; it began %(began)s",
        window=window,
        at=when_told(evidence["at"], zone),
        began=began,
    )


def _expected(evidence: Mapping[str, Any]) -> Wording:
    expected = figure(evidence["expected"])
    if "expected_usual" not in evidence:
        return Wording("%(expected)s were expected", expected=expected)
    return Wording(
        "%(expected)s were expected with the event, %(usual)s without",
        expected=expected,
        usual=figure(evidence["expected_usual"]),
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
        lines.append((Wording("topics"), tally(evidence["topics"])))
    if evidence.get("channels"):
        lines.append((Wording("channels"), tally(evidence["channels"])))
    for part in evidence.get("parts") or []:
        words_of_part = Wording(
            "%(name)s: %(negative)s negative, %(expected)s expected",
            name=part["topic"] or part["channel"],
            negative=Amount(part["negative"]),
            expected=figure(part["expected"]),
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
        usual=figure(usual),
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
