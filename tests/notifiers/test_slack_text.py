import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.domain.incident import Event, Notice, Quote, Severity
from listener.texts.escape import in_slack, one_line, safe_link, slack_length
from listener.texts.notice import EVENT_WORDS, chance, facts
from listener.texts.slack import (
    BUDGET,
    MOST_BLOCKS,
    SECTION_LIMIT,
    Message,
    card,
    ids_of,
    metadata,
    reply,
    report,
    size,
)
from listener.texts.slack_parts import HEADER_LIMIT
from tests.notifiers.build import MINUTE, NOW, a_drop, a_promise, a_spike, a_wait
from tests.notifiers.found import a_competitors, an_influencers
from tests.servers import slack_limits

Golden = Callable[[str, str], None]

HOSTILE = (
    "<!channel> <@U012345> <https://evil.example|acme.com> *bold* _it_ ~s~ `c` :tada: "
    "@everyone https://evil.example \u202egnp.exe\u2066\u200f\x00\x1b[31m"
    "\r\n> quote\u2028line &amp;"
)


def shown(message: Message) -> str:
    return (
        json.dumps({"text": message.text, "blocks": message.blocks}, ensure_ascii=False, indent=1)
        + "\n"
    )


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a payload."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from parts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from parts(inner)


def assert_within_limits(message: Message) -> None:
    assert 1 <= len(message.blocks) <= MOST_BLOCKS
    assert size(message.blocks) <= BUDGET
    assert message.text
    for block in message.blocks:
        if block["type"] == "header":
            assert 1 <= slack_length(block["text"]["text"]) <= HEADER_LIMIT
        if block["type"] == "section":
            assert 1 <= slack_length(block["text"]["text"]) <= SECTION_LIMIT
        if block["type"] == "context":
            assert len(block["elements"]) <= 10
    for part in parts(message.blocks):
        if part.get("type") in ("text", "plain_text"):
            assert part["text"]


KNOWN = {
    "header",
    "section",
    "context",
    "plain_text",
    "rich_text",
    "rich_text_section",
    "rich_text_list",
    "rich_text_quote",
    "text",
    "date",
    "link",
}


def assert_inert(message: Message) -> None:
    for part in parts(message.blocks):
        assert part.get("type", "style") in {*KNOWN, "style"}
        if part.get("type") == "plain_text":
            assert part["emoji"] is False
        if part.get("type") == "link":
            assert part["text"] == "open"
            assert part["url"].startswith(("http://", "https://"))
    assert "<" not in message.text
    assert ">" not in message.text


def test_a_spike_as_slack_shows_it(golden: Golden) -> None:
    golden("slack/spike_opened.json", shown(card(a_spike())))


def test_a_spike_that_somebody_took(golden: Golden) -> None:
    golden("slack/spike_acknowledged.json", shown(card(a_spike(incident_state="acknowledged"))))


def test_a_spike_that_is_over(golden: Golden) -> None:
    over = a_spike(
        event=Event.SPIKE_RESOLVED,
        incident_state="resolved",
        severity=Severity.INFO,
        title="Acme: negative posts about delivery are back to the usual",
        why="For 30 minutes no more than usual have been negative.",
        action="",
        quotes=(),
        mentions=(),
    )
    golden("slack/spike_resolved.json", shown(card(over)))
    golden("slack/spike_resolved_reply.json", shown(reply(over)))


def test_stars_that_dropped_as_slack_shows_them(golden: Golden) -> None:
    golden("slack/rating_dropped.json", shown(card(a_drop())))


def test_an_influencers_praise_as_slack_shows_it(golden: Golden) -> None:
    praise = an_influencers("positive", "Acme flew me home through the storm. Never been so glad.")
    golden("slack/influencer_praise.json", shown(card(praise)))


def test_an_influencers_criticism_as_slack_shows_it(golden: Golden) -> None:
    first, further = "Acme left 180 of us on the floor of Oslo.", "Acme again: not a word since."
    told = an_influencers("negative", further, first, others=("Boreal",))
    golden("slack/influencer_criticism.json", shown(card(told)))
    golden("slack/influencer_criticism_reply.json", shown(reply(told)))


def test_a_competitors_trouble_as_slack_shows_it(golden: Golden) -> None:
    golden("slack/competitor_opening.json", shown(card(a_competitors())))
    golden("slack/competitor_warning.json", shown(card(a_competitors(risen=True))))


def test_fourteen_late_answers_as_slack_shows_them(golden: Golden) -> None:
    quotes = tuple(a_wait(n, minutes_left=n - 9.5) for n in (5, 3, 1, 14, 2, 4, *range(6, 14)))
    golden("slack/response_overdue.json", shown(card(a_promise(quotes))))
    golden("slack/response_overdue_reply.json", shown(reply(a_promise(quotes))))


