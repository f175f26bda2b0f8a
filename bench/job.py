"""The job of `script_with_vader.py`, done here; it imports what the job needs, and nothing else.

python bench/job.py MODEL FILE DATABASE    stored, matched, labelled with the model, measured
python bench/job.py MODEL FILE DATABASE closer    and then read by vectors, as after the alerts
python bench/job.py MODEL FILE             only labelled, the way the job does it
"""

import sys
from dataclasses import replace
from datetime import UTC
from pathlib import Path

CONFIG = Path(__file__).parents[1] / "docs" / "examples" / "airlines.toml"


def job(name: str, file: Path, database: Path, *, closer: bool = False) -> None:
    """What `import` and then one turn of the daemon do, up to where rules begin.

    closer: and what it does after them, vectors of all that counts.
    """
    from listener import config, cycle, imports
    from listener.app import open_app, plugins
    from listener.clock import WallClock
    from listener.garbage import look_seldom

    look_seldom()
    clock = WallClock()
    settings = config.load(CONFIG, plugins(clock))
    settings = replace(settings, classify=replace(settings.classify, sentiment=name))
    subjects = tuple(replace(table, about="") for table in settings.subjects)  # bench.relevance
    settings = replace(settings, subjects=subjects)
    app = open_app(settings, clock, database=database)
    wanted = imports.Wanted(file=file, source="bench", channel=None, zone=UTC)
    counts = imports.bring_in(app, wanted, lambda at: None)
    assert counts.accepted == counts.read, counts
    cycle.label_and_measure(app, clock.now())
    if closer:
        cycle.look_closer(app, clock.now())
    app.close()


def classify(name: str, file: Path) -> None:
    """The classifier alone, in a process of its own as in the job, 500 texts at a time."""
    import json

    from classifiers import Supervised

    with file.open(encoding="utf-8") as stream:
        said = [json.loads(line)["text"] for line in stream]
    model = Supervised(name)
    for begin in range(0, len(said), 500):
        model.predict_each(said[begin : begin + 500])
    model.close()


if __name__ == "__main__":
    model_name, *rest = sys.argv[1:]
    closer = rest[-1] == "closer"
    files = [Path(argument) for argument in rest[:2]]
    if len(files) == 1:
        classify(model_name, *files)
    else:
        job(model_name, *files, closer=closer)
