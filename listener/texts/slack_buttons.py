"""The buttons below an incident's message in Slack, and how what is pressed is named; pure."""

from typing import Final

from listener.domain.incident import Notice
from listener.domain.press import SPANS, Press
from listener.texts.escape import safe_link
from listener.texts.pages import of_incident, of_mention
from listener.texts.slack_parts import Block, actions, button, option, plain_text

PREFIX: Final = "listener."
SEEN: Final = "@"  # between an incident and the newest act that its message can show: "12@57"
_OF_INCIDENT, _OF_MENTIONS = "listener.incident.", "listener.mentions."
_IN_WORDS: Final = {"1h": "for an hour", "4h": "for 4 hours", "1d": "for a day", "7d": "for a week"}


def buttons(notice: Notice, pages: str = "") -> list[Block]:
    """What can be done about an incident as it stands; of one that is over only what teaches.

    pages: where our pages are found; "" for nowhere.
    """
    if notice.incident is None:
        return []
    number = str(notice.incident)
    value = number if notice.upto is None else f"{number}{SEEN}{notice.upto}"
    of_incident = [*_looking_after(notice, value), *_open(notice, pages)]
    of_mentions = _about_mentions(value) if notice.quotes else []
    return [
        *([actions(_OF_INCIDENT + number, of_incident)] if of_incident else []),
        *([actions(_OF_MENTIONS + number, of_mentions)] if of_mentions else []),
    ]


def _looking_after(notice: Notice, value: str) -> list[Block]:
    if notice.incident_state == "resolved":
        return []
    snooze: Block = {
        "type": "static_select",
        "action_id": PREFIX + Press.SNOOZE,
        "placeholder": plain_text("Snooze"),
        "options": [option(_IN_WORDS[span], f"{value}:{span}") for span in SPANS],
    }
    if notice.incident_state == "acknowledged":
        return [snooze]
    look = button("Acknowledge", PREFIX + Press.ACKNOWLEDGE, value, style="primary")
    return [look, snooze]


def _open(notice: Notice, pages: str) -> list[Block]:
    """Our page of it; where there is none the post, if the message is about one."""
    one = notice.quotes[0] if len(notice.quotes) == 1 else None
    url = of_mention(pages, one.name) if one else None
    if url is None and notice.incident is not None:
        url = of_incident(pages, notice.incident)
    if url is None and one is not None:
        url = safe_link(one.url)
    return [button("Open", PREFIX + Press.OPEN, url=url)] if url else []


def _about_mentions(value: str) -> list[Block]:
    return [
        button("Answered", PREFIX + Press.ANSWERED, value),
        button("Assign to me", PREFIX + Press.ASSIGN, value),
        button("Wrong sentiment", PREFIX + Press.WRONG, value),
        button("Not us", PREFIX + Press.NOT_US, value),
    ]
