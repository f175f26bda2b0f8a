"""A query as a service that searches for us is asked for it: as few searches as find all. Pure.

What a service cannot be asked for is left out and sorted out here, and told in words. A NOT is
carried down to the single terms (De Morgan), for services leave out one thing at a time.
"""

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from listener.domain.query.asked import as_written, forms_of
from listener.domain.query.dialect import Dialect, plain_text
from listener.domain.query.fields import ANCHORS
from listener.domain.query.folding import fold_for_match
from listener.domain.query.joining import Condition, Left, Part, flat, group, joined, packed
from listener.domain.query.nodes import (
    And,
    Exact,
    Field,
    Near,
    Node,
    Not,
    Or,
    Pack,
    Term,
    looks_for,
)
from listener.domain.query.query import Query
from listener.domain.query.unasked import NO_WORD, reasons, told, why_nothing

LONGEST_TERM: Final = 200  # characters; who has all of a phrase has its first words

_SIGN = re.compile(r"[^\w\s.]")  # but a domain's
_COULD_LEAVE_MORE: Final = "a NOT could leave out more there"


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """What a service is asked for a query. All that the query finds is among it, but for `missed`.

    Its sentences name parts of the query as their author wrote them.
    """

    service: str  # as people call it
    searches: tuple[str, ...] = ()  # each is asked by itself
    broader: tuple[str, ...] = ()  # what is asked more broadly and sorted out here
    missed: tuple[str, ...] = ()  # what the query finds and the service does not
    impossible: str | None = None  # why nothing is asked


