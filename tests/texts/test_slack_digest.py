"""A digest in a channel: what is told, in which language, within Slack's bounds."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.models.blocks import Block

from listener.domain.digest import DigestData, Theme
from listener.texts.digest_words import Links
from listener.texts.slack import BUDGET, Message, size
from listener.texts.slack_digest import digest_message
from listener.texts.words import LANGUAGES, say
from tests.servers import slack_limits
from tests.texts.digests import ACME, COYOTE, CRISIS, GAPS, NOTHING, SPIKES, TEAM, a_quote
from tests.texts.test_slack_windows import HOSTILE

LINKS = Links(base="https://listen.example.com/")


def words_of(found: Any) -> str:
    """All that is read, a line for each text."""
    return "\n".join(slack_limits.texts_of(found))


def must_be_sound(message: Message) -> None:
    """As Slack and its library have it; none of it markup, and all of it short enough."""
    for block in message.blocks:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()
    body = {"text": message.text, "blocks": message.blocks}
    assert slack_limits.of_message(body) is None, slack_limits.troubles(message.blocks)
    assert size(message.blocks) <= BUDGET
    assert "mrkdwn" not in str(message.blocks)


def golden_json(message: Message) -> str:
    body = {"text": message.text, "blocks": message.blocks}
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_crisis_is_told_in_each_language(
    language: str, golden: Callable[[str, str], None]
) -> None:
    message = digest_message(replace(CRISIS, language=language), LINKS)
    must_be_sound(message)
    golden(f"slack/digest-{language.lower()}.json", golden_json(message))


def test_figures_stand_beside_the_counts_they_rest_on() -> None:
    said = words_of(digest_message(CRISIS, LINKS).blocks)
    for figure in (" 31\u00a0%", " (n = 412)", "69 negative of 97", "(n = 10), too few to tell"):
        assert figure in said


def test_it_leads_to_the_whole_digest_and_to_what_it_names() -> None:
    text = json.dumps(digest_message(CRISIS, LINKS).blocks)
    assert "https://listen.example.com/digests/2026-W47" in text
    assert "https://listen.example.com/mentions/x:" in text
    assert "https://example.com/x/1" in text
    assert "listen.example.com" not in json.dumps(digest_message(CRISIS).blocks)


@pytest.mark.parametrize("data", [NOTHING, TEAM], ids=["nothing", "team"])
def test_any_digest_makes_a_message(data: DigestData) -> None:
    message = digest_message(data, LINKS)
    must_be_sound(message)
    assert message.blocks[0]["type"] == "header"
    assert say("en", "foot.browser") in words_of(message.blocks)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_people_write_it_keeps_within_its_bounds(text: str, language: str) -> None:
    quotes = (replace(a_quote(text, text), url=text), a_quote(text))
    themes = tuple(Theme(name=text, mentions=9, negative=9, quotes=quotes) for _ in range(9))
    brands = tuple(replace(one, name=text, topics=themes) for one in (ACME, COYOTE) * 4)
    data = replace(
        CRISIS,
        language=language,
        subjects=brands,
        coverage=tuple(replace(one, source=text) for one in GAPS * 9),
        spikes=tuple(replace(one, title=text, acknowledged_by=text) for one in SPIKES * 9),
    )
    must_be_sound(digest_message(data, LINKS))


def test_what_does_not_fit_is_counted() -> None:
    many = replace(CRISIS, spikes=SPIKES * 9, coverage=GAPS * 9)
    assert words_of(digest_message(many, LINKS).blocks).count("and ") >= 2
