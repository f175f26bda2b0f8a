"""Why people were told of an incident reads in the language of who reads it, whatever the rule."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from listener.domain.incident import Finding
from listener.domain.part import Part
from listener.domain.wording import Plural, Wording
from listener.rules.flood import FloodRule
from listener.rules.floor import Bound
from listener.rules.spike.rule import SpikeRule
from listener.store import incidents
from listener.store.connection import Store
from listener.texts.words import MARKED
from listener.web.headlines import headline, reason
from tests.builders import HOUR, NOW, a_finding
from tests.rules.test_flood import copies, scene
from tests.rules.test_floor import found as crossed
from tests.rules.test_influencer import a_post
from tests.rules.test_influencer import found as a_post_found
from tests.rules.test_rule_spike import a_crowd, a_scene
from tests.web.browser import Browser
from tests.web.reasons import NAMES, findings
from tests.web.story import follow
from tests.web.test_every_word import phrases  # noqa: F401  # a fixture
from tests.web.test_translations import TRANSLATED
from tests.web.unmarked import Phrases, faults_of

RULES = {rule: tuple(found) for rule, found in groupby(findings(), lambda one: one.rule)}
SCRIPT = "<img src=x onerror=alert(1)>"
OF_TOPIC = Part(topic=SCRIPT)


def shown(finding: Finding, language: str) -> str:
    one = {"rule": finding.rule, "subject": "Acme", "title": finding.title}
    return f"<h1>{headline(one, language)}</h1><p>{reason(finding.why, language)}</p>"


def wordings(words: object) -> Iterator[Wording]:
    if isinstance(words, Wording):
        yield words
        for one in words.named.values():
            yield from wordings(one)


def test_there_is_each_rule_that_makes_incidents() -> None:
    assert set(RULES) == {
        "spike", "competitor", "creeping", "flood", "floor", "influencer", "rating_drop", "severe",
        "response",
    }  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_no_rule_says_a_word_that_cannot_be_translated(
    rule: str,
    phrases: Phrases,  # noqa: F811
) -> None:
    for found in RULES[rule]:
        theirs = (*found.evidence.get("terms", ()), *found.evidence.get("words", ()))
        page = shown(found, MARKED)
        assert not faults_of(page, phrases, "\n".join((*NAMES, *theirs))), page
        assert "lang=" not in page, page


def test_every_phrase_of_the_rules_is_among_these() -> None:
    keywords = {"Wording": None, "Plural": (1, 2), "Homonym": ((1, "c"), 2)}
    rules = Path(__file__).parents[2] / "listener" / "rules"
    written = {
        phrase
        for _, _, message, _, _ in extract_from_dir(rules, keywords=keywords)
        for phrase in ((message,) if isinstance(message, str) else message)
    }
    said = [
        one for found in findings() for words in (found.title, found.why) for one in wordings(words)
    ]
    made = {one.pattern for one in said}
    made |= {one.one for one in said if isinstance(one, Plural)}
    assert len(written) > 100
    assert written - made == set()


def stored(store: Store, found: Iterable[Finding]) -> None:
    follow(store)
    with store.write() as db:
        for number, one in enumerate(found, 1):
            finding = a_finding(rule=one.rule, title=one.title, why=one.why, key=f"{number}")
            incidents.open_incident(db, finding, NOW - HOUR)


@pytest.mark.parametrize("language", TRANSLATED)
def test_it_is_shown_from_the_database_on_every_page(
    store: Store, browser: Browser, language: str
) -> None:
    found = [each[-1] for each in RULES.values()]
    stored(store, found)
    with store.write() as db:
        for number in range(1, len(found) + 1):
            incidents.snooze(db, number, NOW + HOUR, NOW, "kim")
    asked = {"cookie": f"language={language}"}
    paths = ("/", "/incidents", "/subjects/Acme", "/settings/snoozes")
    lists = {path: browser.get(path, asked).text for path in paths}
    for number, one in enumerate(found, 1):
        title = headline({"title": one.title}, language)
        assert str(one.title) not in title
        for path, page in lists.items():
            if f'/incidents/{number}"' in page:
                assert title in page, path
        for path in (f"/incidents/{number}", f"/incidents/{number}/pack"):
            page = browser.get(path, asked).text
            assert title in page
            assert f"<p>{reason(one.why, language)}</p>" in page
            assert '<bdi lang="en">' not in page
    listed = {path: page.count('<a href="/incidents/') for path, page in lists.items()}
    assert listed == {"/": 9, "/incidents": 9, "/subjects/Acme": 8, "/settings/snoozes": 9}


def test_in_english_it_is_what_people_were_told(store: Store, browser: Browser) -> None:
    found = [each[0] for each in RULES.values()]
    stored(store, found)
    for number, one in enumerate(found, 1):
        page = browser.get(f"/incidents/{number}").text
        assert f"<bdi>{one.title}</bdi></h1>" in page
        assert f"<p><bdi>{one.why}</bdi></p>" in page.replace("&#34;", '"')


def test_what_is_english_alone_is_shown_as_such(store: Store, browser: Browser) -> None:
    """Found before there were wordings, or said by another version in words that we do not have."""
    old = a_finding(why="It was so.")
    other = a_finding(title=Wording("Zap %(n)s", n=1), why=Wording("Zap %(n)s.", n=1))
    stored(store, [old, other])
    for number, why in ((1, "It was so."), (2, "Zap 1.")):
        page = browser.get(f"/incidents/{number}", {"cookie": "language=hu"}).text
        assert "<bdi>Acme</bdi>: negatív kiugrás" in page
        assert f'<p><bdi lang="en">{why}</bdi></p>' in page


@pytest.mark.parametrize("language", TRANSLATED)
def test_names_in_it_are_no_markup(language: str) -> None:
    """Of subjects, of people, of sources and topics, and the words that they wrote."""
    crowd = a_crowd(25)
    spike = SpikeRule()(replace(a_scene(crowd), subject=SCRIPT, events=(SCRIPT,), part=OF_TOPIC))
    (post,) = a_post_found(a_post(influencer=SCRIPT, author=SCRIPT), subject=SCRIPT)
    (flood,) = FloodRule()(scene(copies(400, source=SCRIPT)))
    (bound,) = crossed(Bound(negative=1, query='"<img src=x>"'), mentions=9, negative=9)
    assert spike is not None
    for found in (spike, post, flood, bound):
        assert "<img" in f"{found.title} {found.why}"
        page = shown(found, language)
        assert "<img" not in page
        assert "&lt;img" in page