@functools.lru_cache(maxsize=1024)
def translate(query: Query, dialect: Dialect, source: str = "") -> Translation:
    """What a service is asked for a query. `source`: the name of the one that asks, if it has one.

    Where that cannot be all that the query finds, it is what can be asked for; the rest is told.
    """
    reader = _Reader(dialect, fold_for_match(source))
    part = reader.read(query.root)
    if part.never:
        why = f"{part.said} holds for nothing at {dialect.service}"
        return Translation(service=dialect.service, impossible=why)
    if not part.any_of:
        part = reader.read_loosely(query.root)
    if not part.any_of:
        return Translation(
            service=dialect.service, impossible=why_nothing(query, part, dialect.service)
        )
    return Translation(
        service=dialect.service,
        searches=tuple(
            f"{group(chunk, dialect)}{dialect.suffix}"
            for chunk in packed(part.any_of, dialect, dialect.room)
        ),
        broader=told(part.broader, "sorted out here"),
        missed=tuple(dict.fromkeys(part.missed)),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    dialect: Dialect
    source: str

    def read(self, node: Node, *, negated: bool = False) -> Part:
        """A part as far as it can be asked for without missing anything."""
        match node:
            case Not(part):
                return self.read(part, negated=not negated)
            case And(parts) | Or(parts):
                read = [self.read(part, negated=negated) for part in parts]
                said = _said(node, negated)
                joins = isinstance(node, And) != negated
                return self._all_of(read, said) if joins else self._any_of(read, said)
            case Pack():
                return self._pack(node, self.read(node.root, negated=negated), negated)
            case Near():
                return self._excluded_near(node) if negated else self._near(node)
            case Field():
                return self._field(node, negated)
            case _:
                return self._excluded(node) if negated else self._term(node)

    def read_loosely(self, node: Node, *, negated: bool = False) -> Part:
        """A part as far as it can be asked for; what is not found then is told.

        What only excludes is not asked for by what it spares: NOT (job NOT never) is not "never".
        """
        strict = self.read(node, negated=negated)
        if strict.any_of or strict.never or not looks_for(node, _is_anchor, negated=negated):
            return strict
        loose = self._loosely(node, negated)
        return loose if loose is not None and loose.any_of else strict

    def _loosely(self, node: Node, negated: bool) -> Part | None:
        match node:
            case Not(part):
                return self.read_loosely(part, negated=not negated)
            case And(parts) | Or(parts):
                read = [self.read_loosely(part, negated=negated) for part in parts]
                joins = isinstance(node, And) != negated
                said = _said(node, negated)
                return self._one_of(read, said) if joins else self._some_of(read, said)
            case Pack():
                return self._pack(node, self.read_loosely(node.root, negated=negated), negated)
            case Near() if not negated:
                return self._near_told(node, self.read_loosely(_both_sides(node)))
            case Field() | Near():
                return None
            case _:
                return None if negated else self._as_written(node)

    def _all_of(self, parts: Sequence[Part], said: str) -> Part:
        if any(part.never for part in parts):
            return Part(next(part.said for part in parts if part.never), never=True)
        also = tuple(one for part in parts for one in part.also)
        groups = [part for part in parts if part.any_of]
        any_of, left_out = joined(groups, also, self.dialect) if groups else ((), [])
        unasked = {left.said for left in left_out}
        asked = [part for part in parts if not part.any_of or part.said not in unasked]
        return Part(
            said,
            any_of=any_of,
            also=() if groups else also,
            broader=(*(text for part in asked for text in part.broader), *left_out),
            missed=tuple(text for part in asked for text in part.missed),
            joined_from=min((part.breadth for part in groups), default=0),
        )

    def _any_of(self, parts: Sequence[Part], said: str) -> Part:
        possible = [part for part in parts if not part.never]
        if not possible:
            return Part(said, never=True)
        asked = Part(
            said,
            broader=tuple(text for part in possible for text in part.broader),
            missed=tuple(text for part in possible for text in part.missed),
        )
        if all(part.any_of for part in possible):
            breadth = sum(part.breadth for part in possible)
            return replace(asked, any_of=flat(p.any_of for p in possible), joined_from=breadth)
        if self.dialect.either and all(_is_condition(part) for part in possible):
            conditions = dict.fromkeys(flat(part.also[0].any_of for part in possible))
            return replace(asked, also=(Condition(tuple(conditions), said),))
        missing = [part for part in possible if not part.any_of]
        return _left_out(said, reasons(missing) or f"{missing[0].said} {NO_WORD}")

    def _one_of(self, parts: Sequence[Part], said: str) -> Part:
        """Of what is asked for as written, one must do: with two, less would be found."""
        found = [part for part in parts if part.any_of]
        if not found:
            return self._all_of(parts, said)
        best = min(found, key=lambda part: len(part.any_of))
        why = "asked for as written it would hide its other forms"
        rest = (Left(part.said, why) for part in found if part is not best)
        others = [
            replace(part, any_of=(), missed=()) if part.any_of else part
            for part in parts
            if part is not best
        ]
        joined = self._all_of([best, *others], said)
        return replace(joined, broader=(*joined.broader, *rest))

    def _some_of(self, parts: Sequence[Part], said: str) -> Part:
        possible = [part for part in parts if not part.never]
        found = [part for part in possible if part.any_of]
        missing = [part for part in possible if not part.any_of]
        lost = tuple(f"{part.said} is not asked for: {reasons([part])}" for part in missing)
        return Part(
            said,
            any_of=flat(part.any_of for part in found),
            broader=tuple(text for part in found for text in part.broader),
            missed=(*(text for part in found for text in part.missed), *lost),
        )

    def _pack(self, node: Pack, part: Part, negated: bool) -> Part:
        """Its single words are not the user's: what is told of them is told of the pack."""
        said = f"NOT {node}" if negated else str(node)
        also = tuple(one._replace(said=said) for one in part.also)
        told: tuple[Left | str, ...] = ()
        if part.any_of and part.broader:
            told = (f"{said} is asked more broadly",)
        elif part.broader:
            told = (Left(said, ""),)
        return replace(part, said=said, also=also, broader=told)

    def _near(self, node: Near) -> Part:
        return self._near_told(node, self.read(_both_sides(node)))

    def _near_told(self, node: Near, part: Part) -> Part:
        told = f"{node} is asked as both, at any distance"
        return replace(part, said=str(node), broader=(*part.broader, told))

    def _excluded_near(self, node: Near) -> Part:
        return _left_out(f"NOT {node}", _COULD_LEAVE_MORE)

    def _field(self, node: Field, negated: bool) -> Part:
        said = f"NOT {node}" if negated else str(node)
        if node.name == "source" and self.source:
            return Part(said, never=(node.value == self.source) == negated)
        asked = self.dialect.field(node, negated)
        if asked.never:
            return Part(said, never=True) if not negated else Part(said)
        if not asked.asked:
            why = asked.why or f"{self.dialect.service} cannot be asked for it"
            return _left_out(said, why)
        part = Part(
            said,
            broader=(f"{said}: {asked.broader}",) if asked.broader else (),
            missed=(f"{said}: {asked.missed}",) if asked.missed else (),
        )
        if asked.alone and not negated:
            return replace(part, any_of=asked.asked)
        return replace(part, also=(Condition(asked.asked, said),))

    def _term(self, term: Term) -> Part:
        """A term in all the forms that it finds; what has too many of them is left to us."""
        found, why = forms_of(term, knows_accents=self.dialect.knows_accents)
        if why:
            return _left_out(str(term), f"{self.dialect.service} {why}")
        return self._written(term, found)

    def _as_written(self, term: Term) -> Part:
        text = as_written(term)
        part = self._written(term, (text,)) if text else self._term(term)
        if not part.any_of:
            return part
        lost = f"of {term} only {text} is found at {self.dialect.service}"
        return replace(part, missed=(lost,))

    def _written(self, term: Term, texts: Iterable[str]) -> Part:
        plain = [_cut(plain_text(text)) for text in texts]
        any_of = [self.dialect.write(text) if text else () for text in plain]
        if not all(any_of):
            return _left_out(str(term), f"{self.dialect.service} {self.dialect.blind}")
        broader = [_signs_told(term)] if _has_signs(plain[0]) else []
        if isinstance(term, Exact):
            broader = [f"{term} is asked in any case, and without its signs"]
        if len(plain[0]) < len(plain_text(as_written(term))):
            broader.append(f"{term} is asked by its first words")
        return Part(str(term), any_of=flat(any_of), broader=tuple(broader))

    def _excluded(self, term: Term) -> Part:
        """A NOT: left out there is at most what is left out here."""
        said = f"NOT {term}"
        text = "" if isinstance(term, Exact) else plain_text(as_written(term))
        asked = self.dialect.exclude(text) if 0 < len(text) <= LONGEST_TERM else ()
        if not asked:
            return _left_out(said, _COULD_LEAVE_MORE)
        missed = self.dialect.excludes_more
        told = f"{said} is asked as NOT {text}"
        return Part(
            said,
            also=tuple(Condition((one,), said) for one in asked),
            broader=(told,) if text != plain_text(str(term)) else (),
            missed=(missed,) if missed and not text.startswith(("@", "#")) else (),
        )


def _said(node: And | Or, negated: bool) -> str:
    return f"NOT ({node})" if negated else str(node)


def _is_anchor(field: Field) -> bool:
    return field.name in ANCHORS


def _both_sides(node: Near) -> And:
    left, right = (side[0] if len(side) == 1 else Or(side) for side in (node.left, node.right))
    return And((left, right))


def _left_out(said: str, why: str) -> Part:
    return Part(said, broader=(Left(said, why),))


def _has_signs(text: str) -> bool:
    return any(map(str.isalnum, text)) and _SIGN.search(text.lstrip("@#")) is not None


def _signs_told(term: Term) -> str:
    return f"{term} is asked by its words; the signs are sorted out here"


def _is_condition(part: Part) -> bool:
    return len(part.also) == 1 and not part.also[0].any_of[0].startswith("-")


def _cut(text: str) -> str:
    """The first words of a phrase that is too long: who has all of it has these."""
    words = text.split()
    while len(" ".join(words)) > LONGEST_TERM:
        words.pop()
    return " ".join(words)
