"""Webhooks: notices posted to another program, signed after the Standard Webhooks specification."""

from listener.notifiers.webhook.notifier import Webhook

__all__ = ["Webhook"]
