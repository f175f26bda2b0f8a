"""How much may be asked for at once, looked at while a query is read."""

from typing import TYPE_CHECKING, Final

from listener.domain.query.folding import fold_for_match
from listener.domain.query.mistakes import MORE, OPERAND, misreading, mistake
from listener.domain.wording import Wording

if TYPE_CHECKING:
    from lark import Token

MOST_TERMS: Final = 500
MOST_NEAR: Final = 20  # pairs of which all places are compared
MOST_OPEN: Final = 50  # words with wildcards, or with a slip: each is compared with every word
DEEPEST: Final = 50


class Guard:
    """Looks at the tokens as they come: what is refused, what is open, how much and how deep."""

    def __init__(self) -> None:
        self.open: list[int] = []  # where the parentheses are that wait for their end
        self._depths = [0]
        self._depth = 0
        self._terms = 0
        self._open_words = 0
        self._nears = 0
        self._is_value = False  # what follows belongs to a field
        self._values_open = 0

    def look_at(self, token: "Token") -> None:
        position = token.start_pos or 0
        if token.type in ("WORD", "PHRASE", "EXACT"):
            self._look_at_term(token, position)
        elif token.type == "NEAR":
            self._nears += 1
            if self._nears > MOST_NEAR:
                raise mistake(
                    Wording("at most %(most)s times NEAR", most=MOST_NEAR), position, MORE
                )
        elif token.type in ("LPAR", "NOT", "MINUS"):
            self._depth += 1
            if self._depth > DEEPEST:
                raise mistake(
                    Wording("at most %(most)s levels of ( and NOT", most=DEEPEST),
                    position,
                    Wording("it is too deep"),
                )
        if token.type == "LPAR":
            self.open.append(position)
            self._depths.append(self._depth)
            self._values_open += self._is_value
        elif token.type == "RPAR" and self.open:
            self.open.pop()
            self._depths.pop()
            self._depth = self._depths[-1]
            self._values_open = max(self._values_open - 1, 0)
        self._is_value = token.type == "FIELD" or self._values_open > 0

    def _look_at_term(self, token: "Token", position: int) -> None:
        self._depth = self._depths[-1]
        self._terms += 1
        if self._terms > MOST_TERMS:
            raise mistake(
                Wording("at most %(most)s words and phrases", most=MOST_TERMS), position, MORE
            )
        if self._is_value:
            return
        if token.type == "WORD":
            self._look_at_word(token, position)
        if not fold_for_match(token.strip('"`“”„‟«»「」『』＂｀')):  # ™ counts as a space
            raise mistake(OPERAND, position, Wording("nothing that can be seen stands here"))

    def _look_at_word(self, token: "Token", position: int) -> None:
        if (why := misreading(token)) is not None:
            raise mistake(OPERAND, position, why)
        if any(sign in token for sign in "*?") or token.endswith("~1"):
            self._open_words += 1
            if self._open_words > MOST_OPEN:
                raise mistake(
                    Wording("at most %(most)s words with wildcards or ~1", most=MOST_OPEN),
                    position,
                    MORE,
                )
