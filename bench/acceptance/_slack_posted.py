"""Messages with hostile words, sent by the product's notifier through Slack's own client."""

from collections.abc import Sequence
from dataclasses import replace

from bench.acceptance._hostile_digest import PAGES, hostile
from bench.acceptance._slack_payloads import a_promise_of, a_spike_of
from listener.errors import NotifyError
from listener.notifiers.base import Sending
from listener.notifiers.slack import Slack
from listener.notifiers.slack.digests import drawn
from listener.texts.slack import card, reply
from tests.notifiers.build import a_digest
from tests.servers.slack import SlackServer


def post_some(words: Sequence[str]) -> tuple[int, list[str], int]:
    """How many stand as they were built, why others were refused, and how many were sent."""
    refused: list[str] = []
    same = sent = 0
    with SlackServer() as server:
        slack = Slack(
            token="xoxb-1", app_token="xapp-1", channel="#cx", base_url=server.url, pages=PAGES
        )
        for number, text in enumerate(words):
            for notice in (a_spike_of(text, number), a_promise_of(text, number)):
                sending = Sending(notice=notice)
                wanted = [card(notice, pressed=True, pages=PAGES)]
                wanted += [reply(notice)] if sending.news else []  # an update alone has no reply
                sent += len(wanted)
                before = len(server.messages("#cx"))
                try:
                    root = slack.send_incident(sending)
                    slack.send_incident(replace(sending, root=root))
                except NotifyError as error:
                    refused.append(str(error))
                    continue
                stands = [one.shown["blocks"] for one in server.messages("#cx")[before:]]
                same += sum(a == b.blocks for a, b in zip(stands, wanted, strict=False))
            sent += 1
            digest = a_digest(id=f"{number:026}", recipient="#cx", data=hostile(text))
            try:
                slack.send_digest(digest)
            except NotifyError as error:
                refused.append(str(error))
                continue
            same += server.messages("#cx")[-1].shown["blocks"] == drawn(digest, PAGES).blocks
    return same, refused, sent
