"""A notice as Slack shows it, in Block Kit; pure.

Nothing here is mrkdwn: people's words, and ours, stand in plain_text objects and in the text
elements of rich_text, where Slack reads neither markup nor mentions nor emoji names. The only
links are link elements, with our own word on them.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from listener.domain.chart import Chart
from listener.domain.incident import Notice, Quote
from listener.domain.manners import LOUD
from listener.texts.escape import in_slack, mrkdwn, slack_length
from listener.texts.notice import (
    EVENT_WORDS,
    and_more,
    as_it_stands,
    brief,
    doubt_words,
    facts,
    headline,
    most_urgent_first,
    place_of,
    waiting_words,
    work_words,
    worked_words,
)
from listener.texts.slack_buttons import buttons
from listener.texts.slack_parts import Block, header, image, plain_text, who
from listener.texts.slack_rich import bullets, date, link, rich, rich_section, said, text
from listener.texts.summary import Line

EVENT_TYPE: Final = "listener_notice"

MOST_BLOCKS: Final = 50
SECTION_LIMIT: Final = 3_000
# Slack refuses a message whose blocks hold about 13,200 characters (slackapi/bolt-js#2509) and does
# not say what it counts; so all of the JSON is counted, and there is room to spare.
BUDGET: Final = 10_000

_WHY_LIMIT: Final = 800
_PLACE_LIMIT: Final = 200
_FACT_LIMIT: Final = 300
_ALL_FACTS: Final = 3_600
_FALLBACK_LIMIT: Final = 400
_MOST_ITEMS: Final = 20
_MOST_QUOTES: Final = 4
_MOST_IN_THREAD: Final = 2
_MOST_ALSO: Final = 10
_MARKED_IN_A_LIST: Final = 2  # each takes room that somebody else who waits may need


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is handed to Slack: the blocks, and one line for notifications and screen readers."""

    text: str
    blocks: list[Block]


def card(
    notice: Notice,
    also: Sequence[Notice] = (),
    *,
    pressed: bool = False,
    pages: str = "",
    chart: Chart | None = None,
) -> Message:
    """The incident's own message, in its present state; drawn anew at each notice.

    `also`: what could not be told while Slack was away, a line each. `pressed`: there are buttons
    below it, for somebody hears of them. `pages`: where our pages are found.
    """
    notice = as_it_stands(notice)
    before = [header(headline(notice)), *_why(notice)]
    below = buttons(notice, pages) if pressed else []
    blocks = _fitted(notice, also, before, below, [image(chart)] if chart is not None else [])
    return Message(text=_fallback(headline(notice), notice), blocks=blocks)


def reply(notice: Notice, also: Sequence[Notice] = ()) -> Message:
    """What is new, for the incident's thread; the message above it shows all there is."""
    words, notice = EVENT_WORDS[notice.event], _what_is_new(brief(notice))
    before = [
        rich(rich_section([text(words, bold=True), text(" · "), text(notice.title, 300)])),
        *_why(notice),
    ]
    return Message(
        text=_fallback(f"{words} · {notice.title}", notice), blocks=_fitted(notice, also, before)
    )


def _what_is_new(notice: Notice) -> Notice:
    """Of those who wait only those whom the news is of; of others the most telling few.

    What is to be done stands in the message above, which those in the thread see.
    """
    if notice.action == notice.incident_action and not for_all(notice):
        notice = replace(notice, action="")
    waiting = tuple(q for q in notice.quotes if q.due_at is not None)
    new = tuple(q for q in waiting if q.name in notice.mentions)
    return replace(notice, quotes=(new or waiting) if waiting else notice.quotes[:_MOST_IN_THREAD])


def for_all(notice: Notice) -> bool:
    """Whether a reply is shown in the channel as well as in its thread.

    Those who do not follow the thread hear of what has become worse, too: an incident may be days
    old when it does.
    """
    return notice.event in LOUD and not notice.quietly


def report(title: str, text: str) -> Message:
    """A digest's text; the lines are kept, what does not fit is left out at the end."""
    kept: list[str] = []
    for line in text.splitlines():
        if line and not line.strip("-"):
            continue  # a rule below a heading of a mail
        cut = in_slack(line, _WHY_LIMIT)
        if slack_length("\n".join([*kept, cut])) > SECTION_LIMIT - 2:
            kept.append("…")
            break
        kept.append(cut)
    body = {"type": "section", "text": plain_text("\n".join(kept) or "…")}
    return Message(text=mrkdwn(in_slack(title, _FALLBACK_LIMIT)), blocks=[header(title), body])


def metadata(ids: Sequence[str], incident: int | None = None) -> Block:
    """Our own ids, by which a message is found again; the first is the notice's."""
    payload: dict[str, Any] = {"notice_id": ids[0]}
    if incident is not None:
        payload["incident"] = incident
    if len(ids) > 1:
        payload["also"] = list(ids[1:])
    return {"event_type": EVENT_TYPE, "event_payload": payload}


