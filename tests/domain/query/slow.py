"""The query language once more, written from its page: slow, obvious, and for tests only."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import chain, product
from typing import Any

import Stemmer

from listener.domain.query.document import Document
from listener.domain.query.nodes import And, Exact, Field, Near, Node, Not, Or, Pack, Phrase, Word
from tests.domain.query.letters import Cell, cased_cells, cells, clusters, exact_cells, fold
from tests.domain.query.slow_fields import holds, whole_text

Term = Word | Phrase | Exact
Place = tuple[int, int]
TOUCHES_EXACT = "_+#&@$%*^~"
# fmt: off
LANGUAGES = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "da": "danish",
    "nl": "dutch", "en": "english", "et": "estonian", "fi": "finnish", "fr": "french",
    "de": "german", "el": "greek", "hi": "hindi", "hu": "hungarian", "id": "indonesian",
    "ga": "irish", "it": "italian", "lt": "lithuanian", "ne": "nepali", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "es": "spanish",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "cs": "czech", "fa": "persian",
    "pl": "polish",
}
# fmt: on


def match(node: Node, doc: Document) -> tuple[str, ...] | None:
    """The terms found, in the order of the query and each once; None if it does not match."""
    found = _match(node, doc, excluded=False)
    return None if found is None else tuple(dict.fromkeys(found))


def _match(node: Node, doc: Document, *, excluded: bool) -> list[str] | None:
    """The terms that are found in what holds; a NOT goes down to the terms (De Morgan)."""
    match node:
        case Not(part):
            return _match(part, doc, excluded=not excluded)
        case Pack():
            return _match(node.root, doc, excluded=excluded)
        case And(parts) | Or(parts):
            found = [_match(part, doc, excluded=excluded) for part in parts]
            those = [terms for terms in found if terms is not None]
            enough = len(found) if isinstance(node, And) != excluded else 1
            return list(chain(*those)) if len(those) >= enough else None
        case _:
            terms = _found(node, doc)
            return terms if not excluded else [] if terms is None else None


def _found(node: Term | Near | Field, doc: Document) -> list[str] | None:
    match node:
        case Near():
            return _near(node, whole_text(doc)) or None
        case Field():
            return [] if holds(node, doc) else None
        case _:
            text = whole_text(doc)
            return [node.text] if places(node, text) or in_parts_of_tags(node, text) else None


# NEAR


def _near(node: Near, text: str) -> list[str]:
    every = (*node.left, *node.right)
    near = set()
    for left, right in product(range(len(node.left)), range(len(node.left), len(every))):
        pairs = product(places(every[left], text), places(every[right], text))
        if any(_are_near(node, *pair, text) for pair in pairs):
            near |= {left, right}
    return [every[at].text for at in sorted(near)]


def _are_near(node: Near, left: Place, right: Place, text: str) -> bool:
    if left[1] <= right[0]:
        return words_in(text[left[1] : right[0]]) <= node.within
    if node.ordered or right[1] > left[0]:
        return False
    return words_in(text[right[1] : left[0]]) <= node.within


def words_in(text: str) -> int:
    seen, inside = 0, False
    for cell in cells(text):
        if cell.whole and not cell.spaced:
            seen += not cell.mark
        elif cell.spaced and not inside:
            seen += 1
        inside = cell.spaced
    return seen


# Terms


@lru_cache(maxsize=10_000)
def places(term: Term, text: str) -> list[Place]:
    """Where a term stands in a text, parts of tags left aside."""
    match term:
        case Exact():
            return list(_exact(term.text, text))
        case Word(word, "1"):
            return [place for token, place in tokens(text) if one_slip(fold(word), token)]
        case Word(word, way) if ("*" in word or "?" in word) and not way:
            return list(_wildcard(word, text))
        case _ if term.way in ("", "plain", "han"):
            return list(_literal(term.text, term.way, text))
        case _:
            return list(_inflected(term.text, term.way, text))


@lru_cache(maxsize=10_000)
def tokens(text: str) -> list[tuple[str, Place]]:
    """The words of the scripts that write spaces."""
    found: list[tuple[str, Place]] = []
    inside = False
    for cell in cells(text):
        if cell.spaced and inside:
            word, (start, _) = found[-1]
            found[-1] = (word + cell.char, (start, cell.end))
        elif cell.spaced:
            found.append((cell.char, (cell.start, cell.end)))
        inside = cell.spaced
    return found


def _literal(needle: str, way: str, text: str) -> Iterator[Place]:
    wanted, there = fold(needle, way), cells(text, way)
    size = len(wanted)
    for at in range(len(there) - size + 1):
        here = there[at : at + size]
        if "".join(cell.char for cell in here) == wanted and _ends_well(there, at, at + size):
            yield here[0].start, here[-1].end


def _ends_well(there: list[Cell], start: int, end: int) -> bool:
    """Nothing touches what stands at start to end that may not."""
    first, last = there[start], there[end - 1]
    before = there[start - 1] if start else None
    after = there[end] if end < len(there) else None
    is_name = first.char in "@#" and end - start > 1
    is_one_name = _is_one_name(there[start:end])
    if _in_a_flag(there, start) or _in_a_flag(there, end):
        return False
    if before and before.spaced and (first.spaced or is_name):
        return False
    if not after or not after.whole or not last.whole:
        return True
    return not (after.mark or (last.spaced and after.spaced) or (is_one_name and not last.spaced))


def _in_a_flag(there: list[Cell], at: int) -> bool:
    """Say whether a place is the middle of a flag, which is two letters; they are counted off."""
    before = 0
    while before < at and _is_flag_letter(there[at - before - 1]):
        before += 1
    return before % 2 == 1 and at < len(there) and _is_flag_letter(there[at])


def _is_flag_letter(cell: Cell) -> bool:
    return "🇦" <= cell.char <= "🇿"


def _is_one_name(here: list[Cell]) -> bool:
    """Say whether this is one handle or one tag."""
    return here[0].char in "@#" and len(here) > 1 and all(cell.char != " " for cell in here)


def _exact(needle: str, text: str) -> Iterator[Place]:
    wanted = "".join(cell.char for cell in exact_cells(needle)).strip()
    there = exact_cells(text)
    size = len(wanted)
    for at in range(len(there) - size + 1):
        here = there[at : at + size]
        if "".join(cell.char for cell in here) != wanted:
            continue
        if _in_a_flag(there, at) or _in_a_flag(there, at + size):
            continue
        before = there[at - 1] if at else None
        after = there[at + size] if at + size < len(there) else None
        may_stand_before = "@#" if unicodedata.category(wanted[0])[0] == "N" else ""
        if before and _touches(before, here[0]) and before.char not in may_stand_before:
            continue
        if after and (after.mark or _touches(after, here[-1])):
            continue
        last = here[-1]
        if after and after.whole and last.whole and not last.spaced and _is_one_name(here):
            continue
        yield here[0].start, here[-1].end


def _touches(other: Cell, own: Cell) -> bool:
    """A script without spaces has no boundary, neither as neighbour nor as the term's own end."""
    if own.whole and not own.spaced:
        return False
    return other.spaced or other.char in TOUCHES_EXACT


