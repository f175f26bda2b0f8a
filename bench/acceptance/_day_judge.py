"""The verdicts on a simulated day."""

import json
import statistics
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

from bench.acceptance._day_bad import Paid
from bench.acceptance._day_service import Service, cases
from bench.acceptance._day_shops import Webhook
from bench.acceptance.verdicts import Verdicts
from listener.collectors import COLLECTORS
from tests.daemon.processes import TookTooLongError, ask

if TYPE_CHECKING:
    from bench.acceptance.simulated_day import Day

WORK = 1.0  # real seconds that work may take at a stretch; the speed makes them longer
KEPT = 0.95
GROWTH = 1.05
ONE_PASS = timedelta(seconds=5)  # pages of one pass follow each other sooner
BAD = {
    "x_paid": "quota",
    "play_lying": "shape",
    "desk_hanging": "network",
    "desk_unauthorised": "credentials",
}


class Judge:
    """Compares what the daemon has kept with what the services know."""

    def __init__(self, day: "Day", verdicts: Verdicts, told: str, asked_at: datetime) -> None:
        self._day, self._verdicts, self._asked_at = day, verdicts, asked_at
        self._told = {row["name"]: row for row in map(json.loads, told.splitlines())}
        self._late = timedelta(seconds=WORK * day.speed)
        self._database = day.folder / "listener.db"
        self._good = [one for one in day.services.values() if one.good]

    def everything(self) -> None:
        missing = COLLECTORS.keys() - {one.kind for one in self._day.services.values()} - {"demo"}
        self._verdicts.claim(
            not missing, f"{len(self._day.services)} sources, of every type {sorted(missing) or ''}"
        )
        self._schedules()
        self._nothing_lost()
        self._good_are_well()
        self._bad_are_told()
        self._memory()
        self._log()

    def _schedules(self) -> None:
        print(f"a) every, passes, of {self._day.hours:g} h, median s, longest pause s")
        kept, paused = [], []
        for one in self._good:
            passes = self._passes(one.name)
            wanted = timedelta(hours=self._day.hours) / one.every
            pauses = [after[0] - before[0] for before, after in pairwise(passes)]
            longest = max(pauses, default=timedelta())
            took = statistics.median([(end - start).total_seconds() for start, end in passes])
            share = len(passes) / wanted
            kept.append(share)
            paused.append(longest <= 2 * one.every + self._late)
            print(
                f"   {one.name:16} {one.every.total_seconds():6.0f} {len(passes):6}"
                f" {share:7.1%} {took:6.2f} {longest.total_seconds():8.1f}"
            )
        self._verdicts.claim(
            min(kept) >= KEPT,
            f"a) {len(kept)} good sources: the least had {min(kept):.1%} of its passes",
        )
        self._verdicts.claim(
            all(paused),
            f"a) no pause was longer than twice `every` and {self._late.total_seconds():g} s, which"
            f" is {WORK:g} s of work at this speed",
        )

    def _passes(self, name: str) -> list[tuple[datetime, datetime]]:
        """When each whole reading began and ended; its pages are one."""
        rows = ask(
            self._database,
            "SELECT started_at, ended_at FROM source_run WHERE source = ? AND error IS NULL"
            " ORDER BY id",
            name,
        )
        found: list[tuple[datetime, datetime]] = []
        for start, end in (tuple(map(datetime.fromisoformat, row)) for row in rows):
            if found and start - found[-1][1] < ONE_PASS:
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
        return found

    def _nothing_lost(self) -> None:
        offered, missing, doubled, unknown = 0, [], 0, 0
        for one in self._good:
            rows = ask(self._database, "SELECT text FROM mention WHERE source = ?", one.name)
            stored = Counter(cases(text for (text,) in rows))
            until = self._asked_at - one.every * 2 - self._late
            wanted = {said.number for said in one.said if said.at <= until}
            offered += len(wanted)
            missing += [f"{one.name} case{n}" for n in sorted(wanted - stored.keys())]
            doubled += sum(count > 1 for count in stored.values())
            unknown += len(rows) - sum(stored.values())
            unknown += len(stored.keys() - {said.number for said in one.said})
        what = f"b) of {offered} things that good services offered {len(missing)} are missing"
        self._verdicts.claim(not missing, f"{what} {missing[:5] or ''}")
        self._verdicts.claim(
            not doubled and not unknown, f"b) {doubled} stored twice, {unknown} that nobody said"
        )
        hook = cast(Webhook, self._day.services["hook"])
        self._verdicts.claim(
            not hook.refused, f"b) {len(hook.refused)} deliveries refused {hook.refused[:2] or ''}"
        )

    def _good_are_well(self) -> None:
        names = {one.name for one in self._good} | BAD.keys()
        self._verdicts.claim(
            self._told.keys() == names, f"c) `listener sources` names {len(self._told)} sources"
        )
        wrong = [f"{one.name}: {why}" for one in self._good if (why := self._untrue(one))]
        self._verdicts.claim(
            not wrong,
            f"c) {len(self._good)} good sources: no error, no gap, read when their services were"
            f" asked last {wrong or ''}",
        )

    def _untrue(self, one: Service) -> str:
        """What is said of a good source and is not so."""
        row = self._told.get(one.name, {})
        if row.get("error") or row.get("gap_since"):
            return f"error {row['error']}, gap {row['gap_since']}"
        last = _moment(row.get("last_success"))
        if last is None or not self._is_near(self._asked_at - last, row["lag_s"]):
            return f"read at {last}, lag {row.get('lag_s')} s at {self._asked_at}"
        if row["lag_s"] > one.every.total_seconds() + self._late.total_seconds():
            return f"lag {row['lag_s']} s"
        asked = one.server.asked_at
        if asked and abs(last - asked[-1]) > self._late:
            return f"read at {last}, but asked at {asked[-1]}"
        return ""

    def _is_near(self, lag: timedelta, told: float) -> bool:
        return abs(lag.total_seconds() - told) <= 5

    def _bad_are_told(self) -> None:
        for name, kind in BAD.items():
            row, one = self._told.get(name, {}), self._day.services[name]
            [(kept,)] = ask(
                self._database,
                "SELECT json_extract(state, '$.error_kind') FROM source_state WHERE source = ?",
                name,
            )
            self._verdicts.claim(
                kept == kind and bool(row.get("error")), f"c) {name}: {kept}: {row.get('error')}"
            )
            if not self._verdicts.claim(bool(one.server.asked_at), f"c) {name}: it was asked"):
                continue
            began, gap = one.server.asked_at[0], _moment(row.get("gap_since"))
            if kind in ("network", "credentials"):
                held = gap is not None and abs(gap - began) <= self._late
                held = held and row["last_success"] is None
                words = f"c) {name}: asked {len(one.server.asked_at)} times, never read, gap since"
                self._verdicts.claim(held, f"{words} {gap}; first asked at {began}")
        self._money()
        lying = cast(Any, self._day.services["play_lying"])
        print(f"   play_lying gave {lying.pages} pages of its three lies")

    def _money(self) -> None:
        paid, row = cast(Paid, self._day.services["x_paid"]), self._told["x_paid"]
        if not paid.server.asked_at:
            return
        spent, last = row["spent_usd"], _moment(row["last_success"])
        self._verdicts.claim(
            spent <= paid.budget and abs(spent - paid.billed_usd) < 1e-6,
            f"c) x_paid: spent ${spent:.3f}, X billed ${paid.billed_usd:.3f}, the budget is"
            f" ${paid.budget:.2f}",
        )
        asked, gap = paid.server.asked_at[-1], _moment(row["gap_since"])
        held = last is not None and abs(last - asked) <= self._late
        held = held and gap is not None and abs(gap - asked) <= paid.every + self._late
        self._verdicts.claim(
            held, f"c) x_paid: last asked at {asked}, read at {last}, gap since {gap}"
        )

    def _memory(self) -> None:
        print("d) resident memory by hour, MB: hour, daemon, its model's process; shared pages too")
        memory = self._day.memory
        for hour in range(int(self._day.hours) + 1):
            near = min(memory, key=lambda one: abs(one.hour - hour))
            print(f"   {near.hour:5.2f} {near.daemon / 1024:8.1f} {near.model / 1024:8.1f}")
        if self._day.hours <= 2:
            print("   not judged: the run has no third hour")
            return
        for name, of in (
            ("the daemon", lambda one: one.daemon),
            ("the daemon and its model", lambda one: one.daemon + one.model),
        ):
            second = statistics.median(of(m) for m in memory if abs(m.hour - 2) <= 0.1)
            last = statistics.median(of(m) for m in memory[-10:])
            self._verdicts.claim(
                last <= GROWTH * second,
                f"d) {name}: {last / 1024:.1f} MB at the end, {second / 1024:.1f} MB after the"
                f" second hour: {last / second:.3f} of it (at most {GROWTH:g})",
            )

    def stopping(self) -> None:
        """Stop the daemon, at the usual speed."""
        try:
            seconds = self._day.daemon.stop()
        except TookTooLongError as error:
            self._verdicts.claim(False, f"e) {error}")
            return
        clean = [line["clean"] for line in self._day.daemon.events("stopped")]
        status = self._day.daemon.process.returncode
        self._verdicts.claim(
            len(clean) == 1 and status == 0,
            f"e) stopped in {seconds:.2f} s, status {status}; nothing was cut off: {clean}",
        )

    def _log(self) -> None:
        [(said,)] = ask(self._database, "PRAGMA integrity_check")
        broken = ask(self._database, "PRAGMA foreign_key_check")
        self._verdicts.claim(said == "ok" and not broken, f"e) the database: {said}, {broken[:3]}")
        try:
            lines = self._day.daemon.lines()
        except ValueError as error:
            self._verdicts.claim(False, f"e) the log has a line that is no JSON: {error}")
            lines = []
        levels = Counter(line["level"] for line in lines)
        errors = [line for line in lines if line["level"] == "error"]
        self._verdicts.claim(not errors, f"e) the log: {dict(levels)} {errors[:2] or ''}")
        failed = Counter(line["source"] for line in self._day.daemon.events("source failed"))
        print(f"   failed reads: {dict(failed)}")
        text = self._day.daemon.text()
        seen = [s for s in self._day.secrets if any(part in text for part in _parts(s))]
        count = len(self._day.secrets)
        self._verdicts.claim(not seen, f"e) {len(seen)} of {count} secrets are in the log")


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _parts(secret: str) -> list[str]:
    """The lines of a secret that tell something of it."""
    return [line for line in secret.splitlines() if len(line) > 7 and "-----" not in line]
