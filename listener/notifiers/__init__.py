"""Who hears: one file for each way out."""

from typing import Final

from listener.notifiers.apprise import Apprise
from listener.notifiers.base import Notifier
from listener.notifiers.console import Console
from listener.notifiers.email import Email
from listener.notifiers.jsonl import Jsonl
from listener.notifiers.slack import Slack, SlackWebhook
from listener.notifiers.webhook import Webhook

NOTIFIERS: Final[dict[str, type[Notifier]]] = {
    "slack": Slack,
    "slack_webhook": SlackWebhook,
    "email": Email,
    "console": Console,
    "jsonl": Jsonl,
    "webhook": Webhook,
    "apprise": Apprise,
}
