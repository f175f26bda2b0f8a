"""The schema, step by step. A released migration never changes; add the next one."""

from sqlite_utils import Database, Migrations

from listener.store.migrations.charts import CHARTS
from listener.store.migrations.chat import CHAT
from listener.store.migrations.closed import CLOSED
from listener.store.migrations.comparisons import COMPARISONS
from listener.store.migrations.copies import COPIES
from listener.store.migrations.desk import DESK
from listener.store.migrations.editions import EDITIONS
from listener.store.migrations.first import FIRST
from listener.store.migrations.intents import INTENTS
from listener.store.migrations.later import MESSAGES, SERVICES
from listener.store.migrations.lists import LISTS
from listener.store.migrations.manners import MANNERS
from listener.store.migrations.marks import MARKS
from listener.store.migrations.measures import MEASURES
from listener.store.migrations.models import MODELS
from listener.store.migrations.noticing_detectors import NOTICING_DETECTORS
from listener.store.migrations.people import PEOPLE
from listener.store.migrations.places import PLACES
from listener.store.migrations.promises import PROMISES
from listener.store.migrations.ratings import RATINGS
from listener.store.migrations.relevance import RELEVANCE
from listener.store.migrations.said import SAID
from listener.store.migrations.search import SEARCH
from listener.store.migrations.subscriptions import SUBSCRIPTIONS
from listener.store.migrations.themes import THEMES
from listener.store.migrations.topics import TOPICS
from listener.store.migrations.users import USERS
from listener.store.migrations.wordings import WORDINGS

migrations = Migrations("listener")


@migrations()
def first(db: Database) -> None:
    """Everything the first release keeps."""
    _run(db, FIRST)


@migrations()
def services(db: Database) -> None:
    """Costs of sources, history that is read back, what was looked for again, what hooks took."""
    _run(db, SERVICES)


@migrations()
def messages(db: Database) -> None:
    """Which words stand in which message, budgets that are told once, one ledger for money."""
    _run(db, MESSAGES)


@migrations()
def relevance(db: Database) -> None:
    """What is kept aside, how relevant mentions are, and what people said of that."""
    _run(db, RELEVANCE)


@migrations()
def people(db: Database) -> None:
    """Whether a service has verified an author, and when each was first seen."""
    _run(db, PEOPLE)


@migrations()
def copies(db: Database) -> None:
    """What near-copies are found by, and the clusters that copies make."""
    _run(db, COPIES)


@migrations()
def places(db: Database) -> None:
    """Where the terms of a match stand."""
    _run(db, PLACES)


@migrations()
def search(db: Database) -> None:
    """A full-text index of the words as queries compare them, which is filled anew."""
    _run(db, SEARCH)


@migrations()
def promises(db: Database) -> None:
    """What a clock was promised, who answers it, and clocks that were taken away."""
    _run(db, PROMISES)


@migrations()
def noticing_detectors(db: Database) -> None:
    """A table of what detectors remember, and topics that are counted like channels."""
    _run(db, NOTICING_DETECTORS)


@migrations()
def manners(db: Database) -> None:
    """Why outlets were told, and what they were not told, or not yet."""
    _run(db, MANNERS)


@migrations()
def marks(db: Database) -> None:
    """What people said of incidents and days: real, or a false alarm."""
    _run(db, MARKS)


@migrations()
def ratings(db: Database) -> None:
    """An index of reviews."""
    _run(db, RATINGS)


@migrations()
def themes(db: Database) -> None:
    """What many people talk about though nobody defined it."""
    _run(db, THEMES)


@migrations()
def models(db: Database) -> None:
    """Which models labelled, and since when."""
    _run(db, MODELS)


@migrations()
def comparisons(db: Database) -> None:
    """Which subject a mention puts above which, and labels that stars speak against."""
    _run(db, COMPARISONS)


@migrations()
def measures(db: Database) -> None:
    """Mentions that were drawn to be checked, and issues that mentions are tied to."""
    _run(db, MEASURES)


@migrations()
def intents(db: Database) -> None:
    """How sure an intent is, and whether a mention needs an answer, with the reason."""
    _run(db, INTENTS)


@migrations()
def topics(db: Database) -> None:
    """What told the topics of stored mentions, and an index of people's words on topics."""
    _run(db, TOPICS)


@migrations()
def said(db: Database) -> None:
    """Whether a person said the sentiment of a label, or left it as it was."""
    _run(db, SAID)


@migrations()
def chat(db: Database) -> None:
    """What was pressed in a chat, and whose act was the last."""
    _run(db, CHAT)


@migrations()
def editions(db: Database) -> None:
    """Digests of teams beside the company's, and digests that go to channels."""
    _run(db, EDITIONS)


@migrations()
def subscriptions(db: Database) -> None:
    """Who unsubscribed from which digests."""
    _run(db, SUBSCRIPTIONS)


@migrations()
def charts(db: Database) -> None:
    """Charts in messages."""
    _run(db, CHARTS)


@migrations()
def users(db: Database) -> None:
    """Who may sign in, who is signed in, and tokens of programs."""
    _run(db, USERS)


@migrations()
def closed(db: Database) -> None:
    """An index of the clocks that have ended."""
    _run(db, CLOSED)


@migrations()
def desk(db: Database) -> None:
    """Notes, what can be undone, who is where, and saved views."""
    _run(db, DESK)


@migrations()
def lists(db: Database) -> None:
    """The index of open clocks has their states."""
    _run(db, LISTS)


@migrations()
def wordings(db: Database) -> None:
    """What incidents are called and why they were told, as wordings."""
    _run(db, WORDINGS)


def _run(db: Database, script: str) -> None:
    for statement in statements(script):
        db.conn.execute(statement)


def statements(script: str) -> list[str]:
    """The statements of a script, so that they run inside one transaction."""
    return [part.strip() for part in script.split(";\n") if part.strip()]
