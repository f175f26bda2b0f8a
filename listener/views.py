"""What people read, one layer for all doors: what waits, incidents and receipts, sources, exports.

Nothing here changes anything; the answers are plain values that a door can show. What people do is
in `inbox.py`.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from listener import named
from listener.collectors import EXPERIMENTAL, translations
from listener.collectors.streams import failing
from listener.domain.actions import MENTION, QUESTION, Pack, Signal
from listener.domain.actions import Standing as Speaks
from listener.domain.budget import NOTHING_YET, Cost
from listener.domain.digest import DigestData, kind_of
from listener.domain.incident import Incident
from listener.domain.intent import NO_INTENT
from listener.domain.marked import told_places
from listener.domain.masking import masked_text
from listener.domain.query import Query
from listener.domain.query.amiss import Kind as Nearness
from listener.domain.query.amiss import Nearly
from listener.domain.query.nearly import Nearest
from listener.domain.query.translation import Translation
from listener.domain.response import Calendar
from listener.domain.response_times import By, as_row, grouped
from listener.domain.subject import Subject
from listener.domain.times import to_json, to_text
from listener.domain.week import Week
from listener.domain.wording import Plural, Wording
from listener.store import (
    asides,
    authors,
    clocks,
    delivery_log,
    digests,
    incidents,
    matches,
    mentions,
    overview,
    people,
    searching,
    sources,
    spending,
    subjects,
)
from listener.store import waiting as inbox_rows
from listener.store.authors import Asked, Spoken
from listener.store.authors import Order as OfPeople
from listener.store.connection import Db, Row, Store
from listener.store.labels import yes_or_no
from listener.store.overview import Overview, Standing
from listener.store.searching import Found, Judge, Order, Span, Text, Wanted
from listener.store.sought import sought as sought_waiting
from listener.store.standings import standings
from listener.store.waiting import STILL_OPEN, InboxFilter
from listener.texts.actions import built_in

BUILT_IN = Pack(actions=built_in("en"))
PATIENCE = 1.0  # seconds, for a list that a query is held against
NO_TIME = Wording(
    "there was no time to look at everything. Narrow it: a rarer word, a field as"
    " author:, or since:."
)
LOOKED_BACK = timedelta(days=90)  # for how somebody spoke before


def digest_of(store: Store, week: Week, team: str = "") -> DigestData | None:
    """A team's digest of a week, or the company's, as it was sent; None where none was made."""
    with store.read() as db:
        return digests.data_of(db, week, kind_of(team))


def digest_weeks(store: Store, most: int) -> list[str]:
    """The newest weeks that a digest was made of, newest first."""
    with store.read() as db:
        return digests.weeks(db, most)


def waiting(
    store: Store,
    *,
    states: tuple[str, ...] = STILL_OPEN,
    subject: str | None = None,
    limit: int = 100,
    now: datetime | None = None,
    pack: Pack = BUILT_IN,
    mask: bool = False,
    among: Sequence[int] | None = None,
) -> list[dict[str, Any]]:
    """What waits for an answer, most urgent first.

    `mask`: for what leaves the house, without addresses and numbers of people. States are those of
    `now`; without it, those that a rule saw last. `among`: only these mentions.
    """
    wanted = InboxFilter(states=states, subject=subject, limit=limit, now=now, among=among)
    found = sought(store, wanted, None, pack).rows
    return [_masked(row) if mask else row for row in found]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rows of the inbox; `unfinished`: why there may be more of them than were found."""

    rows: list[dict[str, Any]]
    unfinished: Wording | None = None


def sought(
    store: Store,
    wanted: InboxFilter,
    query: Query | None,
    pack: Pack,
    seconds: float = PATIENCE,
) -> Waiting:
    """What waits for an answer, in the order that is wanted. `query`: what it finds, and no more.

    It is looked for in all that waits, for so many seconds.
    """
    with store.read() as db:
        if query is None:
            keys, stopped_at = list(inbox_rows.keys(db, wanted)), None
        else:
            judge = Judge(query, wanted.now, pack.topic_teams)
            found = sought_waiting(db, wanted, judge, seconds)
            keys, stopped_at = found.kept, found.stopped_at
        rows = inbox_rows.of_clocks(db, keys, wanted.now)
        told = as_waiting(db, rows, pack, wanted.now)
    return Waiting(told, NO_TIME if stopped_at else None)


def as_waiting(
    db: Db, rows: Sequence[Row], pack: Pack, now: datetime | None
) -> list[dict[str, Any]]:
    """Rows of the inbox as other programs read them, each with what is best done about it."""
    known = standings(
        db,
        {row["author_id"] for row in rows if row["author_id"]},
        {row["subject_id"] for row in rows},
        now - LOOKED_BACK if now else None,
    )
    return [_inbox_row(row, pack, known.get((row["author_id"], row["subject_id"]))) for row in rows]


