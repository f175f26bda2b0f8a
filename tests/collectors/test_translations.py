"""Queries as the services are asked for them: by their documented syntax, and nothing is missed."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from listener.collectors import COLLECTORS, translations
from listener.collectors.hacker_news import HackerNews
from listener.collectors.translations import asked_by, translate
from listener.collectors.x.searches import LONGEST
from listener.domain.query import Document, Query, parse
from listener.domain.query.packs import NAMES
from listener.domain.query.translation import Translation
from listener.errors import QueryError, UsageError
from listener.http import Http
from tests.builders import a_subject
from tests.servers import searching
from tests.servers.searching import Post

NOW = datetime(2026, 11, 27, tzinfo=UTC)
READS: dict[str, Callable[[str], searching.Test]] = {
    "x": searching.on_x,
    "reddit": searching.reddit,
    "reddit_feeds": searching.reddit,
    "hacker_news": searching.hacker_news,
    "bluesky": searching.bluesky,
    "mastodon": searching.mastodon,
    "stack_exchange": searching.stack_exchange,
}
HOSTS = {
    "x": "https://x.com/1",
    "reddit": "https://www.reddit.com/1",
    "reddit_feeds": "https://www.reddit.com/1",
    "hacker_news": "https://news.ycombinator.com/item?id=1",
    "bluesky": "https://bsky.app/1",
    "mastodon": "https://far.example/1",
    "stack_exchange": "https://stackoverflow.com/q/1",
}
HAVE_REPLIES = ("x", "bluesky", "mastodon")
TOLD_ELSEWHERE = ("NOT at X also leaves out", "author:bob: Hacker News minds capitals")
NO_REPOSTS = " -is:retweet"


def asked(query: str, service: str) -> Translation:
    return translate(parse(query), service, {})


def test_all_that_search_are_tried_here() -> None:
    assert {name for name in COLLECTORS if translations._searching(name)} == READS.keys()


@pytest.mark.parametrize(
    ("query", "search"),
    [
        ("acme lang:hu", "acme (lang:hu OR lang:und)"),
        ("acme lang:he", "acme (lang:iw OR lang:und)"),
        ("acme -lang:hu", "acme -lang:hu"),
        ("acme lang:(hu OR de)", "acme (lang:hu OR lang:und OR lang:de)"),
        ("author:bob", "from:bob"),
        ("acme -author:bob", "acme -from:bob"),
        ("acme author:(bob OR eve)", "acme (from:bob OR from:eve)"),
        ("acme has:link", "acme has:links"),
        ("acme kind:reply", "acme is:reply"),
        ("acme -kind:reply", "acme -is:reply"),
        ("acme kind:quote", "acme is:quote"),
        ("acme kind:post", "acme -is:reply -is:quote"),
        ("`Apple`", "Apple"),
        ("`C++`", '"C++"'),
        ("late NEAR/3 (refund OR money)", "late (refund OR money)"),
        ("快递~han", "(快递 OR 快遞)"),
        ("késő~plain", "keso"),
        ("acme -acme*", "acme -acme"),
        ("acme OR site:acme.com", "acme"),
        ("acme OR lost stars:1", "acme"),
    ],
)
def test_x_is_asked_in_its_own_words(query: str, search: str) -> None:
    made = asked(query, "x")
    assert made.searches == (search + NO_REPOSTS,)
    assert not made.impossible


@pytest.mark.parametrize(
    ("query", "search", "broader"),
    [
        ("acme colo?r", "acme", "colo?r is sorted out here: X has no wildcards"),
        ("acme late~1", "acme", "late~1 is sorted out here: X forgives no slips"),
        ("acme késik~hu", "acme", "késik~hu is sorted out here: X knows no inflected forms"),
        ("acme NEAR/5 late", "acme late", "acme NEAR/5 late is asked as both, at any distance"),
        ("`Apple`", "Apple", "`Apple` is asked in any case, and without its signs"),
        ("acme followers:>9", "acme", "followers:>9 is sorted out here: X cannot be asked for it"),
        (
            "acme -has:link",
            "acme",
            "NOT has:link is sorted out here: to X pictures and videos are links, too",
        ),
        (
            "acme lang:zh",
            "acme",
            "lang:zh is sorted out here: X has no code for it, or more than one",
        ),
        (
            "acme NOT késő",
            "acme",
            "NOT késő is sorted out here: a NOT could leave out more there",
        ),
        (
            "acme is:question -is:repost",
            "acme",
            "is:question, NOT is:repost are sorted out here: X cannot be asked for it",
        ),
        (
            "coca-cola",
            '"coca-cola"',
            "coca-cola is asked by its words; the signs are sorted out here",
        ),
        (
            "acme (colo?r OR late)",
            "acme",
            "colo?r OR late is sorted out here: X has no wildcards",
        ),
    ],
)
def test_what_x_cannot_be_asked_for_is_told(query: str, search: str, broader: str) -> None:
    made = asked(query, "x")
    assert (made.searches, made.broader, made.missed) == ((search + NO_REPOSTS,), (broader,), ())


@pytest.mark.parametrize(
    ("query", "searches", "missed"),
    [
        ("acme*", ("acme",), "of acme* only acme is found at X"),
        ("repülő~hu", ("repülő",), "of repülő~hu only repülő is found at X"),
        ("acme~1", ("acme",), "of acme~1 only acme is found at X"),
        ("acme~hu késik~hu", ("acme",), "of acme~hu only acme is found at X"),
        ("acme OR ++", ("acme",), "++ is not asked for: X sees no word in it"),
        ("acme OR colo?r", ("acme",), "colo?r is not asked for: X has no wildcards"),
    ],
)
def test_what_is_not_found_there_is_told(
    query: str, searches: tuple[str, ...], missed: str
) -> None:
    made = asked(query, "x")
    assert made.searches == tuple(search + NO_REPOSTS for search in searches)
    assert made.missed == (missed,)


@pytest.mark.parametrize("service", READS)
@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("colo?r", r"colo\?r cannot be asked for: .* has no wildcards"),
        ("++", r"\+\+ cannot be asked for: .* sees no word in it"),
        ("++ NOT late", r"\+\+.* cannot be asked for: "),
        ("acme stars:1", "stars:1 holds for nothing at "),
        ("acme kind:review", "kind:review holds for nothing at "),
    ],
)
def test_what_cannot_be_asked_for_at_all_says_why(service: str, query: str, why: str) -> None:
    made = asked(query, service)
    assert made.searches == ()
    assert re.match(why, made.impossible or "")


def test_a_source_knows_its_own_name() -> None:
    source = a_source_of("source:news acme OR source:hn delta")
    (made,) = asked_by({"hn": source})
    assert made.translation.searches == ('"delta"',)
    assert (made.source, made.subject) == ("hn", "Acme")
    (made,) = asked_by({"hn": a_source_of("acme -source:hn")})
    assert made.translation.impossible == "NOT source:hn holds for nothing at Hacker News"


def a_source_of(query: str) -> object:
    subject = a_subject("Acme", query=parse(query))
    return HackerNews(name="hn", http=Http(), follows=(subject, a_subject("B", query=None)))


def test_a_source_is_asked_before_its_service_and_others_are_refused() -> None:
    source = a_source_of("acme")
    assert translate(parse("source:x acme"), "hn", {"hn": source}).impossible
    assert translate(parse("source:x acme"), "hacker_news", {}).searches == ('"acme"',)
    with pytest.raises(UsageError, match=r"'feed' searches for us; there is bluesky, .*, x\."):
        translate(parse("acme"), "feed", {})


@pytest.mark.parametrize(
    ("query", "search"),
    [
        ("acme", '"acme"'),
        ("acme late", '("acme" AND "late")'),
        ("acme OR late", '("acme" OR "late")'),
        ("acme (late OR lost) NOT coyote", '("acme" AND ("late" OR "lost"))'),
        ("acme late OR delta", '(("acme" AND "late") OR "delta")'),
        ("acmeair.com", '("acmeair.com" OR url:"acmeair.com")'),
        ("late author:bob", '("late" AND author:bob)'),
        ("author:bob", "author:bob"),
        ('"acme OR delta"', '"acme OR delta"'),
        ('or OR "title:late"', '("or" OR "title:late")'),
    ],
)
@pytest.mark.parametrize("service", ["reddit", "reddit_feeds"])
def test_reddit_is_asked_with_its_operators(service: str, query: str, search: str) -> None:
    assert asked(query, service).searches == (search,)


@pytest.mark.parametrize(
    ("service", "query", "searches"),
    [
        ("hacker_news", "acme late", ('"acme" "late"',)),
        ("hacker_news", "acme (late OR lost)", ('"acme"',)),
        ("hacker_news", "(acme OR delta) late", ('"late"',)),
        ("hacker_news", "(acme OR delta) (late OR lost)", ('"acme"', '"delta"')),
        ("hacker_news", "late author:bob", ('"late" author:bob',)),
        ("hacker_news", "author:bob OR acme", ("author:bob", '"acme"')),
        ("bluesky", "acme late", ('"acme" "late"',)),
        ("bluesky", "late author:bob.example", ('"late" from:bob.example',)),
        ("bluesky", "😡 OR acme", ('"😡"', '"acme"')),
        ("mastodon", "#AcmeAir OR late", ("#acmeair", '"late"')),
        ("mastodon", "acme late", ('"acme"',)),
        ("mastodon", '"re:invent" acme', ('"acme"',)),
        ("stack_exchange", 'acme OR "acme air"', ("acme", '"acme air"')),
        ("stack_exchange", "acme (late OR lost)", ("acme",)),
    ],
)
def test_services_that_know_no_or_are_asked_once_for_each(
    service: str, query: str, searches: tuple[str, ...]
) -> None:
    assert asked(query, service).searches == searches


def test_what_is_asked_for_alone_tells_what_is_left() -> None:
    made = asked("(acme OR delta) (late OR lost) NOT coyote", "hacker_news")
    assert made.broader == (
        "NOT coyote is sorted out here: a NOT could leave out more there",
        "late OR lost is sorted out here: Hacker News knows no OR",
    )
    made = asked("acme late", "mastodon")
    assert made.broader == ("late is sorted out here: Mastodon is asked for one thing at a time",)


def test_an_author_alone_is_no_search_where_it_could_find_everything() -> None:
    assert asked("author:bob.example", "bluesky").impossible
    assert asked("acme author:bob", "bluesky").searches == ('"acme"',)


@pytest.mark.parametrize("service", READS)
@pytest.mark.parametrize("name", NAMES)
def test_a_pack_is_told_in_one_sentence(service: str, name: str) -> None:
    pack = f"pack:{name}"
    made = asked(f"acme NOT {pack}", service)
    assert (made.broader, made.missed) == ((f"NOT {pack} is sorted out here",), ())
    assert asked(pack, service).broader == (f"{pack} is asked more broadly",)
    (beside,) = asked(f"acme {pack}", service).broader
    assert beside.startswith(pack)


def test_of_what_found_no_room_nothing_else_is_told() -> None:
    made = asked("acme pack:jobs", "x")
    assert made.broader == ("pack:jobs is sorted out here: 512 characters were full",)
    assert made.missed == ()  # its NOTs are not asked for either
    made = asked("coca-cola acme-airlines", "mastodon")
    assert made.searches == ('"acme-airlines"',)
    assert [one for one in made.broader if "coca" in one] == [
        "coca-cola is sorted out here: Mastodon is asked for one thing at a time"
    ]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("service", READS)
def test_a_word_is_asked_rather_than_a_pack(service: str, name: str) -> None:
    made = asked(f"acme pack:{name}", service)
    assert all("acme" in search for search in made.searches)


def test_packs_that_are_left_to_us_are_told_together() -> None:
    made = asked("acme NOT (pack:jobs OR pack:coupons)", "x")
    assert made.broader == ("NOT pack:jobs, NOT pack:coupons are sorted out here",)


@pytest.mark.parametrize("service", READS)
@pytest.mark.parametrize("query", ["lang:hu", "lang:hu is:question", "lang:hu NOT pack:jobs"])
def test_a_query_without_a_word_says_that_it_has_none(service: str, query: str) -> None:
    made = translate(parse(query, broad=True), service, {})
    why = f"nothing of it can be asked at {made.service}: it has no word to look for"
    assert (made.searches, made.impossible) == ((), why)


def test_an_alternative_without_a_word_is_named() -> None:
    made = translate(parse("acme OR lang:hu", broad=True), "x", {})
    assert made.impossible == "acme OR lang:hu cannot be asked for: lang:hu has no word to look for"


def test_why_nothing_is_asked_names_only_what_is_left_to_us() -> None:
    made = asked("lang:hu colo?r", "x")
    assert made.impossible == "colo?r cannot be asked for: X has no wildcards"


@pytest.mark.parametrize("service", ["x", "reddit"])
def test_what_found_no_room_is_told(service: str) -> None:
    few = " OR ".join(f"acme{number:03}" for number in range(45))
    lots = " OR ".join(f"flight{number:03}" for number in range(100))
    made = asked(f"({lots}) ({few}) late", service)
    assert max(map(len, made.searches)) <= LONGEST
    assert all("late" in search and "flight" not in search for search in made.searches)
    assert made.broader == (f"{lots} is sorted out here: 512 characters were full",)


@pytest.mark.parametrize("service", READS)
def test_a_phrase_that_is_too_long_is_asked_for_by_its_beginning(service: str) -> None:
    made = asked('"' + "very long " * 100 + '"', service)
    assert made.searches[0].lstrip("(").startswith('"very long very')
    assert len(made.searches[0]) < 300
    assert made.broader[0].endswith("is asked by its first words")


def test_a_term_with_too_many_forms_is_left_to_us() -> None:
    made = asked("acme 台湾发货台湾~han", "x")
    assert made.searches == ("acme" + NO_REPOSTS,)
    assert made.broader[0].endswith(
        "X knows no other script, and it can be written in too many ways"
    )


@pytest.mark.parametrize("service", READS)
@pytest.mark.parametrize(
    "words",
    [
        "acme OR late",
        "acme) OR (late",
        "from:bob lang:hu",
        "-late",
        "author:bob",
        "AND",
        "is:retweet",
        "acme | late",
        "*",
        "a\\",
    ],
)
def test_the_text_of_a_term_is_never_an_operator(service: str, words: str) -> None:
    made = asked(f'"{words}"', service)
    reads = READS[service]
    for search in made.searches:
        assert not reads(search)(Post(text="something else", author="bob", language="hu"))
    if not made.impossible:
        assert any(reads(search)(Post(text=f"x {words} x")) for search in made.searches)


PLAIN = ("acme", "air", "late", "delta", "@bob", "#late", "coca-cola", "++", "AT&T", "keso")
WORDS = (*PLAIN, "késő", "acmes", "acne", "other", "Acme", "coca cola", "repülővel", "late.")
TERMS = st.sampled_from(
    [
        *PLAIN,
        '"acme air"',
        '"air late"',
        "`Acme`",
        "`late`",
        "acm*",
        "*ke?o",
        "acme~1",
        "repülő~hu",
        "keso~plain",
        "acme NEAR/1 late",
        "(acme OR air) ONEAR/2 (late OR delta)",
    ]
)
FIELDS = st.sampled_from(
    [
        "author:bob",
        "author:bo*",
        "lang:hu",
        "lang:zh",
        "kind:reply",
        "kind:quote",
        "kind:post",
        "kind:review",
        "has:link",
        "stars:1",
        "followers:>5",
        "is:question",
        "is:repost",
        "site:acme.com",
        "site:x.com",
        "source:x",
        "lang:(hu OR de)",
    ]
)
EXCLUDED = st.sampled_from(
    ["other", "delta", '"acme air"', "#late", "@bob", "acne", "`Acme`", "acm*"]
) | FIELDS.filter(lambda field: "(" not in field)
QUERIES = st.recursive(
    TERMS | FIELDS | EXCLUDED.map(lambda one: f"NOT {one}"),
    lambda parts: (
        st.lists(parts, min_size=2, max_size=4).map(lambda some: f"({' '.join(some)})")
        | st.lists(parts, min_size=2, max_size=8).map(lambda some: f"({' OR '.join(some)})")
        | st.lists(EXCLUDED, min_size=2, max_size=3).map(lambda some: f"NOT ({' OR '.join(some)})")
    ),
    max_leaves=20,
)
ASKED = QUERIES | st.tuples(TERMS, QUERIES, TERMS).flatmap(
    lambda some: st.sampled_from(
        [f"{some[0]} {some[1]}", f"{some[2]} OR ({some[0]} {some[1]})", f"{some[0]} NOT {some[1]}"]
    )
)
POSTS = st.builds(
    Post,
    text=st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join),
    author=st.sampled_from(["ann", "bob", "bobby"]),
    language=st.sampled_from([None, "hu", "de", "zh"]),
    kind=st.sampled_from(["post", "reply", "quote"]),
    link=st.just(""),
)


def document_of(post: Post, service: str) -> Document:
    """As it is matched here: where a service does not tell the language, we do."""
    return Document(
        text=post.text,
        author=None if service == "stack_exchange" else post.author,
        url=HOSTS[service],
        language=post.language or "hu",
        source=service,
        channel="social",
        kind=post.kind if service in HAVE_REPLIES else "post",
        followers=9,
        said_at=NOW,
    )


@pytest.mark.parametrize("service", READS)
@settings(max_examples=150)
@given(text=ASKED, post=POSTS)
def test_what_a_query_matches_is_found_there_or_told(service: str, text: str, post: Post) -> None:
    query = readable(text)
    made = translate(query, service, {})
    tests = [READS[service](search) for search in made.searches]  # each is one that is understood
    if query.match(document_of(post, service)) is None:
        return
    assert made.searches or made.impossible
    assert "holds for nothing" not in (made.impossible or "")
    told = [one for one in made.missed if not one.startswith(TOLD_ELSEWHERE)]
    if not told and made.searches:
        assert any(test(post) for test in tests), made


def readable(text: str) -> Query:
    try:
        return parse(text)
    except QueryError:  # what only excludes is no query
        assume(False)
        raise
