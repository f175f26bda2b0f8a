"""The lines of a summary: what was held back, what still waits first; pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from listener.domain.incident import Severity
from listener.domain.times import from_text, in_words

Line = tuple[str | datetime, ...]

SIGNS: Final[Mapping[Severity, str]] = {
    Severity.CRITICAL: "🔴",
    Severity.HIGH: "🟠",
    Severity.WATCH: "🟡",
    Severity.INFO: "🔵",
}


def summary_lines(evidence: Mapping[str, Any]) -> list[Line]:
    """A line for each incident; none where the evidence is no summary's."""
    lines = evidence.get("lines")
    if not isinstance(lines, list):
        return []
    said = [_line(line) for line in lines]
    more = evidence.get("more")
    return [*said, (f"and {more} more; `listener incidents` lists them",)] if more else said


def _line(line: Mapping[str, Any]) -> Line:
    began = from_text(line["began"])
    number = f" · incident {line['incident']}" if line["incident"] is not None else ""
    if line["ended"] is not None:
        lasted = in_words(from_text(line["ended"]) - began)
        return (f"✅ over: {line['title']}, after {lasted}{_ran_out(line)}{number}",)
    sign = SIGNS[Severity(line["severity"])]
    taken = f", {line['taken_by']} looks after it" if line["taken_by"] else ""
    return (f"{sign} {line['title']}{_ran_out(line)}{taken} · since ", began, number)


def _ran_out(line: Mapping[str, Any]) -> str:
    count = line["ran_out"]
    return f"; {count} answer{'s' if count > 1 else ''} ran out" if count else ""
