"""Everything real, wired once: settings, clock, database, sources, model, ways out."""

import importlib
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from listener.clock import Clock
from listener.collectors import COLLECTORS
from listener.collectors.base import Collector
from listener.config import Config, Plugins, from_document
from listener.config.events import known_events
from listener.config.tables import Team, TopicsBy, TopicsFrom
from listener.domain.actions import Pack
from listener.domain.promise import Promise
from listener.domain.relevance import read_about
from listener.domain.sides import Names, Sides
from listener.domain.subject import Matcher, Role, Subject
from listener.domain.vector import Embedder
from listener.domain.week import Schedule
from listener.notifiers import NOTIFIERS
from listener.notifiers.base import HearsDigests, Notifier
from listener.rules import RULES
from listener.stages.alert.telling import Telling
from listener.stages.alert.watch import Watch
from listener.stages.alert.watched import Memory
from listener.stages.classify import Intents, Model
from listener.stages.measure import Promises
from listener.stages.relevance import Relevance
from listener.stages.report import Edition, Reporting
from listener.stages.themes import Finder
from listener.stages.topics import ByWords, Defined, Known, Topics
from listener.stages.towards import Towards
from listener.stages.vectors import Beside
from listener.store import sources, subjects
from listener.store.connection import Store
from listener.store.digests import MAIL, Reader
from listener.store.incidents import Outlets
from listener.texts.actions import pack

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from classifiers import Supervised
    from classifiers.confusions import Counted
    from classifiers.topics import Topic

GIVEN_LABELS = "given"
FAST = "fast"  # the model beside which vectors would be dear
SLACK = "slack"  # those of teams that read no mail


@dataclass(kw_only=True)
class App:
    """One listener: what the doors share. Made by `open_app`, ended by `close`."""

    config: Config
    clock: Clock
    store: Store
    subjects: tuple[Subject, ...]
    collectors: Mapping[str, Collector]
    notifiers: Mapping[str, Notifier]
    labels: str = "model"  # or GIVEN_LABELS, in a replay
    prepared: Model | None = None  # one that is handed in, in a replay
    embedder: Embedder | None = None  # one that is handed in, in a test
    _model: "Supervised | None" = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.matcher = Matcher(self.subjects, _language_of)
        self.subject_ids = {s.name.casefold(): s.id for s in self.subjects}
        promises = self.config.promises
        brands = frozenset(s.id for s in self.subjects if s.role is Role.BRAND)
        self.promises = Promises(promises, brands, frozenset(self.config.spam.rules))
        abouts = {table.subject.name.casefold(): table.about for table in self.config.subjects}
        self.relevance = Relevance(
            {
                s.id: read_about(s.name, line)
                for s in self.subjects
                if s.role is not Role.INFLUENCER and (line := abouts.get(s.name.casefold()))
            },
            self.embedder or Vectors(self._child),
        )
        followed = frozenset(s.id for s in self.subjects if s.role is not Role.INFLUENCER)
        self.topics = _topics(self.config, self.relevance.embedder)
        self.beside = Beside(
            self.relevance.embedder, self.relevance, self.topics, followed, Intents()
        )
        names = {s.id: s.name for s in self.subjects if s.id in followed}
        self.towards = Towards(OfEach(self._child), names)
        self.watch = Watch(
            subjects=self.subjects,
            rules=self.config.rules,
            promises=_by_name(promises),
            telling=Telling(outlets=self.hearing, manners=self.config.manners, pack=self.pack),
            memory=Memory(),
            events=known_events(self.config.events, self.clock.now()),
            every={name: one.every for name, one in self.collectors.items()},
            zone=self.config.listener.timezone,
        )

    @property
    def outlets(self) -> list[str]:
        """The ways out that hear of alerts: all, but a mailer that has nobody to write to."""
        return [name for name, one in self.notifiers.items() if one.hears_alerts]

    @property
    def editing(self) -> list[str]:
        """The ways out whose messages last, and show what has changed."""
        return [name for name, one in self.notifiers.items() if one.hears_alerts and one.edits]

    @property
    def calling(self) -> list[str]:
        """The ways out that call people away from their work."""
        return [name for name, one in self.notifiers.items() if one.hears_alerts and one.calls]

    @property
    def hearing(self) -> Outlets:
        """Who hears of alerts, and how."""
        return Outlets(self.outlets, self.editing, self.calling)

    @property
    def public_url(self) -> str:
        """Where readers of mail find the pages; empty: nowhere."""
        return self.config.web.public_url

    @property
    def reporting(self) -> Reporting:
        table = self.config.digest
        return Reporting(
            subjects=self.subjects,
            promises=_by_name(self.config.promises),
            schedule=Schedule(every=table.every, day=table.day, at=table.at),
            zone=self.config.listener.timezone,
            language=self.config.listener.language.value,
            readers=company_readers(self.config, self.notifiers),
            teams=tuple(self._edition(team) for team in self.config.teams),
            model=self.config.classify.sentiment,
            vectors=self.beside.embedder.version,
            events=self.watch.events,
            pack=self.pack,
            mask=self.config.manners.mask,
        )

    def _edition(self, team: Team) -> Edition:
        """What a team's digest holds, and who reads it; nobody, where it has none."""
        topics = tuple(t.name for t in self.config.topics if t.team == team.name)
        return Edition(team=team.name, topics=topics, readers=team_readers(team, self.notifiers))

    @property
    def finder(self) -> Finder:
        """What looks for themes."""
        return Finder(
            subjects=self.subjects,
            embedder=self.beside.embedder,
            zone=self.config.listener.timezone,
        )

    @property
    def pack(self) -> Pack:
        """What to do about which signal: the user's entries, then those that are built in."""
        config = self.config
        roles = {s.id: s.role.value for s in self.subjects}
        return pack(config.listener.language.value, config.actions, config.topic_teams, roles)

    @property
    def model(self) -> Model:
        """The classifier, in a process of its own; started when it is first needed."""
        return self._child() if self.prepared is None else self.prepared

    @property
    def labelling(self) -> str | None:
        """The version of the classifier that labels; None while nothing has had to be labelled."""
        if self.prepared is not None:
            return self.prepared.version
        return None if self._model is None else self._model.known_version

    def _child(self) -> "Supervised":
        if self._model is None:
            from classifiers import Supervised  # noqa: PLC0415  # commands without it start at once

            self._model = Supervised(self.config.classify.sentiment)
        return self._model

    def close_model(self) -> None:
        if self._model is not None:
            self._model.close()

    def close(self) -> None:
        self.close_model()
        self.store.close()


