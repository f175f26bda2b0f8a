"""`/listener` and what may stand behind it."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from listener import cycle, inbox, pressing, views
from listener.app import App
from listener.chat.payload import Command
from listener.domain.press import SPANS
from listener.domain.times import in_words
from listener.errors import ListenerError, UsageError
from listener.texts.digest_words import Links
from listener.texts.slack_digest import digest_message
from listener.texts.slack_home import waiting_blocks, waiting_title
from listener.texts.slack_parts import Block, header, section

LISTED: Final = 8
HELP: Final = """/listener inbox [SUBJECT]: what waits for an answer, most urgent first
/listener status: promises, incidents, sources
/listener snooze NAME 4h: say nothing of a mention (SOURCE:ID) or of incident:3 for a while
/listener digest: the digest of the last whole week, now"""


def run(app: App, one: Command, now: datetime) -> list[Block]:
    """The answer to a command, which only the one who typed it sees."""
    name, *rest = one.text.split() or ["help"]
    found = _COMMANDS.get(name)
    if found is None:
        return [section(HELP)]
    try:
        return found(app, rest, one, now)
    except ListenerError as error:
        return [section(str(error))]


def _inbox(app: App, rest: list[str], _one: Command, now: datetime) -> list[Block]:
    subject = " ".join(rest) or None
    if subject is not None and subject.casefold() not in app.subject_ids:
        known = ", ".join(subject.name for subject in app.subjects)
        raise UsageError(f"Nobody followed is called {subject!r}; there is: {known}.")
    mask = app.config.manners.mask
    rows = views.waiting(
        app.store, subject=subject, limit=LISTED, now=now, pack=app.pack, mask=mask
    )
    waiting = sum(pressing.open_clocks(app.store, now).values())
    of = waiting if subject is None else len(rows)
    return [header(waiting_title(of)), *waiting_blocks(rows, of, now)]


def _status(app: App, _rest: list[str], _one: Command, now: datetime) -> list[Block]:
    states = pressing.open_clocks(app.store, now)
    stand = ", ".join(f"{n:,} {state.replace('_', ' ')}" for state, n in states.items() if n)
    blocks = [header("How things stand"), section(f"Answers: {stand or 'nobody waits'}")]
    incidents = pressing.open_incidents(app.store)
    blocks += [
        section(f"{one.severity.value.upper()} · {one.title}", 300) for one in incidents[:LISTED]
    ]
    if not incidents:
        blocks.append(section("No incident is open."))
    failing = [row for row in views.source_list(app.store, now) if row["error"]]
    troubles = (f"{row['name']} cannot be read: {row['error']}" for row in failing[:LISTED])
    return [*blocks, *(section(words, 300) for words in troubles)]


def _snooze(app: App, rest: list[str], one: Command, now: datetime) -> list[Block]:
    if len(rest) != 2 or rest[1] not in SPANS:
        raise UsageError(f"Write /listener snooze NAME SPAN, with a span of {', '.join(SPANS)}.")
    span = SPANS[rest[1]]

    def act() -> tuple[str, datetime]:
        return inbox.snooze_named(app.store, rest[0], span, one.who, app.hearing, now)

    done = pressing.only_once(app.store, one.key, now, act)
    if done is None:
        return [section(f"{rest[0]} was snoozed by this command already.")]
    what, until = done
    return [section(f"{what} is silent for {in_words(span)}, until {until:%Y-%m-%d %H:%M} UTC.")]


def _digest(app: App, _rest: list[str], _one: Command, now: datetime) -> list[Block]:
    built = cycle.build_report(app, None, now)
    return digest_message(built.data, Links(base=app.public_url)).blocks


_COMMANDS: Final[dict[str, Callable[[App, list[str], Command, datetime], list[Block]]]] = {
    "inbox": _inbox,
    "status": _status,
    "snooze": _snooze,
    "digest": _digest,
}
