"""What is sent to Slack, and in which order, so that nothing is lost and nothing told twice."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from listener.domain.chart import Chart
from listener.domain.incident import Notice
from listener.errors import NotifyError
from listener.notifiers.base import ChartRefusedError, Digest, Receipt, Sending
from listener.notifiers.slack.digests import drawn
from listener.texts.slack import Message, card, for_all, metadata, reply

if TYPE_CHECKING:
    from listener.notifiers.slack.calls import Calls
    from listener.notifiers.slack.search import Search

SHORTEST_SECRET = 16  # Slack's have 32
_NOT_EDITABLE = frozenset({"cant_update_message", "edit_window_closed"})
_DELETED = "message_not_found"
_BAD_BLOCKS = "invalid_blocks"  # also of a picture that is not ready yet, or was deleted


@dataclass(frozen=True, slots=True, kw_only=True)
class Slack:
    """Posts with our own ids in the message's metadata, and finds them again after a crash.

    The incident's message is updated before its news is posted in the thread: an update may be
    repeated, a post may not. After an unclear end the ids are looked up before anything is sent.
    The app needs chat:write, and for the look-up channels:read and channels:history (groups:read
    and groups:history for private channels). With an app-level token (connections:write) or the
    app's signing secret there are buttons, which `listener.chat` hears of; with files:write there
    are charts.
    """

    token: str = field(repr=False)
    channel: str
    app_token: str = field(default="", repr=False)  # xapp-...: buttons by Socket Mode
    signing_secret: str = field(default="", repr=False)  # buttons by requests to a public address
    base_url: str = "https://slack.com/api/"
    charts: bool = True
    timeout_seconds: float = field(default=10.0, metadata={"between": (1, 10)})
    look_up_after_unclear_end: bool = True  # False doubles: only for the harness that must see it
    name: str = field(default="slack", metadata={"handed": True})
    teams: Mapping[str, str] = field(default_factory=dict, metadata={"handed": True})
    pages: str = field(default="", metadata={"handed": True})  # where readers find them
    now: Callable[[], datetime] | None = field(default=None, metadata={"handed": True})

    def __post_init__(self) -> None:
        address = urlsplit(self.base_url)
        here = address.scheme == "http" and address.hostname in {"localhost", "127.0.0.1", "::1"}
        if address.scheme != "https" and not here:
            raise ValueError("base_url must begin with https:// (http:// only to this machine)")
        if self.app_token and not self.app_token.startswith("xapp-"):
            raise ValueError("app_token must be an app-level token (xapp-...)")
        if self.signing_secret and len(self.signing_secret) < SHORTEST_SECRET:
            raise ValueError(f"signing_secret must have {SHORTEST_SECRET} characters or more")

    @property
    def hears_alerts(self) -> bool:
        return True

    @property
    def edits(self) -> bool:
        return True

    @property
    def calls(self) -> bool:
        return True

    @property
    def at_least_seconds_apart(self) -> float:
        return 1.0  # Slack's own figure for a channel

    def send_incident(self, sending: Sending) -> Receipt:
        """Post the incident's message, or bring it up to date and reply in its thread.

        What is only an update has no reply; where there is no message yet, it is posted. After an
        unclear end only what is not found is sent, so that it does no harm if the notices are
        folded into one message differently at the next attempt.
        """
        calls, search = self._connect()
        notice, root = sending.notice, sending.root
        place = root.place if root else self.teams.get(notice.team or "", self.channel)
        news = sending.news if root else (notice, *sending.also)
        found: dict[str, Receipt] = {}
        if news and sending.unclear and self.look_up_after_unclear_end:
            since = min(notice.at for notice in news)
            found = search.everywhere(place, root, {notice.id for notice in news}, since)
        missing = [notice for notice in news if notice.id not in found]
        if root is not None and (missing or not news):
            root = root if self._bring_up_to_date(calls, root, sending) else None
        if missing:
            sent = self._tell(calls, root, place, missing)
            found |= {notice.id: sent for notice in missing}
        landed = found.get(notice.id) or sending.root
        assert landed is not None  # without a root the notice itself is among the news
        return landed

    def redraw(self, at: Receipt, sending: Sending) -> None:
        """Draw a message anew: the incident's own in its present state, or a reply."""
        calls, _ = self._connect()
        if sending.root is not None and sending.root.ref != at.ref:
            self._update(calls, at, reply(sending.notice, sending.also), must=True)
            return
        message = self._card(sending.notice, sending.also, sending.chart)
        self._update(calls, at, message, must=True, with_chart=sending.chart is not None)

    def upload(self, png: bytes, title: str) -> str:
        """Give Slack a picture that is shared with nobody; a message of ours may show it."""
        from listener.notifiers.slack.calls import Act  # noqa: PLC0415

        calls, _ = self._connect()
        made = calls.call(
            calls.client.files_upload_v2, Act.UPLOAD, file=png, filename="chart.png", title=title
        )
        return str(made["files"][0]["id"])

    def send_digest(self, digest: Digest) -> Receipt:
        """Post a digest, to its recipient where that is a channel. Looked up each time."""
        from listener.notifiers.slack.search import is_channel_id  # noqa: PLC0415

        calls, search = self._connect()
        named = digest.recipient.startswith("#") or is_channel_id(digest.recipient)
        place = digest.recipient if named else self.channel
        if self.look_up_after_unclear_end:
            earlier = search.in_channel(place, {digest.id}, digest.made_at)
            if digest.id in earlier:
                return earlier[digest.id]
        return self._post(calls, place, drawn(digest, self.pages), metadata([digest.id]))

    def check(self) -> str:
        """Try the token, the channels, and whether the look-up may read them. Sends nothing."""
        from listener.notifiers.slack.calls import Act  # noqa: PLC0415

        calls, search = self._connect()
        who = calls.call(calls.client.auth_test, Act.CHECK)
        for channel in dict.fromkeys([self.channel, *self.teams.values()]):
            place = search.id_of(channel, Act.CHECK)
            if place is None:
                raise calls.refuse(
                    f"Slack has no channel {channel} that the bot may see", Act.CHECK
                )
            calls.call(calls.client.conversations_history, Act.CHECK, channel=place, limit=1)
        said = f"posts to {self.channel} of {who.get('team')} as {who.get('user')}"
        return said + (self._why_no_charts(calls) if self.charts else "")

    def _why_no_charts(self, calls: "Calls") -> str:
        """Ask where a picture could be put, and put none there."""
        from listener.notifiers.slack.calls import Act  # noqa: PLC0415

        ask = calls.client.files_getUploadURLExternal
        try:
            calls.call(ask, Act.CHECK, filename="chart.png", length=1)
        except NotifyError as error:
            return f"; without charts ({error})"
        return ""

    def _card(
        self, notice: Notice, also: Sequence[Notice] = (), chart: Chart | None = None
    ) -> Message:
        pressed = self._has_buttons
        return card(notice, also, pressed=pressed, pages=self.pages, chart=chart)

    @property
    def _has_buttons(self) -> bool:
        return bool(self.app_token or self.signing_secret)

    def _connect(self) -> "tuple[Calls, Search]":
        from listener.notifiers.slack.calls import connect  # noqa: PLC0415  # brings the SDK
        from listener.notifiers.slack.search import Search  # noqa: PLC0415

        calls = connect(self.token, self.base_url, self.timeout_seconds, self.name)
        return calls, Search(calls, self.now)

    def _tell(
        self, calls: "Calls", root: Receipt | None, place: str, notices: Sequence[Notice]
    ) -> Receipt:
        first, also = notices[0], notices[1:]
        ours = metadata([notice.id for notice in notices], first.incident)
        if root is None:
            return self._post(calls, place, self._card(first, also), ours)
        where = {"thread_ts": root.ref, "reply_broadcast": for_all(first)}
        return self._post(calls, place, reply(first, also), ours, **where)

    def _bring_up_to_date(self, calls: "Calls", root: Receipt, sending: Sending) -> bool:
        """Draw the incident's message in its present state; False if it was deleted.

        News do not wait for a chart that Slack will not show.
        """
        if sending.chart is not None:
            try:
                message = self._card(sending.notice, chart=sending.chart)
                return self._update(calls, root, message, with_chart=True)
            except ChartRefusedError:
                pass
        return self._update(calls, root, self._card(sending.notice))

    def _update(
        self,
        calls: "Calls",
        root: Receipt,
        message: Message,
        *,
        must: bool = False,
        with_chart: bool = False,
    ) -> bool:
        """Draw a message anew; False if it was deleted. Its metadata stays.

        One that cannot be edited any more stays as it is, unless it `must` be.
        """
        from listener.notifiers.slack.calls import Act, RefusedError  # noqa: PLC0415

        try:
            calls.call(
                calls.client.chat_update,
                Act.UPDATE,
                channel=root.place,
                ts=root.ref,
                text=message.text,
                blocks=message.blocks,
                link_names=False,
                parse="none",
            )
        except RefusedError as error:
            if error.code == _DELETED:
                return False
            if with_chart and error.code == _BAD_BLOCKS:
                raise ChartRefusedError(str(error)) from None
            if error.code not in _NOT_EDITABLE:
                raise
            if must:
                raise NotifyError(str(error), permanent=True) from None
        return True

    def _post(
        self, calls: "Calls", place: str, message: Message, ours: dict[str, Any], **where: Any
    ) -> Receipt:
        from listener.notifiers.slack.calls import Act  # noqa: PLC0415

        answer = calls.call(
            calls.client.chat_postMessage,
            Act.POST,
            channel=place,
            text=message.text,
            blocks=message.blocks,
            metadata=ours,
            link_names=False,
            parse="none",
            mrkdwn=False,
            unfurl_links=False,
            unfurl_media=False,
            **where,
        )
        return Receipt(place=str(answer.get("channel") or place), ref=str(answer.get("ts")))
