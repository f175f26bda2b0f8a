"""The demo: a story that is told alike again, one crisis that shows, and a stream without end."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listener.collectors.base import Collector, Cursor
from listener.collectors.demo import FEWEST_DAYS, PAGE, SUBJECTS, Demo, Event, Story, story
from listener.collectors.demo.phrasebook import Tone
from listener.collectors.demo.plan import HOME, Plan
from listener.collectors.demo.story import said_between
from listener.collectors.demo.world import BOOKS, BRAND, INFLUENCER_HANDLE, PEOPLE, RIVAL, SUPPORT
from listener.domain.label import Sentiment
from listener.domain.mention import Channel, Evidence, Kind, Mention, Response
from listener.domain.query import Query, parse
from listener.domain.times import bucket_start
from listener.errors import CollectorError
from listener.rules.spike import Detector
from tests.collectors.conformance import CollectorContract, World

END = datetime(2026, 11, 22, 9, 16, tzinfo=UTC)
HOUR = timedelta(hours=1)
SEEDS = range(1, 21)
SOME_SEEDS = (1, 7, 13, 20)
CRISIS = timedelta(hours=8)
SURGE = timedelta(hours=9)
LANGUAGE_OF = {handle: language for language, people in PEOPLE.items() for handle in people}
QUERIES = {str(subject["name"]): parse(str(subject["query"])) for subject in SUBJECTS}


def mentions(told: Story, query: Query | None = None) -> list[Mention]:
    found = [event for event in told.events if isinstance(event, Mention)]
    return found if query is None else [m for m in found if query.match(m.text) is not None]


def responses(told: Story) -> list[Response]:
    return [event for event in told.events if isinstance(event, Response)]


def within(found: list[Mention], since: datetime, span: timedelta) -> list[Mention]:
    return [m for m in found if since <= m.said_at < since + span]


def negative(found: list[Mention]) -> list[Mention]:
    return [m for m in found if m.label is Sentiment.NEGATIVE]


def is_copy(mention: Mention) -> bool:
    return mention.text.startswith("RT @")


def folded(text: str) -> str:
    return re.sub(r"[\W\d_]+", " ", re.sub(r"@\w+", "", text.casefold())).strip()


def alarms(told: Story, days: int = 14) -> list[datetime]:
    """When a spike detector that reads the true labels begins to alert about the brand."""
    counts: Counter[datetime] = Counter()
    bad: Counter[datetime] = Counter()
    for mention in mentions(told, QUERIES[BRAND]):
        if not is_copy(mention):
            start = bucket_start(mention.said_at)
            counts[start] += 1
            bad[start] += mention.label is Sentiment.NEGATIVE
    detector, start, found, before = Detector(), bucket_start(END - timedelta(days=days)), [], False
    while start < END:
        alerting = detector.observe(start, counts[start], bad[start])
        if alerting and not before:
            found.append(start + timedelta(minutes=5))
        before, start = alerting, start + timedelta(minutes=5)
    return found


@pytest.fixture(scope="module")
def told() -> Story:
    return story(END)


# What it is made of


def test_the_same_arguments_tell_the_same_story(told: Story) -> None:
    assert story(END) == told
    assert story(END.astimezone(HOME)) == told


def test_seeds_tell_different_stories() -> None:
    stories = [story(END, seed=seed) for seed in SEEDS]
    assert len({len(s.events) for s in stories}) > 15
    assert len({s.crisis_at for s in stories}) > 15
    epoch = Plan(seed=1, epoch=END - timedelta(days=14))
    days = {epoch.number(s.crisis_at) for s in stories if s.crisis_at}
    assert days == {9, 10, 11}


def test_no_two_ids_are_equal(told: Story) -> None:
    assert len({event.source_id for event in told.events}) == len(told.events)


def test_events_come_in_order_and_inside_the_story(told: Story) -> None:
    assert all(a.said_at <= b.said_at for a, b in pairwise(told.events))
    assert END - timedelta(days=14) <= told.events[0].said_at
    assert told.events[-1].said_at < END


def test_every_text_is_found_by_the_queries_alone(told: Story) -> None:
    for mention in mentions(told):
        found = {name for name, query in QUERIES.items() if query.match(mention.text) is not None}
        assert found or mention.author == INFLUENCER_HANDLE, mention.text
        assert mention.brand is None


def test_the_subjects_hold_their_own_examples() -> None:
    for subject in SUBJECTS:
        query = parse(str(subject["query"]))
        assert all(query.match(text) is not None for text in subject.get("must_match", ()))
        assert all(query.match(text) is None for text in subject.get("must_not_match", ()))


def test_no_gap_of_a_sentence_is_left_open() -> None:
    for seed in SOME_SEEDS:
        assert not any("{" in event.text for event in story(END, seed=seed).events)


@pytest.mark.parametrize("language", ["en", "zh", "hu"])
def test_each_language_has_sixty_sentences_and_more(language: str) -> None:
    book = BOOKS[language]
    sentences = [body for bodies in book.bodies.values() for body in bodies]
    assert len(sentences) == len(set(sentences)) >= 60
    assert all("{brand}" in body for body in sentences)
    assert set(book.bodies) == set(Tone)


def test_people_write_in_three_languages_and_two_scripts(told: Story) -> None:
    found = Counter(LANGUAGE_OF.get(m.author or "") for m in mentions(told))
    total = sum(found.values())
    assert 0.35 < found["en"] / total < 0.55
    assert 0.20 < found["hu"] / total < 0.40
    assert 0.12 < found["zh"] / total < 0.25
    assert 0.05 < found["zh-Hant"] / total < 0.15


@pytest.mark.parametrize("seed", SOME_SEEDS)
def test_nine_texts_in_ten_are_said_only_once(seed: int) -> None:
    originals = [m for m in mentions(story(END, seed=seed)) if not is_copy(m)]
    assert len({folded(m.text) for m in originals}) >= 0.9 * len(originals)


def test_some_texts_are_copies_by_somebody_else(told: Story) -> None:
    copies = [m for m in mentions(told) if is_copy(m)]
    assert 0.01 < len(copies) / len(mentions(told)) < 0.08
    assert all(m.kind is Kind.QUOTE for m in copies)


# Ordinary days


def test_days_are_busy_and_nights_are_not(told: Story) -> None:
    assert told.crisis_at is not None
    busy, quiet = Counter[datetime](), Counter[datetime]()
    for mention in mentions(story(END, crisis=False), QUERIES[BRAND]):
        local = mention.said_at.astimezone(HOME)
        if told.praise_at.astimezone(HOME).date() == local.date():
            continue
        if 9 <= local.hour < 21:
            busy[local.replace(minute=0, second=0)] += 1
        elif local.hour < 5:
            quiet[local.replace(minute=0, second=0)] += 1
    assert 10 <= sum(busy.values()) / len(busy) <= 14.5
    assert sum(quiet.values()) / (13 * 5) < 3


@pytest.mark.parametrize("seed", SOME_SEEDS)
def test_usually_one_in_eight_is_negative(seed: int) -> None:
    calm = mentions(story(END, seed=seed, crisis=False), QUERIES[BRAND])
    assert 0.12 <= len(negative(calm)) / len(calm) <= 0.15


def test_the_rival_is_talked_about_a_little_less(told: Story) -> None:
    brand = mentions(story(END, crisis=False), QUERIES[BRAND])
    rival = mentions(told, QUERIES[RIVAL])
    assert 0.45 < len(rival) / len(brand) < 0.7


def test_reviews_have_stars_that_fit(told: Story) -> None:
    reviews = [m for m in mentions(told, QUERIES[BRAND]) if m.channel is Channel.REVIEW]
    assert 15 <= len(reviews) / 14 <= 27
    for review in reviews:
        assert review.kind is Kind.REVIEW
        assert review.stars is not None
        assert (review.stars <= 2) == (review.label is Sentiment.NEGATIVE)
        assert (review.stars >= 4) == (review.label is Sentiment.POSITIVE)


# What support answers


def test_answers_follow_their_mention_and_come_from_support(told: Story) -> None:
    said = {m.source_id: m for m in mentions(told)}
    for response in responses(told):
        assert response.parent_id in said
        assert response.said_at > said[response.parent_id].said_at
        assert response.author == SUPPORT
        assert response.evidence is Evidence.DIRECT
        assert QUERIES[BRAND].match(said[response.parent_id].text) is not None


def test_some_answers_are_kept_in_time_some_late_and_some_never(told: Story) -> None:
    human = {r.parent_id: r.said_at for r in responses(told) if not r.automatic}
    social = [
        m
        for m in mentions(story(END, crisis=False), QUERIES[BRAND])
        if m.channel is Channel.SOCIAL and not is_copy(m)
    ]
    asked = [m for m in social if m.label is Sentiment.NEGATIVE or m.text.endswith(("?", "？"))]
    waited = [human[m.source_id] - m.said_at for m in asked if m.source_id in human]
    kept = sum(span <= HOUR for span in waited)
    assert 0.45 < kept / len(asked) < 0.75
    assert 0.12 < (len(waited) - kept) / len(asked) < 0.4
    assert len(waited) < 0.95 * len(asked)


def test_a_machine_answers_first_now_and_then(told: Story) -> None:
    human = {r.parent_id: r.said_at for r in responses(told) if not r.automatic}
    automatic = [r for r in responses(told) if r.automatic]
    assert 0.05 < len(automatic) / len(human) < 0.15
    assert all(r.said_at < human.get(r.parent_id, END) for r in automatic)


# What happens


@pytest.mark.parametrize("seed", SEEDS)
def test_the_crisis_breaks_out_with_many_people_at_once(seed: int) -> None:
    told = story(END, seed=seed)
    assert told.crisis_at is not None
    brand = mentions(told, QUERIES[BRAND])
    usual = len(negative(mentions(story(END, seed=seed, crisis=False), QUERIES[BRAND]))) / 14 / 48
    first = negative(within(brand, told.crisis_at, HOUR / 2))
    assert len(first) >= 5 * usual
    assert len({m.author for m in first}) >= 8
    assert len({LANGUAGE_OF[m.author or ""][:2] for m in first}) == 3
    by_hour = Counter(
        (m.said_at - told.crisis_at) // HOUR
        for m in negative(within(brand, told.crisis_at, CRISIS))
    )
    assert 50 <= max(by_hour.values()) <= 110
    assert by_hour[7] <= 8
    assert told.crisis_at + CRISIS < END - 12 * HOUR


@pytest.mark.parametrize("seed", SEEDS)
def test_a_detector_finds_the_crisis_soon_and_nothing_before(seed: int) -> None:
    told = story(END, seed=seed)
    assert told.crisis_at is not None
    assert told.crisis_at < alarms(told)[0] <= told.crisis_at + HOUR / 2


@pytest.mark.parametrize("seed", SEEDS)
def test_a_detector_finds_nothing_without_the_crisis(seed: int) -> None:
    assert alarms(story(END, seed=seed, crisis=False)) == []


def test_without_the_crisis_the_rest_stays_as_it_is(told: Story) -> None:
    calm = story(END, crisis=False)
    assert calm.crisis_at is None
    assert set(map(repr, calm.events)) < set(map(repr, told.events))


@pytest.mark.parametrize("seed", SOME_SEEDS)
def test_the_praise_brings_many_and_hardly_any_negative(seed: int) -> None:
    told = story(END, seed=seed)
    brand = mentions(told, QUERIES[BRAND])
    before = within(brand, told.praise_at - timedelta(days=1), SURGE)
    surge = within(brand, told.praise_at, SURGE)
    assert len(surge) > 2 * len(before)
    assert len(negative(surge)) / len(surge) < 0.12
    (post,) = [m for m in surge if m.author == INFLUENCER_HANDLE]
    assert post.said_at == told.praise_at
    assert sum(m.parent_id == post.source_id for m in surge) > 30


@pytest.mark.parametrize("days", [FEWEST_DAYS, 5, 7, 30])
def test_a_story_of_another_length_holds_both(days: int) -> None:
    told = story(END, days=days)
    assert told.crisis_at is not None
    assert END - timedelta(days=days) < told.praise_at < told.crisis_at < END - timedelta(days=1)


def test_too_short_a_story_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 4 days"):
        story(END, days=FEWEST_DAYS - 1)
    with pytest.raises(ValueError, match="days must be at least 4"):
        Demo(days=FEWEST_DAYS - 1)


# As a source


class TestContract(CollectorContract):
    """All of it but two tests, which are about mapping a reply, and about a service's own ids."""

    test_the_mapping_is_the_golden_one = None  # type: ignore[assignment]  # it maps nothing
    test_a_wrong_clock_changes_no_identity = None  # type: ignore[assignment]  # now moves the story

    @pytest.fixture
    def world(self) -> World:
        told = story(END, days=FEWEST_DAYS)
        return World(make=lambda: Demo(days=FEWEST_DAYS), count=len(mentions(told)), now=END)

    @pytest.fixture
    def many(self) -> World:
        return World(make=Demo, count=len(mentions(story(END))), now=END)


