"""From what a person typed to a tree of nodes, or to a mistake shown at its place."""

import functools
from typing import TYPE_CHECKING, Any, Final

from listener.domain.query import fields
from listener.domain.query.folding import fold_for_match
from listener.domain.query.limits import Guard
from listener.domain.query.mistakes import OPERAND, found, mistake
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
from listener.domain.wording import Wording
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
        raise mistake(
            Wording("at most %(most)s characters", most=MOST_CHARACTERS),
            MOST_CHARACTERS,
            Wording("it is too long"),
        )
    if (at := text.find(BREAK)) >= 0:
        raise mistake(OPERAND, at, Wording("a character stands here that no text has"))
    if not text.strip():
        raise mistake(OPERAND, 0, Wording("the query is empty"))
    root = _Reader(text).node(_tree(text))
    if inflect:
        root = give(root, inflect, words_only=True)
    if (careless := unanchored(root, lambda field: broad or field.name in fields.ANCHORS)) is None:
        return root
    if isinstance(careless, Not):
        why = Wording("what only excludes would match nearly everything")
        raise mistake(Wording("something to look for beside NOT"), careless.position, why)
    raise mistake(
        Wording("a word, a phrase, author: or site: beside it"),
        careless.position,
        Wording("%(field)s: alone would match too much", field=careless.name),
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
    if plain[position] == '"':
        why = Wording("the quote at character %(at)s is not closed", at=position + 1)
        return mistake(Wording("a closing quote"), len(plain), why)
    if plain[position] == "`":
        why = Wording("the backtick at character %(at)s is not closed", at=position + 1)
        return mistake(Wording("a closing backtick"), len(plain), why)
    return mistake(OPERAND, position, Wording('a "-" stands right before what it excludes'))


def _misplaced(token: "Token", guard: Guard, wanted: set[str], *, end: int) -> QueryError:
    at_end = token.type == "$END"
    position = end if at_end else token.start_pos or 0
    here = Wording("the query ends here") if at_end else found(token)
    if "WORD" in wanted and "EXACT" not in wanted:
        return mistake(Wording("the field's value"), position, here)
    if "WORD" in wanted and "RPAR" not in wanted and "$END" not in wanted:
        return mistake(OPERAND, position, here)
    if token.type == "NEAR":
        return mistake(
            Wording("AND or OR"), position, Wording("NEAR joins two: (a NEAR/3 b) AND (b NEAR/3 c)")
        )
    if token.type == "WAY":
        return mistake(
            Wording("AND, OR or the end"),
            position,
            Wording("%(what)s has nothing to stand behind", what=str(token)),
        )
    if guard.open:
        why = Wording('the "(" at character %(at)s is not closed', at=guard.open[-1] + 1)
        return mistake('")"', position, why)
    return mistake(Wording("the end of the query"), position, Wording('this ")" closes nothing'))


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
            raise mistake(
                Wording("at most NEAR/%(most)s", most=FARTHEST),
                _position(parts[1]),
                found(operator),
            )
        left, right = (self._side(part, parts[1]) for part in (parts[0], parts[2]))
        if len(left) > MOST_BESIDE or len(right) > MOST_BESIDE:
            why = Wording("one side has more")
            raise mistake(
                Wording("at most %(most)s terms beside NEAR", most=MOST_BESIDE),
                _position(parts[1]),
                why,
            )
        return Near(left, right, within, operator.startswith("O"), _position(parts[1]))

    def _side(self, part: Any, operator: Any) -> tuple[Term, ...]:
        match node := self.node(part):
            case Word() | Phrase() | Exact():
                return (node,)
            case Or(parts) if all(isinstance(each, Term) for each in parts):
                return parts  # type: ignore[return-value]
        raise mistake(
            Wording("words, phrases or backticks on both sides, or several of them joined by OR"),
            _position(operator),
            Wording("NEAR joins nothing else"),
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
            names = ": ".join((*fields.NAMES, "pack:"))
            known = Wording("one of %(known)s", known=names)
            why = Wording('"%(what)s" is no field; quote it', what=str(parts[0]))
            raise mistake(known, at, why)
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
        raise mistake(error.args[0], _position(token), found(token)) from None
    return Field(name, value, op, high, at)


def _pack(written: str, at: int) -> Pack:
    name = fold_for_match(written)
    if name not in NAMES:
        raise mistake(Wording("one of %(known)s", known=", ".join(NAMES)), at, found(written))
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
