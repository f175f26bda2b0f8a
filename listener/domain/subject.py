"""What we follow: brands, competitors, influencers; and whose a post is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from listener.domain.mention import Mention
from listener.domain.query import Query, fold_for_match


class Role(StrEnum):
    BRAND = "brand"
    COMPETITOR = "competitor"
    INFLUENCER = "influencer"


class Origin(StrEnum):
    """Why a mention is about a subject."""

    GIVEN = "given"  # the mention named it
    QUERY = "query"  # a query found it, or an influencer we follow wrote it


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One brand, competitor or influencer. `id` is the database's; 0 until it is stored."""

    id: int = 0
    name: str
    role: Role
    query: Query | None  # None: only its accounts and given matches count
    accounts: Mapping[str, frozenset[str]] = field(default_factory=dict)  # service -> handles

    def owns(self, service: str, mention: Mention) -> bool:
        """Whether one of its accounts wrote this. `service`: the source's type."""
        handles = self.accounts.get(service) or self.accounts.get(mention.source)
        if not handles:
            return False
        return handle(mention.author) in handles or handle(mention.author_id) in handles


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A mention is about a subject. `counts` is False for a query's match beside a given one."""

    subject_id: int
    origin: Origin
    terms: tuple[str, ...] = ()
    counts: bool = True


def handle(name: str | None) -> str:
    """A handle as it is compared: without @ and case."""
    return (name or "").strip().lstrip("@").casefold()


def looked_for(subjects: Iterable[Subject]) -> tuple[str, ...]:
    """What to ask a service that searches for words: every match holds one of these."""
    queries = (subject.query for subject in subjects if subject.query is not None)
    return tuple(dict.fromkeys(term for query in queries for term in query.needles))


def accounts_of(
    subjects: Iterable[Subject], service: str, roles: Iterable[Role] = (Role.BRAND,)
) -> tuple[str, ...]:
    """The handles at a service, folded and in order, of subjects with one of these roles."""
    wanted = frozenset(roles)
    found = (s.accounts.get(service, frozenset()) for s in subjects if s.role in wanted)
    return tuple(sorted({name for names in found for name in names}))


def brand_of(subjects: Iterable[Subject], brand: str | None) -> str | None:
    """Whom a source is about: who is named, else the only brand there is.

    None where nobody is followed. Raises ValueError for a name that is no subject's.
    """
    followed = tuple(subjects)
    if brand is None and followed:
        brands = [subject.name for subject in followed if subject.role is Role.BRAND]
        if len(brands) == 1:
            return brands[0]
        raise ValueError(f"brand is missing; it is one of the subjects: {_names(followed)}")
    check_brand(followed, brand)
    return brand


def check_brand(subjects: Iterable[Subject], brand: str | None) -> None:
    """Raise ValueError for a name that is no subject's; where nobody is followed any name goes."""
    followed = tuple(subjects)
    known = {subject.name.casefold() for subject in followed}
    if brand is not None and known and brand.casefold() not in known:
        raise ValueError(f'brand "{brand}" is none of the subjects: {_names(followed)}')


def _names(subjects: Iterable[Subject]) -> str:
    return ", ".join(subject.name for subject in subjects)


class Matcher:
    """Tells which subjects a mention is about, in one pass over its text."""

    def __init__(self, subjects: Iterable[Subject]) -> None:
        self._subjects = tuple(subjects)
        self._by_name = {s.name.casefold(): s for s in self._subjects}
        self._queries = tuple((s.id, s.query) for s in self._subjects if s.query is not None)
        self._influencers = tuple(s for s in self._subjects if s.role is Role.INFLUENCER)
        self._brands = tuple(s for s in self._subjects if s.role is Role.BRAND and s.accounts)

    def brand_behind(self, service: str, mention: Mention) -> Subject | None:
        """The brand whose own account wrote this: then it is an answer, not a mention."""
        return next((s for s in self._brands if s.owns(service, mention)), None)

    def concerns(self, service: str, mention: Mention) -> bool:
        """Whether somebody we follow wrote it, or is what it is about."""
        return self.brand_behind(service, mention) is not None or bool(
            self.matches(service, mention)
        )

    def matches(self, service: str, mention: Mention) -> list[Match]:
        """All matches of a mention. A given one is the only one that counts."""
        given = self._by_name.get(mention.brand.casefold()) if mention.brand else None
        found: list[Match] = []
        if given is not None:
            found.append(Match(subject_id=given.id, origin=Origin.GIVEN))
        folded = fold_for_match(
            f"{mention.title}\n{mention.text}" if mention.title else mention.text
        )
        for subject_id, query in self._queries:
            terms = query.match_folded(folded)
            if terms is not None and (given is None or subject_id != given.id):
                found.append(_by_query(subject_id, terms, counts=given is None))
        for subject in self._influencers:
            if subject.owns(service, mention) and all(m.subject_id != subject.id for m in found):
                terms = (f"@{handle(mention.author)}",)
                found.append(_by_query(subject.id, terms, counts=given is None))
        return found


def _by_query(subject_id: int, terms: tuple[str, ...], *, counts: bool) -> Match:
    return Match(subject_id=subject_id, origin=Origin.QUERY, terms=terms, counts=counts)
