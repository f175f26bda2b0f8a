"""What the services that search for us are asked for queries, by the table of all collectors."""

import importlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from listener.collectors import COLLECTORS
from listener.collectors.base import Searches
from listener.domain.query import Query
from listener.domain.query.translation import Translation
from listener.errors import UsageError


class Asked(NamedTuple):
    """What a source asks for a subject's query."""

    source: str
    subject: str
    translation: Translation


def asked_by(sources: Mapping[str, object]) -> Iterator[Asked]:
    """What all sources ask that search, source by source."""
    for name, source in sources.items():
        if not isinstance(source, Searches):
            continue
        for subject in source.follows:
            if subject.query is not None:
                yield Asked(name, subject.name, source.asks(subject.query))


def translate(query: Query, service: str, sources: Mapping[str, object]) -> Translation:
    """What is asked for a query by a source of this name, else at a service of this type at best.

    Raises UsageError where nothing searches by that name.
    """
    source = sources.get(service)
    if isinstance(source, Searches):
        return source.asks(query)
    if (found := _searching(service)) is not None:
        return found.translated(query)
    known = ", ".join(name for name in COLLECTORS if _searching(name))
    raise UsageError(f"nothing called {service!r} searches for us; there is {known}.")


def is_searching(service: str) -> bool:
    """Whether a type of source searches for us, whatever the settings hold."""
    return _searching(service) is not None


def _searching(service: str) -> type[Searches] | None:
    module, _, name = COLLECTORS.get(service, "").partition(":")
    found = getattr(importlib.import_module(module), name) if module else None
    return found if hasattr(found, "translated") else None
