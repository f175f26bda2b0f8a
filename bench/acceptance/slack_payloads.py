"""Shows that nothing people write breaks a message to Slack, or makes it act.

    python -m bench.acceptance.slack_payloads [--texts 2000] [--seed 8] [--posted 200]

Each text stands in every field that people outside can fill, of every kind of payload. Each is
read by Slack's own library, measured against Slack's limits, and searched for what would act. Some
are posted by the real client to the server of the tests, and must stand there as they were built.
"""

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bench.acceptance._hostile_texts import FAMILIES, texts
from bench.acceptance._slack_inert import broken, live
from bench.acceptance._slack_payloads import Payload, payloads
from bench.acceptance._slack_posted import post_some
from bench.acceptance.verdicts import Verdicts
from tests.servers import slack_limits


@dataclass
class Tally:
    """What came of one kind of payload."""

    payloads: int = 0
    longest: int = 0
    blocks: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    def note(self, sort: str, found: Sequence[str], about: str) -> None:
        self.faults[sort] += bool(found)
        if found:
            self.first.setdefault(sort, f"{about}: {found[0]}")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench.acceptance.slack_payloads")
    parser.add_argument("--texts", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--posted", type=int, default=200)
    asked = parser.parse_args(arguments)
    began = time.monotonic()
    tallies: dict[str, Tally] = defaultdict(Tally)
    words = list(texts(asked.texts, asked.seed))
    for number, (family, text) in enumerate(words):
        for payload in payloads(text, number):
            _measure(tallies[payload.kind], payload, family, text)
    _show(tallies)
    verdicts = _verdicts(tallies, len(words))
    step = max(len(words) // max(asked.posted, 1), 1)
    same, refused, posted = post_some([text for _, text in words[::step]])
    verdicts.claim(not refused, f"posted by the real client: {posted}, refused {len(refused)}")
    verdicts.claim(same == posted, f"of them stand in the channel as they were built: {same}")
    for why in refused[:5]:
        print("   ", why)
    print(f"{time.monotonic() - began:.0f} s")
    return verdicts.status()


def _measure(tally: Tally, payload: Payload, family: str, words: str) -> None:
    body = payload.body
    tally.payloads += 1
    tally.longest = max(tally.longest, *map(slack_limits.length, slack_limits.texts_of(body)))
    tally.blocks = max(tally.blocks, len(body["blocks"]))
    tally.note("refused", _refusals(payload), family)
    tally.note("live", live(body, payload.links), family)
    tally.note("broken", broken(body, words), family)


def _refusals(payload: Payload) -> list[str]:
    """By Slack's library, and by Slack's limits."""
    body = payload.body
    try:
        if payload.is_view:
            View(**body).to_dict()
        for block in body["blocks"]:
            parsed = Block.parse(block)
            if parsed is None:
                return [f"no such block: {block['type']}"]
            parsed.to_dict()
    except SlackObjectFormationError as error:
        return [f"the library: {error}"]
    refused = (slack_limits.of_view if payload.is_view else slack_limits.of_message)(body)
    return [f"{refused} {slack_limits.troubles(body['blocks'])[:1]}"] if refused else []


def _show(tallies: dict[str, Tally]) -> None:
    row = "{:32} {:>8} {:>12} {:>11} {:>8} {:>5} {:>7}"
    print(row.format("", "payloads", "longest text", "most blocks", "refused", "live", "broken"))
    for kind, one in tallies.items():
        figures: list[Any] = [one.payloads, one.longest, one.blocks]
        found = (one.faults[sort] for sort in ("refused", "live", "broken"))
        print(row.format(kind, *(f"{figure:,}" for figure in (*figures, *found))))
    for kind, one in tallies.items():
        for sort, why in one.first.items():
            print(f"  {kind}, {sort}, first of {why[:300]}")


def _verdicts(tallies: dict[str, Tally], count: int) -> Verdicts:
    verdicts = Verdicts()
    every = sum(one.payloads for one in tallies.values())
    print(f"{count:,} texts of {len(FAMILIES)} families, {every:,} payloads")
    for sort, what in (
        ("refused", "refused by the library or by Slack's limits"),
        ("live", "in which Slack would call, link or format what people wrote"),
        ("broken", "with half a sign, a control, or an order of reading that runs on"),
    ):
        found = sum(one.faults[sort] for one in tallies.values())
        verdicts.claim(found == 0, f"payloads {what}: {found}")
    return verdicts


if __name__ == "__main__":
    sys.exit(main())