def usual_config(clock: Clock) -> Config:
    """The settings of whoever has set nothing, and follows nobody."""
    return from_document({}, Path("config.toml").absolute(), plugins(clock), subjects_needed=False)


@cache
def known_error(model: str) -> "Sequence[Counted]":
    """How often a classifier was wrong about negatives, set by set; empty: nobody counted."""
    from classifiers import known_error as recorded  # noqa: PLC0415

    return recorded(model)


def company_readers(config: Config, ways: Mapping[str, Notifier]) -> tuple[Reader, ...]:
    """Who gets the company's digest: addresses by mail, and ways out that hear it themselves."""
    mailed = [Reader(MAIL, to) for to in config.digest.to] if MAIL in ways else []
    hearers = {name: one for name, one in ways.items() if isinstance(one, HearsDigests)}
    return (*mailed, *(Reader(name, name) for name, one in hearers.items() if one.hears_digests))


def team_readers(team: Team, ways: Container[str]) -> tuple[Reader, ...]:
    """Who gets a team's digest: its addresses, or else its channel, by the ways out there are."""
    if not team.digest:
        return ()
    if team.email and MAIL in ways:
        return tuple(Reader(MAIL, address) for address in team.email)
    return (Reader(SLACK, team.slack),) if team.slack and SLACK in ways else ()


def digests_to(config: Config, ways: Mapping[str, Notifier]) -> dict[str, tuple[str, ...]]:
    """Who is sent digests of any kind, by the way out that brings them."""
    all_of_them = [
        *company_readers(config, ways),
        *(one for team in config.teams for one in team_readers(team, ways)),
    ]
    return {
        outlet: tuple(dict.fromkeys(r.recipient for r in all_of_them if r.outlet == outlet))
        for outlet in {one.outlet for one in all_of_them}
    }


class Vectors:
    """An Embedder: the child that labels is asked, and loads what it needs when it first is."""

    def __init__(self, child: "Callable[[], Supervised]") -> None:
        self._child = child

    @cached_property
    def version(self) -> str | None:
        from classifiers import ClassifierError, embeddings  # noqa: PLC0415

        try:
            return embeddings.version()
        except ClassifierError:  # `listener check` says so
            return None

    def embed(self, texts: Sequence[str]) -> "list[NDArray[np.float32] | None]":
        from classifiers import Poison  # noqa: PLC0415

        found = self._child().embed_each(texts)
        return [None if isinstance(one, Poison) else one for one in found]


class OfEach:
    """A Reader of what is said of each name: the child that labels is asked."""

    def __init__(self, child: "Callable[[], Supervised]") -> None:
        self._child = child

    def read(self, said: Sequence[tuple[str, Names]]) -> Sequence[Sides | None]:
        from classifiers import Named, Poison  # noqa: PLC0415

        found = self._child().towards_each([Named(text, names) for text, names in said])
        return [None if isinstance(one, Poison) else one for one in found]


def topics_by_words(config: Config) -> ByWords | None:
    """What tells topics by their keywords; None where none are wanted."""
    from classifiers import topics  # noqa: PLC0415

    return None if config.classify.topics is TopicsFrom.OFF else topics.ByWords(_defined(config))


