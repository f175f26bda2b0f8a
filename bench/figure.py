"""A figure with its floor and its aim, and the table of them; CPU seconds of whole processes."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the table. Without a floor it is told, and nothing is asked of it."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    aim: float | None = None
    more: bool = False  # whether more is better
    note: str = ""

    @property
    def verdict(self) -> str:
        if self.floor is None:
            return ""
        if self.aim is not None and self._reaches(self.aim):
            return "pass, aim"
        return "pass" if self._reaches(self.floor) else "MISS"

    def _reaches(self, bound: float) -> bool:
        return self.value >= bound if self.more else self.value <= bound

    def row(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "value": round(self.value, 4),
            "unit": self.unit,
            "floor": self.floor,
            "aim": self.aim,
            "more_is_better": self.more,
            "verdict": self.verdict,
            "note": self.note,
        }


def table(figures: Sequence[Figure]) -> str:
    rows = [("", "value", "", "floor", "aim", "", "")]
    for f in figures:
        sign = "≥" if f.more else "≤"
        bounds = [f"{sign} {_number(b)}" if b is not None else "" for b in (f.floor, f.aim)]
        rows.append((f.name, _number(f.value), f.unit, *bounds, f.verdict, f.note))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    right = (False, True, False, True, True, False, False)
    return "\n".join(
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in rows
    )


def _number(value: float) -> str:
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"


@dataclass(frozen=True, slots=True)
class Spent:
    """What a process and its children took."""

    cpu: float
    wall: float
    peak_mb: float  # the largest of them
    out: str
    errors: str


def spent(*command: str | os.PathLike[str], ok: Sequence[int] = (0,)) -> Spent:
    """Run a command to its end; user and system time of it and of the children it waited for."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        began = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        errors.seek(0)
        if process.returncode not in ok:
            words = " ".join(map(str, command))
            raise SystemExit(f"{words} ended with {process.returncode}:\n{errors.read()}")
        cpu = usage.ru_utime + usage.ru_stime
        return Spent(cpu, wall, usage.ru_maxrss / 1024, out.read(), errors.read())


def python(*arguments: str | os.PathLike[str]) -> Spent:
    return spent(sys.executable, *arguments)