# Wildcards, slips, inflections


def _wildcard(word: str, text: str) -> Iterator[Place]:
    there = cells(text)
    wanted = fold(word)
    sign = wanted[0] if wanted[0] in "@#" else ""
    for token, (start, end) in tokens(text):
        if not _fits(wanted.removeprefix(sign), token):
            continue
        before = [cell for cell in there if cell.end <= start]
        if not sign:
            yield start, end
        elif before and before[-1].char == sign and not (before[1:] and before[-2].spaced):
            yield before[-1].start, end


def _fits(pattern: str, token: str) -> bool:
    """`*` is any number of letters, digits and _, `?` is exactly one."""
    if not pattern:
        return not token
    if pattern[0] == "*":
        return any(_fits(pattern[1:], token[at:]) for at in range(len(token) + 1))
    return bool(token) and pattern[0] in ("?", token[0]) and _fits(pattern[1:], token[1:])


def one_slip(wanted: str, token: str) -> bool:
    """One letter more, less, another one, or two neighbours in the wrong order; or none."""
    if wanted == token:
        return True
    for at in range(len(wanted) + 1):
        before, after = wanted[:at], wanted[at:]
        if token == before + after[1:]:
            return True
        if token == before + after[1:2] + after[:1] + after[2:]:
            return True
        if len(token) > at and token[:at] == before and token[at + 1 :] in (after, after[1:]):
            return True
    return False


