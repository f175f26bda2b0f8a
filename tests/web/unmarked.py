"""Reads a page of the pseudo-language: which words on it cannot be translated.

A phrase stands between ⟦ and ⟧. What people wrote, names and codes need no marks: they are known by
their elements, and what claims to be a name (`bdi`, `dir="auto"` in a choice) has to be in the
database, or in what the test says was set up. So English in a `bdi` is found, too.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from listener.store.connection import Store
from listener.texts.actions_en import ACTIONS
from listener.texts.words import TABLES
from listener.web.language import NAMES

UNSEEN: Final = frozenset({"script", "style"})
OF_OTHERS: Final = frozenset({"bdi", "option"})  # names: they must be known
AS_IT_IS: Final = frozenset({"blockquote", "code", "kbd", "textarea", "time"})
OURS: Final = frozenset({"em"})  # ... in the place of words that are gone
VOID: Final = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr", "rect", "path", "line"})
SAID: Final = ("aria-label", "title", "placeholder", "alt")
NAME: Final = "\ue000"  # in the place of what stands for itself
_CODE: Final = re.compile(r"<(code|kbd)>.*?</\1>")
# What has letters in every language alike, or is a figure as `texts/numbers.py` writes it.
FIGURES: Final = re.compile(
    r"\blistener\b"  # the name of the product
    r"|\d{4}-W\d{2}"  # a week, as digests are named
    r"|[\d.,]+\s?(?:d|h|min|s)\b"  # a duration
    r"|(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\s)?\d{1,2}\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r"|\b(?:Mo|Tu|We|Th|Fr|Sa|Su|Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b"
    r"|\b(?:USD|UTC)\b|\bp\b(?= = )|\bn\b(?= = )"
)


@dataclass
class Phrases:
    """All that may stand in marks: what was gathered for translators, and the mail's tables."""

    messages: Iterable[str]
    _patterns: list[re.Pattern[str]] = field(init=False)

    def __post_init__(self) -> None:
        tables = [
            re.split(r"\{\w+\}", words) for words in (*TABLES["en"].values(), *ACTIONS.values())
        ]
        gathered = [
            re.split(r"%\(\w+\)[sd]", re.sub("<[^>]*>", "", _CODE.sub(NAME, m)))
            for m in self.messages
        ]
        self._patterns = [
            re.compile("(.*?)".join(re.escape(_plain(part)) for part in parts))
            for parts in sorted([*tables, *gathered], key=lambda parts: len("".join(parts)))
        ]

    def fault(self, said: str) -> str | None:
        """Why a phrase is none of them; or that something English was put into its gaps."""
        plain = _plain(said)
        found = [one for p in self._patterns if (one := p.fullmatch(plain))]
        if not found:
            return f"never gathered: {plain!r}"
        if not any(all(not _has_words(gap) for gap in one.groups()) for one in found):
            return f"in a gap of a phrase: {plain!r}"
        return None


def _plain(said: str) -> str:
    return said.replace("%%", "%").replace("\u00a0", " ").replace("\n", " ")


def _has_words(said: str) -> bool:
    return any(letter.isalpha() for letter in FIGURES.sub("", said.replace("\u00a0", " ")))


def known_to(store: Store, given: Iterable[str]) -> str:
    """Everything that a name may be taken from: the texts of the database, and what was set up."""
    with store.read() as db:
        names = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
        tables = [row[0] for row in db.execute(names)]
        ids = db.execute("SELECT source || ':' || source_id FROM mention")
        values = [row[0] for row in ids] + [
            value
            for table in tables
            for row in db.execute(f'SELECT * FROM "{table}"')
            for value in row
            if isinstance(value, str)
        ]
    decoded = [one.encode().decode("unicode_escape", "replace") for one in values if "\\u" in one]
    return "\n".join(" ".join(one.split()) for one in (*values, *decoded, *given, *NAMES.values()))


