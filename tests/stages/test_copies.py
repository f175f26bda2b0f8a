"""Near-copies count once, and spam counts for nothing, whatever else happens to them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from listener import inbox
from listener.domain.spam import ALL, MOST_REPEATS, SpamRule
from listener.store import mentions, relevance
from tests.builders import HOUR, MINUTE, NEGATIVE, NEUTRAL, NOW, SECOND, a_mention, a_tombstone
from tests.stages.conftest import SEEN
from tests.stages.world import World, a_world

LOST = "Acme lost my parcel again and nobody answers the telephone there, for weeks on end now"
GIVEAWAY = "GIVEAWAY! Follow us and tag a friend to win a weekend with Acme"


def heard(world: World, *said: Any, **more: Any) -> None:
    world.hear(*said, now=SEEN, **more)
    world.measure(SEEN)


def counted(world: World) -> dict[str, Any]:
    (row,) = world.rows(
        "SELECT sum(mentions) AS mentions, sum(negative) AS negative, sum(folded) AS folded,"
        " sum(folded_negative) AS folded_negative FROM bucket WHERE channel = 'all'"
    )
    return row


def aside(world: World) -> list[str | None]:
    return [row["aside"] for row in world.rows("SELECT aside FROM match ORDER BY mention_id")]


def edited(numbers: range) -> list[Any]:
    return [
        a_mention(n, text=f"{LOST} {'so sad ' * (n % 3)}", said_at=NOW + n * SECOND)
        for n in numbers
    ]


def test_edited_copies_are_counted_and_fold_into_one(world: World) -> None:
    heard(world, *edited(range(1, 7)))
    assert counted(world) == {"mentions": 6, "negative": 6, "folded": 1, "folded_negative": 1}
    assert len(world.clocks()) == 6  # each person waits


def test_in_pages_and_after_a_restart_it_is_the_same(world: World) -> None:
    heard(world, *edited(range(1, 4)))
    world.restart()
    heard(world, *edited(range(4, 7)))
    assert counted(world)["folded"] == 1
    assert world.rows("SELECT head, mentions, authors FROM copy_cluster") == [
        {"head": 1, "mentions": 6, "authors": 6}
    ]


def test_when_the_first_is_edited_the_others_have_a_new_first(world: World) -> None:
    heard(world, *edited(range(1, 4)))
    heard(world, a_mention(1, text="Acme has found what they had lost, and I am happy again"))
    assert counted(world)["folded"] == 2
    assert world.rows("SELECT head, mentions FROM copy_cluster") == [{"head": 2, "mentions": 2}]


def test_when_the_first_is_deleted_the_others_are_still_copies(world: World) -> None:
    heard(world, *edited(range(1, 4)))
    heard(world, gone=[a_tombstone(1)])
    heard(world, *edited(range(4, 6)))
    assert counted(world) == {"mentions": 5, "negative": 5, "folded": 1, "folded_negative": 1}


def test_different_people_with_the_same_trouble_are_no_copies(world: World) -> None:
    texts = [
        "Acme flight 12 is late again, third time this month, and the desk is closed",
        "Two hours at the gate already, Acme says nothing and the screens are dark",
        "So Acme cancels our way home by a text message in the middle of the night",
    ]
    heard(world, *(a_mention(n, text=text) for n, text in enumerate(texts)))
    assert counted(world)["folded"] == 3


def test_spam_is_kept_aside_and_counts_for_nothing(world: World) -> None:
    heard(world, a_mention(1, text=GIVEAWAY, label=NEUTRAL), a_mention(2))
    assert aside(world) == ["spam:giveaways", None]
    assert counted(world)["mentions"] == 1
    assert list(world.clocks()) == ["2"]
    assert world.rows("SELECT text FROM mention WHERE source_id = '1'") == [{"text": GIVEAWAY}]


def test_what_names_its_subject_itself_is_never_spam(world: World) -> None:
    heard(world, a_mention(1, text=GIVEAWAY, label=NEUTRAL, brand="Acme"))
    assert aside(world) == [None]
    assert counted(world)["mentions"] == 1


def test_what_becomes_spam_by_an_edit_no_longer_counts_and_the_other_way(world: World) -> None:
    for text, label, counts in ((LOST, NEGATIVE, 1), (GIVEAWAY, NEUTRAL, 0), (LOST, NEGATIVE, 1)):
        heard(world, a_mention(1, text=text, label=label))
        assert counted(world)["mentions"] == counts
        assert len(world.clocks()) == counts


def test_a_person_who_says_that_it_is_relevant_is_believed(world: World) -> None:
    heard(world, a_mention(1, text=GIVEAWAY, label=NEUTRAL))
    with world.store.write() as db:
        relevance.say(db, 1, 1, "jo", SEEN, relevant=True)
        mentions.redo(db, "measure", [1])
    world.measure(SEEN)
    assert aside(world) == [None]
    assert counted(world)["mentions"] == 1


def test_a_rule_that_is_off_keeps_nothing_aside() -> None:
    with a_world(spam=ALL - {SpamRule.GIVEAWAYS}) as world:
        heard(world, a_mention(1, text=GIVEAWAY, label=NEUTRAL))
        assert aside(world) == [None]


@pytest.mark.parametrize("apart", [MINUTE, 6 * HOUR])
def test_the_same_again_and_again_by_one_author_is_kept_aside(
    world: World, apart: timedelta
) -> None:
    times = MOST_REPEATS + 3
    heard(
        world,
        *(
            a_mention(n, text=LOST + "!" * n, author="loud", said_at=NOW - (times - n) * apart)
            for n in range(times)
        ),
    )
    spam = ["spam:repeats"] * 3 if apart == MINUTE else [None] * 3
    assert aside(world) == [*[None] * MOST_REPEATS, *spam]
    assert len(world.clocks()) == times - len([one for one in spam if one])


def test_many_people_with_one_text_are_copies_and_no_spam(world: World) -> None:
    heard(world, *(a_mention(n, text=LOST) for n in range(20)))
    assert set(aside(world)) == {None}
    assert counted(world) == {"mentions": 20, "negative": 20, "folded": 1, "folded_negative": 1}


def copies(world: World) -> dict[int, int | None]:
    found = world.rows("SELECT mention_id, copy_of FROM match ORDER BY mention_id")
    return {row["mention_id"]: row["copy_of"] for row in found}


def test_a_copy_is_never_the_first_of_others(world: World) -> None:
    heard(world, a_mention(1, text=LOST, said_at=NOW))
    later = NOW + 2 * MINUTE
    heard(
        world,
        a_mention(2, text=f"{LOST} so sad", said_at=later),
        a_mention(3, text=f"{LOST} so sad", said_at=later - MINUTE),  # before the one before it
    )
    assert copies(world) == {1: None, 2: 1, 3: 1}


def test_what_was_said_earlier_but_comes_later_joins_them_also_when_it_is_short(
    world: World,
) -> None:
    short = "Acme lost all of my parcels now"
    heard(world, a_mention(1, text=short, said_at=NOW))
    heard(world, a_mention(2, text=short, said_at=NOW - MINUTE))
    assert copies(world) == {1: None, 2: 1}
    assert counted(world)["folded"] == 1


def test_copies_of_what_becomes_a_copy_follow_it(world: World) -> None:
    heard(world, a_mention(1, text=LOST), a_mention(2, text=f"{GIVEAWAY} and to be happy"))
    world.hear(a_mention(2, text=f"{LOST} so sad"), now=SEEN)  # edited, and not yet measured
    heard(world, a_mention(3, text=f"{LOST} so sad"))
    assert copies(world) == {1: None, 2: 1, 3: 1}


def test_what_is_brought_back_joins_those_that_went_on_without_it(world: World) -> None:
    heard(world, *edited(range(1, 4)))
    for relevant, folded in ((False, 1), (True, 1)):
        inbox.judge(world.store, "x:1", "Acme", "jo", SEEN, relevant=relevant)
        world.measure(SEEN)
        assert counted(world)["folded"] == folded
    assert copies(world) == {1: 2, 2: None, 3: 2}


def test_many_people_who_are_shown_by_one_name_are_not_one_author(world: World) -> None:
    times = range(MOST_REPEATS + 3)
    heard(world, *(a_mention(n, text=LOST, author=None, author_name="A user") for n in times))
    assert set(aside(world)) == {None}


def test_what_is_labelled_negative_is_no_offer_whatever_it_holds(world: World) -> None:
    text = "Acme took the money from every card and the only answer is: use code SORRY at checkout"
    heard(world, *(a_mention(n, text=text, label=s) for n, s in ((1, NEGATIVE), (2, NEUTRAL))))
    assert aside(world) == [None, "spam:coupons"]
    assert list(world.clocks()) == ["1"]


def test_copies_of_what_is_set_aside_have_a_new_first_also_when_they_are_equal(
    world: World,
) -> None:
    texts = (f"{LOST} so sad", LOST, LOST, LOST)
    heard(world, *(a_mention(n, text=text) for n, text in enumerate(texts, 1)))
    inbox.judge(world.store, "x:1", "Acme", "jo", SEEN, relevant=False)
    world.measure(SEEN)
    assert copies(world) == {1: None, 2: None, 3: 2, 4: 2}


def test_what_a_person_calls_a_complaint_is_spam_no_more(world: World) -> None:
    heard(world, a_mention(1, text=GIVEAWAY, label=NEUTRAL))
    assert aside(world) == ["spam:giveaways"]
    inbox.correct(world.store, "x:1", NEGATIVE, (), "jo", SEEN)
    world.measure(SEEN)
    assert aside(world) == [None]
    assert counted(world)["mentions"] == 1
    assert list(world.clocks()) == ["1"]


def test_a_rule_that_is_turned_off_gives_back_what_is_measured_again(world: World) -> None:
    heard(world, a_mention(1, text=GIVEAWAY, label=NEUTRAL))
    world.measured = replace(world.measured, spam=ALL - {SpamRule.GIVEAWAYS})
    with world.store.write() as db:
        mentions.redo(db, "measure", [1])
    world.measure(SEEN)
    assert aside(world) == [None]
