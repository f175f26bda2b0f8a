"""The command that trains a model and writes it with its card."""

import argparse
import sys
from pathlib import Path
from typing import Final

from classifiers.base import ClassifierError
from classifiers.fast import SHIPPED


def main(arguments: list[str]) -> int:
    """Train the named model; exit status 2 if the data, or what is needed, are not there."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.model == "embeddings":
        return _write_vectors(options.out)
    if options.corrections is not None:
        return _correct(parser, options)
    if options.data is None or not (options.data / "README.md").is_file():
        parser.error(f"--data {options.data}: no README.md that lists the sets")
    if options.model in _SMALL:
        _SMALL[options.model](options)
        return 0
    if options.work is None:
        parser.error("--work DIR: where checkpoints go, and what is to be found again")
    try:
        return _neural(options)
    except (ClassifierError, ValueError) as error:
        parser.error(str(error))


def _write_fast(options: argparse.Namespace) -> None:
    from classifiers.train.fast import train  # noqa: PLC0415

    train(options.data, options.out or SHIPPED, options.seed, _say)


def _write_language(options: argparse.Namespace) -> None:
    from classifiers.letters import SHIPPED as LANGUAGE  # noqa: PLC0415
    from classifiers.train.language import train  # noqa: PLC0415

    train(options.data, options.out or LANGUAGE, options.seed, _say)


def _write_usual(options: argparse.Namespace) -> None:
    from classifiers.neural import SHIPPED as DEFAULT  # noqa: PLC0415
    from classifiers.train.corrected.command import write_usual  # noqa: PLC0415

    write_usual(options.data, options.out or DEFAULT, options.seed, _say)


def _write_intents(options: argparse.Namespace) -> None:
    from classifiers.train import intents  # noqa: PLC0415

    intents.train(options.data, options.out or intents.SHIPPED, options.seed, _say)


_SMALL: Final = {
    "fast": _write_fast,
    "language": _write_language,
    "usual": _write_usual,
    "intents": _write_intents,
}


def _correct(parser: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    """Make a model of the one that ships and of what people corrected."""
    from classifiers.train.corrected.command import run_command  # noqa: PLC0415

    if options.model != "default":
        parser.error(f"--corrections make `default` better, not `{options.model}`")
    if options.out is None and options.work is None:
        parser.error("--out DIR: where the corrected model goes")
    try:
        return run_command(options, _say)
    except ClassifierError as error:
        parser.error(str(error))


def _neural(options: argparse.Namespace) -> int:
    """Train the neural model, or measure it."""
    from classifiers.train import compare, confusion  # noqa: PLC0415
    from classifiers.train.neural import command  # noqa: PLC0415

    if options.model == "compare":
        return compare.run_command(options, _say)
    if options.model == "confusion":
        return confusion.run_command(options, _say)
    return command.run_command(options, _say)


def _write_vectors(out: Path | None) -> int:
    """Write the base for `classifiers.embed`, beside the model that ships."""
    from classifiers import embeddings as shipped  # noqa: PLC0415
    from classifiers import neural  # noqa: PLC0415
    from classifiers.train import embeddings  # noqa: PLC0415
    from classifiers.train.neural.base import find_base, read_base  # noqa: PLC0415

    embeddings.write(read_base(find_base()), neural.SHIPPED, out or shipped.SHIPPED, _say)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m classifiers.train", description=__doc__)
    models = [*_SMALL, "default", "embeddings", "compare", "confusion"]
    parser.add_argument("model", choices=models)
    parser.add_argument(
        "--data", type=Path, help="the folder of labelled sets (embeddings need none)"
    )
    parser.add_argument("--out", type=Path, help="where to write the model (default: --work/model)")
    parser.add_argument(
        "--seed", type=int, default=0, help="of all chance; of `fast`, of the split"
    )
    neural = parser.add_argument_group("of `default`, the neural model")
    neural.add_argument("--work", type=Path, help="checkpoints; the same command goes on from them")
    length = neural.add_mutually_exclusive_group()
    length.add_argument("--minutes", type=float, help="fine-tune for about so long")
    length.add_argument("--epochs", type=float, help="or for so many epochs, which a seed repeats")
    neural.add_argument("--quick", action="store_true", help="a small one, in about two minutes")
    neural.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of the recipe"
    )
    neural.add_argument("--teacher", type=Path, help="a file that --teach wrote, to learn from")
    neural.add_argument(
        "--teach",
        type=Path,
        nargs="+",
        metavar="DIR",
        help="train nothing: write what these models say of all texts to teacher.npz, or --out",
    )
    neural.add_argument("--threads", type=int, default=0, help="of the CPU (default: all)")
    neural.add_argument(
        "--corrections",
        type=Path,
        metavar="FILE",
        help="make no new model: correct one by what `listener export --kind corrections` wrote",
    )
    neural.add_argument(
        "--base",
        type=Path,
        metavar="DIR",
        help="the model to correct (default: the one that ships)",
    )
    compared = parser.add_argument_group("of `compare` and `confusion`")
    compared.add_argument(
        "--model",
        dest="contenders",
        action="append",
        default=[],
        metavar="NAME",
        help="a model to compare, by name or directory; the targets are the first one's",
    )
    compared.add_argument(
        "--most", type=int, default=0, help="rows of a set and language that it reads (0: all)"
    )
    return parser


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
