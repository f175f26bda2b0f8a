"""Mentions: kept once, changed by edits, blanked by tombstones."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listener.domain.mention import Mention
from listener.store import gone, labels, mentions
from listener.store.connection import Store
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    NEUTRAL,
    NOW,
    a_label,
    a_mention,
    a_subject,
    a_tombstone,
    arrived,
)
from tests.store.kept import everything, followed, kept, on_disk, one, rows


def bury(store: Store, *numbers: int) -> int:
    with store.write() as db:
        return gone.bury(db, [a_tombstone(n) for n in numbers], NOW + HOUR)


def test_a_mention_is_kept_as_it_was_said(store: Store) -> None:
    added = kept(store, a_mention(likes=3, thread_id="t", raw={"mood": "cross"}))
    assert added.new == (1,)
    (row,) = rows(store, "SELECT * FROM mention")
    said = {k: row[k] for k in ("source", "source_id", "text", "said_at", "likes", "raw")}
    assert said == {
        "source": "x",
        "source_id": "1",
        "text": "Acme lost parcel number 1",
        "said_at": "2026-11-22T12:00:00.000Z",
        "likes": 3,
        "raw": '{"mood": "cross"}',
    }


def test_one_id_in_two_sources_is_two_mentions(store: Store) -> None:
    kept(store, a_mention(1), a_mention(1, source="reddit"))
    assert one(store, "SELECT count(*) FROM mention") == 2


def test_twice_in_a_page_the_last_is_kept(store: Store) -> None:
    added = kept(store, a_mention(1), a_mention(1, text="as it was edited"))
    assert added.new == (1,)
    assert one(store, "SELECT text FROM mention") == "as it was edited"


@given(
    page=st.lists(
        st.builds(
            a_mention,
            st.integers(1, 5),
            text=st.sampled_from(["Acme is late", "Acme 航班延誤", ""]),
            likes=st.none() | st.integers(0, 9),
            stars=st.none() | st.just(4.0),
            edited_at=st.none() | st.just(NOW + HOUR),
            author=st.none() | st.just("jo"),
        ),
        max_size=6,
        unique_by=lambda m: m.source_id,
    )
)
@settings(max_examples=40)
def test_the_same_page_twice_leaves_the_same_rows(
    tmp_path_factory: pytest.TempPathFactory, page: list[Mention]
) -> None:
    path = tmp_path_factory.mktemp("twice") / "a.db"
    store = Store(path, durable=False).open(NOW)
    subjects = followed(store)
    kept(store, *page, subjects=subjects)
    before = everything(store)
    again = kept(store, *page, subjects=subjects, now=NOW + DAY)
    assert again == mentions.Added()
    assert everything(store) == before
    store.close()


def test_an_edit_makes_a_version_and_is_looked_at_again(store: Store) -> None:
    kept(store, a_mention(text="Acme is late"))
    added = kept(store, a_mention(text="Acme is here", edited_at=NOW + HOUR), now=NOW + HOUR)
    assert added.changed == (1,)
    assert one(store, "SELECT text FROM mention") == "Acme is here"
    (version,) = rows(store, "SELECT text, until FROM mention_version")
    assert version == {"text": "Acme is late", "until": "2026-11-22T13:00:00.000Z"}
    stages = [row["stage"] for row in rows(store, "SELECT stage FROM redo ORDER BY stage")]
    assert stages == ["classify", "measure"]


def test_an_edit_is_matched_anew(store: Store) -> None:
    subjects = followed(store)
    kept(store, a_mention(text="Acme is late"), subjects=subjects)
    kept(store, a_mention(text="Boreal is late"), subjects=subjects)
    names = rows(store, "SELECT name FROM match JOIN subject ON id = subject_id")
    assert names == [{"name": "Boreal"}]
    assert one(store, "SELECT count(*) FROM stale_bucket") == 1


def test_an_older_edit_does_not_win_over_a_newer_one(store: Store) -> None:
    kept(store, a_mention(text="second", edited_at=NOW + HOUR))
    added = kept(store, a_mention(text="first", edited_at=NOW + MINUTE))
    assert added == mentions.Added()
    assert one(store, "SELECT text FROM mention") == "second"


def test_new_stars_are_an_edit(store: Store) -> None:
    kept(store, a_mention(stars=1.0))
    assert kept(store, a_mention(stars=5.0)).changed == (1,)
    assert one(store, "SELECT stars FROM mention_version") == 1.0


def test_counters_alone_are_taken_up_and_are_no_edit(store: Store) -> None:
    kept(store, a_mention(likes=1, shares=2))
    assert kept(store, a_mention(likes=9)) == mentions.Added()
    assert rows(store, "SELECT likes, shares FROM mention") == [{"likes": 9, "shares": 2}]
    assert rows(store, "SELECT * FROM mention_version") == []
    assert one(store, "SELECT count(*) FROM mention_version") == 0


def test_a_later_page_does_not_undo_when_it_was_first_seen(store: Store) -> None:
    kept(store, a_mention())
    kept(store, a_mention(text="edited"), now=NOW + DAY)
    assert one(store, "SELECT seen_at FROM mention") == "2026-11-22T12:00:00.000Z"


def test_a_tombstone_takes_words_and_writer_and_leaves_the_row(store: Store) -> None:
    canary = a_mention(text="canaryword", title="canarytitle", author="canaryman", url="https://c/")
    kept(store, replace(canary, raw={"more": "canaryraw"}, text="canaryword\u202e"))
    assert bury(store, 1) == 1
    (row,) = rows(store, "SELECT * FROM mention")
    assert (row["text"], row["title"], row["author_id"], row["raw"]) == ("", "", None, None)
    assert (row["source_id"], row["said_at"]) == ("1", "2026-11-22T12:00:00.000Z")
    assert row["deletion_reason"] == "deleted"
    assert "canary" not in str(everything(store)["mention"])


def test_where_terms_stood_goes_with_the_words(store: Store) -> None:
    kept(store, a_mention(text="Acme is late"), subjects=followed(store))
    assert one(store, "SELECT places FROM match") is not None
    bury(store, 1)
    assert one(store, "SELECT places FROM match") is None


def test_a_writer_of_nothing_else_goes_with_the_words(store: Store) -> None:
    kept(store, a_mention(1, author="jo"), a_mention(2, author="kata"), a_mention(3, author="kata"))
    bury(store, 1, 2)
    assert rows(store, "SELECT handle FROM author") == [{"handle": "kata"}]


def test_a_tombstone_is_taken_once_and_for_what_is_known(store: Store) -> None:
    kept(store, a_mention(1))
    assert bury(store, 1, 2) == 1
    assert bury(store, 1) == 0


def test_a_tombstone_wins_over_a_page_that_comes_after_it(store: Store) -> None:
    kept(store, a_mention(text="canaryword"))
    bury(store, 1)
    assert kept(store, a_mention(text="canaryword", edited_at=NOW + DAY)) == mentions.Added()
    assert one(store, "SELECT text FROM mention") == ""


def test_who_wrote_what_is_gone_is_not_written_down_again(store: Store) -> None:
    kept(store, a_mention(author="canaryman"))
    bury(store, 1)
    with store.write() as db:
        db.execute("DELETE FROM author")
    kept(store, a_mention(author="canaryman"))
    assert rows(store, "SELECT * FROM author") == []


def test_what_is_known_of_a_writer_is_kept_up_to_date(store: Store) -> None:
    kept(store, a_mention(1, author="jo", author_id="7", followers=10))
    kept(store, a_mention(2, author="jo_new", author_id="7", followers=20))
    kept(store, a_mention(3, author=None, author_id="7", followers=None))
    (row,) = rows(store, "SELECT source_id, handle, followers FROM author")
    assert row == {"source_id": "7", "handle": "jo_new", "followers": 20}


def test_whether_a_writer_is_verified_stays_known_until_it_changes(store: Store) -> None:
    for number, told, known in ((1, None, None), (2, True, 1), (3, None, 1), (4, False, 0)):
        kept(store, a_mention(number, author="jo", verified=told))
        assert one(store, "SELECT verified FROM author") == known


def test_what_one_mention_of_a_page_tells_of_a_writer_is_not_lost_by_the_next(store: Store) -> None:
    told = {"author_name": "Jo", "followers": 10, "verified": True}
    kept(store, a_mention(1, author="jo", **told), a_mention(2, author="jo", author_name="Joanna"))
    (row,) = rows(store, "SELECT name, followers, verified FROM author")
    assert row == {"name": "Joanna", "followers": 10, "verified": 1}


def test_a_writer_was_first_seen_when_the_first_mention_was(store: Store) -> None:
    kept(store, a_mention(1, author="jo", said_at=NOW - DAY), now=NOW)
    kept(store, a_mention(2, author="jo", said_at=NOW - 9 * DAY), now=NOW + HOUR)
    assert one(store, "SELECT first_seen FROM author") == "2026-11-22T12:00:00.000Z"


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"author": None, "author_name": None, "followers": None, "verified": None},
        {"followers": 11},
    ],
    ids=["the same", "less", "more followers"],
)
def test_a_writer_is_written_again_only_where_something_is_new(
    store: Store, told: dict[str, Any]
) -> None:
    known = a_mention(
        author="jo", author_id="7", author_name="Jo", followers=10, verified=False, text="Acme"
    )
    kept(store, known)
    with store.write() as db:
        before = db.total_changes
        mentions.add(db, [arrived(replace(known, **told))], NOW + HOUR)
        assert db.total_changes - before == ("followers" in told and told["followers"] is not None)


def test_a_new_name_alone_is_taken_up(store: Store) -> None:
    kept(store, a_mention(1, author="jo", author_name="Jo"))
    kept(store, a_mention(2, author="jo", author_name="Joanna"))
    assert one(store, "SELECT name FROM author") == "Joanna"


@pytest.mark.parametrize(
    "odd",
    ["a\0b", "half \ud800 of a pair", "\u202ebackwards", "😀" * 30_000, "e\u0301", "\r\n\x85"],
    ids=["NUL", "surrogate", "bidi", "long", "decomposed", "lines"],
)
def test_any_text_can_be_kept_and_found_by_its_name(store: Store, odd: str) -> None:
    kept(store, a_mention(text=f"Acme {odd}", title=odd), subjects=followed(store))
    (row,) = rows(store, "SELECT text, truncated FROM mention")
    assert row["text"].startswith("Acme")
    assert len(row["text"]) <= 20_000
    assert row["truncated"] == (len(odd) > 20_000)
    with store.read() as db:
        assert mentions.find(db, "x:1") == 1


@pytest.mark.parametrize("number", [2**63, 2**63 - 1, -1, 0, 10**30])
def test_an_id_of_any_size_is_kept_to_the_digit(store: Store, number: int) -> None:
    kept(store, a_mention(number))
    assert one(store, "SELECT source_id FROM mention") == str(number)
    with store.read() as db:
        assert mentions.find(db, f"x:{number}") == 1
        assert mentions.find(db, "1") == 1


@pytest.mark.parametrize("name", ["x:2", "y:1", "2", "", ":", "x:", "9" * 40, "١", "-1", "1.0"])
def test_a_name_of_nothing_finds_nothing(store: Store, name: str) -> None:
    kept(store, a_mention(1))
    with store.read() as db:
        assert mentions.find(db, name) is None


def test_an_id_with_a_colon_is_found(store: Store) -> None:
    kept(store, a_mention(source_id="a:b:c"))
    with store.read() as db:
        assert mentions.find(db, "x:a:b:c") == 1


def test_a_given_label_that_comes_later_is_taken_up(store: Store) -> None:
    kept(store, a_mention(label=None))
    kept(store, a_mention(label=NEUTRAL))
    assert one(store, "SELECT given_label FROM mention") == "neutral"
    assert one(store, "SELECT count(*) FROM redo WHERE stage = 'classify'") == 1


def test_another_brand_is_taken_up_and_matched_anew(store: Store) -> None:
    subjects = followed(store)
    said = a_mention(text="late again", brand="Acme")
    kept(store, said, subjects=subjects)
    kept(store, replace(said, brand="Boreal"), subjects=subjects)
    assert one(store, "SELECT brand FROM mention") == "Boreal"
    names = rows(store, "SELECT name FROM match JOIN subject ON id = subject_id")
    assert names == [{"name": "Boreal"}]
    assert waiting_stages(store) == ["classify", "measure"]
    assert rows(store, "SELECT * FROM mention_version") == []


def test_other_given_topics_are_taken_up(store: Store) -> None:
    kept(store, a_mention(topics=("delivery",)))
    kept(store, a_mention(topics=()))
    assert waiting_stages(store) == []
    kept(store, a_mention(topics=("refund", "délibáb")))
    assert one(store, "SELECT given_topics FROM mention") == '["refund", "délibáb"]'
    assert waiting_stages(store) == ["classify", "measure"]


def waiting_stages(store: Store) -> list[str]:
    return [r["stage"] for r in rows(store, "SELECT stage FROM redo ORDER BY stage")]


def test_what_is_gone_waits_for_no_stage(store: Store) -> None:
    kept(store, a_mention(text="first"), subjects=followed(store))
    with store.write() as db:
        labels.set_progress(db, "classify", 1)
    kept(store, a_mention(text="second"))
    bury(store, 1)
    with store.read() as db:
        waiting = labels.next_unlabelled(db, 10)
    assert waiting is not None
    assert waiting.mentions == ()
    with store.write() as db:
        labels.set_progress(db, "classify", waiting.upto, waiting.redone)
    with store.read() as db:
        assert labels.next_unlabelled(db, 10) is None


def test_nothing_of_what_is_gone_is_left_in_the_file(store: Store) -> None:
    kept(store, a_mention(1, text="canaryword 金絲雀之歌 Acme"), subjects=[a_subject(id=0)][:0])
    kept(store, a_mention(1, text="another canaryword"))
    with store.write() as db:
        labels.add(db, [a_label(1)])
    assert b"canaryword" in on_disk(store)
    bury(store, 1)
    store.scrub()
    left = on_disk(store)
    assert b"canaryword" not in left
    assert "金絲".encode() not in left


def listed(store: Store, *ids: int) -> list[dict[str, Any]]:
    with store.read() as db:
        return [dict(row) for row in mentions.listing(db, ids)]


def test_a_listing_is_newest_first(store: Store) -> None:
    kept(store, a_mention(1), a_mention(2, said_at=NOW + HOUR), a_mention(3))
    assert [row["id"] for row in listed(store, 1, 2, 3)] == ["x:2", "x:3", "x:1"]
    assert listed(store) == []


def test_arrivals_are_numbered_in_their_order(store: Store) -> None:
    kept(store, a_mention(5), a_mention(3), a_mention(4))
    with store.write() as db:
        db.execute("DELETE FROM mention WHERE id = 3")
    kept(store, a_mention(9))  # a number is never given twice
    found = rows(store, "SELECT id, source_id FROM mention ORDER BY id")
    assert [(r["id"], r["source_id"]) for r in found] == [(1, "5"), (2, "3"), (4, "9")]


def test_an_arrival_from_the_future_was_said_now() -> None:
    arrival = arrived(a_mention(said_at=NOW + 400 * DAY), now=NOW)
    assert arrival.mention.said_at == NOW
