"""Erasing a person: no word is left, and every figure is."""

import json
from dataclasses import replace

import pytest

from listener import inbox, views
from listener.domain.mention import Reject
from listener.domain.query import parse
from listener.errors import UsageError
from listener.stages.report import make_due
from listener.store import digests, keep, search, sources
from tests.builders import DAY, HOUR, NEGATIVE, NOW, a_mention, a_tombstone, an_answer
from tests.service.conftest import SEEN
from tests.stages.test_report import MONDAY, reporting
from tests.stages.world import World
from tests.store.kept import everything, on_disk, one


@pytest.fixture
def remembered(world: World) -> World:
    """A person whose words are everywhere we keep words."""
    words = "Acme canaryword lost the canaryluggage"
    said = a_mention(7, text=words, title="canarytitle", author="canaryman", author_name="Canary M")
    said = replace(said, topics=("delivery",))
    world.hear(said, now=SEEN)
    world.hear(a_mention(7, text=f"{words} 金絲雀", author="canaryman"), now=SEEN)
    quote = an_answer(7, text="Dear canaryman, sorry for the canaryluggage")
    own = an_answer(1, source_id="own", author="canaryman", text="canary answers too")
    world.hear(now=SEEN, answers=[quote, own])
    world.think(NOW + 2 * HOUR)
    inbox.correct(world.store, "x:7", NEGATIVE, (), "jo", NOW + 2 * HOUR)
    world.think(NOW + 2 * HOUR)
    world.tell(NOW + 2 * HOUR)

    search.index_new(world.store)
    make_due(world.store, reporting(world), MONDAY)
    assert b"canary" in on_disk(world.store)
    return world


def test_who_is_forgotten_leaves_no_word(remembered: World) -> None:
    assert inbox.forget(remembered.store, "x:@canaryman", "jo", MONDAY).mentions == 1
    for table, kept in everything(remembered.store).items():
        found = json.dumps(kept, ensure_ascii=False, default=str).lower()
        assert "canary" not in found, table
        assert "金絲" not in found, table
    left = on_disk(remembered.store).lower()
    assert b"canary" not in left
    assert "金絲".encode() not in left


def test_what_was_refused_of_a_person_is_forgotten_too(world: World) -> None:
    mine = Reject(place="a:1", reason="no time", content='{"author": "canaryman", "text": "hm"}')
    other = Reject(place="a:2", reason="no time", content='{"author": "person1"}')
    world.hear(a_mention(7, author="canaryman"), now=SEEN)
    with world.store.write() as db:
        sources.reject(db, "x", [mine, other], SEEN)
    inbox.forget(world.store, "x:canaryman", "jo", SEEN)
    assert world.rows("SELECT place FROM reject") == [{"place": "a:2"}]


def test_what_is_gone_at_its_source_is_quoted_by_no_kept_digest(remembered: World) -> None:
    assert "canaryluggage" in one(remembered.store, "SELECT data FROM digest")
    remembered.hear(now=MONDAY, gone=[a_tombstone(7)])
    assert "canary" not in one(remembered.store, "SELECT data FROM digest").lower()
    assert remembered.rows("SELECT * FROM author WHERE handle = 'canaryman'") == []


def test_an_old_digest_keeps_its_figures_and_loses_its_quotes(remembered: World) -> None:
    before = json.loads(one(remembered.store, "SELECT data FROM digest"))
    keep.sweep(remembered.store, MONDAY - DAY)
    assert "canaryluggage" in one(remembered.store, "SELECT data FROM digest")
    keep.sweep(remembered.store, MONDAY + DAY)
    after = json.loads(one(remembered.store, "SELECT data FROM digest"))
    assert "canaryluggage" not in str(after)
    assert after["subjects"][0]["now"] == before["subjects"][0]["now"]


