"""From what a person typed to a tree of nodes, or to a mistake shown at its place."""

import functools
from typing import TYPE_CHECKING, Any, Final

from listener.domain.query import fields
from listener.domain.query.folding import fold_for_match
from listener.domain.query.limits import Guard
from listener.domain.query.mistakes import OPERAND, mistake
from listener.domain.query.nodes import (
    And,
    Exact,
    Field,
    Near,
    Node,
    Not,
    Or,
    Pack,
    Phrase,
    Term,
    Word,
    unanchored,
)
from listener.domain.query.packs import NAMES, text_of
from listener.domain.query.reading import BREAK
from listener.domain.query.ways import give, split_way, way_of
from listener.errors import QueryError

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

MOST_CHARACTERS: Final = 10_000
FARTHEST: Final = 100  # words between what is near
MOST_BESIDE: Final = 20  # terms on one side of a NEAR: all of their places are compared

# Kept in docs/queries.md too, where a test compares them.
GRAMMAR: Final = r"""
start: either
?either: both ("OR" both)*
?both: one ("AND"? one)*
?one: (NOT | MINUS) one  -> negated
    | near
?near: atom (NEAR atom)?
?atom: "(" either ")" WAY?  -> group
    | FIELD value           -> field
    | WORD                  -> word
    | PHRASE WAY?           -> phrase
    | EXACT                 -> exact
value: WORD | PHRASE | "(" value ("OR" value)* ")"

NOT: "NOT"
MINUS: /-(?=[^\s)-])/
NEAR.2: /O?NEAR\/[0-9]{1,4}(?=[\s("`]|$)/
FIELD.2: /[A-Za-z][A-Za-z_-]*:(?!\/\/)/
WAY.2: /(?<=[")])~[A-Za-z0-9+]+/
WORD: /[^\s()"`-][^\s()"`]*/
PHRASE: /"[^"]*"/
EXACT: /`[^`]*`/
%ignore /\s+/
"""

# Full-width forms stand for ASCII, and every kind of quote for the straight one. One character
# stands for one, so that positions stay true.
_AS_ASCII: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | dict.fromkeys(
    map(ord, "“”„‟«»「」『』"), '"'
)


def read(text: str, *, inflect: str = "", broad: bool = False) -> Node:
    """Read a query into its tree. Raises QueryError at the first mistake.

    `inflect`: the `way` of plain words that have none. `broad`: fields alone may be asked for, as
    in searches; else something has to be looked for.
    """
    if len(text) > MOST_CHARACTERS:
        raise mistake(f"at most {MOST_CHARACTERS} characters", MOST_CHARACTERS, "it is too long")
    if (at := text.find(BREAK)) >= 0:
        raise mistake(OPERAND, at, "a character stands here that no text has")
    if not text.strip():
        raise mistake(OPERAND, 0, "the query is empty")
    root = _Reader(text).node(_tree(text))
    if inflect:
        root = give(root, inflect, words_only=True)
    if (careless := unanchored(root, lambda field: broad or field.name in fields.ANCHORS)) is None:
        return root
    if isinstance(careless, Not):
        why = "what only excludes would match nearly everything"
        raise mistake("something to look for beside NOT", careless.position, why)
    raise mistake(
        "a word, a phrase, author: or site: beside it",
        careless.position,
        f"{careless.name}: alone would match too much",
    )


def _tree(text: str, *, within_limits: bool = True) -> "Tree[Token]":
    from lark.exceptions import UnexpectedCharacters, UnexpectedToken  # noqa: PLC0415

    plain = text.translate(_AS_ASCII)
    parser = _parser()
    state = parser.parse_interactive()
    guard = Guard()
    try:
        for token in parser.lex(plain):
            if within_limits:
                guard.look_at(token)
            state.feed_token(token.update(value=text[token.start_pos : token.end_pos]))
        tree: Tree[Token] = state.feed_eof()  # type: ignore[no-untyped-call]
    except UnexpectedCharacters as error:
        raise _unreadable(plain, error.pos_in_stream) from None  # type: ignore[arg-type]
    except UnexpectedToken as error:
        wanted: set[str] = state.accepts()  # type: ignore[no-untyped-call]
        end = len(text.rstrip())
        raise _misplaced(error.token, guard, wanted, end=end) from None
    return tree


@functools.cache
def _parser() -> "Lark":
    from lark import Lark  # noqa: PLC0415

    return Lark(GRAMMAR, parser="lalr", lexer="basic")


def _unreadable(plain: str, position: int) -> QueryError:
    for sign, name in (('"', "quote"), ("`", "backtick")):
        if plain[position] == sign:
            why = f"the {name} at character {position + 1} is not closed"
            return mistake(f"a closing {name}", len(plain), why)
    return mistake(OPERAND, position, 'a "-" stands right before what it excludes')


