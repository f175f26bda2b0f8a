"""JSONL -> stored, matched, labelled, measured: here, and in an afternoon's script."""

from pathlib import Path
from tempfile import TemporaryDirectory

from bench import texts
from bench.figure import Figure, Spent, python

ROUNDS = 3
SCRIPT = Path(__file__).with_name("script_with_vader.py")
JOB = Path(__file__).with_name("job.py")
TEXTS = 20_000
NEURAL_TEXTS = 4_000  # of the model that ships; it takes its time


def figures(file: Path | None) -> list[Figure]:
    """Each contestant three times in turns; the best of each, for the others only disturb."""
    with TemporaryDirectory() as folder:
        data = Path(folder) / "texts.jsonl"
        data.write_text("\n".join(texts.lines(file, TEXTS)) + "\n", encoding="utf-8")
        done: dict[str, list[Spent]] = {"row": [], "batch": [], "here": [], "alone": []}
        for turn in range(ROUNDS):
            at = Path(folder)
            done["row"].append(python(SCRIPT, data, at / f"row{turn}.db"))
            done["here"].append(python(JOB, "fast", data, at / f"here{turn}.db"))
            done["batch"].append(python(SCRIPT, data, at / f"batch{turn}.db", "500"))
            done["alone"].append(python(JOB, "fast", data))
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
               unit="x", more=True, note="told, not promised: see bench/README.md"),
        Figure(name="whole path against fast alone", value=best["here"] / best["alone"],
               unit="x its CPU time", note="the floor of 1.3 x is for the neural model"),
        *_neural(file),
    ]  # fmt: skip


def _neural(file: Path | None) -> list[Figure]:
    """The same path with the model that ships, against that model alone; both start it once."""
    with TemporaryDirectory() as folder:
        data = Path(folder) / "texts.jsonl"
        data.write_text("\n".join(texts.lines(file, NEURAL_TEXTS)) + "\n", encoding="utf-8")
        done: dict[str, list[Spent]] = {"here": [], "alone": [], "closer": []}
        for turn in range(ROUNDS):
            done["alone"].append(python(JOB, "default", data))
            done["here"].append(python(JOB, "default", data, Path(folder) / f"{turn}.db"))
        done["closer"].append(python(JOB, "default", data, Path(folder) / "closer.db", "closer"))
    here, alone, closer = (
        min(one.cpu for one in done[name]) for name in ("here", "alone", "closer")
    )
    wall = min(one.wall for one in done["here"])
    return [
        Figure(name="the same job here, with default", value=NEURAL_TEXTS / here,
               unit="texts per CPU second", more=True, note=f"{NEURAL_TEXTS} in {wall:.1f} s"),
        Figure(name="whole path against default alone", value=here / alone,
               unit="x its CPU time", floor=1.3, aim=1.1),
        Figure(name="the same and vectors with topics, after the alerts", value=closer / alone,
               unit="x its CPU time", note="told, not promised: no alert waits for it"),
    ]  # fmt: skip
