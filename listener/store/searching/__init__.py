"""Asking the database for what a query finds: candidates by its indexes, judged by their texts."""

from listener.store.searching.counting import Number, count
from listener.store.searching.documents import Judge, Text
from listener.store.searching.finding import Found, Order, Wanted, find, matching
from listener.store.searching.listing import Sifted, few, sift
from listener.store.searching.nearby import nearly
from listener.store.searching.predicates import Span

__all__ = [
    "Found",
    "Judge",
    "Number",
    "Order",
    "Sifted",
    "Span",
    "Text",
    "Wanted",
    "count",
    "few",
    "find",
    "matching",
    "nearly",
    "sift",
]