def _masked(row: dict[str, Any]) -> dict[str, Any]:
    said = {key: row[key] and masked_text(row[key]) for key in ("author", "text")}
    return row | said | {"places": []}  # they lie elsewhere now


def _inbox_row(row: Row, pack: Pack, standing: Speaks | None) -> dict[str, Any]:
    """`action` is empty where nothing is to be done any more."""
    topics = tuple(json.loads(row["topics"])) if row["topics"] else ()
    intent, question = _intent(row), QUESTION if row["question"] else None
    taken = intent if row["intent_sure"] in (None, 1) else None  # a guess is shown, and no more
    chosen = pack.choose(
        Signal(
            name=MENTION,
            sentiment=row["sentiment"],
            topics=topics,
            intents=tuple(one for one in (taken, question) if one),
            channel=row["channel"],
            role=row["role"],
            standing=standing,
            reach=max(row["followers"] or 0, row["views"] or 0),
        )
    )
    return {
        "id": row["id"],
        "row": row["mention_id"],
        "subject": row["subject"],
        "channel": row["channel"],
        "state": row["state"],
        "due_at": row["due_at"],
        "said_at": row["said_at"],
        "seen_at": row["seen_at"],
        "sentiment": row["sentiment"],
        "confidence": row["confidence"],
        "topics": list(topics),
        "intent": intent,
        "needs_answer": yes_or_no(row["needs_answer"]),
        "reason": row["reason"],
        "assignee": row["assignee"],
        "action": chosen.action if row["state"] in STILL_OPEN else "",
        "meaning": chosen.meaning,
        "team": row["team"] or chosen.team or None,
        "standing": standing.value if standing else None,
        "author": row["author"],
        "stars": row["stars"],
        "stars_scale": row["stars_scale"],
        "stars_disagree": bool(row["at_odds"]),
        "text": f"{row['title']}: {row['text']}" if row["title"] else row["text"],
        "places": told_places(json.loads(row["places"] or "[]"), row["title"] or ""),
    }


def _intent(row: Row) -> str | None:
    """By its label; a question by its words, where no label says anything."""
    if row["intent"] is None:
        return QUESTION if row["question"] else None
    return row["intent"] if row["intent"] != NO_INTENT else None


@dataclass(frozen=True, slots=True)
class Search:
    """A page of a search: rows of mentions, each with its `terms` and its `places`.

    Places are [start, end, term] in the title, a line break and the text. `next`: where the page
    after it begins; None after the last. `unfinished`: why there may be more; None if all is well.
    """

    rows: list[dict[str, Any]]
    next: int | None
    read: int
    is_complete: bool  # False: time was up before everything was looked at
    unfinished: str | None
    explained: list[str]


def find(
    store: Store,
    query: Query,
    now: datetime,
    *,
    order: Order = Order.NEWEST,
    limit: int = 50,
    since: datetime | None = None,
    after: int | None = None,
    teams: Mapping[str, str] = {},
) -> Search:
    """A page of the stored mentions that a query finds.

    after: the `next` of the page before. teams: those that own topics, by the topic.
    """
    wanted = Wanted(
        query=query, order=order, limit=limit, span=Span(since), after=after, teams=teams
    )
    with store.read() as db:
        found = searching.find(db, wanted, now)
        ids = [text.id for text in found.texts]
        rows = {row["row"]: dict(row) for row in mentions.listing(db, ids)}
        shown = [rows[text.id] | _why(query, text) for text in found.texts]
        return Search(
            rows=shown,
            next=found.next,
            read=found.read,
            is_complete=found.is_complete,
            unfinished=unfinished(found),
            explained=found.explained(db),
        )


def _why(query: Query, text: Text) -> dict[str, Any]:
    return {"terms": list(text.terms), "places": places(query, text)}


def places(query: Query, text: Text) -> list[list[Any]]:
    """Where the terms of a query stand in what it found."""
    return [list(place) for place in query.places(text.reading)]


def nearly(store: Store, query: Query, most: int) -> tuple[list[dict[str, Any]], Counter[Nearness]]:
    """Some of what a query nearly finds among the newest mentions, each with the reason, and how
    much there is of each kind. Places are as in `find`.
    """
    found: Nearest[tuple[int, Nearly]] = Nearest(most)
    with store.read() as db:
        for mention_id, why in searching.nearly(db, query) if most else ():
            found.add(why.kind, (mention_id, why))
        ids = [mention_id for mention_id, _ in found.kept]
        rows = {row["row"]: row for row in mentions.listing(db, ids)}
    return [_nearly(rows[number], why) for number, why in found.kept], found.counts


