"""Slack: by a bot one message for each incident, kept up to date; by a webhook each news alone."""

from listener.notifiers.slack.incoming import SlackWebhook
from listener.notifiers.slack.notifier import Slack

__all__ = ["Slack", "SlackWebhook"]
