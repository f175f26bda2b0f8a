"""A hundred comparative sentences in six languages, and what each says of the two it names.

They stand in `comparisons.txt`, written and labelled before any code read one of them, and are
never used to set it. The names are invented: `[+Larkfly]` is praised, `[-Norwing]` complained
about, and of `[=Parcelo]` neither is said. Who is preferred is praised, and who is passed over is
complained about, however mildly it is put; who is only asked about, or counted, is neither.
"""

import re
from pathlib import Path
from typing import NamedTuple

SENTENCES = Path(__file__).with_suffix(".txt")
SENTIMENTS = {"+": "positive", "-": "negative", "=": "neutral"}
_NAME = re.compile(r"\[([-+=])(.*?)\]")


class Comparison(NamedTuple):
    language: str
    text: str
    names: tuple[tuple[tuple[int, int], ...], ...]  # where each of the two stands, in characters
    towards: tuple[str, ...]  # the sentiment towards each


def read(path: Path = SENTENCES) -> list[Comparison]:
    """A sentence a line; `# en` says the language of those that follow."""
    found, language = [], ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("#"):
            language = line.removeprefix("#").strip()
        elif line:
            found.append(read_one(language, line))
    return found


def read_one(language: str, line: str) -> Comparison:
    """A name that stands in the text once more is marked once."""
    marked = _NAME.findall(line)
    text = _NAME.sub(lambda name: name[2], line)
    names = tuple(tuple(m.span() for m in re.finditer(re.escape(n), text)) for _, n in marked)
    return Comparison(language, text, names, tuple(SENTIMENTS[sign] for sign, _ in marked))
