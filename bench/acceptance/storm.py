"""A storm, and a series that flickers: what people are told of either. About thirteen minutes.

    python -m bench.acceptance.storm [--only storm|flicker] [--keep DIR]

The storm: 10,000 negative mentions of one brand in a minute, a fifth of them copies, through the
real daemon with the model that ships, and in its midst another brand's own spike, which is told
alone before, for comparison. The flicker: for two hours the negatives come and go around what an
alert takes, through the real stages in a time of its own.
"""

import argparse
import json
import random
import sys
import tempfile
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.acceptance import _flicker
from bench.acceptance._texts import NEGATIVE, NEUTRAL, POSITIVE, WORDS, Writer, a_mention
from bench.acceptance.simulated_day import resident_kb
from bench.acceptance.verdicts import Verdicts
from listener.clock import WallClock, monotonic
from tests.daemon.processes import Daemon, ask, listener, pause, server, wait_for

SEED = 61
STORM, COPIED, EACH = 10_000, 40, 50  # mentions; texts that are copied, and how often
SECONDS = 60
BURST = 25  # negatives of the other brand
MOST_MESSAGES = 3
LATER = 120.0  # seconds, by which the storm may delay the other brand
SETTLED = 620.0  # seconds after the last one, by which a lasting message shows all
PLAIN = [text for text in NEGATIVE if "burned" not in text]  # no harm to people: that is told alone
CONFIG = """
[listener]
database = "listener.db"

[[subjects]]
name = "Acme"
query = "acme"

[[subjects]]
name = "Borealis"
query = "borealis"

[collectors.drop]
type = "folder"
path = "drop"
every = "1s"

[notify.slack]
token = "env:SLACK_BOT_TOKEN"
channel = "#cx-alerts"
base_url = "{url}"
"""


@dataclass
class Run:
    """One life of the daemon over three quiet weeks of both brands."""

    folder: Path
    url: str
    memory: list[tuple[int, int]] = field(default_factory=list)  # kB of the daemon, of its model

    def __post_init__(self) -> None:
        self.now = WallClock().now
        self.config, self.database = self.folder / "config.toml", self.folder / "listener.db"
        self.book = self.folder / "slack.jsonl"
        self.config.write_text(CONFIG.format(url=self.url), encoding="utf-8")
        self.writer = Writer(self.folder / "drop", self.folder / "fed.jsonl", SEED)
        self.daemon = Daemon(
            self.config, self.folder / "daemon.log", variables={"SLACK_BOT_TOKEN": "xoxb-storm"}
        )
        self.over = threading.Event()
        self._import_history()

    def _import_history(self) -> None:
        dice, now, lines = random.Random(SEED), self.now(), []
        for brand in ("Acme", "Borealis"):
            for day in range(20, -1, -1):
                for _ in range(dice.randrange(6, 12)):
                    ago = timedelta(days=day, hours=dice.uniform(1.5, 24))
                    mood = dice.choices((NEUTRAL, POSITIVE, NEGATIVE), (6, 4, 1 if day else 0))[0]
                    words = f"{dice.choice(mood)} {' '.join(dice.sample(WORDS, 6))}"
                    lines.append(
                        a_mention(f"h{len(lines)}", brand, words, now - ago, f"old{len(lines)}")
                    )
        file = self.folder / "history.jsonl"
        file.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
        done = listener(self.config, "import", str(file), "--source", "history", seconds=120)
        assert done.returncode == 0, done.stderr

    def watch_memory(self) -> None:
        while not self.over.wait(0.5):
            pid = self.daemon.process.pid
            model = sum(map(resident_kb, self.daemon.children()))
            self.memory.append((resident_kb(pid), model))

    def one(self, sql: str, *values: object) -> Any:
        return ask(self.database, sql, *values)[0][0]

    def posts(self) -> list[dict[str, Any]]:
        """What Slack holds of each subject: root or reply, in order, with its last edit."""
        lines = self.book.read_text(encoding="utf-8").splitlines() if self.book.exists() else []
        found: dict[str, dict[str, Any]] = {}
        for line in map(json.loads, lines):
            if line["did"] == "post":
                found[line["ts"]] = {**line, "edits": 0, "last": line["body"]}
            else:
                found[line["ts"]]["edits"] += 1
                found[line["ts"]]["last"] = line["body"]
        return list(found.values())

    def told_of(self, brand: str) -> list[dict[str, Any]]:
        return [post for post in self.posts() if brand in post["body"]["text"]]


