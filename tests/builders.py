"""Values for tests, each with only what matters to it named."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from listener.domain.door import Arrival, admit
from listener.domain.incident import Finding, Incident, Severity
from listener.domain.label import MODEL, Label, Sentiment
from listener.domain.mention import Channel, Mention, Response, Tombstone
from listener.domain.promise import Promise, start_clock
from listener.domain.query import parse
from listener.domain.response import ResponseClock
from listener.domain.subject import Matcher, Role, Subject
from listener.domain.voice import Voice

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)
NEGATIVE, NEUTRAL, POSITIVE = Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE

ONE_HOUR = Promise(within=HOUR)
ONE_WEEK = Promise(within=7 * DAY, late_after=14 * DAY)


def a_subject(name: str = "Acme", **changes: Any) -> Subject:
    """A brand that is found by its name, and answers as acme_help."""
    subject = Subject(
        name=name,
        role=Role.BRAND,
        query=parse(name),
        accounts={"x": frozenset({f"{name.lower()}_help"})},
    )
    return replace(subject, **changes)


def a_rival(name: str = "Boreal", **changes: Any) -> Subject:
    return a_subject(name, role=Role.COMPETITOR, accounts={}, **changes)


def a_mention(number: int = 1, **changes: Any) -> Mention:
    """A complaint about Acme by a person of its own; in English, so that no language is guessed."""
    mention = Mention(
        source="x",
        source_id=str(number),
        text=f"Acme lost parcel number {number}",
        said_at=NOW,
        author=f"person{number}",
        language="en",
        label=NEGATIVE,
    )
    return replace(mention, **changes)


def a_review(number: int = 1, stars: float = 1, **changes: Any) -> Mention:
    given = {"channel": Channel.REVIEW, "source": "play", "stars": stars}
    return a_mention(number, **(given | changes))


def an_answer(to: int = 1, **changes: Any) -> Response:
    """The brand's answer to a mention of x, ten minutes after NOW."""
    response = Response(
        source="x",
        source_id=f"answer-to-{to}",
        said_at=NOW + 10 * MINUTE,
        parent_id=str(to),
        author="acme_help",
        text="We are sorry.",
    )
    return replace(response, **changes)


def a_tombstone(number: int = 1, **changes: Any) -> Tombstone:
    return replace(Tombstone(source="x", source_id=str(number), reason="deleted"), **changes)


def arrived(
    mention: Mention, subjects: Sequence[Subject] = (), now: datetime = NOW + 2 * DAY
) -> Arrival:
    """A mention that has come through the door."""
    return admit(mention, mention.source, Matcher(subjects), now)


def a_label(mention_id: int = 1, **changes: Any) -> Label:
    label = Label(
        mention_id=mention_id,
        subject_id=None,
        by=MODEL,
        model="fast@1",
        sentiment=NEGATIVE,
        negative=0.9,
        neutral=0.07,
        positive=0.03,
        made_at=NOW,
    )
    return replace(label, **changes)


def a_clock(promise: Promise = ONE_HOUR, **changes: Any) -> ResponseClock:
    """A clock of a mention that was said at NOW, and seen half a minute later."""
    clock = start_clock(1, 1, Channel.SOCIAL, NOW, NOW + 30 * SECOND, promise)
    return replace(clock, **changes)


def a_finding(**changes: Any) -> Finding:
    finding = Finding(
        key="spike:Acme",
        rule="spike",
        subject_id=1,
        severity=Severity.HIGH,
        title="Acme: 25 negative mentions in 15 min",
        why="Usually about 1.",
        evidence={"negative": 25},
    )
    return replace(finding, **changes)


def an_incident(number: int = 1, opened_at: datetime = NOW, **changes: Any) -> Incident:
    given: dict[str, Any] = {
        "id": number, "key": "spike:Acme", "rule": "spike", "subject_id": 1, "subject": "Acme",
        "severity": Severity.HIGH, "title": "Acme", "why": "", "opened_at": opened_at,
        "updated_at": opened_at, "resolved_at": opened_at + HOUR,
    }  # fmt: skip
    return Incident(**(given | changes))


def a_voice(number: int = 1, **changes: Any) -> Voice:
    """A negative voice of a person of its own."""
    voice = Voice(
        id=number,
        name=f"x:{number}",
        channel="social",
        said_at=NOW,
        text=f"lost parcel number {number}",
        author=f"person{number}",
        author_id=number,
        sentiment="negative",
    )
    return replace(voice, **changes)


def a_line(number: int = 1, **fields: Any) -> dict[str, Any]:
    """A line of a file of mentions."""
    return {
        "id": str(number),
        "created_at": "2026-11-22T12:00:00Z",
        "text": f"Acme lost parcel number {number}",
        "author": f"person{number}",
        "language": "en",
        "label": "negative",
    } | fields


def written(path: Path, lines: Sequence[object]) -> Path:
    """A file of these lines; a text stands as it is."""
    path.write_text(
        "".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in lines),
        encoding="utf-8",
    )
    return path
