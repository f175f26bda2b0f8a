"""Measures of every brand and competitor over a span, one layer for all doors."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Protocol

from listener import named
from listener.config import Config, MeasuresTable
from listener.domain.label import Sentiment
from listener.domain.measures import Figure
from listener.domain.measures.averages import response_times, star_average
from listener.domain.measures.prevalence import (
    NOTHING_KNOWN,
    Confusion,
    CountedInSet,
    Part,
    Rates,
    by_set,
    corrected_share,
    rates_elsewhere,
    raw_share,
)
from listener.domain.measures.surveys import (
    customer_effort_score,
    customer_satisfaction,
    net_promoter_score,
)
from listener.domain.measures.voice_share import share_of_voice
from listener.domain.measures.worth import value_at_risk, word_of_mouth
from listener.domain.promise import Promise, calendars_of
from listener.domain.response import Calendar, elapsed
from listener.domain.subject import Role, Subject
from listener.domain.wording import Homonym, Plural, Wording
from listener.store import clocks, measures, subjects
from listener.store.connection import Db, Store
from listener.store.measures import Labelled

if TYPE_CHECKING:
    from listener.app import App

KEPT: Final = 8_192  # corrected shares


class CountedByFamily(CountedInSet, Protocol):
    """A Confusion of a labelled set of posts ("social") or of reviews ("review")."""

    @property
    def family(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What measures need beside what was said."""

    subjects: Sequence[Subject] = ()
    table: MeasuresTable = field(default_factory=MeasuresTable)
    errors: Sequence[CountedByFamily] = ()  # how the classifier fared elsewhere
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    promises: Mapping[str, Promise] = field(default_factory=dict)  # by the channel
    budgets: Mapping[str, float] = field(default_factory=dict)  # of a month, in US dollars

    @classmethod
    def of_app(cls, app: "App") -> "Known":
        """As everything is set up."""
        from listener.collectors.base import Paid  # noqa: PLC0415  # the collectors are heavy

        paid = ((name, one) for name, one in app.collectors.items() if isinstance(one, Paid))
        budgets = {name: one.monthly_budget_usd for name, one in paid}
        return replace(
            cls.of_config(app.config, app.subjects),
            budgets={name: usd for name, usd in budgets.items() if usd is not None},
        )

    @classmethod
    def of_config(cls, config: Config, subjects: Sequence[Subject] = ()) -> "Known":
        """As far as settings alone say."""
        from listener.app import known_error  # noqa: PLC0415  # what follows is heavy

        promises = config.promises
        return cls(
            subjects=subjects,
            table=config.measures,
            errors=known_error(config.classify.sentiment),
            calendars=calendars_of(promises.values()) | dict(config.calendars),
            promises={channel.value: promise for channel, promise in promises.items()},
        )


def of_span(
    store: Store, known: Known, since: datetime, now: datetime, subject: str | None = None
) -> list[dict[str, Any]]:
    """The measures of each brand and competitor, or of one, of what was said since then.

    Raises UsageError for a subject that is not followed.
    """
    with store.read() as db:
        every = known.subjects or subjects.listed(db)
        followed = [one for one in every if one.role is not Role.INFLUENCER]
        wanted = {one.id for one in followed}
        if subject is not None:
            wanted = {named.subject(db, subject)}
        counts = measures.mentions(db, [one.id for one in followed], since, now)
        beaten = measures.beaten(db, since, now)
        voices = share_of_voice(
            {one.name: counts[one.id] for one in followed},
            {one.name: beaten.get(one.id, 0) for one in followed},
        )
        rates = rates_known(db, known)
        return [
            as_row(one, figure)
            for one in followed
            if one.id in wanted
            for figure in (voices[one.name], *_of(db, one, known, rates, since, now))
            if figure.value is not None
        ]


def as_row(subject: Subject, figure: Figure) -> dict[str, Any]:
    """A measure as other programs read it."""
    return {
        "subject": subject.name,
        "role": subject.role.value,
        "measure": figure.measure,
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "n": figure.n,
        "unit": figure.unit.value,
        "enough": figure.enough,
        "assumed": figure.assumed,
        "note": figure.note,
    }


