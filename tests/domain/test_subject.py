"""Whose a post is, and which subjects it is about."""

import pytest

from listener.domain.mention import Mention
from listener.domain.query import parse
from listener.domain.subject import Match, Matcher, Origin, Role, Subject, handle
from tests.builders import a_mention, a_rival, a_subject

ACME, BOREAL = a_subject(id=1), a_rival(id=2)
WANDA = a_subject("Wanda", id=3, role=Role.INFLUENCER, query=None)
MATCHER = Matcher([ACME, BOREAL, WANDA])


def about(mention: Mention) -> list[tuple[int, Origin, bool]]:
    return [(m.subject_id, m.origin, m.counts) for m in MATCHER.matches("x", mention)]


def test_every_query_that_matches_counts() -> None:
    found = about(a_mention(text="Is ACME better than boreal?"))
    assert found == [(1, Origin.QUERY, True), (2, Origin.QUERY, True)]


def test_a_given_match_is_the_only_one_that_counts() -> None:
    found = about(a_mention(text="Acme and Boreal", brand="bOREAL"))
    assert found == [(2, Origin.GIVEN, True), (1, Origin.QUERY, False)]


def test_a_brand_that_we_do_not_follow_is_no_match() -> None:
    assert about(a_mention(text="Acme", brand="Nobody")) == [(1, Origin.QUERY, True)]


def test_an_influencers_post_is_about_the_influencer_once() -> None:
    assert about(a_mention(author="@Wanda_Help", text="hm")) == [(3, Origin.QUERY, True)]
    given = about(a_mention(author="wanda_help", text="hm", brand="Wanda"))
    assert given == [(3, Origin.GIVEN, True)]


def test_the_terms_say_why() -> None:
    (match,) = MATCHER.matches("x", a_mention(text="I flew with Acme today"))
    assert match == Match(subject_id=1, origin=Origin.QUERY, terms=match.terms, places=match.places)
    assert [term.casefold() for term in match.terms] == ["acme"]


@pytest.mark.parametrize(
    ("mention", "brand"),
    [
        (a_mention(author="acme_help"), "Acme"),
        (a_mention(author="@ACME_Help"), "Acme"),
        (a_mention(author="Acme Support", author_id="acme_help"), "Acme"),
        (a_mention(author="acme_helper"), None),
        (a_mention(author="boreal_help"), None),
        (a_mention(author="wanda_help"), None),
        (a_mention(author=None), None),
    ],
)
def test_a_brands_own_posts_are_known_by_their_account(mention: Mention, brand: str | None) -> None:
    behind = MATCHER.brand_behind("x", mention)
    assert (behind.name if behind else None) == brand


def test_an_account_is_one_of_a_service() -> None:
    post = a_mention(source="reddit-acme", author="acme_help")
    assert MATCHER.brand_behind("reddit", post) is None
    assert MATCHER.brand_behind("x", post) is ACME


def test_without_a_handle_nobody_owns_a_post() -> None:
    empty = Subject(name="E", role=Role.BRAND, query=None, accounts={"x": frozenset({"e"})})
    assert not empty.owns("x", a_mention(author=None))
    assert not empty.owns("x", a_mention(author=""))


@pytest.mark.parametrize("name", ["@Jo", " jo ", "JO", "jo"])
def test_handles_are_compared_without_at_and_case(name: str) -> None:
    assert handle(name) == "jo"


def test_no_name_is_no_handle() -> None:
    assert handle(None) == ""


def test_a_language_that_a_query_asks_for_is_found_out_where_the_mention_has_none() -> None:
    asked: list[str] = []

    def detect(text: str) -> str:
        asked.append(text)
        return "hu"

    acme = a_subject(query=parse("acme lang:hu"))
    matcher = Matcher([acme], detect)
    assert matcher.matches("x", a_mention(text="Az acme késik", title="Hír", language=None))
    assert asked == ["Hír\nAz acme késik"]
    assert not matcher.matches("x", a_mention(text="acme is late", language="en"))
    assert not matcher.matches("x", a_mention(text="delta", language=None))
    assert len(asked) == 1


def test_where_nobody_can_tell_the_language_it_does_not_count() -> None:
    for query in (
        "acme lang:hu",
        "acme -lang:hu",
        "acme (lang:hu OR late)",
        "acme NOT (lang:de x)",
    ):
        matcher = Matcher([a_subject(query=parse(query))])
        assert matcher.matches("x", a_mention(text="acme", language=None))
        assert not matcher.matches("x", a_mention(text="delta late", language=None))
    assert not Matcher([a_subject(query=parse("acme lang:hu"))]).matches(
        "x", a_mention(text="acme", language="de")
    )


def test_a_match_says_where_the_terms_stand_in_title_and_text() -> None:
    (match,) = MATCHER.matches("x", a_mention(title="On Acme", text="Fly  ACME!"))
    assert match.places == ((3, 7, "Acme"), (13, 17, "Acme"))
