"""What is said of sources that are quiet, and of those that are back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from listener.domain.incident import Finding, Severity
from listener.domain.times import in_words, to_json
from listener.errors import Trouble
from listener.rules.quiet_source.scene import MANY, Episode, Kind, Source

Told = Sequence[tuple[Source, Episode]]


def quiet(kind: Kind, told: Told, now: datetime) -> Finding:
    first = min(one.since for _, one in told)
    who, lasted = _names(told), in_words(now - first)
    if kind == "away":
        has = "has" if len(told) == 1 else "have"
        title, why, action = f"{who} {has} not been read for {lasted}", _why_away(told), _mend(told)
    else:
        brought = "has brought" if len(told) == 1 else "have brought"
        title, why = f"{who} {brought} nothing for {lasted}", _why_silent(told)
        action = (
            "Search there by hand. If there is news, `listener check --online` tries the source."
        )
    grave = len(told) >= MANY
    return _finding(told, Severity.HIGH if grave else Severity.WATCH, title, why, action, kind)


def _why_away(told: Told) -> str:
    blind = "What is said there alerts nobody until it is read."
    if len(told) >= MANY:
        errors = {source.state.error_kind for source, _ in told}
        ours = " It may be our own network." if errors <= {Trouble.NETWORK, None} else ""
        return f"They went within a short time.{ours} {blind}"
    causes = "; ".join(
        f"{source.name}: {source.state.error or 'it was not asked'}" for source, _ in told
    )
    tries = max(source.state.failures for source, _ in told)
    times = f" ({tries} tries)" if tries > 1 else ""
    return f"{causes}{times}. {blind}"


def _mend(told: Told) -> str:
    if len(told) >= MANY:
        return "Look at the network of the machine that listener runs on."
    source = told[0][0]
    if source.state.error_kind in (Trouble.CREDENTIALS, Trouble.SETTINGS):
        return f"Put [collectors.{source.name}] right; `listener check --online` tries it."
    return f"If it stays away: `listener check --online` tries it; see [collectors.{source.name}]."


def _why_silent(told: Told) -> str:
    usual = ", ".join(f"{source.name} about {one.expected:,.0f}" for source, one in told)
    if len(told) == 1:
        source, one = told[0]
        proved = source.state.last_sign is not None and source.state.last_sign > one.since
        sings = " A question that always has an answer had one: it can be read." if proved else ""
        return f"In this time it usually brings about {one.expected:,.0f} mentions.{sings}"
    return f"In this time they usually bring mentions: {usual}."


def recovered(back: Told) -> Finding:
    who = _names(back)
    away = max((one.back_at or one.since) - one.since for _, one in back)
    many = len(back) > 1
    if all(one.kind == "silent" for _, one in back):
        title = f"{who} {'bring' if many else 'brings'} mentions again after {in_words(away)}"
        why = "Nothing has to be caught up: it answered all the time."
    else:
        title = f"{who} {'are' if many else 'is'} read again after {in_words(away)}"
        why = " ".join(_caught_up(back))
    return _finding(back, Severity.INFO, title, why, "", "back")


def _caught_up(back: Told) -> list[str]:
    lost = [s for s, one in back if s.lost_since is not None]
    reading = [s for s, _ in back if s.gap_since is not None and s not in lost]
    said = [
        f"What was said on {s.name} since {s.lost_since:%Y-%m-%d %H:%M} UTC until now is missing"
        " for good: the service does not give it."
        for s in lost
    ]
    if reading:
        said.append(f"Being caught up with now: {', '.join(s.name for s in reading)}.")
    return said or ["What was said meanwhile has been read too."]


def _names(told: Told) -> str:
    names = [source.name for source, _ in told]
    if len(names) >= MANY:
        return f"{len(names)} sources ({', '.join(names[:8])}{', ...' if len(names) > 8 else ''})"
    return " and ".join(names)


def _finding(
    told: Told,
    severity: Severity,
    title: str,
    why: str,
    action: str,
    state: str,
) -> Finding:
    channels = {source.channel for source, _ in told}
    sources: dict[str, Any] = {
        source.name: {
            "since": to_json(one.since),
            "kind": one.kind,
            "error": source.state.error,
            "expected": round(one.expected, 1),
        }
        for source, one in told
    }
    return Finding(
        key="source:" + ",".join(sources),
        rule="quiet_source",
        subject_id=None,
        channel=channels.pop() if len(channels) == 1 else None,
        severity=severity,
        title=title,
        why=why,
        action=action,
        evidence={"state": state, "sources": sources} | _alone(told, state),
    )


def _alone(told: Told, state: str) -> dict[str, Any]:
    """One that is silent is named as such: its notice waits while it cannot be read."""
    return {"source": told[0][0].name} if state == "silent" and len(told) == 1 else {}
