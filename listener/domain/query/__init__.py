"""The query language: one string says what to look for, here and wherever else we search."""

from listener.domain.query.document import Document
from listener.domain.query.folding import fold_for_match
from listener.domain.query.mistakes import show
from listener.domain.query.nodes import And, Exact, Field, Near, Node, Not, Or, Pack, Phrase, Word
from listener.domain.query.query import Place, Query, parse
from listener.domain.query.reading import Reading

__all__ = [
    "And",
    "Document",
    "Exact",
    "Field",
    "Near",
    "Node",
    "Not",
    "Or",
    "Pack",
    "Phrase",
    "Place",
    "Query",
    "Reading",
    "Word",
    "fold_for_match",
    "parse",
    "show",
]