def test_what_could_not_be_told_stands_below(golden: Golden) -> None:
    also = [a_spike(id=str(n), title=f"Acme: spike {n}", at=NOW - n * MINUTE) for n in range(12)]
    golden("slack/after_an_outage.json", shown(card(a_spike(), also)))


def test_hostile_words_as_slack_shows_them(golden: Golden) -> None:
    quote = Quote(
        name="x:1",
        author=HOSTILE,
        text=HOSTILE,
        said_at=NOW,
        url="javascript:alert(1)",
        places=((3, 8), (13, 40), (5_000, 5_004)),
    )
    hostile = a_spike(quotes=(quote,), mentions=("x:1",), title=HOSTILE, why=HOSTILE)
    golden("slack/hostile.json", shown(card(hostile)))


def test_a_label_in_doubt_is_marked() -> None:
    doubted = a_wait(1, 5, sentiment="negative", confidence=0.5)
    sure = a_wait(2, 6, sentiment="negative", confidence=0.6)
    said = texts_of(card(a_promise((doubted, sure, a_wait(3, 7)))), "text")
    assert "@person1 on x (negative?): " in said
    assert said.count("?): ") == 1
    assert "on x (negative?), " in texts_of(card(a_spike()), "text")


def texts_of(message: Message, kind: str) -> str:
    return " ".join(p["text"] for p in parts(message.blocks) if p.get("type") == kind)


def test_the_most_urgent_stands_first_and_the_answered_last() -> None:
    waits = (
        a_wait(1, 20),
        a_wait(2, -30),
        a_wait(3, -90, state="met"),
        a_wait(4, 5),
    )
    said = texts_of(card(a_promise(waits)), "text")
    order = [said.index(f"@person{n}") for n in (2, 4, 1, 3)]
    assert order == sorted(order)
    assert "30 min over" in said
    assert "due in 5 min" in said
    assert "answered in time" in said


def test_what_finds_no_room_is_counted() -> None:
    waits = tuple(a_wait(n, -n) for n in range(60))
    said = texts_of(card(a_promise(waits)), "text")
    count = said.count("@person")
    assert count >= 14
    assert f"and {60 - count} more" in said


def test_fourteen_waits_with_long_links_still_fit() -> None:
    url = "https://example.com/" + "a" * 400
    message = card(a_promise(tuple(a_wait(n, -n, text="ő" * 500, url=url) for n in range(14))))
    assert_within_limits(message)
    assert texts_of(message, "text").count("@person") >= 8


def test_facts_that_name_what_people_wrote_are_cleaned_and_fit() -> None:
    words = "<!here> \ud800\u202e\x00" + "ő" * 50_000
    line = {
        "title": words, "severity": "high", "subject": words, "incident": 7, "ran_out": 2,
        "began": "2026-11-22T12:00:00Z", "ended": None, "taken_by": words,
    }  # fmt: skip
    told = a_spike(event=Event.SUMMARY_TOLD, quotes=(), evidence={"lines": [line] * 20, "more": 3})
    places = [{"source": words, "listing": words, "reviews": 30, "stars": 2.8}] * 7
    drop = a_drop(evidence={**a_drop().evidence, "places": places, "chance": words})
    for notice in (told, drop):
        for message in (card(notice, pressed=True), reply(notice)):
            assert_within_limits(message)
            assert slack_limits.of_message({"text": message.text, "blocks": message.blocks}) is None


def test_right_to_left_words_do_not_turn_ours_around() -> None:
    quotes = (a_wait(1, 5, author="יוסי", text="המזוודה שלי אבדה 12", places=((0, 7),)),)
    said = texts_of(card(a_promise(quotes)), "text").replace(" ", "")
    assert "\u2068יוסי\u2069onx:" in said
    assert "\u2068המזוודהשליאבדה12\u2069" in said


def test_marks_take_no_room_from_those_who_wait() -> None:
    words = "late again, " * 20
    places = tuple((at, at + 4) for at in range(0, 240, 12))
    quotes = tuple(a_wait(n, -n, text=words, places=places) for n in range(14))
    plain = tuple(replace(quote, places=()) for quote in quotes)
    counts = [texts_of(card(a_promise(told)), "text").count("@person") for told in (quotes, plain)]
    assert counts == [14, 14]


def test_a_message_of_ours_is_known_by_its_ids() -> None:
    assert ids_of({"metadata": metadata(["a", "b"], 7)}) == ["a", "b"]
    assert ids_of({"metadata": {"event_type": "other", "event_payload": {"notice_id": "a"}}}) == []
    assert ids_of({"text": "hello"}) == []


def test_a_report_keeps_its_lines_and_its_limit() -> None:
    message = report("Week 47 <!here>", "one\n----\n\ntwo <!channel>\n" + "x" * 9000)
    assert_within_limits(message)
    assert_inert(message)
    assert message.blocks[1]["text"]["text"].startswith("one\n\ntwo <!channel>\n")


