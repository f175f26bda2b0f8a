"""JSONL -> stored, matched, labelled with `fast`, measured: here, and in an afternoon's script.

    python -m bench.whole_path job FILE DATABASE     does the job, and nothing else
    python -m bench.whole_path classify FILE         only labels, the way the job does
"""

import json
import sys
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import texts
from bench.figure import Figure, Spent, python

ROUNDS = 3
SCRIPT = Path(__file__).with_name("script_with_vader.py")
CONFIG = Path(__file__).parents[1] / "docs" / "examples" / "airlines.toml"
TEXTS = 20_000


def job(file: Path, database: Path) -> None:
    """What `import` and then one turn of the daemon do, up to where rules begin."""
    from listener import config, cycle, imports
    from listener.app import open_app, plugins
    from listener.clock import WallClock

    clock = WallClock()
    app = open_app(config.load(CONFIG, plugins(clock)), clock, database=database)
    wanted = imports.Wanted(file=file, source="bench", channel=None, zone=UTC)
    counts = imports.bring_in(app, wanted, lambda at: None)
    assert counts.accepted == counts.read, counts
    cycle.label_and_measure(app, clock.now())
    app.close()


def classify(file: Path) -> None:
    """The classifier alone, in a process of its own as in the job, 500 texts at a time."""
    from classifiers import Supervised

    with file.open(encoding="utf-8") as stream:
        said = [json.loads(line)["text"] for line in stream]
    model = Supervised("fast")
    for begin in range(0, len(said), 500):
        model.predict_each(said[begin : begin + 500])
    model.close()


def figures(file: Path | None) -> list[Figure]:
    """Each contestant three times in turns; the best of each, for the others only disturb."""
    with TemporaryDirectory() as folder:
        data = Path(folder) / "texts.jsonl"
        data.write_text("\n".join(texts.lines(file, TEXTS)) + "\n", encoding="utf-8")
        done: dict[str, list[Spent]] = {"row": [], "batch": [], "here": [], "alone": []}
        for turn in range(ROUNDS):
            at = Path(folder)
            done["row"].append(python(SCRIPT, data, at / f"row{turn}.db"))
            done["here"].append(
                python("-m", "bench.whole_path", "job", data, at / f"here{turn}.db")
            )
            done["batch"].append(python(SCRIPT, data, at / f"batch{turn}.db", "500"))
            done["alone"].append(python("-m", "bench.whole_path", "classify", data))
    best = {name: min(one.cpu for one in runs) for name, runs in done.items()}
    walls = {name: min(one.wall for one in runs) for name, runs in done.items()}
    rate = {name: TEXTS / cpu for name, cpu in best.items()}
    unit = "texts per CPU second"
    return [
        Figure(name="script with VADER, a commit a row", value=rate["row"], unit=unit,
               more=True, note=f"{walls['row']:.1f} s"),
        Figure(name="script with VADER, a commit per 500 rows", value=rate["batch"], unit=unit,
               more=True, note=f"{walls['batch']:.1f} s"),
        Figure(name="the same job here, with fast", value=rate["here"], unit=unit,
               floor=3000, aim=9000, more=True, note=f"{walls['here']:.1f} s"),
        Figure(name="here against the script, a commit a row", value=rate["here"] / rate["row"],
               unit="x", floor=1, more=True),
        Figure(name="here against the script, per 500 rows", value=rate["here"] / rate["batch"],
               unit="x", floor=1, more=True),
        Figure(name="whole path against fast alone", value=best["here"] / best["alone"],
               unit="x its CPU time", note="the floor of 1.3 x is for the neural model"),
    ]  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1] == "job":
        job(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        classify(Path(sys.argv[2]))
