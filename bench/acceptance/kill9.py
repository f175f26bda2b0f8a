"""Kill the daemon at any moment, again and again: nothing may be lost, nothing told twice.

    python -m bench.acceptance.kill9 --kills 200 [--no-look-up] [--seed N] [--lanes N] [--state DIR]

Several daemons ("lanes"), each with its own folder, database and Slack, are killed side by side,
for after a kill inside a send a daemon waits for 12 s before it looks the message up. The books
are kept outside the daemon: what was put into the folder, and what Slack accepted. It can be
stopped and taken up again with the same --state. With --no-look-up doubles must be seen: the
harness can fail.
"""

import argparse
import json
import shutil
import signal
import statistics
import sys
import tempfile
import threading
import traceback
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.acceptance._lane import BRANDS, Lane, Tally
from listener.clock import monotonic
from tests.daemon.processes import ask

FAULTS = "refuse=.02,hangup=.03,429=.04,slow=.005"
STOPPING = threading.Event()  # Ctrl-C: each lane ends its life first, and leaves nothing running
EDIT = "incident.updated"  # brings a message up to date, and is none itself


def main() -> int:
    given = _arguments()
    state = given.state or Path(tempfile.gettempdir()) / (
        f"listener-kill9-{given.seed}{'-no-look-up' if given.no_look_up else ''}"
    )
    if given.fresh:
        shutil.rmtree(state, ignore_errors=True)
    began = monotonic()
    with ExitStack() as stack:
        lanes = [
            stack.enter_context(
                Lane(
                    state / f"lane-{n}",
                    seed=given.seed * 1000 + n,
                    look_up=not given.no_look_up,
                    faults=given.faults,
                    share=given.share,
                )
            )
            for n in range(given.lanes)
        ]
        each = -(-given.kills // given.lanes)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: STOPPING.set())
        errors = _side_by_side(lanes, each, began + given.minutes * 60)
        if STOPPING.is_set():
            print(f"stopped; go on with --state {state}")
            return 1
        drained = _drain(lanes, errors)
    rows = [_verdict(lane) for lane in lanes]
    return _print(lanes, rows, errors, drained, monotonic() - began, given)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.acceptance.kill9")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--lanes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=0.2, help="of kills that fall inside a send")
    parser.add_argument("--no-look-up", action="store_true", help="doubles must be seen")
    parser.add_argument("--faults", default=FAULTS, help="of Slack, as tests.servers.slack takes")
    parser.add_argument("--minutes", type=float, default=30, help="of killing, at most")
    parser.add_argument("--state", type=Path, help="where to keep everything, and go on from")
    parser.add_argument("--fresh", action="store_true", help="begin anew")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    return parser.parse_args()


def _side_by_side(lanes: list[Lane], kills: int, until: float) -> list[str]:
    errors: list[str] = []

    def run(lane: Lane) -> None:
        try:
            while lane.tally.kills < kills and monotonic() < until and not errors:
                if STOPPING.is_set():
                    return
                lane.step()
                if lane.tally.kills % 10 == 0:
                    t = lane.tally
                    print(
                        f"{lane.folder.name}: {t.kills} kills, {t.in_send} inside a send,"
                        f" {len(lane.slack.messages())} messages",
                        file=sys.stderr,
                    )
        except Exception:
            errors.append(f"{lane.folder.name}: {traceback.format_exc()}")

    _each(lanes, run)
    return errors


def _drain(lanes: list[Lane], errors: list[str]) -> list[float]:
    took: list[float] = []

    def run(lane: Lane) -> None:
        try:
            took.append(lane.drain(900))
        except Exception:
            errors.append(f"{lane.folder.name}: {traceback.format_exc()}")

    _each(lanes, run)
    return took


def _each(lanes: list[Lane], run: Any) -> None:
    threads = [threading.Thread(target=run, args=(lane,)) for lane in lanes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _verdict(lane: Lane) -> Counter[str]:
    """Compare the books with the database."""
    found: Counter[str] = Counter()
    fed = {one["id"]: one for one in lane.writer.written()}
    kept = ask(lane.database, "SELECT id, source_id, text FROM mention")
    ids = Counter(source_id for _, source_id, _ in kept)
    found["mentions fed"] = len(fed)
    found["mentions lost"] = len(fed.keys() - ids.keys())
    found["mentions doubled"] = sum(ids.values()) - len(ids)
    found["mentions nobody fed"] = len(ids.keys() - fed.keys())
    _labels_and_counts(lane, fed, found)
    _notices(lane, found)
    _promises(lane, fed, found)
    return found


def _labels_and_counts(lane: Lane, fed: dict[str, Any], found: Counter[str]) -> None:
    labels = ask(lane.database, "SELECT mention_id, count(*) FROM label GROUP BY mention_id")
    found["labels lost"] = len(fed) - len(labels)
    found["labels doubled"] = sum(n - 1 for _, n in labels)
    counted = dict(
        ask(
            lane.database,
            "SELECT s.name, sum(b.mentions) FROM bucket AS b JOIN subject AS s"
            " ON s.id = b.subject_id WHERE b.channel = 'all' AND b.topic = '' GROUP BY s.name",
        )
    )
    said = Counter(b for one in fed.values() for b in BRANDS if b in one["text"])
    found["counts wrong"] = sum(counted.get(b, 0) != said[b] for b in BRANDS)
    [(indexed,)] = ask(lane.database, "SELECT count(*) FROM mention_search_docsize")
    found["search index off by"] = abs(indexed - len(fed))
    [(aside,)] = ask(lane.database, "SELECT count(*) FROM quarantine")
    found["texts set aside"] = aside
    [(refused,)] = ask(lane.database, "SELECT count(*) FROM reject")
    found["lines refused"] = refused


def _notices(lane: Lane, found: Counter[str]) -> None:
    notices = ask(lane.database, "SELECT id, event FROM notice")
    told: Counter[str] = Counter()
    roots: Counter[Any] = Counter()
    for post in lane.posts():
        payload = (post["body"].get("metadata") or {}).get("event_payload") or {}
        told.update(i for i in (payload.get("notice_id"), *(payload.get("also") or ())) if i)
        if not post["body"].get("thread_ts"):
            roots[payload.get("incident", payload.get("incident_id"))] += 1
    news = [name for name, event in notices if event != EDIT]
    found["notices"] = len(news)
    found["edits"] = len(notices) - len(news)
    found["alerts lost"] = sum(told[name] == 0 for name in news)
    found["alerts doubled"] = sum(max(0, told[name] - 1) for name, _ in notices)
    found["told, but unknown to the database"] = len(told.keys() - {name for name, _ in notices})
    found["incidents with two messages"] = sum(n > 1 for n in roots.values())
    left = ask(
        lane.database,
        "SELECT n.event, o.attempts FROM outbox AS o JOIN notice AS n ON n.id = o.notice_id"
        " WHERE o.state <> 'sent'",
    )
    asked = sum(event == EDIT and not attempts for event, attempts in left)  # as it was stopped
    found["edits asked for as the daemon stopped"] = asked
    found["rows not sent"] = len(left) - asked


def _promises(lane: Lane, fed: dict[str, Any], found: Counter[str]) -> None:
    """Each promise that ran out is told once: in one overdue, and in two warnings at the most."""
    names = dict(ask(lane.database, "SELECT id, source_id FROM mention"))
    times: dict[str, Counter[str]] = {"response.overdue": Counter(), "response.due_soon": Counter()}
    for event, body in ask(lane.database, "SELECT event, body FROM notice"):
        if event in times:
            times[event].update(names[row] for row in json.loads(body)["mentions"])
    clocks = {
        names[row]: state
        for row, state in ask(lane.database, "SELECT mention_id, state FROM clock")
    }
    negative = _negative(list(fed.values()))
    found["promises"] = len(negative)
    found["promises without a clock"] = len(negative - clocks.keys())
    found["clocks nobody expects"] = len(clocks.keys() - negative)
    over, soon = times["response.overdue"], times["response.due_soon"]
    unanswered = {name for name, state in clocks.items() if state == "overdue"}
    found["clocks still open, not overdue"] = sum(
        state in ("waiting", "due_soon") for state in clocks.values()
    )
    found["overdue, never told"] = sum(over[name] == 0 for name in unanswered)
    found["overdue, told twice"] = sum(n > 1 for n in over.values())
    found["more than two warnings"] = sum(n > 2 for n in soon.values())


def _negative(fed: list[dict[str, Any]]) -> set[str]:
    """What the model, asked by ourselves, takes for negative."""
    import classifiers

    with classifiers.Supervised("default") as model:
        said = model.predict([one["text"] for one in fed])
    return {one["id"] for one, label in zip(fed, said, strict=True) if label.label == "negative"}


ABOUT = {
    "mentions fed",
    "notices",
    "edits",
    "edits asked for as the daemon stopped",
    "promises",
}  # how much there was, not what is wrong


def _print(
    lanes: list[Lane],
    rows: list[Counter[str]],
    errors: list[str],
    drained: list[float],
    seconds: float,
    given: argparse.Namespace,
) -> int:
    tallies = [lane.tally for lane in lanes]
    figures = _of_the_killing(tallies, seconds, drained)
    total: Counter[str] = Counter()
    for row in rows:
        for name in row:
            total[name] += row[name]
    figures |= dict(total)
    wide = max(len(name) for name in figures)
    for name, value in figures.items():
        print(f"{name:{wide}}  {value}")
    for t in tallies:
        for line in (*t.damaged, *t.unready):
            print(f"DAMAGE {line}")
    for error in errors:
        print(f"ERROR {error}")
    if given.json:
        given.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return _status(figures, total, errors, given)


def _of_the_killing(tallies: list[Tally], seconds: float, drained: list[float]) -> dict[str, Any]:
    kills = sum(t.kills for t in tallies)
    in_send = sum(t.in_send for t in tallies)
    ready = sorted(one for t in tallies for one in t.ready)
    at: Counter[str] = sum((t.at for t in tallies), Counter())
    return {
        "kills": kills,
        "inside a send": in_send,
        "share inside a send": round(in_send / max(kills, 1), 3),
        "Slack busy at the kill": sum(t.in_flight for t in tallies),
        "kills of the model's process": sum(t.model_kills for t in tallies),
        "least progress before a kill, rows": min(t.least_progress for t in tallies),
        "restart to ready, s: median, worst": (
            f"{statistics.median(ready):.2f}, {ready[-1]:.2f}" if ready else "-"
        ),
        "minutes: this run; all lives of all lanes": (
            f"{seconds / 60:.1f}; {sum(t.seconds for t in tallies) / 60:.1f}"
        ),
        "drained in, s": ", ".join(f"{took:.0f}" for took in drained),
        "integrity checks": sum(t.checks for t in tallies),
        "damaged": sum(len(t.damaged) for t in tallies),
        "orphans": sum(len(t.orphans) for t in tallies),
        "starts that failed": sum(len(t.unready) for t in tallies),
        **{f"killed when: {name}": n for name, n in at.most_common()},
    }


def _status(
    figures: dict[str, Any], total: Counter[str], errors: list[str], given: argparse.Namespace
) -> int:
    wrong = [name for name, n in total.items() if n and name not in ABOUT]
    wrong += [name for name in ("damaged", "orphans", "starts that failed") if figures[name]]
    if given.no_look_up:
        seen = total["alerts doubled"] > 0
        others = set(wrong) - {"alerts doubled", "incidents with two messages"}
        print(
            f"{'PASS' if seen and not others and not errors else 'FAIL'}: without the look-up"
            f" {total['alerts doubled']} were told twice; {', '.join(others) or 'nothing'} else"
        )
        return 0 if seen and not others and not errors else 1
    weak = [
        words
        for words, holds in {
            f"fewer than {given.kills} kills": figures["kills"] >= given.kills,
            "fewer than a fifth inside a send": figures["share inside a send"] >= 0.2,
            "too few alerts": total["notices"] >= figures["kills"] / 2,
        }.items()
        if not holds
    ]
    verdict = "FAIL" if wrong or errors or weak else "PASS"
    print(f"{verdict}: {', '.join(wrong + weak) or '0 lost, 0 doubled'}")
    return 0 if verdict == "PASS" else 1


if __name__ == "__main__":
    sys.exit(main())