class Reader(HTMLParser):
    """`faults`: each word of a page that is not marked, and each phrase that nobody gathered."""

    def __init__(self, phrases: Phrases, known: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.phrases = 0
        self._known, self._phrases = known, phrases
        self._elements: list[tuple[str, Mapping[str, str | None]]] = []
        self._marked: list[str] = []  # phrases that have begun, the innermost last
        self._loose = ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._end_loose()
        given = dict(attrs)
        for name in (*SAID, *(one for one in given if one.startswith("data-"))):
            if (words := given.get(name)) and (name in SAID or " " in words):
                self._attribute(f"{tag} {name}", words)
        if tag == "input" and given.get("type") in ("submit", "button"):
            self._attribute(f"{tag} value", given.get("value") or "")
        if tag not in VOID:
            self._elements.append((tag, given))

    def handle_endtag(self, tag: str) -> None:
        self._end_loose()
        last = self._elements.pop()[0]
        assert last == tag, f"{last} ends as {tag}"

    def handle_data(self, data: str) -> None:
        if any(tag in UNSEEN for tag, _ in self._elements):
            return
        kind = self._kind()
        if kind is not None and "⟦" not in data:
            said = " ".join(data.split())
            if kind == "name" and _has_words(said) and said.rstrip("…") not in self._known:
                self.faults.append(f"in a {self._elements[-1][0]}, and nobody's: {said!r}")
            self._take(NAME if said else data)
        else:
            self._take(data)

    def _kind(self) -> str | None:
        """Whether what is said here is a name, as somebody wrote it, or ours."""
        for tag, given in reversed(self._elements):
            if tag in OURS:
                return None
            if tag in OF_OTHERS and (tag == "bdi" or "dir" in given):
                return "name"
            if (
                tag in AS_IT_IS
                or given.get("translate") == "no"
                or given.get("dir")
                or ("lang" in given and tag != "html")
            ):
                return "text"
        return None

    def _take(self, data: str) -> None:
        for part in re.split("([⟦⟧])", data):
            if part == "⟦":
                self._marked.append("")
            elif part == "⟧":
                if not self._marked:
                    self.faults.append(f"ends what never began, after {self._loose!r}")
                    continue
                self.phrases += 1
                phrase = self._marked.pop()
                fault = self._phrases.fault(phrase)
                if fault and not (self._is_apart() and self._is_known_name_in(phrase)):
                    self.faults.append(fault)
                self._add(NAME)
            else:
                self._add(part)

    def _is_apart(self) -> bool:
        """Whether a whole sentence is set apart, with the names in it."""
        return any(tag == "bdi" for tag, _ in self._elements)

    def _add(self, words: str) -> None:
        if self._marked:
            self._marked[-1] += words
        else:
            self._loose += words

    def _end_loose(self) -> None:
        if self._marked:
            return
        if self._elements and self._elements[-1][0] == "title":  # in which no name can be set apart
            self._loose = " ".join(
                one for one in self._loose.split() if not _has_words(one) or one not in self._known
            )
        if _has_words(self._loose):
            where = " ".join(tag for tag, _ in self._elements[-3:])
            self.faults.append(f"not marked, in {where}: {' '.join(self._loose.split())!r}")
        self._loose = ""

    def _attribute(self, where: str, words: str) -> None:
        """Names in an attribute have no element of their own: they are known by being known."""
        inside = re.search("⟦(.*)⟧", words, re.DOTALL)
        loose = words if inside is None else words.replace(inside[0], "")
        if _has_words(loose) and loose not in self._known:
            self.faults.append(f"not marked, {where}: {words!r}")
        if inside is not None:
            self.phrases += 1
            nested = re.sub("⟦.*?⟧", NAME, inside[1])
            fault = self._phrases.fault(nested)
            if fault and not self._is_known_name_in(nested):
                self.faults.append(f"{where}: {fault}")

    def _is_known_name_in(self, words: str) -> bool:
        return any(
            self._phrases.fault(words.replace(name, NAME)) is None
            for name in self._known.splitlines()
            if name and name in words
        )


def faults_of(html: str, phrases: Phrases, known: str) -> Sequence[str]:
    reader = Reader(phrases, known)
    reader.feed(html)
    reader.close()
    return reader.faults if reader.phrases else ["not a phrase in marks"]
