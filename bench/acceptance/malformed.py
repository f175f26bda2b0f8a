"""Malformed input, each among good: nothing good is lost, nothing hangs, nobody sees a traceback.

    python -m bench.acceptance.malformed [--seed 7] [--every 4]

Through the real command line: `import`, `collect`, `replay`, `classify`, `check`. Every fourth call
is a process of its own; the others call the same entry in this one.
"""

import argparse
import io
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.acceptance.malformed_configs import GOOD as GOOD_CONFIG
from bench.acceptance.malformed_configs import configs
from bench.acceptance.malformed_feeds import all_of, good_feed
from bench.acceptance.malformed_lines import Case, Maker, csv_cases, jsonl_files, jsonl_lines
from bench.acceptance.malformed_values import REFUSED_LINES
from bench.acceptance.verdicts import Verdicts
from tests.servers.web import web_server

LONGEST = 60  # seconds that a call may take
IMPORTED = re.compile(
    r"(\d+) lines: (\d+) accepted, (\d+) updated, (\d+) unchanged, (\d+) rejected"
)
COLLECTED = re.compile(r"^(\S+): (\d+) new, (\d+) changed, (\d+) rejected", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    out: str
    errors: str
    seconds: float


class Shell:
    """Calls `listener`: each `every`th time as a process, else in this one."""

    def __init__(self, folder: Path, every: int) -> None:
        self._folder, self._every = folder, every
        self.calls = self.processes = 0
        self.slowest = (0.0, "")

    def __call__(self, *arguments: object, process: bool | None = None) -> Answer:
        self.calls += 1
        words = [str(one) for one in arguments]
        apart = self.calls % self._every == 0 if process is None else process
        answer = self._process(words) if apart else self._here(words)
        self.slowest = max(self.slowest, (answer.seconds, " ".join(words)[-80:]))
        return answer

    def _process(self, words: list[str]) -> Answer:
        self.processes += 1
        began = time.monotonic()
        try:
            done = subprocess.run(
                [sys.executable, "-m", "listener", *words],
                cwd=self._folder, capture_output=True, timeout=LONGEST, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return Answer(-1, "", f"hangs for {LONGEST} s", LONGEST)
        out, errors = (part.decode("utf-8", "replace") for part in (done.stdout, done.stderr))
        return Answer(done.returncode, out, errors, time.monotonic() - began)

    def _here(self, words: list[str]) -> Answer:
        from listener.cli import main

        out, errors = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
        kept = sys.argv, sys.stdout, sys.stderr
        sys.argv, sys.stdout, sys.stderr = ["listener", *words], out, errors
        began, status = time.monotonic(), -1
        signal.alarm(LONGEST)
        try:
            main()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        except TimeoutError:
            errors.write(f"hangs for {LONGEST} s")
        finally:
            signal.alarm(0)
            sys.argv, sys.stdout, sys.stderr = kept
        out.flush()
        errors.flush()
        texts = [one.buffer.getvalue().decode("utf-8", "replace") for one in (out, errors)]
        return Answer(status, *texts, time.monotonic() - began)


def _too_long(number: int, frame: object) -> None:
    raise TimeoutError


@dataclass(slots=True)
class Judge:
    """Gathers what went wrong, case by case."""

    wrong: list[str] = field(default_factory=list)

    def see(self, held: bool, what: str) -> None:
        if not held:
            self.wrong.append(what[:600])

    def calm(self, name: str, answer: Answer, *allowed: int) -> None:
        """The status is one of those, and nobody was shown our inside."""
        said = answer.errors.strip()[-300:]
        self.see(answer.status in allowed, f"{name}: status {answer.status}: {said}")
        shown = "Traceback" in answer.errors or "a fault of ours" in answer.errors
        self.see(not shown, f"{name}: {said}")


def stored(database: Path, source: str | None = None) -> dict[str, str]:
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        where = " WHERE source = ?" if source else ""
        rows = db.execute(f"SELECT source_id, text FROM mention{where}", (source,) * bool(source))
        return dict(rows.fetchall())
    finally:
        db.close()


def lost(good: Mapping[str, str], found: Mapping[str, str]) -> list[str]:
    return [i for i, text in good.items() if found.get(i) != text]


def imports(cases: list[Case], folder: Path, shell: Shell, judge: Judge) -> Counter[str]:
    """`listener import` of every file. Returns what was counted, over all of them."""
    totals: Counter[str] = Counter()
    for case in cases:
        path = folder / "drop" / f"{case.name}{case.ending}"
        path.write_bytes(case.data)
        answer = shell("--config", folder / "config.toml", "import", path, "--source", case.name)
        counted = IMPORTED.search(answer.out)
        judge.calm(case.name, answer, 0, 3)
        judge.see(counted is not None, f"{case.name}: says no counts: {answer.out[:200]!r}")
        if counted is None:
            continue
        read, accepted, updated, unchanged, rejected = map(int, counted.groups())
        totals += Counter(read=read, accepted=accepted, updated=updated, unchanged=unchanged,
                          rejected=rejected)  # fmt: skip
        rows = stored(folder / "config.db", case.name)
        beside = path.with_name(path.name + ".rejects.jsonl")
        kept = [json.loads(line) for line in beside.open()] if beside.exists() else []
        missing = lost(case.good, rows)
        judge.see(not missing, f"{case.name}: good rows are lost: {missing[:3]}")
        judge.see(accepted + updated + unchanged + rejected == read, f"{case.name}: {answer.out}")
        judge.see(case.read in (None, read), f"{case.name}: {read} lines read, not {case.read}")
        judge.see(case.rejected in (None, rejected),
                  f"{case.name}: {rejected} rejected, not {case.rejected}: {kept[:1]}")  # fmt: skip
        judge.see(len(rows) == accepted, f"{case.name}: {accepted} accepted, {len(rows)} stored")
        judge.see(len(kept) == rejected, f"{case.name}: {rejected} rejected, {len(kept)} in file")
        judge.see(answer.status == (3 if rejected else 0), f"{case.name}: status {answer.status}")
        judge.see(all(one["reason"] and one["line"] for one in kept), f"{case.name}: no reason")
    return totals


def folder_source(
    cases: list[Case], totals: Counter[str], folder: Path, shell: Shell, judge: Judge
) -> None:
    """The same files, dropped into a folder that is collected."""
    for path in (folder / "drop").iterdir():
        os.utime(path, (time.time() - 600,) * 2)
        if path.name.endswith(".rejects.jsonl"):
            path.unlink()
    database = folder / "folder.db"
    answer = shell("--config", folder / "config.toml", "--db", database, "collect", process=True)
    judge.calm("collect a folder", answer, 0, 3)
    counted = COLLECTED.search(answer.out)
    judge.see(counted is not None, f"collect says no counts: {answer.out!r}")
    if counted is None:
        return
    found = stored(database)
    for case in cases:
        missing = lost(case.good, found)
        judge.see(not missing, f"collect {case.name}: good rows are lost: {missing[:3]}")
    new, changed, rejected = (int(counted[n]) for n in (2, 3, 4))
    judge.see(rejected == totals["rejected"],
              f"collect: {rejected} rejected, import {totals['rejected']}")  # fmt: skip
    read = new + changed + rejected
    doubles = totals["read"] - read  # made ids are the same in several files
    judge.see(0 <= doubles <= 20, f"collect: {read} of {totals['read']} lines are accounted for")
    print(f"      collect: {answer.out.strip()}")


def replays(cases: list[Case], folder: Path, shell: Shell, judge: Judge) -> None:
    """All files in one replay, then some of them alone."""
    files = {case.name: folder / "drop" / f"{case.name}{case.ending}" for case in cases}
    whole, out = [case for case in cases if case.good], folder / "replayed"
    answer = shell("--config", folder / "config.toml", "replay", *(files[c.name] for c in whole),
                   "--labels", "given", "--out", out, process=True)  # fmt: skip
    judge.calm("replay of all", answer, 0, 3)
    found = stored(out / "listener.db") if (out / "listener.db").exists() else {}
    for case in whole:
        missing = lost(case.good, found)
        judge.see(not missing, f"replay {case.name}: good rows are lost: {missing[:3]}")
    for number, case in enumerate(cases[::12]):
        out = folder / f"replay-{number}"
        answer = shell("--config", folder / "config.toml", "replay", files[case.name],
                       "--labels", "given", "--out", out)  # fmt: skip
        judge.calm(f"replay {case.name}", answer, 0, 3, *([] if case.good else [2]))
        if case.good:
            missing = lost(case.good, stored(out / "listener.db"))
            judge.see(not missing, f"replay {case.name}: good rows are lost: {missing[:3]}")


def classified(cases: list[Case], folder: Path, shell: Shell, judge: Judge) -> None:
    """All malformed lines in one file, in order; then whole files of every sort."""
    lines = [line for bad in REFUSED_LINES for line in (b'{"text": "Acme is late"}', bad)]
    path = folder / "classify.txt"
    path.write_bytes(b"\n".join(lines) + b"\n")
    answer = shell("classify", path, "--model", "fast", process=True)
    judge.calm("classify", answer, 3)
    rows = [json.loads(line) for line in answer.out.splitlines()]
    judge.see(len(rows) == len(lines), f"classify: {len(rows)} answers to {len(lines)} lines")
    good = [row for row in rows[::2] if row.get("sentiment")]
    judge.see(len(good) == len(REFUSED_LINES), f"classify: {len(good)} good lines are labelled")
    whole = [case for case in cases if "line" not in case.name or case.ending.endswith("gz")]
    for case in [c for c in whole if not c.name[:3].isdigit()] + whole[::9]:
        file = folder / "drop" / f"{case.name}{case.ending}"
        answer = shell("classify", file, "--model", "fast")
        judge.calm(f"classify {case.name}", answer, 0, 2, 3)
    for file in (folder / "no-such-file", folder):
        judge.calm("classify what is no file", shell("classify", file, "--model", "fast"), 2)


def feeds(folder: Path, shell: Shell, judge: Judge) -> int:
    """One source for each malformed feed, a good one beside it; all in one `collect`."""
    wanted: dict[str, dict[str, str]] = {}
    tables = []
    with web_server() as server:
        for number, (name, step) in enumerate(all_of(server)):
            good, texts = good_feed(name)
            urls = [server.play(good, path=f"/good/{name}"), server.play(step, path=f"/bad/{name}")]
            wanted[name] = texts
            tables.append(f"[collectors.{name}]\ntype = 'feed'\nallow_private = true\n"
                          f"urls = {json.dumps(urls[:: 1 if number % 2 else -1])}\n")  # fmt: skip
        closed = json.dumps([server.play(good_feed("private")[0], path="/good/private")])
        config = folder / "feeds.toml"
        head = '[[subjects]]\nname = "Acme"\nquery = "acme"\n[listener]\ndatabase = "feeds.db"\n'
        config.write_text(head + "".join(tables))
        answer = shell("--config", config, "collect", process=True)
        again = shell("--config", config, "collect", process=True)
        config.write_text(f"{head}[collectors.private]\ntype = 'feed'\nurls = {closed}\n")
        refused = shell("--config", config, "collect", process=True)
    judge.calm("collect feeds", answer, 0)
    judge.calm("collect feeds again", again, 0)
    judge.calm("collect from a private address", refused, 2)
    judge.see("allow_private" in refused.errors, "a private address is refused, but not said how")
    told = {found[1] for found in COLLECTED.finditer(answer.out)}
    for name, texts in wanted.items():
        found = stored(folder / "feeds.db", name)
        missing = lost(texts, found)
        judge.see(not missing, f"feed {name}: good entries are lost: {missing[:3]}")
        judge.see(name in told, f"feed {name}: its source failed")
        secret = [i for i, text in found.items() if "root:" in text]
        judge.see(not secret, f"feed {name}: it could read a file of ours")
    print(f"      collect feeds: {len(wanted)} sources in {answer.seconds:.1f} s,"
          f" again in {again.seconds:.1f} s")  # fmt: skip
    return len(wanted) + 1


def settings(folder: Path, shell: Shell, judge: Judge) -> int:
    """`check` of every config."""
    (folder / "checked").mkdir()
    (folder / "checked" / "drop").mkdir()
    path = folder / "checked" / "config.toml"
    made = configs()
    for number, (data, named) in enumerate(made):
        path.write_bytes(data)
        answer = shell("--config", path, "check")
        name = f"config {number} ({named})"
        judge.calm(name, answer, 2 if named else 0)
        judge.see("hunter2" not in answer.out + answer.errors, f"{name}: it shows a secret")
        if named:
            judge.see(named in answer.errors, f"{name} is not named: {answer.errors[:300]}")
            ours = all(line.startswith("listener: ") for line in answer.errors.splitlines())
            judge.see(ours and bool(answer.errors), f"{name}: {answer.errors[:300]}")
            judge.see(len(answer.errors) < 2000, f"{name}: {len(answer.errors)} characters long")
    path.write_text(GOOD_CONFIG)
    judge.calm("the good config", shell("--config", path, "check", process=True), 0)
    return len(made)


@contextmanager
def judged(verdicts: Verdicts, what: str) -> Iterator[Judge]:
    judge = Judge()
    began = time.monotonic()
    yield judge
    for wrong in judge.wrong:
        print(f"      {wrong}")
    seconds = time.monotonic() - began
    verdicts.claim(not judge.wrong, f"{what}: {len(judge.wrong)} things wrong ({seconds:.0f} s)")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--every", type=int, default=4, help="which calls are processes")
    parser.add_argument("--lines", type=int, default=999, help="JSONL lines at most")
    options = parser.parse_args()
    signal.signal(signal.SIGALRM, _too_long)
    maker, verdicts = Maker(options.seed), Verdicts()
    lines = [*jsonl_lines(maker, options.lines), *jsonl_files(maker)]
    tables = list(csv_cases(maker))
    cases = [*lines, *tables]
    with TemporaryDirectory() as at:
        folder = Path(at)
        (folder / "drop").mkdir()
        (folder / "config.toml").write_text(GOOD_CONFIG)
        shell = Shell(folder, options.every)
        totals: Counter[str] = Counter()
        with judged(verdicts, f"import, {len(lines)} JSONL and {len(tables)} CSV") as judge:
            totals = imports(cases, folder, shell, judge)
            print("      import: " + ", ".join(f"{n} {name}" for name, n in totals.items()))
        with judged(verdicts, "the same files, dropped into a folder") as judge:
            folder_source(cases, totals, folder, shell, judge)
        with judged(verdicts, "the same files, replayed") as judge:
            replays(cases, folder, shell, judge)
        with judged(verdicts, f"classify, {len(REFUSED_LINES)} lines and files") as judge:
            classified(cases, folder, shell, judge)
        with judged(verdicts, "feeds") as judge:
            fed = feeds(folder, shell, judge)
        with judged(verdicts, "configs") as judge:
            checked = settings(folder, shell, judge)
        seconds, slowest = shell.slowest
        parts = f"{len(lines)} JSONL, {len(tables)} CSV, {fed} feeds, {checked} configs"
        print(f"{len(cases) + fed + checked} malformed inputs ({parts})")
        print(f"{shell.calls} calls, {shell.processes} of them processes")
        print(f"the slowest took {seconds:.1f} s: {slowest}")
    return verdicts.status()


if __name__ == "__main__":
    sys.exit(main())
