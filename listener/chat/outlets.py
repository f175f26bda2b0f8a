"""The Slack app behind an outlet, as it is set up at the moment."""

from listener.app import App
from listener.errors import UsageError
from listener.notifiers.slack import Slack
from listener.notifiers.slack.calls import Calls, connect


def slack_of(app: App, outlet: str) -> Slack:
    """Raises UsageError where the settings have changed, and it is none any more."""
    found = app.notifiers.get(outlet)
    if not isinstance(found, Slack):
        raise UsageError(f"[notify.{outlet}] is no Slack app any more.")
    return found


def calls_of(app: App, outlet: str) -> Calls:
    slack = slack_of(app, outlet)
    return connect(slack.token, slack.base_url, slack.timeout_seconds, outlet)
