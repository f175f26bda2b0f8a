"""Every kind of payload that goes to Slack, built by the product with any words in every field."""

import functools
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from bench.acceptance._hostile_digest import LINKS, PAGES, hostile
from listener.domain.incident import Event, Notice, Quote, Severity
from listener.domain.manners import Kind, kind_of
from listener.domain.press import MOST_CHOICES, OF_MENTION, Choice, Press, Worked
from listener.domain.voice import quoted
from listener.notifiers.testing import test_notice
from listener.texts.escape import in_slack, mrkdwn
from listener.texts.slack import Message, card, metadata, reply
from listener.texts.slack_digest import digest_message
from listener.texts.slack_home import MOST_WAITING, home, waiting_blocks, waiting_title
from listener.texts.slack_parts import header, section
from listener.texts.slack_windows import window
from listener.texts.words import LANGUAGES
from tests.builders import a_voice, an_incident
from tests.notifiers.build import MINUTE, NOW, a_drop, a_promise, a_spike, a_wait
from tests.texts.digests import CRISIS

MOST_ALSO: Final = 20  # folded into one message, as the outbox does it
OURS: Final = (
    *(quote.url for quote in a_spike().quotes if quote.url),
    *re.findall(r"https://example\.com/\w+/\d+", json.dumps(CRISIS.to_json())),
)
_PLACES: Final = ((0, 3), (5, 9), (40, 4_000))
_STATES: Final = ("open", "acknowledged", "resolved")
_HEARD: Final = 25  # quotes of a notice, the most that the outbox hands over
_ACTS: Final = sorted(OF_MENTION)


@dataclass(frozen=True, slots=True)
class Payload:
    """`links`: the addresses of people that it may lead to, where they are plain web addresses."""

    kind: str
    body: dict[str, Any]
    links: tuple[str, ...] = ()

    @property
    def is_view(self) -> bool:
        return self.body.get("type") in ("modal", "home")


def payloads(words: str, number: int) -> Iterator[Payload]:
    """All kinds with these words. number: which of the events, states and acts has its turn."""
    for kind, make in KINDS.items():
        yield Payload(kind, make(words, number), (*addresses(words), *OURS))


def addresses(words: str) -> tuple[str, ...]:
    """Where a mention may say it stands."""
    return ("https://example.com/" + words, "https://example.com/1", words)


def _quotes(words: str, many: int, *, waiting: bool = False) -> tuple[Quote, ...]:
    """Cut and masked as those of the store are, but for the second, which is whole."""
    urls = addresses(words)
    worked = Worked(who=words, did="answered")
    made = []
    for number in range(many):
        quote = replace(
            _stored(words),
            name=f"x:{words}" if number % 3 else f"x:{number}",
            url=urls[number % len(urls)],
            due_at=a_wait(number, number - 9).due_at if waiting else None,
            worked=worked if number % 5 == 0 else None,
        )
        if number == 1:
            quote = replace(quote, text=words, author=words, places=_PLACES)
        made.append(quote)
    return tuple(made)


@functools.lru_cache(maxsize=1)
def _stored(words: str) -> Quote:
    voice = a_voice(text=words, author=words, confidence=0.5, places=_PLACES)
    return quoted(voice, 300, mask=True)


def _filled(notice: Notice, words: str, number: int) -> Notice:
    """The words in every field of a notice that people outside, or settings, can fill."""
    return replace(
        notice,
        subject=words, channel=words, topic=words, title=words, why=words, action=words,
        team=words, incident_title=words, incident_why=words, incident_action=words,
        taken_by=words, worked=Worked(who=words, did="answered", detail="2"),
        incident_state=_STATES[number % 3], incident_severity=Severity.HIGH,
        evidence=notice.evidence | {"chance": words, "influencer": words},
        snoozed_until=NOW if number % 7 == 0 else None,
    )  # fmt: skip


def _one_field(notice: Notice, words: str, number: int) -> Notice:
    """The words in one field, the others as they are."""
    fields = ("subject", "channel", "topic", "title", "why", "action", "team", "incident_title")
    return replace(notice, **{fields[number % len(fields)]: words})  # type: ignore[arg-type]


def a_spike_of(words: str, number: int) -> Notice:
    events = [event for event in Event if kind_of(event) not in (Kind.PROMISE, Kind.KEPT)]
    quotes = _quotes(words, (1, 3, _HEARD)[number % 3])
    return _filled(a_spike(event=events[number % len(events)], quotes=quotes), words, number)


def a_promise_of(words: str, number: int) -> Notice:
    events = [event for event in Event if kind_of(event) in (Kind.PROMISE, Kind.KEPT)]
    quotes = _quotes(words, (1, 8, _HEARD)[number % 3], waiting=True)
    return _filled(a_promise(quotes, event=events[number % len(events)]), words, number)


def _stars(words: str, number: int) -> Notice:
    places = [{"source": words, "listing": words, "reviews": 30, "stars": 2.8}] * 7
    drop = a_drop(evidence=a_drop().evidence | {"places": places}, quotes=_quotes(words, 1))
    return _filled(drop, words, number)


