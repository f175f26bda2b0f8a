"""No English is left where somebody reads another language: figures, sources and settings."""

from collections.abc import Iterable
from datetime import date

import pytest

from listener import inbox
from listener.domain.mention import Reject
from listener.domain.role import Role
from listener.domain.subject import Matcher
from listener.errors import CollectorError, Trouble
from listener.stages import collect
from listener.store import digests, incidents, search, themes
from listener.store.connection import Store
from listener.store.digests import Reader
from listener.store.themes import Count
from tests.builders import DAY, HOUR, NOW, a_finding, a_review, an_answer
from tests.fakes import failing
from tests.texts.digests import CRISIS
from tests.web.browser import Answer, Browser
from tests.web.conftest import HandClock
from tests.web.story import a_complaint, follow, put_topics, said, take_in
from tests.web.test_every_word import ASKED, phrases  # noqa: F401  # a fixture
from tests.web.test_settings import (  # noqa: F401  # fixtures
    ACME,
    FILE,
    OneDesk,
    admin,
    desk,
    file,
    filled,
    post,
    served,
)
from tests.web.unmarked import Phrases, faults_of, known_to

# What is set up beside the database; ids, which are of a source and a number in it; and what is
# asked for in vain.
GIVEN = (
    *("kim", "Europe/Budapest", "UTC", "config.toml"),
    *(f"{source}:{n}" for source in ("x", "play") for n in range(205)),
    *("negative, neutral, positive", "NEAR/999", "AND", "[[subjects]] Nobody", "'x:99'"),
    *(f"config.toml: [[subjects]] {name}" for name in ("Acme", "Other")),
)
FIGURES = (
    "/sources",
    "/subjects",
    "/subjects?days=7",
    "/subjects/Acme",
    "/subjects/Acme?days=7",
    "/subjects/Acme?days=120",
    "/subjects/Acme?days=x",
    "/subjects/Acme?from=2026-12-01",
    "/subjects/Acme?from=2019-12-01",
    "/subjects/Boreal",
    "/compare",
    "/compare?from=x",
    "/topics",
    "/topics?subject=Boreal",
    "/search",
    "/search?q=acme",
    "/search?q=nothing-like-it",
    "/search?q=AND",
    "/search?q=acme%20NEAR/999%20x",
    "/search?q=acme&sentiment=sad",
    "/search?q=acme&from=x",
    "/search?q=acme&order=relevance",
    "/digests",
    "/settings",
    "/settings/snoozes",
    "/settings/preview?q=acme&of=Acme",
)


def assert_all_is_marked(
    pages: Iterable[tuple[str, Answer]], store: Store, words: Phrases, given: Iterable[str] = GIVEN
) -> None:
    """Each page by its name."""
    known, faults = known_to(store, given), dict[str, str]()
    for name, answer in pages:
        assert answer.status < 500, name
        faults |= dict.fromkeys(faults_of(answer.text, words, known), name)
    assert not faults, "\n".join(f"{fault}  ({name})" for fault, name in faults.items())


@pytest.fixture
def month(store: Store, clock: HandClock) -> Store:
    """Something of everything that figures are made of."""
    take_in(
        store,
        clock,
        *(said(n, text=f"Boreal is negative about me {n}", author="ann") for n in range(200, 204)),
        *(said(n, said_at=NOW - 2 * DAY, author="jim") for n in range(14)),
        *(said(n, "positive", author="ann") for n in range(14, 30)),
        *(said(n, "positive", said_at=NOW - 10 * DAY) for n in range(30, 60)),
        answers=(an_answer(1, said_at=NOW - DAY),),
        rejects=(Reject(place="feed:7", reason="no date", content="{}"),),
    )
    reviews = [
        a_review(n, 5, text=said(n).text, said_at=NOW - HOUR, label=None) for n in range(60, 75)
    ]
    take_in(store, clock, *reviews, name="play")
    put_topics(store, {n: ("billing",) if n % 2 else ("delay", "ours") for n in range(60)})
    with store.write() as db:
        db.execute("UPDATE label SET at_odds = mention_id % 2")
        (acme, *_) = (row[0] for row in db.execute("SELECT id FROM subject ORDER BY id"))
        number = themes.add(db, acme, "garden · river", "m@1", b"", date(2026, 11, 15))
        themes.keep(db, acme, date(2026, 11, 22), 40, [Count(number, 9, 7, 6, 0, (1,))])
        incidents.open_incident(db, a_finding(), NOW - 2 * DAY)
        digests.add(db, CRISIS, [Reader("email", "cx@example.com")], "sent", NOW)
    inbox.answer(store, "x:2", "kim", NOW)
    search.index_new(store)
    clock.at = NOW + DAY
    error = CollectorError("reading x: 503 busy", kind=Trouble.SERVER)
    collect.collect_page(store, failing(error), Matcher(follow(store)), clock)
    clock.at = NOW
    return store


