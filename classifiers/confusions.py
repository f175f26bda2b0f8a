"""How often a model that ships is wrong about negatives, by the sets on which that was counted."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from classifiers.base import ClassifierError
from classifiers.fast import SHIPPED as FAST
from classifiers.neural import SHIPPED as DEFAULT

FILE: Final = "confusion.json"
DIRECTORIES: Final = {"default": DEFAULT, "fast": FAST}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Texts of one set and language that nobody was trained on, by what they are and were called.

    hits: negative, and called so; missed: negative, called another; false_alarms: another, called
    negative; passed: the rest. family: "social" or "review".
    """

    set: str
    language: str
    family: str
    hits: int
    missed: int
    false_alarms: int
    passed: int


def known_error(name: str) -> list[Counted]:
    """What was counted of a classifier; nothing for one whose errors nobody has counted.

    Raises ClassifierError where the file is there and cannot be read.
    """
    directory = DIRECTORIES.get(name) or Path(name)
    try:
        sets = json.loads((directory / FILE).read_text("utf-8"))["sets"]
        return [Counted(**one) for one in sets]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ClassifierError(f"{directory / FILE}: {error}") from None
