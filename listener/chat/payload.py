"""What Slack tells of a press, a window, a command or an opened tab, read with suspicion."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from listener.domain.press import Press
from listener.domain.values import clean_line
from listener.texts.slack_buttons import PREFIX, SEEN
from listener.texts.slack_windows import CALLBACK, SENTIMENT, WHICH

LONGEST_NAME: Final = 60
_DIGITS: Final = 12  # of a number of ours; nobody has more incidents

Payload = Mapping[str, Any]


class UnreadableError(ValueError):
    """It is none of ours, or not of the form that Slack documents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button below a message was pressed. `key` is of this press alone."""

    act: Press
    incident: int
    seen: int | None  # the newest act that the message could show; None: it does not say
    span: str  # of a snooze, "4h"
    who: str
    user: str  # their id
    channel: str
    trigger: str  # lets one window open, for three seconds
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A window was saved."""

    act: Press
    incident: int
    seen: int | None  # the newest act when the window was opened; None: it does not say
    names: tuple[str, ...]  # SOURCE:ID
    sentiment: str
    who: str
    user: str  # their id
    channel: str  # in which the button was pressed; "" of one that does not say
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """`/listener` with what was written after it."""

    text: str
    who: str
    key: str


def button(payload: Payload) -> Button | None:
    """The press of one of our buttons; None of a link, with which there is nothing to do."""
    action = _first(payload.get("actions"))
    act = _press(_text(action, "action_id").removeprefix(PREFIX))
    if act is Press.OPEN:
        return None
    chosen = action.get("selected_option")
    value = _text(chosen, "value") if isinstance(chosen, Mapping) else _text(action, "value")
    about, _, span = value.partition(":")
    number, _, seen = about.partition(SEEN)
    who, user = _who(payload), _text(payload.get("user"), "id")
    return Button(
        act=act,
        incident=_number(number),
        seen=_number(seen) if seen else None,
        span=span,
        who=who,
        user=user,
        channel=_text(payload.get("channel"), "id"),
        trigger=_text(payload, "trigger_id"),
        key=f"{user}:{_text(action, 'action_id')}:{value}:{_text(action, 'action_ts')}",
    )


def saved(payload: Payload) -> Saved:
    view = payload.get("view")
    if _text(view, "callback_id") != CALLBACK:
        raise UnreadableError("a window that is none of ours")
    try:
        asked = json.loads(_text(view, "private_metadata"))
    except ValueError:
        raise UnreadableError("a window without what it is about") from None
    seen = _map(asked).get("seen")
    values = _map(_map(_map(view).get("state")).get("values"))
    boxes = _map(_map(values.get(WHICH)).get(WHICH)).get("selected_options")
    radio = _map(_map(values.get(SENTIMENT)).get(SENTIMENT)).get("selected_option")
    return Saved(
        act=_press(str(_map(asked).get("act"))),
        incident=_number(str(_map(asked).get("incident"))),
        seen=_number(str(seen)) if seen is not None else None,
        names=tuple(_text(one, "value") for one in boxes) if isinstance(boxes, list) else (),
        sentiment=_text(radio, "value"),
        who=_who(payload),
        user=_text(payload.get("user"), "id"),
        channel=_text(asked, "channel"),
        key=f"{_text(view, 'id')}:{_text(view, 'hash')}",
    )


def command(payload: Payload) -> Command:
    key = _text(payload, "trigger_id")
    if not key:
        raise UnreadableError("a command without its trigger")
    return Command(
        text=_text(payload, "text").strip()[:200],
        who=_called(_text(payload, "user_name") or _text(payload, "user_id")),
        key=key,
    )


def opened_home(payload: Payload) -> str | None:
    """Who opened the home tab; None where something else happened."""
    event = _map(payload.get("event"))
    if event.get("type") != "app_home_opened" or event.get("tab", "home") != "home":
        return None
    return _text(event, "user") or None


def _who(payload: Payload) -> str:
    user = payload.get("user")
    return _called(_text(user, "username") or _text(user, "name") or _text(user, "id"))


def _called(name: str) -> str:
    """As the record has it; the sign in front keeps it apart from the names of models."""
    return "@" + (clean_line(name, LONGEST_NAME).lstrip("@") or "somebody")


def _press(name: str) -> Press:
    try:
        return Press(name)
    except ValueError:
        raise UnreadableError("a button that is none of ours") from None


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        raise UnreadableError("no number of ours")
    return int(text)


def _first(found: Any) -> Payload:
    return _map(found[0]) if isinstance(found, list) and found else {}


def _map(found: Any) -> Payload:
    return found if isinstance(found, Mapping) else {}


def _text(found: Any, name: str) -> str:
    value = _map(found).get(name)
    return value if isinstance(value, str) else ""