def _summary(words: str, number: int) -> Notice:
    over = {"ended": "2026-11-22T14:00:00Z"} if number % 2 else {"ended": None}
    line = {
        "title": words, "severity": "high", "subject": words, "incident": 7,
        "began": "2026-11-22T12:00:00Z", "ran_out": 2, "taken_by": words, **over,
    }  # fmt: skip
    evidence = {"lines": [line] * 20, "more": 3}
    told = a_spike(event=Event.SUMMARY_TOLD, incident=None, quotes=(), mentions=())
    return _filled(replace(told, evidence=evidence), words, number)


def _source(words: str, number: int) -> Notice:
    """Of a source or of delivery, which is no incident."""
    events = [event for event in Event if event.value.split(".")[0] in ("source", "delivery")]
    told = a_spike(incident=None, quotes=(), mentions=(), evidence={})
    return replace(_filled(told, words, number), event=events[number % len(events)])


def _message(message: Message, notice: Notice, also: int = 0) -> dict[str, Any]:
    ids = [notice.id] * (1 + also)
    return {
        "text": message.text,
        "blocks": message.blocks,
        "metadata": metadata(ids, notice.incident),
    }


def _opened(build: Callable[[str, int], Notice], also: int = 0) -> "Make":
    def make(words: str, number: int) -> dict[str, Any]:
        notice = build(words, number)
        folded = [replace(notice, at=NOW - n * MINUTE) for n in range(also)]
        pages = PAGES if number % 2 else ""
        return _message(card(notice, folded, pressed=True, pages=pages), notice, also)

    return make


def _replied(build: Callable[[str, int], Notice], also: int = 0) -> "Make":
    def make(words: str, number: int) -> dict[str, Any]:
        notice = build(words, number)
        return _message(reply(notice, [notice] * also), notice, also)

    return make


def _plainly(words: str, number: int) -> dict[str, Any]:
    """By a webhook or a bot without an app-level token: no buttons; one field is filled."""
    notice = _one_field(a_spike(), words, number)
    return _message(card(notice), notice)


def _digest(words: str, number: int) -> dict[str, Any]:
    data = replace(hostile(words), language=LANGUAGES[number % len(LANGUAGES)])
    message = digest_message(data, LINKS)
    return {"text": message.text, "blocks": message.blocks, "metadata": metadata(["d" * 26])}


def _window(words: str, number: int) -> dict[str, Any]:
    some = [
        Choice(name=f"x:{n}", subject=words, author=words, text=words)
        for n in range((1, 3, MOST_CHOICES)[number % 3])
    ]
    return window(Press(_ACTS[number % len(_ACTS)]), 10**9, some, seen=10**9, channel="C00000001")


def _row(words: str) -> dict[str, Any]:
    return {
        "id": f"x:{words}", "author": words, "text": words, "subject": words, "channel": words,
        "topics": [words, words], "assignee": words, "action": words,
        "due_at": "2026-11-22T12:30:00.000Z",
    }  # fmt: skip


def _home(words: str, _number: int) -> dict[str, Any]:
    taken = an_incident(title=words, acknowledged_by=words, subject=words)
    return home([_row(words)] * MOST_WAITING, 1_000, [taken] * 15, NOW)


def _inbox(words: str, _number: int) -> dict[str, Any]:
    rows = [_row(words)] * 8  # as many as the command lists
    return {"blocks": [header(waiting_title(9)), *waiting_blocks(rows, 9, NOW)]}


def _status(words: str, _number: int) -> dict[str, Any]:
    told = [section(f"HIGH · {words}", 300), section(f"{words} cannot be read: {words}", 300)]
    return {"blocks": [header("How things stand"), *told * 8]}


def _refused(words: str, _number: int) -> dict[str, Any]:
    """What only the one who pressed or typed sees."""
    said = f"Nobody followed is called {words!r}"
    return {"text": mrkdwn(in_slack(said, 300)), "blocks": [section(said, 300)]}


def _test(_words: str, _number: int) -> dict[str, Any]:
    notice = test_notice("slack", NOW).notice
    return _message(card(notice, pressed=True), notice)


Make = Callable[[str, int], dict[str, Any]]

KINDS: Final[dict[str, Make]] = {
    "incident, first message": _opened(a_spike_of),
    "incident, reply in its thread": _replied(a_spike_of),
    "incident, without buttons": _plainly,
    "response promise": _opened(a_promise_of),
    "response promise, reply": _replied(a_promise_of),
    "rating that dropped": _opened(_stars),
    "summary of the quiet hours": _opened(_summary),
    "source or delivery": _opened(_source),
    "after an outage, 20 folded": _opened(a_spike_of, MOST_ALSO),
    "after an outage, in the thread": _replied(a_promise_of, MOST_ALSO),
    "digest in a channel": _digest,
    "window": _window,
    "home tab": _home,
    "/listener inbox": _inbox,
    "/listener status": _status,
    "answer to one alone": _refused,
    "send-test": _test,
}
