"""Stored mentions are found in any language, in order, page by page, by the best index there is."""

from datetime import timedelta

import pytest

from listener.domain.mention import Channel
from listener.domain.query import parse
from listener.store import mentions, searching
from listener.store.connection import Store
from listener.store.searching import Judge, Order, Span
from tests.builders import DAY, HOUR, NOW, a_mention, a_review, arrived
from tests.store.kept import kept
from tests.store.search_asked import TEXTS, asked, found


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("parcel", 1),
        ("PARCEL shame", 1),
        ("快遞", 2),
        ("快递~han", 2),
        ("客服", 2),
        ("Acme客服", 2),
        ("csomagom", 3),
        ("CSOMAGOM KÉT", 3),
        ('"ket hete"~plain', 3),
        ("csomag~hu", 3),
        ("พัสดุ", 4),
        ("หาย", 4),
        ("荷物", 5),
        ("배송", 6),
        ("посылка", 7),
        ("cafe~plain", 8),
        ("@acme_help", 8),
        ("delayed", 8),
        ("delaied~1", 8),
        ("acmede*", 8),
        ("*layed", 8),
        ("*melay* OR *mede*", 8),
        ("747", 8),
        ("`C++`", 8),
        ("😡", 8),
        ("遞", 2),
        ("丟", 2),
        ("parcel NEAR/1 arrived", 1),
        ("acme NOT (parcel OR 747)", 2),
    ],
)
def test_what_is_there_is_found(store: Store, query: str, number: int) -> None:
    kept(store, *(a_mention(n, text=text) for n, text in TEXTS.items()))
    assert found(store, query) == [number]


@pytest.mark.parametrize(
    "query", ["nothing", "遞快", "parcel 快遞", '"shame Acme"', "`acme`", '"NOT"']
)
def test_what_is_not_there_is_not_found(store: Store, query: str) -> None:
    kept(store, *(a_mention(n, text=text) for n, text in TEXTS.items()))
    assert found(store, query) == []


def test_full_text_operators_and_sql_are_words(store: Store) -> None:
    hostile = "a' OR 1=1; DROP TABLE mention; -- \" NEAR(text : x) * ^ {cjk}"
    kept(store, a_mention(1, text=hostile), a_mention(2))
    for written in ('"DROP TABLE mention"', '"NEAR(text : x)"', '"a\' OR 1=1"', '"* ^ {cjk}"'):
        assert found(store, written) == [1]
    assert found(store, 'author:"x\' OR 1=1"') == []


def test_a_title_is_found_too(store: Store) -> None:
    kept(store, a_mention(title="Horrible", text="see above"))
    assert found(store, "horrible above") == [1]


def test_the_newest_said_come_first_whenever_they_were_seen(store: Store) -> None:
    days = {1: 3, 2: 0, 3: 5, 4: 1}
    kept(store, *(a_mention(n, said_at=NOW - d * DAY) for n, d in days.items()))
    assert found(store, "parcel") == [2, 4, 1, 3]
    assert found(store, "channel:social") == [2, 4, 1, 3]
    assert found(store, "stars:1 OR author:person3 OR author:person2") == [2, 3]


@pytest.mark.parametrize("query", ["parcel", "lang:en", "likes:<5 OR parcel", "author:person*"])
def test_page_follows_page_without_a_gap_or_a_repetition(store: Store, query: str) -> None:
    moments = [NOW, NOW + timedelta(milliseconds=3), NOW - HOUR]
    kept(store, *(a_mention(n, said_at=moments[n % 3]) for n in range(20)))
    whole = found(store, query)
    seen: list[int] = []
    after = None
    while True:
        page = asked(store, query, limit=3, after=after)
        seen += [text.id for text in page.texts]
        after = page.next
        if after is None:
            break
    assert seen == whole
    assert sorted(whole) == list(range(1, 21))


def test_pages_by_relevance_follow_each_other_too(store: Store) -> None:
    kept(store, *(a_mention(n, text="parcel " * (n % 4 + 1)) for n in range(10)))
    first = asked(store, "parcel", order=Order.RELEVANCE, limit=6)
    second = asked(store, "parcel", order=Order.RELEVANCE, limit=6, after=first.next)
    ids = [text.id for text in (*first.texts, *second.texts)]
    assert sorted(ids) == list(range(1, 11))
    assert second.next is None