def test_who_is_forgotten_leaves_the_counts(remembered: World) -> None:
    before = remembered.rows("SELECT start, channel, mentions, negative FROM bucket")
    inbox.forget(remembered.store, "x:canaryman", "jo", MONDAY)
    remembered.think(MONDAY)
    assert remembered.rows("SELECT start, channel, mentions, negative FROM bucket") == before
    assert remembered.rows("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
    with remembered.store.read() as db:
        assert digests.last_week(db) is not None


def test_who_is_forgotten_is_on_record_without_a_name(remembered: World) -> None:
    inbox.forget(remembered.store, "x:canaryman", "jo", MONDAY)
    (line,) = remembered.rows("SELECT who, what, detail FROM audit WHERE did = 'forgot'")
    assert line["who"] == "jo"
    assert line["what"].startswith("x:#")
    assert line["detail"] == "1 mentions"


def test_others_keep_their_words_when_one_is_forgotten(remembered: World) -> None:
    inbox.forget(remembered.store, "x:canaryman", "jo", MONDAY)
    silent = remembered.rows("SELECT source_id FROM mention WHERE text = ''")
    assert silent == [{"source_id": "7"}]


def test_to_forget_a_name_without_a_source_is_refused(world: World) -> None:
    with pytest.raises(UsageError, match="SOURCE:ID"):
        inbox.forget(world.store, "canaryman", "jo", SEEN)


def test_to_forget_a_stranger_forgets_nobody(world: World) -> None:
    before = everything(world.store)
    with pytest.raises(UsageError, match=r"'x:stranger'.*SOURCE:ID.*export"):
        inbox.forget(world.store, "x:stranger", "jo", SEEN)
    assert everything(world.store) == before


def test_a_source_whose_name_has_a_colon_can_be_forgotten(world: World) -> None:
    world.hear(a_mention(7, source="a:b", author="urn:7"), now=SEEN)
    assert inbox.forget(world.store, "a:b:urn:7", "jo", SEEN).mentions == 1
    (line,) = world.rows("SELECT what FROM audit")
    assert line["what"].startswith("a:b:#")


REPOSTS = ("RT @canaryman: Acme lost the canaryluggage", "rt @CanaryMan: Acme lost")
NAMING = ("@canaryman Acme lost mine too", "Acme, hear (@CANARYMAN)!")
OTHERS = ("RT @canarymane: Acme", "Acme and canaryman", "mail Acme: canaryman@canaryman.example")


@pytest.fixture
def repeated(world: World) -> World:
    """A person whose words others repeat, and whom others call."""
    world.hear(a_mention(7, text="Acme lost the canaryluggage", author="@canaryman"), now=SEEN)
    said = [a_mention(n, text=t) for n, t in enumerate((*REPOSTS, *NAMING, *OTHERS), 20)]
    world.hear(*said, now=SEEN)
    world.think(SEEN)
    search.index_new(world.store)
    return world


def test_what_others_only_repeat_of_a_person_goes_too(repeated: World) -> None:
    done = inbox.forget(repeated.store, "x:canaryman", "jo", MONDAY)
    assert (done.mentions, done.reposts, done.still_named) == (1, 2, 2)
    silent = repeated.rows("SELECT source_id FROM mention WHERE text = '' ORDER BY id")
    assert [row["source_id"] for row in silent] == ["7", "20", "21"]
    assert b"canaryluggage" not in on_disk(repeated.store)
    assert views.find(repeated.store, parse("canaryluggage"), MONDAY).rows == []


def test_a_repost_that_comes_again_stays_forgotten(repeated: World) -> None:
    inbox.forget(repeated.store, "x:canaryman", "jo", MONDAY)
    repeated.hear(a_mention(20, text=REPOSTS[0]), now=MONDAY)
    assert b"canaryluggage" not in on_disk(repeated.store)


def test_a_name_with_signs_of_a_pattern_is_taken_as_it_is(world: World) -> None:
    world.hear(a_mention(7, author="a_b.c"), now=SEEN)
    world.hear(a_mention(8, text="RT @axb.c: Acme"), a_mention(9, text="RT @a_bxc: Acme"), now=SEEN)
    done = inbox.forget(world.store, "x:a_b.c", "jo", SEEN)
    assert (done.reposts, done.still_named) == (0, 0)