def _nearly(row: Row, why: Nearly) -> dict[str, Any]:
    places = [list(place) for place in why.places]
    told = {"id": row["id"], "nearly": why.why, "places": places}
    return {**told, "title": row["title"], "text": row["text"]}


def unfinished(found: Found) -> Wording | None:
    """Why there may be more than a search found; None if all is well."""
    if not found.is_complete:
        if found.looked_back_to:
            return Wording(
                "there was no time to look at everything. Only what was said since %(at)s was."
                " Narrow it: a rarer word, a field as author:, or since:.",
                at=found.looked_back_to,
            )
        return NO_TIME
    if found.ranked_among is not None and found.next is None:
        return Wording(
            "the best of the newest %(most)s; in the order of time there are more.",
            most=found.ranked_among,
        )
    if found.waiting:
        return Plural(
            "%(shown)s of the newest mentions is not in the index yet.",
            "%(shown)s of the newest mentions are not in the index yet.",
            found.waiting,
            shown=found.waiting,
        )
    return None


def kept_aside(
    store: Store, *, subject: str | None = None, reason: str | None = None, limit: int = 100
) -> list[dict[str, Any]]:
    """What counts for nothing and alerts nobody, newest first, each with the reason.

    `score`: how probably it is about the subject, where a model has judged it. `by`: the person who
    said so. `reason`: only these; also the kind alone, "spam". Raises UsageError for a subject that
    is not followed.
    """
    with store.read() as db:
        if subject is not None:
            named.subject(db, subject)
        rows = asides.listing(db, subject, reason, limit)
        return [{**dict(row), "places": json.loads(row["places"] or "[]")} for row in rows]


def incident_list(store: Store, *, every: bool) -> list[dict[str, Any]]:
    """The incidents, gravest first; those that are over only with `every`."""
    with store.read() as db:
        found = incidents.all_ones(db) if every else incidents.open_ones(db)
    return [as_incident(one) for one in found]


def as_incident(one: Incident) -> dict[str, Any]:
    """An incident in short, as other programs read it."""
    return {
        "id": one.id,
        "rule": one.rule,
        "severity": one.severity.value,
        "state": _state(one),
        "subject": one.subject,
        "channel": one.channel,
        "title": one.title,
        "why": one.why,
        "action": one.action,
        "opened_at": to_json(one.opened_at),
        "updated_at": to_json(one.updated_at),
        "resolved_at": to_json(one.resolved_at) if one.resolved_at else None,
    }


def _state(incident: Incident) -> str:
    if incident.resolved_at is not None:
        return "resolved"
    return "acknowledged" if incident.acknowledged_by else "open"


def responses(
    store: Store, by: By, since: datetime, calendars: Mapping[str, Calendar], now: datetime
) -> list[dict[str, Any]]:
    """How soon was answered what was said since then: a line for each team, channel or subject,
    and one for all. `calendars`: by the names that clocks run by.
    """
    with store.read() as db:
        found = clocks.said_between(db, since, now, now)
    return [as_row(name, times, by, now) for name, times in grouped(found, by, calendars)]


def deliveries(
    store: Store, *, outlet: str | None = None, state: str | None = None, limit: int = 50
) -> list[dict[str, Any]]:
    """What outlets were told, newest first; a state is one of `delivery_log.STATES`."""
    with store.read() as db:
        rows = delivery_log.listing(db, outlet=outlet, state=state, limit=limit)
        return [dict(row) for row in rows]


def source_list(
    store: Store, now: datetime, brought: Mapping[str, int] | None = None
) -> list[dict[str, Any]]:
    """Every source: how it fares, how late it is, which of its streams fail, and what it cost.

    brought: how many mentions of each there are, where that is known; else they are counted.
    """
    with store.read() as db:
        rows, costs = sources.listing(db), spending.costs(db, now)
        counted = sources.brought(db)[1] if brought is None else brought
    return [
        _source(row, costs.get(row["name"], NOTHING_YET), counted.get(row["name"], 0), now)
        for row in rows
    ]