def test_relevance_puts_first_what_holds_more_of_the_rarer_words_and_closer(store: Store) -> None:
    kept(
        store,
        a_mention(1, text="a parcel"),
        a_mention(2, text="a parcel, a parcel"),
        a_mention(3, text="a refund"),
        a_mention(4, text="parcel with a long story of many words and then a refund"),
        a_mention(5, text="parcel refund"),
        a_mention(6, text="one more parcel"),
    )
    ranked = found(store, "parcel OR refund", order=Order.RELEVANCE)
    assert ranked[:2] == [5, 4]
    assert ranked.index(3) < ranked.index(1)
    assert ranked.index(2) < ranked.index(1)


def test_of_two_alike_the_newer_one_is_more_relevant(store: Store) -> None:
    kept(store, a_mention(1), a_mention(2, said_at=NOW - 40 * DAY), a_mention(3))
    assert found(store, "parcel", order=Order.RELEVANCE) == [3, 1, 2]


def test_a_span_of_time_is_asked_for_in_the_query_or_beside_it(store: Store) -> None:
    kept(store, *(a_mention(n, said_at=NOW - n * DAY) for n in range(5)))
    assert found(store, "parcel since:2026-11-20 until:2026-11-21") == [3]
    assert found(store, "parcel", span=Span(NOW - 2 * DAY, NOW)) == [2, 3]
    assert found(store, "channel:social", span=Span(NOW - 2 * DAY, NOW)) == [2, 3]


# What leads


def plan_of(store: Store, written: str) -> str:
    search_found = asked(store, written)
    with store.read() as db:
        return "\n".join(search_found.explained(db))


@pytest.mark.parametrize(
    ("query", "leads"),
    [
        ("parcel lost", '("parcel" AND "lost")'),
        ("航空公司", '"航空 空公 公司"'),
        ("航", '"航" *'),
        ("parcel stars:<=2", "sifted by stars:<=2"),
        ("author:person1 parcel", "the mentions of 1 author"),
        ("state:open", "the open response clocks"),
        ("lang:en stars:1", "the mentions in en"),
        ("likes:>3", "every mention, newest first, sifted by likes:>3"),
        ("has:link", "every mention, newest first"),
        ("parcel NOT lost", 'index: "parcel"'),
        ("parcel OR likes:>3", "every mention, newest first, sifted by likes:>3"),
    ],
)
def test_explaining_says_what_leads(store: Store, query: str, leads: str) -> None:
    kept(store, a_mention(), a_review(2))
    assert leads in plan_of(store, query)


@pytest.mark.parametrize(
    "query",
    ["parcel", "channel:social", "author:person1", "lang:en", "state:open", "site:x.example"],
)
def test_no_table_is_walked_through_for_what_an_index_knows(store: Store, query: str) -> None:
    kept(store, a_mention(), a_review(2))
    steps = [line for line in plan_of(store, query).splitlines() if "SQLite" in line]
    walked = [step for step in steps if "SCAN" in step and "VIRTUAL" not in step]
    assert [step for step in walked if "USING" not in step and "SCAN o" not in step] == []


def test_what_has_its_time_out_says_how_far_it_came(store: Store) -> None:
    kept(store, *(a_mention(n) for n in range(30)))
    late = asked(store, "likes:>5", seconds=-1.0)
    assert (late.is_complete, late.texts) == (False, ())


def test_a_word_that_may_be_very_many_is_found_all_the_same(store: Store) -> None:
    many = [f"word{n}x" for n in range(700)]
    texts = [" ".join(many[at : at + 70]) for at in range(0, 700, 70)]
    kept(store, *(a_mention(n, text=text) for n, text in enumerate([*texts, "another"])))
    assert len(found(store, "word*")) == 10
    assert len(found(store, "*ord*x")) == 10
    assert "stands for more than" in plan_of(store, "*ord*x")


def test_words_open_on_both_sides_are_found_however_many(store: Store) -> None:
    kept(store, *(a_mention(n, text=f"xword{n}x") for n in range(9)))
    some = [f"*word{n}*" for n in range(9)]
    assert found(store, " OR ".join(some[3:6])) == [6, 5, 4]
    assert len(found(store, " OR ".join(some))) == 9
    assert found(store, f"{some[8]} -{some[1]} ({' OR '.join(some)})") == [9]
    assert "open on both sides" in plan_of(store, " OR ".join(some))