def storm_texts() -> list[str]:
    """So many texts: all different but for a few that are copied word by word."""
    dice = random.Random(SEED)
    different = [
        f"{PLAIN[n % len(PLAIN)]}. {' '.join(dice.sample(WORDS, 9))}"
        for n in range(STORM - COPIED * EACH)
    ]
    copies = [different[n] for n in range(COPIED) for _ in range(EACH)]
    dice.shuffle(copies)
    texts = different[:COPIED]  # so that each first is there before its copies
    rest = [*different[COPIED:], *copies]
    dice.shuffle(rest)
    return texts + rest


def other_spike(run: Run) -> datetime:
    now, dice = run.now(), random.Random(SEED + 1)
    mentions = [
        a_mention(
            f"b{n}",
            "Borealis",
            f"{PLAIN[n]}. {' '.join(dice.sample(WORDS, 9))}",
            now - timedelta(seconds=10 * n),
            f"dora{n}",
        )
        for n in range(BURST)
    ]
    run.writer.write("other.jsonl", mentions)
    return now


def other_told(run: Run, dropped: datetime, seconds: float) -> float:
    """Seconds from the file to Slack."""
    [post, *_] = wait_for("the other brand's alert", lambda: run.told_of("Borealis"), seconds, 0.2)
    return float(post["ts"]) - dropped.timestamp()


def calm(folder: Path) -> float:
    """The other brand's spike alone."""
    with server("tests.servers.slack", "--ledger", str(folder / "slack.jsonl")) as url:
        run = Run(folder, url)
        run.daemon.start(seconds=60)
        try:
            pause(3)
            return other_told(run, other_spike(run), 120)
        finally:
            run.daemon.stop()


def storm(folder: Path, alone: float, verdicts: Verdicts) -> None:
    with server("tests.servers.slack", "--ledger", str(folder / "slack.jsonl")) as url:
        run = Run(folder, url)
        history = run.one("SELECT count(*) FROM mention")
        run.daemon.start(seconds=60)
        watcher = threading.Thread(target=run.watch_memory)
        watcher.start()
        try:
            pause(3)
            dropped = feed(run)
            fed_at = monotonic()
            wait_for("all stored", lambda: run.one(_STORED) >= history + STORM + BURST, 300, 0.5)
            wait_for("all measured", lambda: run.one(_UNMEASURED) == 0, 600, 0.5)
            drained = monotonic() - fed_at
            delay = other_told(run, dropped, 300)
            pause(max(0.0, SETTLED - drained))
        finally:
            run.over.set()
            watcher.join()
            run.daemon.stop(seconds=30)
        judge(run, verdicts, alone=alone, delay=delay, drained=drained, history=history)


_STORED = "SELECT count(*) FROM mention"
_UNMEASURED = (
    "SELECT (SELECT max(id) FROM mention) - (SELECT upto FROM progress WHERE stage = 'measure')"
)
_COUNTED = (
    "SELECT count(*) FROM match AS x JOIN subject AS s ON s.id = x.subject_id"
    " JOIN mention AS m ON m.id = x.mention_id WHERE s.name = 'Acme' AND x.sentiment = 'negative'"
    " AND m.source_id LIKE 's%'"
)


def feed(run: Run) -> datetime:
    """The storm, a lot every half second; returns when the other brand's spike was dropped."""
    texts, began, sent, dropped = storm_texts(), monotonic(), 0, run.now()
    other = False
    while sent < STORM:
        gone = monotonic() - began
        until = min(STORM, round(STORM * gone / SECONDS))
        now = run.now()
        lot = [a_mention(f"s{n}", "Acme", texts[n], now, f"p{n}") for n in range(sent, until)]
        run.writer.write("storm.jsonl", lot)
        sent = until
        if not other and gone > SECONDS / 2:
            dropped, other = other_spike(run), True
        pause(0.5)
    return dropped