ANY_TEXT = st.text(max_size=400) | st.text('<>&"\\*😀\u202e\n@:|`é̈ ', max_size=1200)
SOME_QUOTES = st.lists(
    st.builds(
        Quote,
        name=st.text(max_size=60),
        author=st.none() | ANY_TEXT,
        text=ANY_TEXT,
        said_at=st.just(NOW),
        url=st.none() | ANY_TEXT | ANY_TEXT.map(lambda text: "https://example.com/" + text),
        due_at=st.none() | st.just(NOW + timedelta(hours=1)),
        state=st.sampled_from([None, "waiting", "overdue", "met"]),
        places=st.lists(st.tuples(st.integers(-1, 500), st.integers(-1, 500)), max_size=20).map(
            tuple
        ),
    ),
    max_size=25,
).map(tuple)


@given(
    quotes=SOME_QUOTES,
    title=ANY_TEXT,
    why=ANY_TEXT,
    action=ANY_TEXT,
    team=st.none() | ANY_TEXT,
    event=st.sampled_from(Event),
    severity=st.sampled_from(Severity),
    state=st.sampled_from(["open", "acknowledged", "resolved"]),
    also=st.integers(0, 30),
)
def test_any_words_stay_inert_and_within_the_limits(
    quotes: tuple[Quote, ...],
    title: str,
    why: str,
    action: str,
    team: str | None,
    event: Event,
    severity: Severity,
    state: str,
    also: int,
) -> None:
    notice = a_spike(
        quotes=quotes,
        title=title,
        incident_title=title,
        why=why,
        action=action,
        team=team,
        event=event,
        severity=severity,
        incident_state=state,
    )
    for message in (card(notice, [notice] * also), reply(notice, [notice] * also)):
        assert_within_limits(message)
        assert_inert(message)
        for part in parts(message.blocks):
            for text in (part.get("text"), part.get("url")):
                if isinstance(text, str):
                    assert not set(text) & set("\x00\x1b\r\u202e\u2066\u2028\x85")


@given(ANY_TEXT, st.integers(1, 300))
def test_a_shortened_text_is_never_too_long(text: str, limit: int) -> None:
    short = in_slack(text, limit)
    assert slack_length(short) <= limit
    assert in_slack(short, limit) == short


def test_shortening_leaves_a_family_whole() -> None:
    assert one_line("👨‍👩‍👧‍👦" * 3, 10) == "👨‍👩‍👧‍👦…"


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://x.com/a/1", "https://x.com/a/1"),
        ("http://example.com:8080/ő?q=汉#z", "http://example.com:8080/%C5%91?q=%E6%B1%89#z"),
        ('https://example.com/a|b>c<d"e\\f', "https://example.com/a%7Cb%3Ec%3Cd%22e%5Cf"),
        ("https://bank.example@evil.example/", None),
        ("https://exämple.com/", None),
        ("https://example.com:99999/", None),
        ("https://example.com/a b", None),
        ("https://example.com/\u202egnp", None),
        ("https:///nowhere", None),
        ("https://[::1", None),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//example.com", None),
        ("https://example.com/" + "a" * 600, None),
        ("", None),
        (None, None),
    ],
)
def test_only_a_plain_web_address_is_a_link(url: str | None, link: str | None) -> None:
    assert safe_link(url) == link


@pytest.mark.parametrize(
    ("p_value", "words"),
    [
        (0.0, "less than 1 in a billion"),
        (1e-4, "about 1 in 10,000"),
        (3.2e-7, "about 1 in 3,000,000"),
        (0.012, "about 1 in 80"),
        (0.4, "about 1 in 2"),
        (1.0, "about 1 in 1"),
    ],
)
def test_a_p_value_in_words(p_value: float, words: str) -> None:
    assert chance(p_value) == words


def test_every_event_has_words() -> None:
    assert set(EVENT_WORDS) == set(Event)


def test_facts_that_are_not_there_are_left_out() -> None:
    bare: Notice = replace(a_spike(), evidence={"negative": "many", "lift": float("inf")})
    assert_within_limits(card(bare))
    assert "usual" not in texts_of(card(bare), "text")


@pytest.mark.parametrize(
    ("expected", "lift", "said"),
    [
        (0.271, 22.2, "Usually less than 1 in such a time; now 22 times as many"),
        (1.51, 6.62, "Usually about 1.5 in such a time; now 6.6 times as many"),
        (24.3, 2.0, "Usually about 24 in such a time; now 2.0 times as many"),
    ],
)
def test_a_count_is_told_as_people_say_it(expected: float, lift: float, said: str) -> None:
    assert facts(a_spike(evidence={"expected": expected, "lift": lift}))[0] == (said,)


def test_chance_is_told_in_the_words_of_the_receipt() -> None:
    evidence = {"p_value": 1e-7, "chance": "By chance about once in 40 years."}
    assert facts(a_spike(evidence=evidence)) == [("By chance about once in 40 years",)]
