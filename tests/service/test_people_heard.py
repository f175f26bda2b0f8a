"""Who spoke, each as one service knows them, and what influencers said of others."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listener import inbox, views
from listener.domain.actions import Standing
from listener.domain.mention import Mention
from listener.domain.subject import Matcher, Role, Subject
from listener.errors import UsageError
from listener.store.authors import Order
from tests.builders import (
    DAY,
    HOUR,
    NEGATIVE,
    NEUTRAL,
    NOW,
    POSITIVE,
    a_mention,
    a_review,
    a_rival,
    a_subject,
    a_tombstone,
)
from tests.stages.world import World, a_world

SINCE = NOW - 30 * DAY
SERVICES = {"x": "x", "clips": "youtube"}
WRITERS = Subject(
    name="Travel writers",
    role=Role.INFLUENCER,
    query=None,
    accounts={"x": frozenset({"wanda", "max"}), "youtube": frozenset({"wanda"})},
)
FOLLOWED = (a_subject(), a_rival(), WRITERS)


def heard(world: World, *said: Mention) -> World:
    world.hear(*said, now=NOW)
    world.think(NOW)
    return world


def written(world: World, **more: Any) -> list[dict[str, Any]]:
    return views.said_by(world.store, WRITERS, SERVICES, more.get("since", SINCE))


def test_an_author_is_told_as_the_service_tells(world: World) -> None:
    of_jo = {"author": "jo", "author_id": "7", "author_name": "Jo", "followers": 80}
    heard(
        world,
        a_mention(10, **of_jo, verified=True, views=1200, said_at=NOW - HOUR),
        a_mention(11, **of_jo, label=POSITIVE),
        a_mention(12, **of_jo, label=NEUTRAL, said_at=NOW - 2 * HOUR),
    )
    first, *others = views.people_heard(world.store, since=SINCE)
    assert first == {
        "id": "x:7",
        "author": "jo",
        "name": "Jo",
        "source": "x",
        "followers": 80,
        "verified": True,
        "first_seen": "2026-11-22T12:00:00.000Z",
        "mentions": 3,
        "negative": 1,
        "positive": 1,
        "standing": "passive",
        "last_said": "2026-11-22T12:00:00.000Z",
        "reach": 1200,
        "share": 1.0,
    }
    assert [one["verified"] for one in others] == [None, None]


def test_a_mention_of_two_subjects_is_one_mention(world: World) -> None:
    heard(world, a_mention(10, text="Acme or Boreal", author="jo"))
    found = {one["author"]: one["mentions"] for one in views.people_heard(world.store, since=SINCE)}
    assert found["jo"] == 1


def test_those_who_complain_most_come_first(world: World) -> None:
    praise = [a_mention(n, author="fan", label=POSITIVE) for n in range(10, 15)]
    heard(world, *praise, *(a_mention(n, author="cross") for n in (20, 21)))
    found = views.people_heard(world.store, since=SINCE, order=Order.NEGATIVE, limit=2)
    assert [one["author"] for one in found][:1] == ["cross"]
    assert [one["negative"] for one in found] == [2, 1]


def test_a_subject_that_is_not_followed_is_named(world: World) -> None:
    assert views.people_heard(world.store, since=SINCE, subject="acme")
    with pytest.raises(UsageError, match=r"'Acmee'; there is: Acme, Boreal"):
        views.people_heard(world.store, since=SINCE, subject="Acmee")


def test_who_is_forgotten_is_not_among_the_people(world: World) -> None:
    heard(world, a_mention(10, author="canaryman", verified=True, followers=9))
    inbox.forget(world.store, "x:canaryman", "jo", NOW)
    assert "canaryman" not in str(views.people_heard(world.store, since=SINCE))
    assert world.rows("SELECT * FROM author WHERE verified OR followers = 9") == []


def test_who_comes_back_after_being_forgotten_is_seen_for_the_first_time(world: World) -> None:
    heard(world, a_mention(10, author="jo"))
    inbox.forget(world.store, "x:jo", "kata", NOW)
    world.hear(a_mention(11, author="jo"), now=NOW + DAY)
    found = {one["author"]: one for one in views.people_heard(world.store, since=SINCE)}
    assert (found["jo"]["mentions"], found["jo"]["first_seen"][:10]) == (1, "2026-11-23")


def test_what_is_gone_at_its_source_counts_for_nobody(world: World) -> None:
    heard(world, a_mention(10, author="jo", views=900), a_mention(11, author="jo", views=5))
    world.hear(now=NOW, gone=[a_tombstone(10), a_tombstone(1)])
    found = {one["author"]: one for one in views.people_heard(world.store, since=SINCE)}
    assert (found["jo"]["mentions"], found["jo"]["reach"]) == (1, 5)
    assert "person1" not in found


handles = st.sampled_from(["jo", "@jo", "JO", "kata"])
ids = st.none() | st.sampled_from(["7", "8"])
posts = st.builds(
    a_mention,
    st.integers(1, 40),
    source=st.sampled_from(["x", "y", "reviews"]),
    author=handles,
    author_name=st.none() | st.just("Jo"),
    author_id=ids,
    followers=st.none() | st.integers(0, 99),
)


@given(said=st.lists(posts, max_size=12, unique_by=lambda m: (m.source, m.source_id)))
@settings(max_examples=40, deadline=None)
def test_nobody_is_joined_across_services(said: list[Mention]) -> None:
    with a_world() as world:
        heard(world, *said)
        found = views.people_heard(world.store, since=SINCE)
        expected = Counter(f"{m.source}:{m.author_id or m.author}" for m in said)
        assert {one["id"]: one["mentions"] for one in found} == dict(expected)
        assert all(one["id"].startswith(f"{one['source']}:") for one in found)
        for one in found:
            theirs = [m.followers for m in said if m.source == one["source"]]
            assert one["followers"] is None or one["followers"] in theirs


@given(said=st.lists(posts, max_size=12, unique_by=lambda m: (m.source, m.source_id)))
@settings(max_examples=40, deadline=None)
def test_accounts_of_an_influencer_are_not_added_up(said: list[Mention]) -> None:
    writers = Subject(
        name="W",
        role=Role.INFLUENCER,
        query=None,
        accounts={"x": frozenset({"jo"}), "y": frozenset({"jo"})},
    )
    said = [replace(m, author_id=None) for m in said]
    with a_world(followed=(a_subject(), writers)) as world:
        heard(world, *said)
        found = views.said_by(world.store, writers, {"x": "x", "y": "y"}, SINCE)
        for source in ("x", "y"):
            theirs = [m for m in said if m.source == source and m.author != "kata"]
            assert sum(one["posts"] for one in found if one["source"] == source) == len(theirs)


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path / "writers", followed=FOLLOWED)
    yield world
    world.store.close()


def test_a_post_of_an_influencer_is_matched_against_all_and_kept_in_any_case(
    followed: World,
) -> None:
    heard(
        followed,
        a_mention(1, author="@Wanda", text="Acme beats Boreal"),
        a_mention(2, author="wanda", text="Packing light"),
    )
    names = followed.rows(
        "SELECT m.source_id AS id, s.name, x.counts FROM mention AS m"
        " JOIN match AS x ON x.mention_id = m.id JOIN subject AS s ON s.id = x.subject_id"
        " ORDER BY m.id, s.id"
    )
    assert [(one["id"], one["name"], one["counts"]) for one in names] == [
        ("1", "Acme", 1),
        ("1", "Boreal", 1),
        ("1", "Travel writers", 1),
        ("2", "Travel writers", 1),
    ]
    matcher = Matcher(followed.subjects)
    assert matcher.concerns("x", a_mention(3, author="max", text="Packing light"))
    assert not matcher.concerns("x", a_mention(3, author="stranger", text="Packing light"))


def test_what_an_account_said_of_each_brand_and_competitor(followed: World) -> None:
    heard(
        followed,
        a_mention(1, author="wanda", text="Acme is late", said_at=NOW - 2 * HOUR),
        a_mention(
            2,
            author="wanda",
            text="Acme and Boreal: fine",
            label=POSITIVE,
            said_at=NOW - HOUR,
            url="https://x.com/wanda/status/2",
            followers=5000,
        ),
        a_mention(3, author="wanda", text="Packing light", label=NEUTRAL),
        a_mention(4, author="stranger", text="Acme, says @wanda"),
    )
    acme, boreal, *silent = written(followed)
    assert acme == {
        "account": "wanda",
        "source": "x",
        "followers": 5000,
        "verified": None,
        "posts": 3,
        "subject": "Acme",
        "role": "brand",
        "mentions": 2,
        "negative": 1,
        "neutral": 0,
        "positive": 1,
        "last_said": "2026-11-22T11:00:00.000Z",
        "id": "x:2",
        "sentiment": "positive",
        "confidence": 1.0,
        "stars": None,
        "stars_scale": 5,
        "text": "Acme and Boreal: fine",
        "url": "https://x.com/wanda/status/2",
        "places": [[0, 4, "Acme"]],
    }
    assert (boreal["subject"], boreal["role"], boreal["mentions"]) == ("Boreal", "competitor", 1)
    told = [(one["account"], one["source"], one["posts"], one["subject"]) for one in silent]
    assert told == [("max", "x", 0, None), ("wanda", "youtube", 0, None)]


def test_an_account_that_named_nobody_is_told_with_its_posts(followed: World) -> None:
    heard(followed, a_mention(1, author="max", text="Packing light"))
    (row,) = [one for one in written(followed) if one["account"] == "max"]
    assert (row["posts"], row["subject"], row["mentions"], row["text"]) == (1, None, 0, None)


def test_posts_from_before_an_account_was_named_are_found(followed: World) -> None:
    heard(followed, a_mention(1, author="late_comer", text="Acme is late"))
    later = Subject(
        name="W", role=Role.INFLUENCER, query=None, accounts={"x": frozenset({"late_comer"})}
    )
    (row,) = views.said_by(followed.store, later, SERVICES, SINCE)
    assert (row["account"], row["subject"], row["mentions"]) == ("late_comer", "Acme", 1)


def test_a_source_of_any_name_has_the_accounts_of_its_service(followed: World) -> None:
    heard(
        followed,
        a_mention(1, source="clips", author="Wanda", text="Acme on film"),
        a_mention(2, source="elsewhere", author="wanda", text="Acme elsewhere"),
    )
    spoken = [(one["source"], one["account"]) for one in written(followed) if one["subject"]]
    assert spoken == [("clips", "wanda")]


def test_what_was_imported_under_the_name_of_a_service_is_found(followed: World) -> None:
    heard(followed, a_mention(1, source="x", author="wanda", text="Acme, imported"))
    found = views.said_by(followed.store, WRITERS, {}, SINCE)
    assert [one["id"] for one in found if one["subject"]] == ["x:1"]


def test_what_is_gone_or_forgotten_of_an_influencer_is_not_quoted(followed: World) -> None:
    heard(followed, a_mention(1, author="wanda"), a_mention(2, author="max"))
    followed.hear(now=NOW, gone=[a_tombstone(1)])
    inbox.forget(followed.store, "x:max", "jo", NOW)
    assert [one["posts"] for one in written(followed)] == [0, 0, 0]


def test_the_newest_quote_is_the_newest(followed: World) -> None:
    order = [3, 1, 4, 2]
    said = [a_mention(n, author="wanda", said_at=NOW - n * HOUR, label=NEGATIVE) for n in order]
    row = written(heard(followed, *said))[0]
    assert (row["id"], row["mentions"]) == ("x:1", 4)
    assert written(followed, since=NOW)[0]["posts"] == 0


def test_promoters_and_critics_are_told_by_words_and_stars(world: World) -> None:
    heard(
        world,
        a_mention(20, author="fan", label=POSITIVE),
        a_review(21, stars=5, author="fan", source="x", label=None),
        a_mention(22, author="foe"),
        a_review(23, stars=2, author="foe", source="x", label=NEUTRAL),
        a_mention(24, author="both"),
        a_mention(25, author="both", label=POSITIVE),
    )
    told = {row["author"]: row["standing"] for row in views.people_heard(world.store, since=SINCE)}
    assert {name: told[name] for name in ("fan", "foe", "both")} == {
        "fan": "promoter",
        "foe": "critic",
        "both": "passive",
    }
    critics = views.people_heard(world.store, since=SINCE, standing=Standing.CRITIC)
    assert "foe" in {row["author"] for row in critics}
    assert {row["standing"] for row in critics} == {"critic"}
