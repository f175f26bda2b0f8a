"""Slack's buttons, windows, command and home tab: a door like the shell and the browser."""

from listener.chat.door import Door, doors
from listener.chat.signed import Asked, receive

__all__ = ["Asked", "Door", "doors", "receive"]
