"""`[[topics]]`: what mentions may be about, and who answers for it."""

import pytest

from listener.config.tables import TopicsFrom
from listener.domain.mention import Channel
from tests.config.plugins import mistakes, read

TEXT = """
[classify]
topics = "own"
[[teams]]
name = "logistics"
[[topics]]
name = "delivery"
description = "parcel late, lost or damaged; courier"
examples = ["my parcel never came"]
keywords = ["deliver*", "parcel"]
team = "logistics"
[[topics]]
name = "taste"
"""


def test_a_topic_is_read_whole() -> None:
    config = read(TEXT)
    delivery, taste = config.topics
    assert config.classify.topics is TopicsFrom.OWN
    assert delivery.description == "parcel late, lost or damaged; courier"
    assert (delivery.examples, delivery.keywords) == (
        ("my parcel never came",),
        ("deliver*", "parcel"),
    )
    assert (taste.name, taste.description, taste.team) == ("taste", "", "")


def test_the_team_of_a_topic_answers_what_is_about_it() -> None:
    config = read(TEXT)
    promise = config.promises[Channel.SOCIAL]
    assert promise.made_to("Acme", ("Delivery",)).team == "logistics"
    assert promise.made_to("Acme", ("taste",)).team == ""
    assert promise.made_to("Acme", ("delivery",)).within == promise.within


def test_what_a_promise_says_of_a_topic_wins() -> None:
    special = '\n[respond.social]\n[[respond.social.for]]\ntopic = "delivery"\nwithin = "5m"\n'
    config = read(TEXT + special)
    assert config.promises[Channel.SOCIAL].made_to("Acme", ("delivery",)).team == ""


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("[topics]", "[[topics]] must be tables"),
        ("[[topics]]\ndescription = 'x'", "[[topics]] 1 name is missing"),
        ("[[topics]]\nname = ' '", "name must be one line of at most 60 characters"),
        ("[[topics]]\nname = 'a'\n[[topics]]\nname = 'A'", "name is that of another topic too"),
        ("[[topics]]\nname = 'a'\nteam = 'x'", 'team "x" is no team'),
        ("[[topics]]\nname = 'a'\nword = 'x'", "word is unknown"),
        ("[classify]\ntopics = 'all'", "[classify] topics"),
    ],
)
def test_each_mistake_names_its_key(text: str, mistake: str) -> None:
    assert any(mistake in one for one in mistakes(text))
