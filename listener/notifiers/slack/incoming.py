"""Slack's incoming webhook, for who cannot have a bot: it posts, and can do nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from listener.errors import NotifyError
from listener.notifiers.base import Digest, Receipt, Sending, check_teams, refusal
from listener.notifiers.slack.digests import drawn
from listener.texts.slack import Message, card, reply

if TYPE_CHECKING:
    from slack_sdk.webhook import WebhookResponse

_ADVICE: Final[Mapping[int, str]] = {
    403: "the workspace forbids it; ask its owner",
    404: "the webhook or its channel is gone; make a new one, and put it into `url`",
    410: "unarchive the channel, or make a webhook of another one",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackWebhook:
    """Posts at least once: Slack tells neither where a message landed nor whether it did, so it is
    neither looked up, nor edited, nor answered in a thread. Its news stand below each other.

    The channel is the webhook's own. Retries are the outbox's, not the SDK's.
    """

    url: str = field(repr=False, metadata={"secret": True})
    by_team: Mapping[str, str] = field(
        default_factory=dict, repr=False, metadata={"secret": True, "written": "teams"}
    )
    digests: bool = False
    timeout_seconds: float = field(default=10.0, metadata={"between": (1, 10)})
    name: str = field(default="slack_webhook", metadata={"handed": True})
    known_teams: tuple[str, ...] = field(default=(), metadata={"handed": True})
    pages: str = field(default="", metadata={"handed": True})  # where readers find them

    def __post_init__(self) -> None:
        from listener.http import HttpError, check_base_url  # noqa: PLC0415  # brings socket

        check_teams(self.by_team, self.known_teams)
        try:
            for key, url in [("url", self.url), *(("teams", url) for url in self.by_team.values())]:
                if url:  # without secrets all are empty
                    check_base_url(url, key)
        except HttpError as error:
            raise ValueError(str(error)) from None

    @property
    def hears_alerts(self) -> bool:
        return True

    @property
    def hears_digests(self) -> bool:
        return self.digests

    @property
    def edits(self) -> bool:
        return False

    @property
    def calls(self) -> bool:
        return True

    @property
    def at_least_seconds_apart(self) -> float:
        return 1.0  # Slack's own figure for a webhook

    @property
    def limits(self) -> str:
        return (
            "a webhook edits nothing, has no threads and no buttons, and may tell twice after a"
            " crash; [notify.slack] with a bot token tells once"
        )

    def send_incident(self, sending: Sending) -> Receipt:
        """Post the incident as it stands, or only what is new where it was told before."""
        if not sending.news:
            return sending.root or Receipt(place=self.name, ref=sending.notice.id)
        notice, *also = sending.news
        draw = card if sending.root is None else reply
        return self._post(notice.id, draw(notice, also), notice.team)

    def send_digest(self, digest: Digest) -> Receipt:
        return self._post(digest.id, drawn(digest, self.pages), None)

    def check(self) -> str:
        """Nobody is asked: Slack answers messages only, and what is wrong would be one too."""
        return f"posts by a webhook; `listener send-test {self.name}` tries it"

    def _post(self, name: str, message: Message, team: str | None) -> Receipt:
        from listener.notifiers.slack.calls import send_to  # noqa: PLC0415  # brings the SDK

        body = {
            "text": message.text,
            "blocks": message.blocks,
            "link_names": False,
            "parse": "none",
            "mrkdwn": False,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        url = self.by_team.get(team or "", self.url)
        answer = send_to(url, body, self.timeout_seconds, self.name)
        if isinstance(answer, NotifyError):
            raise answer
        if not 200 <= answer.status_code < 300:
            raise self._refused(answer)
        return Receipt(place=self.name, ref=name)

    def _refused(self, answer: "WebhookResponse") -> NotifyError:
        """What Slack's no means: its word for it, and what can be done."""
        from listener.notifiers.slack.calls import CODE, header, seconds  # noqa: PLC0415

        said = answer.body.strip()
        code = f"{said}, " if CODE.fullmatch(said) else ""
        words = f"[notify.{self.name}] Slack would not post: {code}HTTP {answer.status_code}"
        advice = _ADVICE.get(answer.status_code)
        return refusal(
            f"{words}; {advice}" if advice else words,
            answer.status_code,
            seconds(header(answer, "retry-after")),
        )
