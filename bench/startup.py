"""What commands that need no model cost to start, and which heavy modules they load."""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import texts
from bench.figure import Figure, python

ROUNDS = 5
CONFIG = Path(__file__).parents[1] / "docs" / "examples" / "airlines.toml"
FORBIDDEN = ("torch", "numpy", "scipy", "pandas", "fastapi")
HEAVY = (*FORBIDDEN, "transformers", "requests", "slack_sdk", "starlette", "sqlite_utils")
RUN = """
import sys
from listener.cli import main
try:
    main()
finally:
    print("LOADED", *[name for name in {heavy!r} if name in sys.modules], file=sys.stderr)
"""


def figures(file: Path | None) -> list[Figure]:
    """The command as users run it, five times, the best; and once more to ask what it loaded."""
    with TemporaryDirectory() as folder:
        database = Path(folder) / "small.db"
        _fill(database, Path(folder), file)
        inbox = ("--config", str(CONFIG), "--db", str(database), "inbox")
        found = [_one("listener --help", ("--help",)), _one("listener inbox, 500 mentions", inbox)]
    return [one for pair in found for one in pair]


def _fill(database: Path, folder: Path, file: Path | None) -> None:
    """A database where something waits for an answer."""
    from listener import config, cycle, imports
    from listener.app import open_app, plugins
    from listener.clock import VirtualClock

    data = folder / "texts.jsonl"
    now = datetime(2026, 3, 1, tzinfo=UTC)
    rows = [json.loads(line) for line in texts.lines(file, 500)]
    for age, row in enumerate(rows):
        row["created_at"] = (now - timedelta(seconds=5 * age)).isoformat()
    data.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    wanted = imports.Wanted(file=data, source="bench", channel=None, zone=UTC)
    clock = VirtualClock(now)
    app = open_app(config.load(CONFIG, plugins(clock)), clock, database=database)
    imports.bring_in(app, wanted, lambda at: None)
    cycle.label_and_measure(app, now)
    app.close()


def _one(name: str, arguments: tuple[str, ...]) -> list[Figure]:
    script = Path(sys.executable).with_name("listener")
    command = [script] if script.exists() else ["-m", "listener"]
    taken = min(python(*command, *arguments).cpu for _ in range(ROUNDS))
    told = python("-c", RUN.format(heavy=HEAVY), *arguments).errors.splitlines()
    loaded = next(line for line in told if line.startswith("LOADED")).split()[1:]
    bad = [module for module in loaded if module in FORBIDDEN]
    return [
        Figure(name=name, value=taken, unit="CPU seconds to start and end", floor=0.3, aim=0.15),
        Figure(name="  of torch, numpy, scipy, pandas, fastapi it loads", value=len(bad),
               unit="modules", floor=0, note=" ".join(bad) or f"heavy: {' '.join(loaded) or '-'}"),
    ]  # fmt: skip