def _defined(config: Config) -> "tuple[Topic, ...]":
    """The topics of the file, and those that ship where they are wanted too."""
    from classifiers import topics  # noqa: PLC0415  # commands without it start at once

    own = [topics.Topic(t.name, t.description, t.examples, t.keywords) for t in config.topics]
    others = topics.built_in() if config.classify.topics is TopicsFrom.BUILT_IN else ()
    return topics.with_own(own, others)


def _topics(config: Config, embedder: Embedder) -> Topics | None:
    """What tells topics; with the fast model by words alone, for a vector takes far longer."""
    if config.classify.topics is TopicsFrom.OFF:
        return None

    def define() -> Defined:
        from classifiers import topics  # noqa: PLC0415

        defined = _defined(config)

        def make(embedder: Embedder, known: Known) -> topics.Topics:
            return topics.Topics(
                defined,
                embedder.embed,
                usual=topics.Usual.of(known.usual),
                labelled=[topics.Labelled(t, v, frozenset(names)) for t, v, names in known.taught],
            )

        return Defined(topics.fingerprint(defined), topics.ByWords(defined), make)

    wanted = config.classify.topics_by is TopicsBy.VECTORS and config.classify.sentiment != FAST
    return Topics(define, embedder, by_vectors=wanted)


def _by_name(promises: Mapping[Any, Promise]) -> dict[str, Promise]:
    return {channel.value: promise for channel, promise in promises.items()}


def plugins(clock: Clock, streams: Mapping[str, Any] | None = None) -> Plugins:
    """The tables of plug-ins, and what the settings do not say and they need all the same."""
    from listener.http import Http  # noqa: PLC0415  # brings requests

    http = Http()

    def handed(kind: str, name: str) -> Mapping[str, Any]:
        if kind == "collectors":
            return {"http": http, "name": name}
        if kind == "notify":
            given = {"name": name, "now": clock.now, "http": http}
            stream = (streams or {}).get(name)
            return given if stream is None else {**given, "stream": stream}
        return {}

    return Plugins(
        collectors=_Classes(COLLECTORS),
        rules=RULES,
        notifiers=_Classes(NOTIFIERS),
        handed=handed,
    )


def open_app(
    config: Config,
    clock: Clock,
    *,
    database: Path | None = None,
    durable: bool = True,
    collectors: Sequence[Collector] | None = None,
    notifiers: Mapping[str, Notifier] | None = None,
    labels: str = "model",
    prepared: Model | None = None,
) -> App:
    """Wire everything for these settings. Raises StoreError when the database cannot be used.

    `collectors` and `notifiers` stand in for the configured ones, in a replay.
    """
    store = Store(database or config.listener.database, durable=durable).open(clock.now())
    return app_over(
        store,
        config,
        clock,
        collectors={c.name: c for c in collectors} if collectors is not None else None,
        notifiers=notifiers,
        labels=labels,
        prepared=prepared,
    )


def app_over(
    store: Store,
    config: Config,
    clock: Clock,
    *,
    collectors: Mapping[str, Collector] | None = None,
    notifiers: Mapping[str, Notifier] | None = None,
    labels: str = "model",
    prepared: Model | None = None,
) -> App:
    """As `open_app`, of a database that is open."""
    followed = [table.subject for table in config.subjects]
    with store.read() as db:
        known = subjects.numbered(db, followed)
    if known is None:
        with store.write() as db:
            known = subjects.keep(db, followed, clock.now())
    return App(
        config=config,
        clock=clock,
        store=store,
        subjects=known,
        collectors=dict(config.collectors) if collectors is None else collectors,
        notifiers=dict(config.notifiers) if notifiers is None else notifiers,
        labels=labels,
        prepared=prepared,
    )


def rewired(app: App, config: Config) -> App:
    """The same database with other settings. The old model is ended where another one is wanted."""
    with app.store.write() as db:
        known = subjects.keep(db, [table.subject for table in config.subjects], app.clock.now())
        sources.retire_others(db, config.collectors, app.clock.now())
        sources.allow_again(db)
    same_model = config.classify == app.config.classify
    other = App(
        config=config,
        clock=app.clock,
        store=app.store,
        subjects=known,
        collectors=dict(config.collectors),
        notifiers=dict(config.notifiers),
        labels=app.labels,
        prepared=app.prepared if same_model else None,
        embedder=app.embedder,
        _model=app._model if same_model else None,
    )
    if not same_model:
        app.close_model()
    return other


class _Classes(Mapping[str, type[Any]]):
    """The classes that "module:Class" names, each imported when it is asked for."""

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = places

    def __getitem__(self, name: str) -> type[Any]:
        module, _, cls = self._places[name].partition(":")
        found: type[Any] = getattr(importlib.import_module(module), cls)
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def _language_of(text: str) -> str | None:
    """The language of a text; None where it cannot be told."""
    from classifiers import detect  # noqa: PLC0415  # only where a query asks for it

    ((language, _),) = detect([text])
    return None if language == "und" else language
