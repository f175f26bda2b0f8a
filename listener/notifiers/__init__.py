"""Who hears: one file for each way out."""

from typing import Final

NOTIFIERS: Final = {
    "slack": "listener.notifiers.slack:Slack",
    "slack_webhook": "listener.notifiers.slack:SlackWebhook",
    "email": "listener.notifiers.email:Email",
    "console": "listener.notifiers.console:Console",
    "jsonl": "listener.notifiers.jsonl:Jsonl",
    "webhook": "listener.notifiers.webhook:Webhook",
    "apprise": "listener.notifiers.apprise:Apprise",
}
"""The name of a way out -> its dataclass, as "module:Class", so that naming one imports none."""
