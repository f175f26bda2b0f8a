"""The command that trains a model and writes it with its card."""

import argparse
import sys
from pathlib import Path

from classifiers.fast import SHIPPED


def main(arguments: list[str]) -> int:
    """Train the named model; exit status 2 if the data are not there."""
    parser = argparse.ArgumentParser(prog="python -m classifiers.train", description=__doc__)
    parser.add_argument("model", choices=["fast"])
    parser.add_argument("--data", type=Path, required=True, help="the folder of labelled sets")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="where to write the model")
    parser.add_argument("--seed", type=int, default=0, help="of the split; fitting has no chance")
    options = parser.parse_args(arguments)
    if not (options.data / "README.md").is_file():
        parser.error(f"--data {options.data}: no README.md that lists the sets")
    from classifiers.train.fast import train  # noqa: PLC0415

    train(options.data, options.out, options.seed, _say)
    return 0


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
