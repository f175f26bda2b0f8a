"""`/listener` and the home tab."""

import json

from tests.builders import MINUTE
from tests.chat.conftest import WAITING, Chat


def asked(chat: Chat, text: str) -> str:
    chat.pressed += 1
    payload = a_command(text, f"1.{chat.pressed}")
    answer = chat.socket.receipt(chat.socket.hand("slash_commands", payload))
    assert answer["response_type"] == "ephemeral"
    return json.dumps(answer["blocks"], ensure_ascii=False)


def a_command(text: str, trigger: str) -> dict[str, str]:
    said = {"command": "/listener", "text": text, "trigger_id": trigger}
    return {**said, "user_id": "U1", "user_name": "anna"}


def test_the_inbox_is_listed_most_urgent_first(chat: Chat) -> None:
    said = asked(chat, "inbox")
    assert f"Waiting for an answer: {WAITING}" in said
    assert "[☎ •••]" in said
    assert "06 30" not in said
    assert said.index("case 1") < said.index("case 2") < said.index("case 3")


def test_a_subject_that_nobody_follows_is_refused_with_those_that_are(chat: Chat) -> None:
    assert "there is: Acme" in asked(chat, "inbox Nobody")


def test_the_status_names_what_waits_and_what_is_open(chat: Chat) -> None:
    said = asked(chat, "status")
    assert "due soon" in said
    assert "Acme" in said


def test_a_mention_is_snoozed_by_its_name(chat: Chat) -> None:
    assert "silent for 4" in asked(chat, "snooze x:1 4h")
    assert chat.rows("SELECT 1 FROM clock WHERE snoozed_until NOTNULL")
    assert "Write /listener snooze" in asked(chat, "snooze x:1 soon")


def test_a_command_that_is_handed_over_again_snoozes_once(chat: Chat) -> None:
    payload = a_command("snooze x:1 4h", "9.1")
    chat.socket.receipt(chat.socket.hand("slash_commands", payload))
    until = chat.rows("SELECT max(snoozed_until) FROM clock")
    chat.clock.advance(chat.clock.now() + MINUTE)
    again = chat.socket.receipt(chat.socket.hand("slash_commands", payload))
    assert "by this command already" in str(again)
    assert chat.rows("SELECT max(snoozed_until) FROM clock") == until


def test_the_digest_comes_at_once(chat: Chat) -> None:
    said = asked(chat, "digest")
    assert '"type": "header"' in said
    assert "(week 4" in said


def test_anything_else_is_answered_with_what_there_is(chat: Chat) -> None:
    for text in ("", "help", "what?"):
        assert "/listener inbox" in asked(chat, text)


def test_the_home_tab_shows_who_waits(chat: Chat) -> None:
    event = {"type": "app_home_opened", "user": "UANNA", "tab": "home"}
    chat.socket.receipt(chat.socket.hand("events_api", {"event": event}))
    view = chat.slack.homes["UANNA"]
    assert view["type"] == "home"
    assert "case 1" in json.dumps(view)