def _misplaced(token: "Token", guard: Guard, wanted: set[str], *, end: int) -> QueryError:
    at_end = token.type == "$END"
    position = end if at_end else token.start_pos or 0
    if "WORD" in wanted and "EXACT" not in wanted:
        found = "the query ends here" if at_end else f"found {token}"
        return mistake("the field's value", position, found)
    if "WORD" in wanted and "RPAR" not in wanted and "$END" not in wanted:
        return mistake(OPERAND, position, "the query ends here" if at_end else f"found {token}")
    if token.type == "NEAR":
        return mistake("AND or OR", position, "NEAR joins two: (a NEAR/3 b) AND (b NEAR/3 c)")
    if token.type == "WAY":
        return mistake("AND, OR or the end", position, f"{token} has nothing to stand behind")
    if guard.open:
        why = f'the "(" at character {guard.open[-1] + 1} is not closed'
        return mistake('")"', position, why)
    return mistake("the end of the query", position, 'this ")" closes nothing')


class _Reader:
    """Turns the parser's tree into ours. Its depth is bounded by the guard, so it may recurse."""

    def __init__(self, text: str) -> None:
        self._text = text

    def node(self, tree: "Tree[Token]") -> Node:
        make = getattr(self, f"_{tree.data}", None)
        return make(tree.children) if make is not None else self.node(tree.children[0])  # type: ignore[arg-type]

    def _word(self, parts: list[Any]) -> Node:
        return split_way(str(parts[0]), _position(parts[0]))

    def _phrase(self, parts: list[Any]) -> Node:
        phrase = Phrase(" ".join(str(parts[0])[1:-1].split()), position=_position(parts[0]))
        return phrase if len(parts) == 1 else _given(phrase, parts[1])

    def _exact(self, parts: list[Any]) -> Node:
        return Exact(" ".join(str(parts[0])[1:-1].split()), _position(parts[0]))

    def _group(self, parts: list[Any]) -> Node:
        inner = self.node(parts[0])
        return inner if len(parts) == 1 else _given(inner, parts[1])

    def _negated(self, parts: list[Any]) -> Node:
        return Not(self.node(parts[1]), _position(parts[0]))

    def _both(self, parts: list[Any]) -> Node:
        return And(tuple(map(self.node, parts)))

    def _either(self, parts: list[Any]) -> Node:
        return Or(tuple(map(self.node, parts)))

    def _near(self, parts: list[Any]) -> Node:
        operator = str(parts[1])
        within = int(operator.partition("/")[2])
        if within > FARTHEST:
            raise mistake(f"at most NEAR/{FARTHEST}", _position(parts[1]), f"found {operator}")
        left, right = (self._side(part, parts[1]) for part in (parts[0], parts[2]))
        if len(left) > MOST_BESIDE or len(right) > MOST_BESIDE:
            why = "one side has more"
            raise mistake(f"at most {MOST_BESIDE} terms beside NEAR", _position(parts[1]), why)
        return Near(left, right, within, operator.startswith("O"), _position(parts[1]))

    def _side(self, part: Any, operator: Any) -> tuple[Term, ...]:
        match node := self.node(part):
            case Word() | Phrase() | Exact():
                return (node,)
            case Or(parts) if all(isinstance(each, Term) for each in parts):
                return parts  # type: ignore[return-value]
        raise mistake(
            "words, phrases or backticks on both sides, or several of them joined by OR",
            _position(operator),
            "NEAR joins nothing else",
        )

    def _field(self, parts: list[Any]) -> Node:
        name = str(parts[0])[:-1].translate(_AS_ASCII).casefold()
        at = _position(parts[0])
        values = list(_values(parts[1]))
        if name == "pack":
            nodes: list[Node] = [_pack(str(value), _position(value)) for value in values]
        elif name in fields.NAMES:
            nodes = [_one_field(name, value, at) for value in values]
        else:
            known = f"one of {': '.join(fields.NAMES)}: pack:"
            raise mistake(known, at, f'"{parts[0]}" is no field; quote it')
        return nodes[0] if len(nodes) == 1 else Or(tuple(nodes))


def _values(tree: Any) -> Any:
    for child in tree.children:
        if isinstance(child, str):
            yield child
        else:
            yield from _values(child)


def _one_field(name: str, token: Any, at: int) -> Field:
    plain = str(token).translate(_AS_ASCII)
    written = plain[1:-1] if plain.startswith('"') else plain
    try:
        op, value, high = fields.read_value(name, written)
    except fields.BadValueError as error:
        raise mistake(str(error), _position(token), f"found {token}") from None
    return Field(name, value, op, high, at)


def _pack(written: str, at: int) -> Pack:
    name = fold_for_match(written)
    if name not in NAMES:
        raise mistake(f"one of {', '.join(NAMES)}", at, f"found {written}")
    return Pack(name, pack(name), at)


@functools.cache
def pack(name: str) -> Node:
    """The tree of a pack."""
    text = text_of(name)
    return _Reader(text).node(_tree(text, within_limits=False))


def _given(node: Node, token: Any) -> Node:
    """A node whose terms get what stands behind its ~."""
    way = way_of(str(token).translate(_AS_ASCII)[1:], _position(token), for_group=True)
    return give(node, way)


def _position(part: Any) -> int:
    return getattr(part, "start_pos", None) or 0