def _inflected(needle: str, languages: str, text: str) -> Iterator[Place]:
    there = cells(text)
    at_start = {start: (text[start:end], (start, end)) for _, (start, end) in tokens(text)}
    wanted = "".join(cell.char for cell in cased_cells(needle)).split()

    def after(place: int, piece: str) -> int | None:
        """Where a piece of the phrase that begins here ends."""
        if place in at_start and not any(not (c.whole) for c in cells(piece)):
            token, (_, end) = at_start[place]
            if _same_stem(piece, token, languages):
                return end
        ends = [e for s, e in _literal(piece, "", text) if s == place]
        return ends[0] if ends else None

    for cell in there:
        end: int | None = after(cell.start, wanted[0])
        for piece in wanted[1:]:
            space = next((c for c in there if end is not None and c.start >= end), None)
            end = after(space.end, piece) if space and space.char == " " else None
        if end is not None:
            yield cell.start, end


def _same_stem(wanted: str, token: str, languages: str) -> bool:
    if fold(wanted) == fold(token):
        return True
    for language in languages.split("+"):
        one, other = _lower(wanted, language), _lower(token, language)
        ours, theirs = {one, _stem(one, language)}, {other, _stem(other, language)}
        if ours & theirs and (language == "ar" or _begin_alike(fold(wanted), fold(token))):
            return True
    return False


def _begin_alike(one: str, other: str) -> bool:
    """The same letters, but for the last two of the shorter one."""
    alike = max(min(len(one), len(other)) - 2, 1)
    return one[:alike] == other[:alike]


@lru_cache(maxsize=10_000)
def _lower(word: str, language: str) -> str:
    word, before = fold(word), ""
    while language == "tr" and word != before:  # what vowel harmony forbids was an ı
        word, before = re.sub("([aıou][^aeıioöuü]*)i", "\\1ı", word), word
    return word


@lru_cache(maxsize=10_000)
def _stem(word: str, language: str) -> str:
    return str(_stemmer(language).stemWord(word))


@cache
def _stemmer(language: str) -> Any:
    return Stemmer.Stemmer(LANGUAGES[language])


# Tags


def in_parts_of_tags(term: Term, text: str) -> bool:
    if isinstance(term, Exact) or term.text[0] in "@#":
        return False
    return any(places(term, parts) for parts in parts_of_tags(text))


@lru_cache(maxsize=10_000)
def parts_of_tags(text: str) -> list[str]:
    """The parts of each #CamelCaseTag, with spaces between them."""
    there, found = cased_cells(text), []
    for at, cell in enumerate(there):
        if cell.char == "#":
            end = at + 1
            while end < len(there) and there[end].whole:
                end += 1
            tag = "".join(cell.char for cell in there[at + 1 : end])
            parts = " ".join(_parts(tag))
            if " " in parts:
                found.append(parts)
    return found


def _parts(tag: str) -> list[str]:
    letters = [letter for letter, _, _ in clusters(tag)]
    kinds = [_kind(letter[0]) for letter in letters]
    parts = ""
    for at, letter in enumerate(letters):
        parts += (" " if at and _begins_a_part(kinds, at) else "") + letter
    return parts.replace("_", " ").split()


def _begins_a_part(kinds: list[str], at: int) -> bool:
    before, here, after = kinds[at - 1], kinds[at], kinds[at + 1 :][:1]
    if "other" in (before, here):
        return False
    if (before == "digit") != (here == "digit"):
        return True
    if here != "capital":
        return False
    return before == "small" or (before == "capital" and after == ["small"])


def _kind(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Lu", "Lt"):
        return "capital"
    if category == "Ll":
        return "small"
    return {"L": "letter", "N": "digit"}.get(category[0], "other")
