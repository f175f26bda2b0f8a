"""What people do below a message in Slack, as Slack tells an app of it."""

from collections.abc import Mapping, Sequence
from typing import Any

Payload = dict[str, Any]


def elements(message: Mapping[str, Any]) -> dict[str, Payload]:
    """What can be pressed below a message, by the ids of the actions."""
    found = [block for block in message["blocks"] if block["type"] == "actions"]
    return {e["action_id"]: e for block in found for e in block["elements"]}


def an_action(element: Mapping[str, Any], stamp: str, value: str = "") -> Payload:
    """The press of a button, or the choice of what ends with `value`; `stamp`: of this press."""
    action: Payload = {"action_id": element["action_id"], "action_ts": stamp}
    if element["type"] == "static_select":
        chosen = next(o for o in element["options"] if o["value"].endswith(value))
        return action | {"selected_option": chosen}
    return action | {"value": element.get("value", "")}


def a_press(action: Mapping[str, Any], who: str, channel: str) -> Payload:
    return {
        "type": "block_actions",
        "user": {"id": f"U{who}", "username": who, "name": who},
        "channel": {"id": channel, "name": "cx"},
        "trigger_id": f"{who}.{action['action_ts']}",
        "actions": [dict(action)],
    }


def choices(view: Mapping[str, Any]) -> list[Payload]:
    """The mentions that a window offers."""
    offered: list[Payload] = _fields(view)["which"]["options"]
    return offered


def a_saved_window(
    view: Mapping[str, Any],
    who: str,
    chosen: Sequence[Mapping[str, Any]],
    number: str,
    sentiment: str = "",
) -> Payload:
    """A window with some of its `choices` ticked, saved; `number`: of this window."""
    values: Payload = {"which": {"which": {"selected_options": list(chosen)}}}
    fields = _fields(view)
    if "sentiment" in fields:
        radio = [o for o in fields["sentiment"]["options"] if o["value"] == sentiment]
        values["sentiment"] = {"sentiment": {"selected_option": radio[0] if radio else None}}
    return {
        "type": "view_submission",
        "user": {"id": f"U{who}", "username": who},
        "view": {**view, "id": f"V{number}", "hash": "h", "state": {"values": values}},
    }


def _fields(view: Mapping[str, Any]) -> dict[str, Payload]:
    return {b["block_id"]: b["element"] for b in view["blocks"] if b["type"] == "input"}