def _of(
    db: Db,
    subject: Subject,
    known: Known,
    rates: Mapping[str, tuple[Rates, Wording]],
    since: datetime,
    now: datetime,
) -> Iterable[Figure]:
    found = measures.labelled(db, subject.id, since, now)
    yield from negative_shares(found, rates)
    yield star_average(measures.stars(db, subject.id, since, now))
    if subject.role is not Role.BRAND:
        return
    scores = measures.scores(db, subject.id, since, now)
    yield net_promoter_score(scores.nps, known.table.critic_up_to)
    yield customer_effort_score(scores.ces)
    yield customer_satisfaction(scores.csat)
    spans = [
        elapsed(one.said_at, one.answered_at, known.calendars.get(one.hours))
        for one in clocks.answered(db, subject.id, since, now)
    ]
    yield from response_times(spans)
    said = Counter[Sentiment]()
    for one in found:
        said[one.sentiment] += one.mentions
    yield word_of_mouth(said[Sentiment.POSITIVE], said[Sentiment.NEGATIVE])
    if (worth := known.table.customer_value) is not None:
        yield value_at_risk(measures.customers_at_risk(db, subject.id, since, now), worth)


def negative_shares(
    found: Iterable[Labelled], rates: Mapping[str, tuple[Rates, Wording]]
) -> Iterable[Figure]:
    """The share of negatives, corrected where the classifier's errors are known, and as it is."""
    called: dict[str, list[int]] = {}
    people, every = [0, 0], [0, 0]
    for one in found:
        kinds = people if one.is_known else called.setdefault(one.family, [0, 0])
        for tally in (kinds, every):
            tally[0] += one.mentions * (one.sentiment is Sentiment.NEGATIVE)
            tally[1] += one.mentions
    if all(family in rates for family in called):
        parts = [Part(negative, n, rates[family][0]) for family, (negative, n) in called.items()]
        notes = dict.fromkeys(rates[family][1] for family in called)
        yield _corrected(tuple(parts), (people[0], people[1]), _listed(notes))
    yield raw_share(every[0], every[1])


@lru_cache(KEPT)
def _corrected(parts: tuple[Part, ...], known: tuple[int, int], note: str) -> Figure:
    """The same for the same numbers, and not drawn again."""
    return corrected_share(parts, known=known, note=note)


def _listed(notes: Iterable[Wording]) -> str:
    """One after the other, in whatever language."""
    said = ""
    for note in notes:
        said = Wording("%(one)s; %(other)s", one=said, other=note) if said else note
    return said


def rates_known(db: Db, known: Known) -> dict[str, tuple[Rates, Wording]]:
    """How well negatives are told, by family, and what that is known from.

    Where neither sets nor people have said anything, there is none.
    """
    people = measures.checked(db)
    found = {}
    for family in ("social", "review"):
        sets = by_set(one for one in known.errors if one.family == family)
        seen = people.get(family, Confusion())
        if not sets and not seen.texts:
            continue
        rates = rates_elsewhere(sets) if sets else NOTHING_KNOWN
        found[family] = rates.after(seen), _known_from(family, len(sets), seen.texts)
    return found


def _known_from(family: str, sets: int, texts: int) -> Wording:
    told = Homonym("family of texts", "review") if family == "review" else Wording("social")
    if not texts:
        return Plural(
            "%(family)s: errors known from %(sets)s labelled set and none of yours",
            "%(family)s: errors known from %(sets)s labelled sets and none of yours",
            sets,
            family=told,
            sets=sets,
        )
    return Wording(
        "%(family)s: errors known from labelled sets (%(sets)s) and mentions of yours (%(texts)s)",
        family=told,
        sets=sets,
        texts=texts,
    )


def draw(store: Store, count: int, since: datetime, now: datetime) -> list[dict[str, Any]]:
    """Mentions for people to check, so that the errors of the classifier are known here."""
    with store.write() as db:
        return [dict(row) for row in measures.draw(db, count, since, now)]
