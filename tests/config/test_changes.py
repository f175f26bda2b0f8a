"""After a reload the log says which keys changed, and never their values."""

from listener.config import changed
from tests.config.plugins import read

OLD = """
[listener]
language = "en"
[collectors.feed]
urls = "https://a"
[collectors.demo]
[notify.slack]
token = "xoxb-old-secret"
channel = "#cx"
"""
NEW = """
[listener]
language = "hu"
[collectors.demo]
type = "everything"
[collectors.folder]
path = "drop"
[respond.social]
within = "30m"
[respond.news]
within = "1d"
[notify.slack]
token = "xoxb-new-secret"
channel = "#cx"
"""
RIVAL = '[[subjects]]\nname = "Acme"\nquery = "acme OR @acme"\n[[subjects]]\nname = "Rival Air"\n'


def test_reading_twice_changes_nothing() -> None:
    assert changed(read(OLD), read(OLD)) == []


def test_what_differs_is_named_without_its_value() -> None:
    assert changed(read(OLD), read(NEW, brand=RIVAL)) == [
        "[listener] language",
        "[[subjects]] Acme query",
        '[[subjects]] "Rival Air" added',
        "[collectors.demo] type",
        "[collectors.feed] removed",
        "[collectors.folder] added",
        "[respond.news] added",
        "[respond.social] within",
        "[notify.slack] token",
    ]


def test_topics_actions_and_measures_are_named_too() -> None:
    topic = '[[topics]]\nname = "delivery"\nexamples = ["late"]\n'
    other = topic.replace("late", "lost") + "[measures]\ncritic_up_to = 5\n"
    assert changed(read(topic), read(other)) == [
        "[measures] critic_up_to",
        "[[topics]] delivery examples",
    ]
    assert changed(read(""), read(topic)) == ["[[topics]] delivery added"]
    action = '[[actions]]\non = "spike"\naction = "call"\nmeaning = "trouble"\n'
    assert changed(read(""), read(action)) == ["[[actions]]"]