def judge(
    run: Run, verdicts: Verdicts, *, alone: float, delay: float, drained: float, history: int
) -> None:
    kept = run.one(_STORED) - history
    different = STORM - COPIED * EACH
    verdicts.claim(kept == STORM + BURST, f"{kept:,} stored of {STORM + BURST:,} fed")
    negative = run.one(_COUNTED)
    folded = negative - run.one(f"{_COUNTED} AND x.copy_of IS NULL")
    labelled = f"{negative:,} of {STORM:,} read as negative by the model"
    verdicts.claim(negative >= 0.95 * STORM, f"{labelled}, {folded:,} of them folded as copies")
    mine = run.told_of("Acme")
    for post in mine:
        reply = "  reply" if post["body"].get("thread_ts") else "message"
        print(f"      {reply}, {post['edits']} edits: {post['last']['text'][:150]}")
    verdicts.claim(0 < len(mine) <= MOST_MESSAGES, f"{len(mine)} messages of the storm")
    [(incident, evidence)] = ask(run.database, _INCIDENT)
    told, expected = json.loads(evidence), run.one(_IN_WINDOW, incident)
    right = told["negative"] == expected
    verdicts.claim(right, f"the incident counts {told['negative']:,}, and {expected:,} were said")
    of_storm = told["negative"] - run.one(_IN_WINDOW + " AND m.source_id NOT LIKE 's%'", incident)
    verdicts.claim(
        of_storm == negative - folded and abs(folded - COPIED * EACH) <= 0.02 * different,
        f"of them {of_storm:,} of the storm: {different:,} different texts, {COPIED * EACH:,}"
        " copies fed",
    )
    root = next((p for p in mine if "negative mentions" in p["last"]["text"]), mine[0])
    shown = json.dumps(root["last"], ensure_ascii=False)
    verdicts.claim(f"{told['negative']:,} negative" in shown, "Slack shows the final count")
    print(
        f"      people {told['authors']:,}, texts {told['clusters']:,}, copies {told['copies']:,}"
    )
    verdicts.claim(
        delay <= alone + LATER,
        f"the other brand: file to Slack {delay:.1f} s in the storm, {alone:.1f} s alone",
    )
    waiting = run.one("SELECT count(*) FROM outbox WHERE state <> 'sent'")
    verdicts.claim(waiting == 0, f"{waiting} notices unsent")
    states = Counter(state for (state,) in ask(run.database, "SELECT state FROM clock"))
    print(f"      response clocks: {dict(states)}")
    faults = run.daemon.text().count('"fault"')
    verdicts.claim(faults == 0, f"{faults} faults in the log")
    most = [max(kb) / 1024 for kb in zip(*run.memory, strict=True)]
    print(
        f"      drained {drained:.0f} s after the last one; at most {most[0]:.0f} MB of the daemon,"
        f" {most[1]:.0f} MB of its model"
    )


_INCIDENT = (
    "SELECT i.id, i.evidence FROM incident AS i JOIN subject AS s ON s.id = i.subject_id"
    " WHERE i.rule = 'spike' AND s.name = 'Acme'"
)
# Negatives, copies folded, in the window that the incident names.
_IN_WINDOW = """
SELECT count(*) FROM match AS x JOIN mention AS m ON m.id = x.mention_id
  JOIN incident AS i ON i.subject_id = x.subject_id
WHERE i.id = ? AND x.sentiment = 'negative' AND x.copy_of IS NULL AND x.counts
  AND julianday(m.said_at) >= julianday(i.evidence ->> 'at')
    - (i.evidence ->> 'window_minutes') / 1440.0
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["storm", "flicker"])
    parser.add_argument("--keep", type=Path, help="an empty folder to work in, and leave")
    given = parser.parse_args()
    verdicts = Verdicts()
    if given.only != "storm":
        _flicker.run(verdicts)
    if given.only != "flicker":
        with tempfile.TemporaryDirectory() as temporary:
            folder = given.keep or Path(temporary)
            for name in ("alone", "storm"):
                (folder / name).mkdir(parents=True)
            storm(folder / "storm", calm(folder / "alone"), verdicts)
    return verdicts.status()


if __name__ == "__main__":
    sys.exit(main())