def _source(row: Row, cost: Cost, mentions: int, now: datetime) -> dict[str, Any]:
    last = datetime.fromisoformat(row["last_success"]) if row["last_success"] else None
    return {
        "name": row["name"],
        "type": row["type"],
        "experimental": row["type"] in EXPERIMENTAL,
        "last_success": row["last_success"],
        "lag_s": round((now - last).total_seconds()) if last else None,
        "gap_since": row["gap_since"],
        "next_run": row["next_run"] if row["active"] else None,
        "error": row["error"],
        "failing": _failing(row) if row["active"] else [],
        "spent_usd": round(cost.spent_usd, 6),
        "month_usd": _rounded(cost.month_usd, 6),
        "forecast_usd": _rounded(cost.forecast_usd, 2),
        "usd_per_mention": _rounded(cost.mention_usd, 4),
        "mentions": mentions,
        "rejected": row["rejected"],
    }


def _failing(row: Row) -> list[dict[str, str | None]]:
    return [
        {"stream": one.stream, "since": to_text(one.since) if one.since else None, "why": one.why}
        for one in failing(json.loads(row["cursor"]) if row["cursor"] else None)
    ]


def _rounded(usd: float | None, decimals: int) -> float | None:
    return None if usd is None else round(usd, decimals)


def export(store: Store, kind: str, since: datetime) -> Iterator[dict[str, Any]]:
    """The rows of one kind since a moment."""
    with store.read() as db:
        for row in people.export(db, kind, since):
            yield as_mention(row) if kind == "mentions" else dict(row)


def as_mention(row: Row) -> dict[str, Any]:
    """A mention as other programs read it: by the names of DESIGN 7, and what else is known."""
    topics = json.loads(row["topics"]) if row["topics"] else []
    return dict(row) | {
        "verified": yes_or_no(row["verified"]),
        "needs_answer": yes_or_no(row["needs_answer"]),
        "topics": topics,
    }


def people_heard(
    store: Store,
    *,
    since: datetime,
    subject: str | None = None,
    source: str | None = None,
    order: OfPeople = OfPeople.REACH,
    limit: int = 50,
    standing: Speaks | None = None,
) -> list[dict[str, Any]]:
    """Who spoke of a subject (or of any that is followed), each as one service knows them.

    Raises UsageError for a subject that is not followed.
    """
    with store.read() as db:
        about = [named.subject(db, subject)] if subject else list(subjects.followed(db))
        found = authors.heard(db, Asked(about, since, source, order, limit, standing))
    return [asdict(one) for one in found]


def said_by(
    store: Store, influencer: Subject, services: Mapping[str, str], since: datetime
) -> list[dict[str, Any]]:
    """What each account of an influencer said of every brand and competitor, the newest quoted.

    `services`: the service of every configured source. An account that spoke of none of them, or
    of which nothing is kept, has one row without a subject. Accounts are not added up.
    """
    found: list[Spoken] = []
    with store.read() as db:
        for service, handles in sorted(influencer.accounts.items()):
            heard: list[Spoken] = []
            for source in _sources_of(service, influencer, services):
                heard += authors.spoken(db, source, handles, since)
            silent = handles - {one.account for one in heard}
            found += heard + [Spoken(account=name, source=service) for name in sorted(silent)]
    return [asdict(one) for one in found]


def _sources_of(service: str, subject: Subject, services: Mapping[str, str]) -> list[str]:
    """The sources at which a subject has the accounts that are named by this service.

    A source's own name does where its service has none; what was imported is a source of that name.
    """
    named_so = {
        source
        for source, of in services.items()
        if (of if of in subject.accounts else source) == service
    }
    return sorted(named_so if service in services else {*named_so, service})


@dataclass(frozen=True, slots=True)
class Summary:
    """How a database stands: each subject's counts, and the clocks by state."""

    subjects: list[tuple[str, str, int, int]]  # name, role, mentions, negative
    clocks: dict[str, int]


def summary(store: Store) -> Summary:
    with store.read() as db:
        return Summary(matches.counts(db), clocks.states(db))


def at_a_glance(store: Store) -> Overview:
    """What is wrong, and when anything last happened."""
    with store.read() as db:
        return overview.overview(db)


def standing(store: Store, now: datetime) -> Standing:
    """How promises, incidents and outlets stand, and what was set aside."""
    with store.read() as db:
        return overview.standing(db, now)


def translate(
    query: Query, service: str, sources: Mapping[str, object] | None = None
) -> Translation:
    """What a service that searches for us is asked for a query, and what is left to us.

    `service`: the type of one, or the name of one of `sources`. Raises UsageError for others.
    """
    return translations.translate(query, service, sources or {})


def last_changed(store: Store) -> datetime | None:
    """When anything was last collected, told or done."""
    with store.read() as db:
        return overview.last_changed(db)


def troubles(store: Store, *, writing: bool) -> list[str]:
    """Why the database cannot be worked with, if it cannot."""
    return overview.problems(store, writing=writing)
