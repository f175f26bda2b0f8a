"""From what a person typed to a tree of nodes, or to a mistake shown at its place."""

import functools
from typing import TYPE_CHECKING, Final

from listener.domain.query.folding import fold_for_match
from listener.domain.query.mistakes import OPERAND, misreading, mistake
from listener.domain.query.nodes import And, Node, Not, Or, Phrase, Word, unanchored
from listener.errors import QueryError

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

MOST_CHARACTERS: Final = 10_000
MOST_TERMS: Final = 500
DEEPEST: Final = 50

# Kept in docs/queries.md too, where a test compares them.
GRAMMAR: Final = r"""
start: either
?either: both ("OR" both)*
?both: one ("AND"? one)*
?one: (NOT | MINUS) one  -> negated
    | "(" either ")"
    | WORD               -> word
    | PHRASE             -> phrase

NOT: "NOT"
MINUS: /-(?=[^\s)-])/
WORD: /[^\s()"-][^\s()"]*/
PHRASE: /"[^"]*"/
%ignore /\s+/
"""

# Full-width forms stand for ASCII, and every kind of quote for the straight one. One character
# stands for one, so that positions stay true.
_AS_ASCII: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | dict.fromkeys(
    map(ord, "“”„‟«»「」『』"), '"'
)


def read(text: str) -> Node:
    """Read a query into its tree. Raises QueryError at the first mistake."""
    if len(text) > MOST_CHARACTERS:
        raise mistake(f"at most {MOST_CHARACTERS} characters", MOST_CHARACTERS, "it is too long")
    if not text.strip():
        raise mistake(OPERAND, 0, "the query is empty")
    root = _node(_tree(text))
    if (careless := unanchored(root)) is not None:
        why = "what only excludes would match nearly everything"
        raise mistake("something to look for beside NOT", careless.position, why)
    return root


def _tree(text: str) -> "Tree[Token]":
    from lark.exceptions import UnexpectedCharacters, UnexpectedToken  # noqa: PLC0415

    plain = text.translate(_AS_ASCII)
    parser = _parser()
    state = parser.parse_interactive()
    guard = _Guard()
    try:
        for token in parser.lex(plain):
            guard.look_at(token)
            state.feed_token(token.update(value=text[token.start_pos : token.end_pos]))
        tree: Tree[Token] = state.feed_eof()  # type: ignore[no-untyped-call]
    except UnexpectedCharacters as error:
        raise _unreadable(plain, error.pos_in_stream) from None  # type: ignore[arg-type]
    except UnexpectedToken as error:
        wanted: set[str] = state.accepts()  # type: ignore[no-untyped-call]
        end = len(text.rstrip())
        raise _misplaced(error.token, guard, operand_missing="WORD" in wanted, end=end) from None
    return tree


@functools.cache
def _parser() -> "Lark":
    from lark import Lark  # noqa: PLC0415

    return Lark(GRAMMAR, parser="lalr", lexer="basic")


class _Guard:
    """Looks at the tokens as they come: what is refused, what is open, how much and how deep."""

    def __init__(self) -> None:
        self.open: list[int] = []  # where the parentheses are that wait for their end
        self._depths = [0]
        self._depth = 0
        self._terms = 0

    def look_at(self, token: "Token") -> None:
        position = token.start_pos or 0
        if token.type in ("WORD", "PHRASE"):
            self._look_at_term(token, position)
        elif token.type in ("LPAR", "NOT", "MINUS"):
            self._depth += 1
            if self._depth > DEEPEST:
                raise mistake(f"at most {DEEPEST} levels of ( and NOT", position, "it is too deep")
        if token.type == "LPAR":
            self.open.append(position)
            self._depths.append(self._depth)
        elif token.type == "RPAR" and self.open:
            self.open.pop()
            self._depths.pop()
            self._depth = self._depths[-1]

    def _look_at_term(self, token: "Token", position: int) -> None:
        self._depth = self._depths[-1]
        self._terms += 1
        if self._terms > MOST_TERMS:
            raise mistake(f"at most {MOST_TERMS} words and phrases", position, "there are more")
        if token.type == "WORD" and (why := misreading(token)) is not None:
            raise mistake(OPERAND, position, why)
        if not fold_for_match(token.strip('"')):
            raise mistake(OPERAND, position, "nothing that can be seen stands here")


def _unreadable(plain: str, position: int) -> QueryError:
    if plain[position] == '"':
        why = f"the quote at character {position + 1} is not closed"
        return mistake("a closing quote", len(plain), why)
    return mistake(OPERAND, position, 'a "-" stands right before what it excludes')


def _misplaced(token: "Token", guard: _Guard, *, operand_missing: bool, end: int) -> QueryError:
    at_end = token.type == "$END"
    position = end if at_end else token.start_pos or 0
    if operand_missing:
        return mistake(OPERAND, position, "the query ends here" if at_end else f"found {token}")
    if guard.open:
        why = f'the "(" at character {guard.open[-1] + 1} is not closed'
        return mistake('")"', position, why)
    return mistake("the end of the query", position, 'this ")" closes nothing')


def _node(tree: "Tree[Token]") -> Node:
    """Turn the parser's tree into ours. Its depth is bounded by DEEPEST, so it may recurse."""
    first = tree.children[0]
    if tree.data == "word":
        return Word(str(first), _position(first))
    if tree.data == "phrase":
        return Phrase(" ".join(str(first)[1:-1].split()), _position(first))
    nodes = tuple(_node(child) for child in tree.children if not isinstance(child, str))
    if tree.data == "negated":
        return Not(nodes[0], _position(first))
    if tree.data == "both":
        return And(nodes)
    return Or(nodes) if tree.data == "either" else nodes[0]


def _position(part: "Token | Tree[Token]") -> int:
    return getattr(part, "start_pos", None) or 0
