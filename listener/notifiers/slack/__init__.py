"""Slack, with a bot token: one message for each incident, kept up to date, news in its thread."""

from listener.notifiers.slack.notifier import Slack

__all__ = ["Slack"]
