"""What happened, in the digest's words: spikes with their end, and what shadow kept; pure."""

from dataclasses import dataclass
from datetime import timedelta

from listener.domain.digest import SpikeLine
from listener.domain.incident import Severity
from listener.texts import numbers
from listener.texts.digest_words import NAME_LENGTH, Writer
from listener.texts.escape import one_line
from listener.texts.pages import of_incident
from listener.texts.words import counted, rule_name

WHY_LENGTH = 300
TOPICS = 3
AS_TOLD = "en"  # the language in which people are told of incidents
NAMED = frozenset(
    {"spike", "response", "rating_drop", "severe", "influencer", "competitor", "flood"}
    | {"creeping", "floor"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpikeView:
    title: str
    severity: str
    bad: bool
    when: str
    peak: str
    why: str
    page: str | None


def spike_view(w: Writer, spike: SpikeLine) -> SpikeView:
    parts = [w.say("spike.opened", at=w.moment(spike.opened_at))]
    if spike.resolved_at is None:
        parts.append(w.say("spike.open"))
    else:
        lasted = numbers.duration(spike.resolved_at - spike.opened_at, w.language)
        parts.append(w.say("spike.ended", duration=lasted))
    if spike.acknowledged_by:
        parts.append(w.say("spike.acknowledged", who=w.name(spike.acknowledged_by)))
    return SpikeView(
        title=_title(w, spike),
        severity=w.say(f"severity.{spike.severity.value}"),
        bad=spike.severity.rank >= Severity.HIGH.rank,
        when=w.say("list_comma").join(parts),
        peak=_peak(w, spike),
        why=_why(w, spike),
        page=of_incident(w.links.base, spike.incident) if spike.incident is not None else None,
    )


def _title(w: Writer, spike: SpikeLine) -> str:
    """With its figures where they are known; else what it was, in the digest's language."""
    if spike.rule != "spike" or spike.window_minutes is None:
        return _named(w, spike.rule, spike.subject, spike.title)
    return w.say(
        "spike.title",
        name=w.name(spike.subject),
        negative=w.count(spike.peak_negative),
        span=numbers.duration(timedelta(minutes=spike.window_minutes), w.language),
    )


def _named(w: Writer, rule: str, subject: str, told: str) -> str:
    """What a rule saw. People were told in English, and in more words."""
    if w.language == AS_TOLD or not subject or rule not in NAMED:
        return one_line(told, 2 * NAME_LENGTH)
    return w.say(f"incident.{rule}", name=w.name(subject))


def _why(w: Writer, spike: SpikeLine) -> str:
    """Empty where it is known in English only, and that is not the digest's language."""
    if spike.rule != "spike" or spike.expected is None or spike.authors is None:
        told = w.language == AS_TOLD or spike.rule not in NAMED
        return one_line(spike.why, WHY_LENGTH) if told else ""
    usual = numbers.number(spike.expected, w.language, decimals=int(spike.expected < 1))
    said = [w.say("spike.usual", expected=usual, people=w.count(spike.authors))]
    if spike.topics:
        said.append(w.say("spike.about", topics=w.topics(spike.topics[:TOPICS])))
    return w.sentences(said)


def _peak(w: Writer, spike: SpikeLine) -> str:
    """Empty for what has no peak, such as ratings that fell."""
    if not spike.peak_mentions:
        return ""
    return w.say(
        "spike.peak",
        mentions=w.count(spike.peak_mentions),
        negative=w.count(spike.peak_negative),
    )


def untold_counts(w: Writer) -> str:
    """How many messages nobody was sent, by rule; empty where shadow was not on."""
    untold = w.data.untold
    if untold is None:
        return ""
    kept = [
        f"{w.name(rule_name(w.language, one.rule))} {w.count(one.messages)}" for one in untold.rules
    ]
    n = w.count(untold.messages)
    return counted(w.language, "untold", n, n=n, rules=w.say("list_comma").join(kept))


def untold_lines(w: Writer) -> list[str]:
    """The gravest that nobody was told; in English as people would have been told it."""
    lines = w.data.untold.gravest if w.data.untold is not None else ()
    return [
        " · ".join(
            (
                w.moment(line.at),
                w.say(f"severity.{line.severity.value}"),
                _named(w, line.rule, line.subject, line.title),
            )
        )
        for line in lines
    ]