def ids_of(message: Block) -> list[str]:
    """The ids a message of Slack's carries, if it is one of ours."""
    data = message.get("metadata") or {}
    if data.get("event_type") != EVENT_TYPE:
        return []
    payload = data.get("event_payload") or {}
    return [str(name) for name in (payload.get("notice_id"), *(payload.get("also") or ())) if name]


def size(blocks: Sequence[Block]) -> int:
    """How much of the budget some blocks take."""
    return slack_length(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))


def _fitted(
    notice: Notice,
    also: Sequence[Notice],
    before: list[Block],
    below: Sequence[Block] = (),
    shown: Sequence[Block] = (),
) -> list[Block]:
    """The blocks with as many quotes as there is room for; the least urgent are left out first."""
    quotes = most_urgent_first(notice.quotes)
    waiting = any(quote.due_at is not None for quote in quotes)
    work = work_words(notice)
    place = place_of(notice)
    last = f"{place} · {work}" if work else place
    after = [*_action(notice), *_also(also), *below, *_context(last)]
    draw = _waiting_list if waiting else _quotes
    start = [*before, *_facts(notice), *shown]
    for most in range(min(len(quotes), _MOST_ITEMS if waiting else _MOST_QUOTES), 0, -1):
        blocks = [*start, *draw(notice, quotes[:most]), *after]
        if size(blocks) <= BUDGET:
            return blocks
    return [*start, *after]


def _facts(notice: Notice) -> list[Block]:
    told = facts(notice)
    limit = min(_FACT_LIMIT, _ALL_FACTS // max(len(told), 1))
    lines = [rich_section(_line(line, limit)) for line in told]
    return [rich(bullets(lines))] if lines else []


def _line(line: Line, limit: int) -> list[Block]:
    return [text(_fact(part, limit)) if isinstance(part, str) else date(part) for part in line]


def _fact(words: str, limit: int) -> str:
    """A fact may name what people named, and so is cleaned; its spaces beside a moment stay."""
    before, after = " " * words.startswith(" "), " " * words.endswith(" ")
    return f"{before}{in_slack(words, limit)}{after}" or "…"


def _waiting_list(notice: Notice, quotes: Sequence[Quote]) -> list[Block]:
    """Those who wait for an answer, a line each."""
    length = 160 if len(quotes) <= 8 else 90
    lines = [rich_section(_waiting(quote, notice.at, length)) for quote in quotes]
    return [rich(bullets(lines), *_more(notice, len(quotes)))]


def _waiting(quote: Quote, at: datetime, length: int) -> list[Block]:
    stands = waiting_words(quote, at)
    due = quote.due_at
    return [
        *([text(stands, bold=True)] if stands else []),
        *([text(" (due "), date(due), text(")")] if due is not None else []),
        text(f" {who(quote.name, quote.author)}{_in_doubt(quote)}: "),
        *said(quote, length, _MARKED_IN_A_LIST),
        *link(quote.url),
        *_worked(quote),
    ]


def _quotes(notice: Notice, quotes: Sequence[Quote]) -> list[Block]:
    drawn = [
        {
            "type": "rich_text_quote",
            "elements": [
                *said(quote, 300),
                text(f"\n{who(quote.name, quote.author)}{_in_doubt(quote)}, "),
                date(quote.said_at),
                *link(quote.url),
                *_worked(quote),
            ],
        }
        for quote in quotes
    ]
    return [rich(*drawn, *_more(notice, len(quotes)))]


def _in_doubt(quote: Quote) -> str:
    words = doubt_words(quote)
    return f" ({words})" if words else ""


def _worked(quote: Quote) -> list[Block]:
    words = worked_words(quote)
    return [text(" — "), text(words, 120)] if words else []


def _more(notice: Notice, shown: int) -> list[Block]:
    words = and_more(notice, shown)
    return [rich_section([text(words)])] if words else []


def _action(notice: Notice) -> list[Block]:
    if not notice.action.strip():
        return []
    return [rich(rich_section([text("To do: ", bold=True), text(notice.action, 600)]))]


def _also(also: Sequence[Notice]) -> list[Block]:
    """The notices folded into this message."""
    if not also:
        return []
    lines = [
        rich_section([date(notice.at), text(" "), text(_title(notice), 150)])
        for notice in also[:_MOST_ALSO]
    ]
    left = len(also) - len(lines)
    more = [rich_section([text(f"and {left} more")])] if left else []
    told = rich_section([text("Also, meanwhile:", bold=True)])
    return [rich(told, bullets(lines), *more)]


def _title(notice: Notice) -> str:
    return f"{notice.severity.value.upper()} · {notice.title}"


def _fallback(title: str, notice: Notice) -> str:
    """Slack reads this line as markup, so that is escaped, and no quote stands in it."""
    words = f"{title} — {notice.why}" if notice.why else title
    return mrkdwn(in_slack(words, _FALLBACK_LIMIT))


def _why(notice: Notice) -> list[Block]:
    words = in_slack(notice.why, _WHY_LIMIT)
    return [{"type": "section", "text": plain_text(words)}] if words else []


def _context(words: str) -> list[Block]:
    said = in_slack(words, _PLACE_LIMIT)
    return [{"type": "context", "elements": [plain_text(said)]}] if said else []