def drain(demo: Demo, cursor: Cursor | None, now: datetime) -> tuple[list[Event], Cursor]:
    """All pages of one poll."""
    found: list[Event] = []
    while True:
        batch = demo.fetch(cursor, now)
        page: list[Event] = [*batch.mentions, *batch.responses]
        assert len(page) <= PAGE
        assert batch.cursor is not None
        assert batch == demo.fetch(cursor, now)
        found += page
        cursor = batch.cursor
        if batch.complete:
            return found, cursor
        assert page


def test_it_is_a_collector() -> None:
    demo: Collector = Demo()
    assert (demo.name, demo.service, demo.channel) == ("demo", "demo", Channel.SOCIAL)
    assert demo.check() == "built in, 14 days of history, seed 1"


def test_the_first_fetch_gives_the_story_that_ends_now(told: Story) -> None:
    found, _ = drain(Demo(), None, END)
    assert set(map(repr, found)) == set(map(repr, told.events))


def test_a_second_source_keeps_its_name() -> None:
    batch = Demo(name="stage", seed=3).fetch(None, END)
    assert {mention.source for mention in batch.mentions} == {"stage"}
    assert {response.source for response in batch.responses} == {"stage"}


@settings(max_examples=15, deadline=None)
@given(waits=st.lists(st.integers(0, 3 * 24 * 3600), min_size=1, max_size=8))
def test_pages_lose_nothing_and_give_nothing_twice(waits: list[int]) -> None:
    demo, now, cursor, found = Demo(days=FEWEST_DAYS), END, None, list[Event]()
    for seconds in (0, *waits):
        now += timedelta(seconds=seconds)
        page, cursor = drain(demo, cursor, now)
        found += page
    epoch = END - timedelta(days=FEWEST_DAYS)
    plan = Plan(seed=1, epoch=epoch, days=FEWEST_DAYS)
    whole = list(said_between(plan, epoch, now))
    assert sorted(e.source_id for e in found) == sorted(e.source_id for e in whole)


def test_it_goes_on_with_a_crisis_every_two_to_three_weeks() -> None:
    plan = Plan(seed=1, epoch=END - timedelta(days=14))
    days = [number for number in range(200) if plan.crisis_at(number)]
    assert len(days) >= 10
    assert all(14 <= later - earlier <= 21 for earlier, later in pairwise(days))


@pytest.mark.parametrize("year", [1999, 2038, 2150])
def test_any_clock_will_do(year: int) -> None:
    found, _ = drain(Demo(days=FEWEST_DAYS), None, END.replace(year=year))
    assert len(found) > 1000


def test_a_clock_that_went_back_gives_nothing_and_moves_nothing() -> None:
    _, cursor = drain(Demo(), None, END)
    batch = Demo().fetch(cursor, END - HOUR)
    assert not batch.mentions
    assert not batch.responses
    assert batch.complete
    assert batch.cursor == cursor


@pytest.mark.parametrize("cursor", [{"upto": "x"}, {"epoch": 1, "upto": 2}, {"epoch": "soon"}])
def test_a_cursor_of_somebody_else_is_refused(cursor: Cursor) -> None:
    with pytest.raises(CollectorError, match="cannot be read"):
        Demo().fetch(cursor, END)
