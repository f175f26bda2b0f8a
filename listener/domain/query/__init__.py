"""The query language: one string says what to look for, here and wherever else we search."""

from listener.domain.query.folding import fold_for_match
from listener.domain.query.mistakes import show
from listener.domain.query.nodes import And, Node, Not, Or, Phrase, Word
from listener.domain.query.query import Query, parse

__all__ = [
    "And",
    "Node",
    "Not",
    "Or",
    "Phrase",
    "Query",
    "Word",
    "fold_for_match",
    "parse",
    "show",
]
