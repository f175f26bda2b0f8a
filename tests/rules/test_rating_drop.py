"""Stars that drop below what is usual: found where they do, and silent where they do not."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.domain.incident import Severity
from listener.domain.ratings import Listing, Review, Told
from listener.rules.rating_drop.drop import dropped
from listener.rules.rating_drop.rule import RatingDropRule
from listener.rules.rating_drop.scene import RatingScene
from listener.rules.rating_drop.usual import learned, usuals
from tests.builders import DAY, HOUR, NOW

APP = Listing("app_store")
USUAL = (5, 5, 5, 4, 5, 5, 1, 5, 3, 5)  # 4.3
LOW = (1, 5, 1, 4, 1, 5, 3, 5, 1, 1)  # 2.7


def reviews(
    stars: Sequence[float],
    count: int,
    until: datetime = NOW,
    every: timedelta = 12 * HOUR,
    listing: Listing = APP,
) -> list[Review]:
    """So many, at even times up to one, the same stars again and again."""
    return [
        Review(until - n * every, float(stars[n % len(stars)]), listing, count - n)
        for n in range(count)
    ][::-1]


def a_scene(*of: Sequence[Review], told: Sequence[Told] = (), now: datetime = NOW) -> RatingScene:
    found = sorted((one for part in of for one in part), key=lambda one: one.at)
    return RatingScene(subject_id=1, subject="Acme", now=now, reviews=found, told=told)


def before(days: int, count: int = 200, listing: Listing = APP) -> list[Review]:
    """What was usual until so many days ago."""
    return reviews(USUAL, count, NOW - days * DAY, listing=listing)


def titles(scene: RatingScene, rule: RatingDropRule | None = None) -> list[str]:
    return [one.title for one in (rule or RatingDropRule())(scene)]


def test_stars_that_drop_are_found_with_their_figures() -> None:
    (finding,) = RatingDropRule()(a_scene(before(15), reviews(LOW, 30)))
    assert finding.title == "Acme on App Store: 2.7 stars of the last 30 reviews, 4.3 before"
    assert finding.key == "rating_drop:Acme:app_store"
    assert finding.severity is Severity.HIGH
    assert finding.why == (
        "1.6 stars less in 14 d 12 h than of the 154 reviews before; 15 of 30 have one star."
    )
    assert finding.evidence["began_at"] == "2026-11-08T00:00:00Z"
    assert {"before", "after", "n_before", "n_after", "p_value"} <= finding.evidence.keys()
    assert finding.evidence["p_value"] < 0.002
    assert finding.evidence["stars"] == {"5": 9, "4": 3, "3": 3, "1": 15}
    assert len(finding.mentions) == 18


@pytest.mark.parametrize(
    ("why", "scene"),
    [
        ("as usual", a_scene(before(15), reviews(USUAL, 20))),
        ("better", a_scene(reviews(LOW, 300, NOW - 10 * DAY), reviews(USUAL, 20))),
        ("three angry ones", a_scene(before(1), reviews((1,), 3, every=HOUR))),
        ("nothing to compare with", a_scene(before(15, 20), reviews(LOW, 30))),
        (
            "over for long",
            a_scene(before(60), reviews(LOW, 30, NOW - 50 * DAY), reviews(USUAL, 90)),
        ),
        ("no review at all", a_scene()),
    ],
)
def test_what_is_no_drop_is_not_found(why: str, scene: RatingScene) -> None:
    assert titles(scene) == [], why


def test_a_slight_drop_is_none_however_sure_it_is() -> None:
    slight = (5, 5, 5, 4, 5, 4, 1, 5, 1, 5)  # 4.0
    many = a_scene(
        reviews(USUAL, 4000, NOW - 10 * DAY, HOUR), reviews(slight, 2000, every=HOUR / 10)
    )
    assert titles(many, RatingDropRule(drop=0.4)) == []
    assert len(titles(many, RatingDropRule(drop=0.2))) == 1


def test_another_mix_of_sources_is_no_drop() -> None:
    low = Listing("trustpilot")
    usual = a_scene(
        before(15),
        reviews(LOW, 60, NOW - 10 * DAY, DAY, low),
        reviews(LOW, 300, every=HOUR, listing=low),
    )
    assert titles(usual) == []


def test_a_new_source_of_low_stars_is_no_drop() -> None:
    new = reviews(LOW, 40, every=4 * HOUR, listing=Listing("trustpilot"))
    assert titles(a_scene(before(0), new)) == []


def test_a_drop_of_one_source_names_it_and_one_of_all_the_brand() -> None:
    play = Listing("google_play")
    alone = a_scene(before(15), reviews(LOW, 30), before(0, 200, play))
    assert [one.key for one in RatingDropRule()(alone)] == ["rating_drop:Acme:app_store"]
    both = a_scene(
        before(15), reviews(LOW, 30), before(15, 200, play), reviews(LOW, 30, listing=play)
    )
    (finding,) = RatingDropRule()(both)
    assert finding.title == "Acme: 2.7 stars of the last 60 reviews, 4.3 before"
    assert "Each is compared with the usual ones of its own place." in finding.why
    assert [one["source"] for one in finding.evidence["places"]] == ["app_store", "google_play"]


def test_a_drop_in_one_shop_names_it() -> None:
    one, other = Listing("google_business", "Riga"), Listing("google_business", "Oslo")
    scene = a_scene(
        before(15, 200, one),
        reviews(LOW, 30, listing=one),
        reviews(LOW, 30, every=11 * HOUR, listing=one),
        before(0, 200, other),
    )
    assert titles(scene) == [
        "Acme on Google Business, Riga: 2.7 stars of the last 60 reviews, 4.3 before"
    ]


def told(listing: Listing = APP, began: int = 15, ended: int | None = None) -> Told:
    """A drop that began so many days ago, and ended so many days ago."""
    return Told(
        listing=listing,
        began=NOW - began * DAY + HOUR,
        p_value=0.01,
        ended=None if ended is None else NOW - ended * DAY,
    )


def test_a_drop_goes_on_until_the_stars_recover() -> None:
    scene = a_scene(before(15), reviews(LOW, 30), told=[told()])
    (finding,) = RatingDropRule()(scene)
    assert finding.evidence["p_value"] <= 0.01
    better = a_scene(
        before(30), reviews(LOW, 40, NOW - 10 * DAY), reviews(USUAL, 20), told=[told(began=30)]
    )
    assert titles(better) == []


def test_while_a_part_is_told_the_whole_is_not_and_no_part_of_a_whole() -> None:
    play = Listing("google_play")
    both = [before(15), reviews(LOW, 30), before(15, 200, play), reviews(LOW, 30, listing=play)]
    rule = RatingDropRule()
    assert [one.key for one in rule(a_scene(*both, told=[told()]))] == [
        "rating_drop:Acme:app_store"
    ]
    assert [one.key for one in rule(a_scene(*both, told=[told(Listing())]))] == ["rating_drop:Acme"]


def test_a_drop_that_is_over_is_not_found_again() -> None:
    scene = a_scene(before(30), reviews(LOW, 40, NOW - 10 * DAY), reviews(USUAL, 20))
    assert len(titles(scene)) == 1
    over = [told(began=30, ended=9)]
    assert titles(a_scene(scene.reviews, told=over)) == []


def test_what_lasts_is_usual_at_last_and_told_no_more() -> None:
    rule = RatingDropRule()
    scene = a_scene(before(60), reviews(LOW, 120), told=[told(began=60)])
    assert titles(scene) == []
    ((one, title),) = rule.settled(scene)
    assert (one, title) == (
        told(began=60),
        "Acme on App Store: 2.7 stars have become usual in 59 d 23 h",
    )
    later = a_scene(before(60), reviews(LOW, 120), told=[told(began=60, ended=1)])
    assert titles(later) == []


def test_looking_after_every_review_of_a_year_tells_chance_as_seldom_as_promised() -> None:
    rng = random.Random(5)
    shares = (14, 4, 6, 14, 62)
    known = {
        APP: learned([(NOW, float(n)) for n, s in enumerate(shares, 1) for _ in range(s * 20)])
    }
    alarms = 0
    for _ in range(60):
        year = [Review(NOW, float(s), APP) for s in rng.choices((1, 2, 3, 4, 5), shares, k=365)]
        alarms += any(
            drop is not None and drop.p_value <= 0.1
            for end in range(10, 366, 5)
            for drop in [
                dropped(year[max(0, end - 60) : end], known, least=0.3, at_least=10, a_year=365.0)
            ]
        )
    assert alarms <= 12  # 6 at most on average: 12 and more come in 2 % of cases


def test_weeks_that_differ_beyond_chance_make_the_usual_less_certain() -> None:
    days = [NOW + n * DAY for n in range(200)]
    by_week = [5.0 if day.toordinal() // 7 % 2 else 3.0 for day in days]
    mixed = random.Random(1).sample(by_week, 200)
    jumps, even = (learned(list(zip(days, row, strict=True))) for row in (by_week, mixed))
    assert jumps.mean == even.mean
    assert jumps.margin > 5 * even.margin


def test_small_shops_are_compared_with_the_small_shops_of_their_source() -> None:
    shops = [Listing("google_business", f"shop {n}") for n in range(10)]

    def each(stars: tuple[int, ...], count: int, until: datetime) -> list[Review]:
        return [
            one
            for n, shop in enumerate(shops)
            for one in reviews(stars[n:] + stars[:n], count, until, DAY, shop)
        ]

    usual = each(USUAL, 20, NOW - 40 * DAY)
    assert list(usuals(usual)) == [Listing("google_business")]
    (finding,) = RatingDropRule()(a_scene(usual, each(LOW, 10, NOW)))
    assert finding.key == "rating_drop:Acme:google_business"


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(2, 10), st.integers(0, 2)), max_size=150)
)
def test_whatever_the_reviews_are_a_drop_is_a_drop(given: list[tuple[int, int, int]]) -> None:
    said = [Review(NOW - day * DAY, half / 2, Listing("s", str(shop))) for day, half, shop in given]
    for one in RatingDropRule()(a_scene(said)):
        evidence = one.evidence
        assert 1 <= evidence["after"] < evidence["before"] <= 5
        assert 0 <= evidence["p_value"] <= 0.05
        assert evidence["n_after"] >= 10
