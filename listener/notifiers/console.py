"""The console: notices as lines for somebody who watches."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import TextIO

from listener.domain.incident import Notice, Quote
from listener.errors import NotifyError
from listener.notifiers.base import Digest, Receipt, Sending
from listener.texts.escape import one_line, safe_link
from listener.texts.marked import harmless
from listener.texts.notice import (
    and_more,
    brief,
    clock_time,
    doubt_words,
    facts,
    most_urgent_first,
    place_of,
    spoken,
    waiting_words,
)

Mark = Callable[[str], str]

_WORDS = 400
_QUOTE = 160
_MOST_QUOTES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """Writes to a stream, stderr if none is handed in. What people wrote has no control characters
    left, so it cannot steer a terminal."""

    name: str = field(default="console", metadata={"handed": True})
    stream: TextIO | None = field(default=None, metadata={"handed": True})
    zone: tzinfo = field(default=UTC, metadata={"handed": True})

    @property
    def hears_alerts(self) -> bool:
        return True

    @property
    def edits(self) -> bool:
        return False

    @property
    def calls(self) -> bool:
        return False

    @property
    def at_least_seconds_apart(self) -> float:
        return 0.0

    def send_incident(self, sending: Sending) -> Receipt:
        for notice in sending.news:
            self._write(as_lines(notice, self.zone, _bold if self._is_terminal else str))
        return Receipt(place=self.name, ref=sending.notice.id)

    def send_digest(self, digest: Digest) -> Receipt:
        self._write([one_line(line, _WORDS) for line in digest.text.splitlines()])
        return Receipt(place=self.name, ref=digest.id)

    def check(self) -> str:
        return "writes to this console"

    @property
    def _is_terminal(self) -> bool:
        stream = self.stream or sys.stderr
        return not stream.closed and stream.isatty()

    def _write(self, lines: list[str]) -> None:
        stream = self.stream or sys.stderr
        try:
            stream.write("".join(f"{line}\n" for line in lines))
            stream.flush()
        except (OSError, ValueError) as error:
            why = f"[notify.{self.name}] the console took no more: {type(error).__name__}"
            raise NotifyError(why) from None


def as_lines(notice: Notice, zone: tzinfo, mark: Mark = str) -> list[str]:
    """A notice as lines of text; all but the first are indented. `mark` writes what was found."""
    notice = brief(notice)
    quotes = most_urgent_first(notice.quotes)[:_MOST_QUOTES]
    when = clock_time(notice.at.astimezone(zone))
    title = f"{when}  {notice.severity.value.upper()}  {notice.title}  [{notice.event}]"
    rest = [
        one_line(notice.why, _WORDS),
        *(spoken(line, zone) for line in facts(notice)),
        *(_quote(quote, notice, mark) for quote in quotes),
        and_more(notice, len(quotes)),
        f"to do: {one_line(notice.action, _WORDS)}" if notice.action else None,
        one_line(place_of(notice), _WORDS),
    ]
    return [one_line(title, _WORDS), *(f"    {line}" for line in rest if line)]


def _bold(words: str) -> str:
    return f"\x1b[1m{words}\x1b[0m"


def _quote(quote: Quote, notice: Notice, mark: Mark) -> str:
    waits, link = waiting_words(quote, notice.at), safe_link(quote.url)
    who = one_line(f"{quote.author or 'somebody'} on {quote.name.partition(':')[0]}", _QUOTE)
    doubt = doubt_words(quote)
    words = harmless(quote.text, quote.places, _QUOTE).written(str, mark)
    said = f"{who}{f' ({doubt})' if doubt else ''}: {words}"
    return "- " + " ".join(part for part in (f"({waits})" if waits else "", said, link) if part)