def test_no_page_of_figures_says_a_word_that_cannot_be_translated(
    month: Store,
    browser: Browser,
    phrases: Phrases,  # noqa: F811
) -> None:
    assert_all_is_marked(((path, browser.get(path, ASKED)) for path in FIGURES), month, phrases)


def test_no_empty_page_says_a_word_that_cannot_be_translated(
    store: Store,
    browser: Browser,
    phrases: Phrases,  # noqa: F811
) -> None:
    pages = [path for path in FIGURES if not path.startswith("/subjects/")]
    assert_all_is_marked(((path, browser.get(path, ASKED)) for path in pages), store, phrases)


SETTINGS = (
    "/settings",
    "/settings?done=written",
    "/settings?done=taken",
    "/settings?done=later",
    "/settings/topics",
    "/settings/people",
    "/settings/snoozes?done=woken",
    "/settings/file",
    "/settings/subject",
    "/settings/subject?name=Acme",
    "/settings/topic",
    "/settings/topic?name=delivery",
    "/settings/preview?q=acme&of=Acme",
    "/settings/preview?q=late&of=Acme",
    "/settings/preview?q=(acme&of=Acme",
)
OF_FILE = (*GIVEN, FILE)  # names that are in the file


def test_no_page_of_settings_says_a_word_that_cannot_be_translated(
    store: Store,
    clock: HandClock,
    admin: Browser,  # noqa: F811
    desk: OneDesk,  # noqa: F811
    phrases: Phrases,  # noqa: F811
) -> None:
    take_in(
        store, clock, *(a_complaint(n, text=f"Acme is negative, and late {n}") for n in range(1, 4))
    )
    with store.write() as db:
        number = incidents.open_incident(db, a_finding(), NOW)
    act = {"token": filled(admin)["token"], "back": "/inbox", "act": "snooze", "span": "4h"}
    for on in ({"on": "x:1"}, {"incident": number}):
        assert post(admin, "/act", {**act, **on}).status == 303
    desk.take_up()
    search.index_new(store)
    pages = ((path, admin.get(path, ASKED)) for path in SETTINGS)
    assert_all_is_marked(pages, store, phrases, OF_FILE)


@pytest.mark.parametrize(
    ("page", "fields"),
    [
        ("/settings/subject?name=Acme", {**ACME, "step": "look", "query": "acme OR late"}),
        ("/settings/subject?name=Acme", {**ACME, "step": "look", "name": "Other"}),
        ("/settings/subject?name=Acme", {**ACME, "step": "look", "query": "(acme"}),
        ("/settings/subject?name=Acme", {**ACME, "step": "look", "query": "acme"}),
        ("/settings/subject?name=Boreal", {"step": "look", "remove": "1"}),
        ("/settings/topic?name=delivery", {"step": "look", "remove": "1"}),
        ("/settings/subject?name=Acme", {**ACME, "step": "look", "of": "Nobody", "query": "x"}),
        ("/settings/subject?name=Acme", {**ACME, "step": "write", "query": "x", "mark": "old"}),
        ("/settings/subject?name=Acme", {"step": "explode"}),
        ("/settings/subject?name=Acme", {"step": "look", "what": "listener"}),
        ("/settings/subject?name=Acme", {"step": "look", "token": "old"}),
        ("/settings/snoozes", {"step": "wake", "what": "incident", "of": "x"}),
        ("/settings/snoozes", {"step": "wake", "what": "incident", "of": "99"}),
        ("/settings/snoozes", {"step": "wake", "what": "mention", "of": "x:99"}),
    ],
)
def test_no_answer_to_a_change_says_a_word_that_cannot_be_translated(
    store: Store,
    admin: Browser,  # noqa: F811
    phrases: Phrases,  # noqa: F811
    page: str,
    fields: dict[str, object],
) -> None:
    sent = {**filled(admin, page), "token": filled(admin)["token"], **fields}
    answer = post(admin, "/settings/change", sent, ASKED)
    given = (*OF_FILE, *(f'{key} = "{value}"' for key, value in fields.items()))
    assert_all_is_marked([(str(fields), answer)], store, phrases, given)


def test_whoever_may_only_read_is_told_so_in_their_language(
    store: Store,
    clock: HandClock,
    desk: OneDesk,  # noqa: F811
    phrases: Phrases,  # noqa: F811
) -> None:
    for role in (Role.READER, Role.AGENT):
        with served(store, clock, desk, role) as browser:
            pages = ((path, browser.get(path, ASKED)) for path in SETTINGS)
            assert_all_is_marked(pages, store, phrases, OF_FILE)
