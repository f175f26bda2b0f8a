"""How a term may differ in a text: what stands behind its ~, and which terms can have it."""

import re
from typing import Final

from listener.domain.query.folding import fold_for_match, glues
from listener.domain.query.mistakes import OPERAND, found, mistake
from listener.domain.query.nodes import (
    HAN,
    ONE_SLIP,
    PLAIN,
    And,
    Exact,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Term,
    Word,
)
from listener.domain.query.patterns import LONGEST_TO_SLIP, SHORTEST_TO_SLIP
from listener.domain.query.stems import LANGUAGES
from listener.domain.query.terms import MARKS, WILDCARD
from listener.domain.wording import Wording

MOST_WILDCARDS: Final = 3
MOST_LANGUAGES: Final = 5
MOST_INFLECTED: Final = 20  # words of a phrase
LEAST_LETTERS: Final = 3
WAYS: Final = Wording(
    '"~1", "~plain", "~han", or "~" and languages as hu or hu+tr: %(known)s',
    known=", ".join(LANGUAGES),
)

_WAY = re.compile(r"(.+)~([A-Za-z0-9+]*)", re.DOTALL)
_WIDE_TILDE: Final = str.maketrans({"～": "~", "＊": "*", "？": "?"})


def split_way(written: str, position: int) -> Word:
    """A bare word with what stands behind its ~. Raises QueryError where they do not fit."""
    plain = written.translate(_WIDE_TILDE)
    parts = _WAY.fullmatch(plain)
    if parts is None:
        word = Word(plain if WILDCARD.search(plain) else written, position=position)
        _check_wildcards(word)
        return word
    way = way_of(parts[2], position + len(parts[1]), for_group=False)
    word = Word(parts[1], way, position)
    if not can_have(word, way):
        raise mistake(OPERAND, position, _WHY_NOT.get(way, _NO_LETTERS))
    return word


def way_of(written: str, position: int, *, for_group: bool) -> str:
    """What stands behind a ~, in its one form."""
    way = written.casefold()
    if for_group and way.isdigit():
        why = Wording("a slip is for one word; for a distance write a NEAR/5 b")
        raise mistake(Wording('"~plain", "~han" or "~" and a language'), position, why)
    spoken = way.split("+")
    are_known = len(spoken) <= MOST_LANGUAGES and all(one in LANGUAGES for one in spoken)
    if way in (ONE_SLIP, PLAIN, HAN) or are_known:
        return way
    if way.count("+") >= MOST_LANGUAGES:
        why = Wording("each is looked at for itself")
        raise mistake(Wording("at most %(most)s languages", most=MOST_LANGUAGES), position, why)
    raise mistake(WAYS, position, found(f"~{written}"))


def give(node: Node, way: str, *, words_only: bool = False) -> Node:
    """The same tree; terms without a way of their own get this one, where they can have it."""
    match node:
        case And(parts):
            return And(tuple(give(part, way, words_only=words_only) for part in parts))
        case Or(parts):
            return Or(tuple(give(part, way, words_only=words_only) for part in parts))
        case Not(part):
            return Not(give(part, way, words_only=words_only), node.position)
        case Near():
            left, right = (
                tuple(_given(term, way, words_only=words_only) for term in side)
                for side in (node.left, node.right)
            )
            return Near(left, right, node.within, node.ordered, node.position)
        case Word() | Phrase():
            return _given(node, way, words_only=words_only)
        case _:
            return node


def _given(term: Term, way: str, *, words_only: bool) -> Term:
    if isinstance(term, Exact) or term.way or not can_have(term, way):
        return term
    if isinstance(term, Word):
        return Word(term.text, way, term.position)
    return term if words_only else Phrase(term.text, way, term.position)


def can_have(term: Word | Phrase, way: str) -> bool:
    """Whether a term can be read in a way: with wildcards in none, others by their letters."""
    if isinstance(term, Word) and WILDCARD.search(term.text):
        return False
    folded = fold_for_match(term.text)
    if way in (PLAIN, HAN):
        return bool(folded)
    words = folded.split(" ")
    if len(words) > MOST_INFLECTED or not all(word and all(map(glues, word)) for word in words):
        return False
    if way != ONE_SLIP:
        return True
    return len(words) == 1 and SHORTEST_TO_SLIP <= len(folded) < LONGEST_TO_SLIP


_NO_LETTERS: Final = Wording(
    "only words of letters and digits, in a script with spaces, have inflected forms"
)
_WHY_NOT: Final = {
    ONE_SLIP: Wording(
        "~1 is for one word of at least %(least)s letters or digits, in a script with spaces",
        least=SHORTEST_TO_SLIP,
    ),
    PLAIN: Wording("a word with a wildcard has no ~"),
    HAN: Wording("a word with a wildcard has no ~"),
}


def _check_wildcards(word: Word) -> None:
    if not WILDCARD.search(word.text):
        return
    folded = fold_for_match(word.text)
    letters = WILDCARD.sub("", folded[1:] if folded[0] in MARKS else folded)
    if not all(map(glues, letters)):
        why = Wording(
            "a wildcard stands in a word of letters and digits of a script with spaces;"
            " as plain text, quote it"
        )
        raise mistake(OPERAND, word.position, why)
    if len(letters) < LEAST_LETTERS:
        raise mistake(
            Wording("at least %(least)s letters beside a wildcard", least=LEAST_LETTERS),
            word.position,
            found(word),
        )
    if len(WILDCARD.findall(folded)) > MOST_WILDCARDS:
        raise mistake(
            Wording("at most %(most)s wildcards", most=MOST_WILDCARDS), word.position, found(word)
        )
