"""Slack: with a bot token one message for each incident, kept up to date, news in its thread; with
an incoming webhook a message for each piece of news.
"""

from listener.notifiers.slack.incoming import SlackWebhook
from listener.notifiers.slack.notifier import Slack

__all__ = ["Slack", "SlackWebhook"]
