"""Finds our own messages in Slack by the ids in their metadata, after an unclear end."""

import re
from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from slack_sdk.web import SlackResponse

from listener.notifiers.base import Receipt
from listener.notifiers.slack.calls import Act, Calls, RefusedError, header
from listener.texts.slack import ids_of

# A notice is older than its message; this is for a clock that runs unevenly.
LOOK_BACK: Final = timedelta(hours=1)
_MESSAGES: Final = 200  # a page of them, as Slack recommends
_CHANNELS: Final = 1_000
_ALL_TYPES: Final = "public_channel,private_channel"
_CHANNEL_ID: Final = re.compile(r"[CDG][A-Z0-9]{6,}")


@dataclass(frozen=True, slots=True)
class Search:
    """Looks for notices. `now` is our clock, where it is known: the two clocks are compared."""

    calls: Calls
    now: Callable[[], datetime] | None

    def everywhere(
        self, place: str, root: Receipt | None, wanted: Set[str], since: datetime
    ) -> dict[str, Receipt]:
        """Which of the ids stand in the incident's thread, or else in the channel.

        Also in the channel, for the incident's message may have been deleted since, and then its
        news goes there.
        """
        found = self.in_thread(root, wanted) if root is not None else {}
        if wanted - found.keys():
            found = self.in_channel(place, wanted, since) | found
        return found

    def in_thread(self, root: Receipt, wanted: Set[str]) -> dict[str, Receipt]:
        found: dict[str, Receipt] = {}
        pages = self.calls.pages(
            self.calls.client.conversations_replies,
            Act.LOOK_UP,
            channel=root.place,
            ts=root.ref,
            limit=_MESSAGES,
            include_all_metadata=True,
        )
        try:
            for page in pages:
                found |= _ours(page, root.place, wanted)
                if found.keys() == wanted:
                    break
        except RefusedError as error:
            if error.code != "thread_not_found":
                raise
        return found

    def in_channel(self, channel: str, wanted: Set[str], since: datetime) -> dict[str, Receipt]:
        """Go back through a channel, newest first, to a little before `since`.

        Slack's `oldest` is not used: what `since` is by its clock is known with its first answer.
        """
        found: dict[str, Receipt] = {}
        place = self.id_of(channel, Act.LOOK_UP)
        if place is None:
            return found
        oldest: float | None = None
        for page in self.calls.pages(
            self.calls.client.conversations_history,
            Act.LOOK_UP,
            channel=place,
            limit=_MESSAGES,
            include_all_metadata=True,
        ):
            found |= _ours(page, place, wanted)
            if oldest is None:
                oldest = (since + self._clocks_apart(page) - LOOK_BACK).timestamp()
            if found.keys() == wanted or _all_before(page, oldest):
                break
        return found

    def id_of(self, channel: str, act: Act) -> str | None:
        """The id of a channel: reading needs it, where posting takes the name as well.

        None where there is no such channel. Raises where it may be a private one not listed to us.
        """
        if is_channel_id(channel):
            return channel
        name = channel.removeprefix("#")
        try:
            return self._listed(name, _ALL_TYPES, act)
        except RefusedError as error:
            if error.code != "missing_scope":
                raise
        public = self._listed(name, "public_channel", act)
        if public is None:
            why = f"{channel} is no public channel, and groups:read is missing to see private ones"
            raise self.calls.refuse(why, act)
        return public

    def _listed(self, name: str, types: str, act: Act) -> str | None:
        for page in self.calls.pages(
            self.calls.client.conversations_list,
            act,
            types=types,
            exclude_archived=True,
            limit=_CHANNELS,
        ):
            for known in page.get("channels") or ():
                if known.get("name") == name:
                    return str(known["id"])
        return None

    def _clocks_apart(self, answer: SlackResponse) -> timedelta:
        """How far Slack's clock is ahead of ours: a machine's clock can be a day or a year off."""
        date = header(answer, "date")
        if self.now is None or date is None:
            return timedelta(0)
        try:
            theirs = parsedate_to_datetime(date)
        except ValueError:
            return timedelta(0)
        return theirs.astimezone(UTC) - self.now()


def is_channel_id(text: str) -> bool:
    return _CHANNEL_ID.fullmatch(text) is not None


def _ours(page: SlackResponse, place: str, wanted: Set[str]) -> dict[str, Receipt]:
    return {
        name: Receipt(place=place, ref=str(message.get("ts")))
        for message in page.get("messages") or ()
        for name in ids_of(message)
        if name in wanted
    }


def _all_before(page: SlackResponse, oldest: float) -> bool:
    return all(float(message.get("ts", 0)) < oldest for message in page.get("messages") or ())
