"""No English is left where somebody reads another language: every page, in the pseudo-language."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest

from listener import inbox, live, marking, notes, saved
from listener.domain.incident import Event, Finding
from listener.domain.manners import Reason
from listener.domain.role import Role
from listener.store import incidents, withheld
from listener.store.connection import Db, Store
from listener.store.incidents import Outlets
from listener.store.notices import draft, write
from listener.store.saved_views import View
from listener.texts.words import MARKED
from listener.web.called import SHARED
from listener.web.throttle import PER_NAME
from tests.builders import HOUR, NOW, a_finding
from tests.web.api.told import tell
from tests.web.browser import Browser
from tests.web.conftest import FakePulse, HandClock
from tests.web.evidence import EVIDENCE
from tests.web.evidence import GIVEN as SEEN
from tests.web.gathered import gathered
from tests.web.pressing import token
from tests.web.unmarked import Phrases, faults_of, known_to
from tests.web.visitors import Person, add_user, served

ROOT = Path(__file__).parents[2]
ASKED = {"cookie": f"language={MARKED}"}
GIVEN = (
    "kim",
    "Europe/Budapest",
    "UTC",
    "AND",
    *SEEN,
)  # set up in `conftest.py`, or asked for below
PAGES = (
    "/",
    "/inbox",
    "/inbox?open=1",
    "/inbox?open=3&state=met",
    "/inbox?q=nothing-like-it",
    "/inbox?q=AND",
    "/inbox?state=missed&done=answer.3",
    "/mentions/1",
    "/mentions/2",
    "/mentions/3",
    "/mentions/4",
    "/incidents",
    "/incidents?all",
    "/incidents/1",
    *(f"/incidents/{number}" for number in range(2, 7)),
    "/incidents/1/pack",
    "/incidents/2/pack",
    "/no-such-page",
)


@pytest.fixture(scope="module")
def phrases(tmp_path_factory: pytest.TempPathFactory) -> Phrases:
    ids = [one.id for one in gathered(tmp_path_factory.mktemp("words")) if one.id]
    messages = [one for id_ in ids for one in ([id_] if isinstance(id_, str) else id_)]
    return Phrases([*SHARED, *messages])


@pytest.fixture
def filled(store: Store, clock: HandClock) -> Store:
    """The story, and something done by people."""
    tell(store, clock)
    inbox.assign(store, "x:2", "jo", "kim", NOW)
    inbox.snooze(store, "x:2", HOUR, "kim", NOW)
    inbox.answer(store, "x:1", "kim", NOW)
    inbox.dismiss(store, "x:1", "kim", NOW)
    inbox.judge(store, "x:1", "Acme", "kim", NOW, relevant=True)
    notes.on_mention(store, "x:2", "Somebody should call.", "kim", NOW)
    notes.on_incident(store, 1, "It was the printer.", "kim", NOW)
    saved.save(store, "Ours", View(state="met", subject="", query="", sorted="urgency"), "kim", NOW)
    live.come(store, "x:2", "jo", NOW)
    with store.write() as db:
        for number, (rule, evidence) in enumerate(EVIDENCE, 2):
            found = a_finding(key=f"{rule}:again", rule=rule, evidence=evidence, channel="social")
            incidents.open_incident(db, found, NOW - HOUR)
            _tell(db, found, number)
    inbox.acknowledge(store, 2, "kim", [], NOW)
    inbox.snooze_incident(store, 2, HOUR, "kim", Outlets((), ()), NOW)
    marking.mark_incident(store, 2, "kim", NOW, real=True, note="a strike")
    inbox.resolve(store, 3, "kim", [], NOW)
    marking.mark_incident(store, 3, "kim", NOW, real=False)
    return store


def _tell(db: Db, found: Finding, number: int) -> None:
    """One outlet was told of it, others were not, or not yet."""
    told = draft(found, "slack", Event.SPIKE_OPENED, number, NOW)
    write(db, told, reason=Reason.NEW, loud=True, now=NOW)
    for reason in Reason:
        withheld.silence(db, replace(told, outlet=reason.name.lower()), reason, NOW)
    withheld.hold(db, replace(told, outlet="mail"), Reason.QUIET_HOURS, NOW + HOUR)


def test_no_page_says_a_word_that_cannot_be_translated(
    filled: Store, browser: Browser, phrases: Phrases
) -> None:
    known, faults = known_to(filled, GIVEN), dict[str, str]()
    for address in PAGES:
        answer = browser.get(address, ASKED)
        assert answer.status == (404 if "no-such" in address else 200), address
        faults |= dict.fromkeys(faults_of(answer.text, phrases, known), address)
    assert not faults, "\n".join(f"{fault}  ({address})" for fault, address in faults.items())


def test_nor_does_a_page_that_shows_nothing_yet(
    store: Store, browser: Browser, pulse: FakePulse, phrases: Phrases
) -> None:
    pulse.last_tick = NOW - HOUR
    known, faults = known_to(store, (*GIVEN, str(store.path))), set[str]()
    for address in ("/", "/inbox", "/incidents", "/incidents?all"):
        faults |= set(faults_of(browser.get(address, ASKED).text, phrases, known))
    assert not faults


def test_nor_do_the_pages_at_the_door(filled: Store, clock: HandClock, phrases: Phrases) -> None:
    """Where people sign in: the form, what is said when it fails, and what a reader may not do."""
    add_user(filled, role=Role.READER)
    known, faults = known_to(filled, GIVEN), set[str]()
    with served(filled, clock) as place:
        asked = {"language": MARKED}
        stranger = Person(place, cookies=dict(asked))
        pages = [stranger.get("/signin"), stranger.get("/signin?out"), stranger.post("/act", {})]
        pages += [stranger.try_password("wrong") for _ in range(PER_NAME + 1)]
        place.tick.at += 10_000
        eve = Person(place, cookies=dict(asked))
        assert eve.try_password().status == 303
        pages += [eve.get("/inbox?open=1"), eve.get("/incidents/2"), eve.post("/act", {})]
        for page in pages:
            faults |= set(faults_of(page.text, phrases, known))
    assert not faults


def test_no_refusal_says_a_word_that_cannot_be_translated(
    filled: Store, browser: Browser, phrases: Phrases
) -> None:
    known, faults = known_to(filled, GIVEN), dict[str, str]()
    for fields in (
        {"act": "answer", "on": "x:1", "seen": "0"},  # somebody was faster
        {"act": "nothing-like-it"},
        {"act": "answer"},
        {"act": "answer", "token": "old"},
        {"act": "snooze", "on": "x:1", "span": "9y"},
        {"act": "note", "on": "x:1", "note": " "},
        {"act": "ack", "on": "x:1"},
        {"act": "answer", "incident": "1"},
        {"act": "resolve", "incident": "99"},
        {"act": "save-view", "name": ""},
        {"act": "rename-view", "name": "A"},
        {"act": "rename-view", "view": "99", "name": "A"},
        {"act": "undo", "undo": "99"},
        {"act": "link", "on": "x:1"},
        {"act": "correct", "on": "x:1", "subject": "Acme"},
    ):
        body = urlencode({"token": token(browser), "back": "/inbox", **fields})
        form = {"content-type": "application/x-www-form-urlencoded", **ASKED}
        answer = browser.post("/act", body, form)
        assert answer.status >= 400, fields
        faults |= dict.fromkeys(faults_of(answer.text, phrases, known), str(fields))
    assert not faults, "\n".join(f"{fault}  ({fields})" for fault, fields in faults.items())


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<p>⟦Overview⟧</p>", None),
        ("<p>⟦Overview⟧</p><p>Plain</p>", "not marked, in p: 'Plain'"),
        ("<p>⟦Overview⟧</p><p>⟦Said by nobody⟧</p>", "never gathered: 'Said by nobody'"),
        ("<p>⟦Overview⟧</p><p><bdi>kim</bdi></p>", None),
        ("<p>⟦Overview⟧</p><p><bdi>model</bdi></p>", "in a bdi, and nobody's: 'model'"),
        ("<p>⟦Incident news⟧</p>", "in a gap of a phrase: 'Incident news'"),
        ("<p>⟦Incident <bdi>kim</bdi>⟧ 5 min 1 Nov</p>", None),
        ("<p aria-label='States'>⟦Overview⟧</p>", "not marked, p aria-label: 'States'"),
        ("<p dir='auto'><em>gone</em>⟦Overview⟧</p>", "not marked, in p em: 'gone'"),
    ],
)
def test_what_is_not_marked_is_found(html: str, fault: str | None) -> None:
    known = Phrases(["Overview", "Incident %(number)s"])
    assert faults_of(html, known, "kim") == ([fault] if fault else [])