def test_a_deep_query_is_answered(store: Store) -> None:
    kept(store, a_mention())
    deep = "parcel"
    for level in range(20):
        deep = f"({deep} OR lost{level})" if level % 2 else f"(acme {deep})"
    assert found(store, deep) == [1]


# What belongs to a match


def test_all_of_a_query_has_to_hold_for_the_same_match(store: Store) -> None:
    kept(store, a_mention(1), a_mention(2))
    with store.write() as db:
        db.execute("INSERT INTO subject (id, name, role) VALUES (1, 'A', ''), (2, 'B', '')")
        db.executemany(
            "INSERT INTO match (mention_id, subject_id, origin, said_at, channel, sentiment,"
            " counts) VALUES (?, ?, 'query', '', 'social', ?, ?)",
            [(1, 1, "negative", 1), (1, 2, "positive", 1), (2, 1, "negative", 0)],
        )
    assert found(store, "sentiment:negative") == [1]
    assert found(store, "sentiment:positive parcel") == [1]
    assert found(store, "sentiment:negative sentiment:positive") == []
    assert found(store, "parcel -sentiment:negative") == [2, 1]


def test_a_state_is_that_of_now(store: Store) -> None:
    kept(store, a_mention(1), a_mention(2), a_mention(3))
    with store.write() as db:
        db.execute("INSERT INTO subject (id, name, role) VALUES (1, 'A', 'brand')")
        for number, state, due in ((1, "waiting", NOW + HOUR), (2, "waiting", NOW - HOUR),
                                   (3, "met", NOW - HOUR)):  # fmt: skip
            db.execute(
                "INSERT INTO match (mention_id, subject_id, origin, said_at, channel)"
                " VALUES (?, 1, 'query', '', 'social')",
                (number,),
            )
            db.execute(
                "INSERT INTO clock (mention_id, subject_id, channel, said_at, seen_at, due_at,"
                " state) VALUES (?, 1, 'social', '', '', ?, ?)",
                (number, f"{due:%Y-%m-%dT%H:%M:%S}.000Z", state),
            )
    assert found(store, "state:waiting") == [1]
    assert found(store, "state:overdue") == [2]
    assert found(store, "state:open") == [2, 1]
    assert found(store, "state:met parcel") == [3]


def test_a_team_is_that_of_a_topic(store: Store) -> None:
    kept(store, a_mention(1), a_mention(2))
    with store.write() as db:
        db.execute("INSERT INTO subject (id, name, role) VALUES (1, 'A', 'brand')")
        for number, topics in ((1, '["delivery"]'), (2, '["app"]')):
            db.execute(
                "INSERT INTO match (mention_id, subject_id, origin, said_at, channel)"
                " VALUES (?, 1, 'query', '', 'social')",
                (number,),
            )
            db.execute(
                "INSERT INTO label (mention_id, by, sentiment, negative, neutral, positive, topics,"
                " made_at) VALUES (?, 'model', 'negative', 1, 0, 0, ?, '')",
                (number, topics),
            )
    teams = {"delivery": "logistics"}
    assert found(store, "team:logistics", teams=teams) == [1]
    assert found(store, "topic:APP") == [2]


def test_some_mentions_are_judged_without_an_index(store: Store) -> None:
    with store.write() as db:
        said = [a_mention(1), a_mention(2, text="luggage"), a_mention(3, channel=Channel.NEWS)]
        mentions.add(db, [arrived(one) for one in said], NOW)
    with store.read() as db:
        judge = Judge(parse("parcel channel:social", broad=True), NOW)
        assert searching.matching(db, judge, [1, 2, 3, 4]) == {1}


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Acme℡ never answers", "`Acme`"),
        ("20㎏Acme", "`Acme`"),
        ("か\u0301acme", "acm*"),
        ("か\u0301acme", "acne~1"),
        ("x" * 70, "xxxx*"),
        ("x" * 70 + "tronic", "*tronic"),
        ("ő" * 70, f"{'o' * 70}~plain"),
    ],
)
def test_what_the_index_cannot_know_is_looked_at(store: Store, text: str, query: str) -> None:
    kept(store, a_mention(1, text=text), a_mention(2, text="nothing"))
    assert found(store, query) == [1]
