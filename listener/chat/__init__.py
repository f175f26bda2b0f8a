"""Slack's buttons, windows, command and home tab: a door like the shell and the browser."""

from listener.chat.door import Door, doors

__all__ = ["Door", "doors"]
