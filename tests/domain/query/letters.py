"""Characters as the page of the query language sees them: slowly, one at a time."""

import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

# A few characters that are written in two ways; the random texts hold no others.
BOTH_WAYS = ("递遞", "发發髮", "机機", "误誤", "场場", "头頭")
STROKES = str.maketrans("đłøħŧ", "dloht")
HYPHENS = "\u2010\u2011"
WITHOUT_SPACES = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1100, 0x11FF),  # Hangul letters
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),
    (0x3040, 0x30FF),  # kana
    (0x3130, 0x318F),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xAC00, 0xD7AF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One character as it is compared, and the place in the text that it stands for."""

    char: str
    start: int
    end: int
    whole: bool = False  # a letter, digit, mark or _
    spaced: bool = False  # such a one, of a script with spaces between its words
    mark: bool = False


def is_wordy(char: str) -> bool:
    return char == "_" or unicodedata.category(char)[0] in "LNM"


def is_mark(char: str) -> bool:
    return unicodedata.category(char)[0] == "M"


def is_diacritic(char: str) -> bool:
    """An accent, or a point of Hebrew or Arabic, by its combining class; no vowel, no tone."""
    kind = unicodedata.combining(char)
    return 10 <= kind <= 35 or kind >= 200


def is_unspaced(char: str) -> bool:
    return any(low <= ord(char) <= high for low, high in WITHOUT_SPACES)


def is_invisible(char: str) -> bool:
    return (
        unicodedata.category(char) == "Cf"
        or "\ufe00" <= char <= "\ufe0f"
        or "\u180b" <= char <= "\u180f"
        or "\U000e0100" <= char <= "\U000e01ef"
        or char in "\u034f\u0640"
    )


def folded(cluster: str, way: str) -> str:
    """A letter with its marks, as it is compared."""
    cluster = keep_case(cluster)
    for capital in "İIı":
        cluster = cluster.replace(capital, "i")
    cluster = unicodedata.normalize("NFKC", cluster.casefold())
    cluster = cluster.replace("i\u0307", "i")
    if way == "plain":
        apart = unicodedata.normalize("NFKD", cluster)
        cluster = "".join(char for char in apart if not is_diacritic(char)).translate(STROKES)
        cluster = unicodedata.normalize("NFKC", cluster)
    if way == "han":
        for both in BOTH_WAYS:
            cluster = "".join(both[0] if char in both else char for char in cluster)
    return cluster


def keep_case(cluster: str) -> str:
    cluster = unicodedata.normalize("NFKC", cluster.replace("™", " ").replace("℠", " "))
    cluster = cluster.replace("\u0640", "")
    for hyphen in HYPHENS:
        cluster = cluster.replace(hyphen, "-")
    return cluster.replace("\u2019", "'")


def as_written(cluster: str) -> str:
    return unicodedata.normalize("NFC", cluster)


def clusters(text: str) -> list[tuple[str, int, int]]:
    """The text cut before each character that is no mark of the one before it."""
    found: list[tuple[str, int, int]] = []
    for place, char in enumerate(text):
        if is_invisible(char):
            continue
        belongs = is_mark(char) or "\u1160" <= char <= "\u11ff" or char in "\uff9e\uff9f"
        if belongs and found:
            before, start, _ = found[-1]
            found[-1] = (before + char, start, place + 1)
        else:
            found.append((char, place, place + 1))
    return found


@lru_cache(maxsize=10_000)
def cells(text: str, way: str = "") -> list[Cell]:
    """How all terms but exact ones see a text."""
    return _cells([(folded(c, way), s, e) for c, s, e in clusters(text)])


@lru_cache(maxsize=10_000)
def fold(text: str, way: str = "") -> str:
    return "".join(cell.char for cell in cells(text, way)).strip()


@lru_cache(maxsize=10_000)
def cased_cells(text: str) -> list[Cell]:
    """The same with its capitals, for the parts of tags."""
    return _cells([(keep_case(c), s, e) for c, s, e in clusters(text)])


@lru_cache(maxsize=10_000)
def exact_cells(text: str) -> list[Cell]:
    return _cells([(as_written(c), s, e) for c, s, e in clusters(text)])


def _cells(pieces: list[tuple[str, int, int]]) -> list[Cell]:
    found: list[Cell] = []
    for piece, start, end in pieces:
        for char in piece:
            if char.isspace():
                if found and found[-1].char == " ":
                    found[-1] = replace(found[-1], end=end)
                else:
                    found.append(Cell(" ", start, end))
            else:
                found.append(_cell(char, start, end, found))
    return found


def _cell(char: str, start: int, end: int, before: list[Cell]) -> Cell:
    if not is_wordy(char):
        return Cell(char, start, end)
    spaced = not is_unspaced(char)
    if is_mark(char) and before and before[-1].whole:
        spaced = before[-1].spaced  # a mark is of the script of its letter
    return Cell(char, start, end, whole=True, spaced=spaced, mark=is_mark(char))
