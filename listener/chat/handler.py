"""What Slack hands over, and what it is answered: presses, windows, commands, the home tab."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from listener import pressing, views
from listener.app import App
from listener.chat import commands
from listener.chat.acts import press_incident, save
from listener.chat.payload import (
    Button,
    Payload,
    Saved,
    UnreadableError,
    button,
    command,
    opened_home,
    saved,
)
from listener.domain.press import OF_INCIDENT, Press
from listener.errors import ListenerError, NotifyError
from listener.notifiers.slack.calls import Act, Calls, RefusedError
from listener.texts.escape import in_slack, mrkdwn
from listener.texts.slack_home import MOST_WAITING, home
from listener.texts.slack_parts import section
from listener.texts.slack_windows import WHICH, window

Answer = dict[str, Any]
LOG: Final = logging.getLogger(__name__)
_LONGEST_LINE: Final = 300
_OPEN_ALREADY: Final = "exchanged_trigger_id"  # the press was handed over again
_NOT_OPENED: Final = {
    "expired_trigger_id": "Slack opens a window within three seconds of a press only, and this"
    " took longer. Press again.",
    "": "Slack did not open the window, and nothing was done. Press again.",
}


@dataclass(frozen=True, slots=True)
class Handler:
    """Handles one request of Slack's. It raises nothing but what is a fault of ours.

    app: as it is wired now; calls: the Web API, with the bot's token.
    """

    app: Callable[[], App]
    calls: Callable[[], Calls]

    def handle(self, kind: str, payload: Payload) -> Answer | None:
        """Do what was asked; returns what goes back with the receipt, or None."""
        try:
            return self._handled(kind, payload)
        except UnreadableError as error:
            LOG.warning("Slack sent what is not ours: %s", error)
        except NotifyError as error:
            LOG.warning("Slack would not show an answer: %s", error)
        return None

    def _handled(self, kind: str, payload: Payload) -> Answer | None:
        app = self.app()
        now = app.clock.now()
        if kind == "slash_commands":
            blocks = commands.run(app, command(payload), now)
            return {"response_type": "ephemeral", "blocks": blocks}
        if kind == "events_api":
            self._home(app, opened_home(payload), now)
            return None
        if kind != "interactive":
            return None
        if payload.get("type") == "view_submission":
            return _saved(app, saved(payload), now)
        if payload.get("type") == "block_actions" and (one := button(payload)) is not None:
            self._pressed(app, one, now)
        return None

    def _pressed(self, app: App, one: Button, now: datetime) -> None:
        try:
            if one.act in OF_INCIDENT:
                act = partial(press_incident, app, one, now)
                if words := pressing.only_once(app.store, one.key, now, act):
                    self._say(one, words)
            else:
                self._about_mentions(app, one, now)
        except ListenerError as error:
            if isinstance(error, NotifyError):
                raise
            self._say(one, str(error))

    def _about_mentions(self, app: App, one: Button, now: datetime) -> None:
        """Where only one can be meant, and nothing more has to be said, it is done at once."""
        seen = pressing.newest_act(app.store)
        found = pressing.choices(app.store, one.incident, mask=app.config.manners.mask)
        if len(found) == 1 and one.act is not Press.WRONG:
            meant = Saved(
                act=one.act,
                incident=one.incident,
                seen=one.seen,
                names=(found[0].name,),
                sentiment="",
                who=one.who,
                user=one.user,
                channel=one.channel,
                key=one.key,
            )
            pressing.only_once(app.store, one.key, now, lambda: save(app, meant, now))
            return
        view = window(one.act, one.incident, found, seen=seen, channel=one.channel)
        calls = self.calls()
        try:
            calls.call(calls.client.views_open, Act.UPDATE, trigger_id=one.trigger, view=view)
        except NotifyError as error:
            code = error.code if isinstance(error, RefusedError) else ""
            if code == _OPEN_ALREADY:
                return
            LOG.warning("a window did not open: %s", error)
            self._say(one, _NOT_OPENED.get(code, _NOT_OPENED[""]))

    def tell_late(self, payload: Payload, answer: Answer) -> None:
        """Say what was wrong with a window that has closed, to the one who saved it."""
        words = "; ".join(str(one) for one in answer.get("errors", {}).values())
        try:
            one = saved(payload)
            if words and one.channel:
                self._say(one, f"Your window was not saved. {words}")
        except (UnreadableError, NotifyError) as error:
            LOG.warning("what was wrong with a window is not shown: %s", error)

    def _say(self, one: Button | Saved, words: str) -> None:
        """To the one who pressed or saved, and to nobody else."""
        calls = self.calls()
        calls.call(
            calls.client.chat_postEphemeral,
            Act.UPDATE,
            channel=one.channel,
            user=one.user,
            text=mrkdwn(in_slack(words, _LONGEST_LINE)),
            blocks=[section(words, _LONGEST_LINE)],
        )

    def _home(self, app: App, user: str | None, now: datetime) -> None:
        if user is None:
            return
        mask = app.config.manners.mask
        rows = views.waiting(app.store, limit=MOST_WAITING, now=now, pack=app.pack, mask=mask)
        of = sum(pressing.open_clocks(app.store, now).values())
        view = home(rows, of, pressing.open_incidents(app.store), now)
        calls = self.calls()
        calls.call(calls.client.views_publish, Act.UPDATE, user_id=user, view=view)


def _saved(app: App, one: Saved, now: datetime) -> Answer | None:
    """None closes the window; what is wrong is shown in it."""
    try:
        pressing.only_once(app.store, one.key, now, lambda: save(app, one, now))
    except ListenerError as error:
        return {"response_action": "errors", "errors": {WHICH: in_slack(str(error), _LONGEST_LINE)}}
    return None
