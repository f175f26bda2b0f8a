"""The buttons below a message: what they lead to, and what they know of what was shown."""

from dataclasses import replace
from pathlib import Path

from listener.app import plugins
from listener.clock import VirtualClock
from listener.config import from_document
from listener.domain.incident import Notice
from listener.notifiers.slack import Slack
from listener.texts.slack_buttons import buttons
from tests.notifiers.build import NOW, a_spike

PAGES = "https://listener.example.com/"


def opened(notice: Notice, pages: str) -> str | None:
    """Where *Open* leads; None where there is none."""
    elements = [e for block in buttons(notice, pages) for e in block["elements"]]
    return next((e["url"] for e in elements if e["action_id"] == "listener.open"), None)


def test_open_leads_to_our_page_and_else_to_the_post() -> None:
    several = a_spike()
    one = replace(several, quotes=several.quotes[:1])
    assert opened(several, PAGES) == f"{PAGES}incidents/{several.incident}"
    assert opened(one, PAGES) == f"{PAGES}mentions/{one.quotes[0].name}"
    assert opened(one, "") == one.quotes[0].url
    assert opened(several, "") is None


def test_a_name_that_makes_no_link_leads_to_the_incident() -> None:
    one = replace(a_spike().quotes[0], name="x:" + "/?#é" * 200)
    notice = replace(a_spike(), quotes=(one,))
    assert opened(notice, PAGES) == f"{PAGES}incidents/{notice.incident}"


def test_slack_is_told_where_the_pages_are(tmp_path: Path) -> None:
    document = {
        "subjects": [{"name": "Acme", "query": "acme"}],
        "notify": {"slack": {"token": "xoxb-1", "channel": "#cx"}},
        "web": {"public_url": PAGES},
    }
    config = from_document(document, tmp_path / "config.toml", plugins(VirtualClock(NOW)))
    slack = config.notifiers["slack"]
    assert isinstance(slack, Slack)
    assert slack.pages == PAGES


def test_a_button_knows_up_to_which_act_its_message_shows() -> None:
    of_all = {
        e.get("value") or e["options"][0]["value"]
        for block in buttons(a_spike(upto=57))
        for e in block["elements"]
    }
    assert of_all == {"12@57", "12@57:1h"}
