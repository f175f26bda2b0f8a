"""The tab that an app has in Slack: what waits, most urgent first, and how things stand; pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from listener.domain.incident import Incident
from listener.domain.times import from_text, in_words
from listener.texts.escape import in_slack, isolated
from listener.texts.notice import due_words
from listener.texts.slack_parts import Block, context, header, plain_text, section
from listener.texts.summary import SIGNS

MOST_WAITING: Final = 20
MOST_OPEN: Final = 10


def home(
    waiting: Sequence[Mapping[str, Any]], of: int, incidents: Sequence[Incident], now: datetime
) -> Block:
    """The whole tab. waiting: rows as the inbox lists them; of: so many wait altogether."""
    return {
        "type": "home",
        "blocks": [
            header(waiting_title(of)),
            *waiting_blocks(waiting[:MOST_WAITING], of, now),
            {"type": "divider"},
            header(f"Open incidents: {len(incidents)}"),
            *[_incident(one, now) for one in incidents[:MOST_OPEN]],
            *([] if incidents else [section("Nothing is wrong.")]),
            context(f"As of {now:%Y-%m-%d %H:%M} UTC; open this tab again to bring it up to date."),
        ],
    }


def waiting_title(of: int) -> str:
    return "Nobody waits for an answer" if not of else f"Waiting for an answer: {of:,}"


def waiting_blocks(rows: Sequence[Mapping[str, Any]], of: int, now: datetime) -> list[Block]:
    """Those who wait, two blocks each, and how many more there are."""
    blocks: list[Block] = []
    for row in rows:
        blocks += [
            {"type": "section", "text": plain_text(_what(row, now))},
            context(_about(row)),
        ]
    left = of - len(rows)
    return [*blocks, *([context(f"and {left:,} more")] if left > 0 else [])]


def _what(row: Mapping[str, Any], now: datetime) -> str:
    """Cleaned part by part, for cleaning the whole would take the isolates out."""
    author, text = in_slack(row["author"] or "somebody", 60), in_slack(row["text"], 300)
    due = due_words(from_text(row["due_at"]), now)
    return f"{due} · {isolated(author)}: {isolated(text)}"


def _about(row: Mapping[str, Any]) -> str:
    parts = (
        row["subject"],
        row["channel"],
        *row["topics"][:2],
        f"{row['assignee']} answers it" if row["assignee"] else None,
        row["action"],
        row["id"],
    )
    return " · ".join(part for part in parts if part)


def _incident(one: Incident, now: datetime) -> Block:
    taken = f" · {one.acknowledged_by} looks after it" if one.acknowledged_by else ""
    since = in_words(now - one.opened_at)
    title = in_slack(one.title, 300)
    return section(f"{SIGNS[one.severity]} {title} · for {since}{taken} · incident {one.id}", 500)
