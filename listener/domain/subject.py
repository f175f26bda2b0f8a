"""What we follow: brands, competitors, influencers; and whose a post is."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from listener.domain.mention import Mention
from listener.domain.query import And, Document, Place, Query, Reading
from listener.domain.query.many import Many
from listener.domain.query.reading import whole
from listener.domain.stars import USUAL_SCALE

LANGUAGE = "lang"  # the field that may not be known yet when a mention comes
EVERYTHING = Query("", And(()))


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
    places: tuple[Place, ...] = ()  # where they stand in the title and the text
    counts: bool = True


def handle(name: str | None) -> str:
    """A handle as it is compared: without @ and case."""
    return (name or "").strip().lstrip("@").casefold()


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
    """Tells which subjects a mention is about, in one pass over its text.

    `detect` tells the language of a text; it is asked only where a query names a language and the
    mention came without one. Where nobody can tell, languages do not count: better too much.
    """

    def __init__(
        self, subjects: Iterable[Subject], detect: Callable[[str], str | None] | None = None
    ) -> None:
        self._subjects = tuple(subjects)
        self._by_name = {s.name.casefold(): s for s in self._subjects}
        self._asking = tuple((s.id, s.query) for s in self._subjects if s.query is not None)
        self._queries = Many([query for _, query in self._asking])
        self._in_any_language = self._queries
        if detect is None and any(LANGUAGE in query.fields for _, query in self._asking):
            broader = (query.without(LANGUAGE) for _, query in self._asking)
            self._in_any_language = Many([query or EVERYTHING for query in broader])
        self._influencers = tuple(s for s in self._subjects if s.role is Role.INFLUENCER)
        self._brands = tuple(s for s in self._subjects if s.role is Role.BRAND and s.accounts)
        self._detect = detect

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
        text = Reading(whole(mention.title, mention.text), lambda: self._document(mention))
        queries = self._queries if mention.language else self._in_any_language
        for number, terms in queries.match(text):
            subject_id, query = self._asking[number]
            if given is None or subject_id != given.id:
                places = query.places(text) if terms else ()
                found.append(_by_query(subject_id, terms, places, counts=given is None))
        for subject in self._influencers:
            if subject.owns(service, mention) and all(m.subject_id != subject.id for m in found):
                terms = (f"@{handle(mention.author)}",)
                found.append(_by_query(subject.id, terms, counts=given is None))
        return found

    def _document(self, mention: Mention) -> Document:
        document = document_of(mention)
        if document.language is not None or self._detect is None:
            return document
        return replace(document, language=self._detect(whole(mention.title, mention.text)))


def document_of(mention: Mention) -> Document:
    """A mention as queries see it when it comes in: nothing is labelled or measured yet."""
    stars = mention.stars
    return Document(
        text=mention.text,
        title=mention.title,
        author=mention.author,
        url=mention.url,
        language=mention.language,
        channel=mention.channel.value,
        source=mention.source,
        kind=mention.kind.value,
        stars=None if stars is None else stars * USUAL_SCALE / mention.stars_scale,
        followers=mention.followers,
        likes=mention.likes,
        verified=mention.verified,
        said_at=mention.said_at,
    )


def _by_query(
    subject_id: int, terms: tuple[str, ...], places: tuple[Place, ...] = (), *, counts: bool
) -> Match:
    return Match(
        subject_id=subject_id, origin=Origin.QUERY, terms=terms, places=places, counts=counts
    )
