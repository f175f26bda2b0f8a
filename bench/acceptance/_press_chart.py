"""A spike told by a real daemon: its message comes first, and shows a chart by an edit."""

import json
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.acceptance._press_world import World
from bench.acceptance._texts import NEGATIVE, NEUTRAL, POSITIVE, a_mention
from bench.acceptance.verdicts import Verdicts
from tests.daemon.processes import TookTooLongError, listener, wait_for
from tests.servers.room import Message

BRAND = "Chartwell"
DAYS, PEAK = 21, 25
WITHIN = 90.0  # seconds: the daemon draws every half a minute, and Slack takes a moment


def history(world: World) -> None:
    """Three quiet weeks, a few mentions a day; complaints are older than a day."""
    dice, lines = random.Random(8), []
    for day in range(DAYS, -1, -1):
        for _ in range(dice.randrange(4, 9)):
            ago = timedelta(days=day, hours=dice.uniform(6, 20))
            mood = dice.choices((NEUTRAL, POSITIVE, NEGATIVE), (6, 4, 1 if day > 1 else 0))[0]
            number = len(lines)
            text = f"{dice.choice(mood)} ({number})"
            lines.append(a_mention(f"h{number}", BRAND, text, world.now() - ago, f"guest{number}"))
    file = world.folder / "history.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
    done = listener(world.config, "import", str(file), "--source", "history", seconds=300)
    assert done.returncode == 0, done.stderr


def watch(world: World, verdicts: Verdicts) -> None:
    """Let it be noticed, and look at what its message shows before and after."""
    now = world.now()
    said = [
        a_mention(f"c{n}", BRAND, NEGATIVE[n], now - timedelta(seconds=24 * n), f"dora{n}")
        for n in range(PEAK)
    ]
    world.writer.write("spike.jsonl", said)
    try:
        root = wait_for("the alert", lambda: _alert(world), 90, every=0.1)
        at_first = list(_pictures(root.body))
        wait_for("the chart", lambda: list(_pictures(root.shown)), WITHIN, every=0.1)
    except TookTooLongError as error:
        verdicts.claim(False, f"a spike is told, then shows a chart: {error}")
        return
    posted = datetime.fromtimestamp(float(root.ts), UTC)
    after = (world.now() - posted).total_seconds()
    edits = sum(not list(_pictures(one)) for one in root.edits)
    print(f"\nthe chart was shown {after:.1f} s after the alert, by edit {edits + 1}")
    verdicts.claim(not at_first, "the alert did not wait for its chart")
    [picture] = _pictures(root.shown)
    file = world.slack.files.get(picture["slack_file"]["id"])
    content = file.content or b""
    verdicts.claim(
        content.startswith(b"\x89PNG") and file.complete and file.shared_with is None,
        f"the chart is a PNG of {len(content):,} bytes, and was shared with nobody",
    )
    told = picture["alt_text"]
    most = re.search(r"The most are (\d+)", told)
    held = most is not None and PEAK // 2 <= int(most[1]) <= PEAK  # they may lie in two steps
    verdicts.claim(held, f"its description says: {told[:160]}")
    posts = [m for m in world.slack.messages() if m.thread_ts is None and m.ids == root.ids]
    verdicts.claim(len(posts) == 1, "the message was edited, not posted again")


def _alert(world: World) -> Message | None:
    found = world.ask(
        "SELECT p.ref FROM incident AS i JOIN incident_post AS p ON p.incident_id = i.id"
        " JOIN subject AS s ON s.id = i.subject_id WHERE i.rule = 'spike' AND s.name = ?",
        BRAND,
    )
    refs = {ref for (ref,) in found}
    return next((m for m in world.slack.messages() if m.ts in refs), None)


def _pictures(shown: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (block for block in shown.get("blocks", ()) if block["type"] == "image")
