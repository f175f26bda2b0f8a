"""Buttons below a message: what they do, once, whoever presses, and how it shows."""

import json
import sqlite3
from contextlib import closing

from listener.chat.door import TOO_LATE
from listener.undoing import undo
from tests.chat.conftest import WAITING, Chat
from tests.daemon.processes import pause, wait_for
from tests.servers.faults import Fault, Kind
from tests.servers.presses import a_press


def acts(chat: Chat) -> list[tuple[str, str]]:
    return [(row["who"], row["did"]) for row in chat.rows("SELECT who, did FROM audit ORDER BY id")]


def shown(chat: Chat) -> str:
    return json.dumps(chat.root.shown, ensure_ascii=False)


def test_the_message_of_a_promise_has_its_buttons(chat: Chat) -> None:
    assert list(chat.elements()) == [
        "listener.acknowledge",
        "listener.snooze",
        "listener.answered",
        "listener.assign",
        "listener.wrong",
        "listener.not_us",
    ]


def test_who_acknowledges_stands_above_the_message(chat: Chat) -> None:
    chat.socket.receipt(chat.press("acknowledge"))
    chat.tell()
    assert "acknowledged by @anna" in shown(chat)
    assert "listener.acknowledge" not in chat.elements()


def test_who_snoozes_and_until_when_stands_above_the_message(chat: Chat) -> None:
    for span, until in (
        ("4h", "until 16:40 UTC by @anna"),
        ("7d", "until 29 Nov 12:40 UTC by @anna"),
    ):
        chat.socket.receipt(chat.press("snooze", value=span))
        chat.tell()
        assert f"snoozed {until}" in shown(chat)


def test_of_two_who_press_at_once_the_first_has_it_and_the_other_is_told(chat: Chat) -> None:
    first, second = chat.press("acknowledge", "anna"), chat.press("acknowledge", "bela")
    chat.socket.receipt(first)
    chat.socket.receipt(second)
    assert len([one for one in acts(chat) if one[1] == "acknowledged"]) == 1
    (whisper,) = chat.slack.whispers
    assert "looks after incident" in str(whisper["text"])


def test_who_snoozes_what_a_colleague_has_just_snoozed_is_told_and_nothing_is_done(
    chat: Chat,
) -> None:
    first, second = (
        chat.a_press("snooze", who, value=span) for who, span in (("anna", "1d"), ("bela", "1h"))
    )
    for press in (first, second):
        chat.socket.receipt(chat.socket.hand("interactive", press))
    assert acts(chat) == [("@anna", "snoozed")]
    (whisper,) = chat.slack.whispers
    assert whisper["user"] == "Ubela"
    assert "@anna was faster, and snoozed incident 1 until 2026-" in whisper["text"]
    chat.tell()
    chat.socket.receipt(chat.press("snooze", "bela", value="1h"))  # now he has seen it
    assert acts(chat) == [("@anna", "snoozed"), ("@bela", "snoozed")]


def test_two_windows_about_one_mention_are_saved_once(chat: Chat) -> None:
    for who in ("anna", "bela"):
        chat.socket.receipt(chat.press("answered", who))
    assert chat.save("anna") == {}
    refused = chat.save("bela")
    assert "@anna was faster, and marked x:1 as answered." in refused["errors"]["which"]
    assert acts(chat) == [("@anna", "answered")] * 2  # the mention, and its incident


def test_what_was_undone_is_no_faster_act(chat: Chat) -> None:
    for who in ("anna", "bela"):
        chat.socket.receipt(chat.press("answered", who))
    assert chat.save("anna") == {}
    with chat.app.store.read() as db:
        [(batch,)] = db.execute("SELECT batch FROM undoable")
    undo(chat.app.store, batch, "@anna", chat.clock.now())
    assert chat.save("bela") == {}
    assert acts(chat)[-1] == ("@bela", "answered")


def test_of_two_who_say_what_it_is_the_first_is_believed_and_the_second_is_told(chat: Chat) -> None:
    for who in ("anna", "bela"):
        chat.socket.receipt(chat.press("wrong", who))
    assert chat.save("anna", sentiment="positive") == {}
    refused = chat.save("bela", sentiment="neutral")
    assert "@anna was faster, and said that x:1 is positive." in refused["errors"]["which"]
    chat.socket.receipt(chat.press("not_us", "bela"))  # is another matter
    assert chat.save("bela") == {}
    assert [row["who"] for row in chat.rows("SELECT who FROM audit WHERE what = 'x:1'")] == [
        "@anna",
        "@bela",
    ]


def test_what_was_answered_already_is_not_answered_again(chat: Chat) -> None:
    chat.socket.receipt(chat.press("answered"))
    chat.save("anna")
    view = chat.slack.windows[0]  # as if it had been opened by an older version of ours
    chat.slack.windows.append(view | {"private_metadata": '{"act": "answered", "incident": 1}'})
    refused = chat.save("bela")
    assert refused["errors"] == {"which": "x:1 was marked as answered already."}
    assert {who for who, _ in acts(chat)} == {"@anna"}


def test_a_press_that_is_handed_over_twice_is_carried_out_once(chat: Chat) -> None:
    first = chat.press("snooze", value="4h", stamp="77.1")
    chat.socket.receipt(first)
    until = chat.rows("SELECT snoozed_until FROM incident")[0][0]
    chat.clock.advance(chat.clock.now().replace(minute=59))
    chat.socket.receipt(chat.press("snooze", value="4h", stamp="77.1"))
    assert chat.rows("SELECT snoozed_until FROM incident")[0][0] == until
    assert [did for _, did in acts(chat)] == ["snoozed"]


def test_a_press_that_is_handed_over_again_while_it_is_carried_out_is_one(chat: Chat) -> None:
    presses = [chat.press("snooze", value="4h", stamp="78.1") for _ in range(8)]
    for one in presses:
        chat.socket.receipt(one)
    assert [did for _, did in acts(chat)] == ["snoozed"]


def test_a_window_asks_which_of_several_were_answered(chat: Chat) -> None:
    chat.socket.receipt(chat.press("answered"))
    (window,) = chat.slack.windows
    assert len(window["blocks"][1]["element"]["options"]) == WAITING
    assert chat.save(names=2) == {}
    states = [row["state"] for row in chat.rows("SELECT state FROM clock ORDER BY due_at")]
    assert states == ["met", "met", "due_soon"]
    chat.tell()
    assert "@anna answered 2" in shown(chat)
    assert "case 3" in shown(chat)
    assert "case 1" not in shown(chat)


def test_nothing_in_slack_shows_a_phone_number(chat: Chat) -> None:
    chat.socket.receipt(chat.press("answered"))
    event = {"type": "app_home_opened", "user": "UANNA", "tab": "home"}
    chat.socket.receipt(chat.socket.hand("events_api", {"event": event}))
    for shown in (chat.root.shown, chat.slack.windows[-1], chat.slack.homes["UANNA"]):
        said = json.dumps(shown, ensure_ascii=False)
        assert "[☎ •••]" in said
        assert "06 30" not in said


def test_a_corrected_sentiment_is_a_label_by_whoever_pressed(chat: Chat) -> None:
    chat.socket.receipt(chat.press("wrong"))
    assert chat.save(sentiment="positive") == {}
    (row,) = chat.rows("SELECT by, sentiment FROM label WHERE by NOT IN ('model', 'given')")
    assert tuple(row) == ("@anna", "positive")
    chat.tell()
    assert "positive, says @anna" in shown(chat)


def test_without_a_sentiment_the_window_stays_and_says_so(chat: Chat) -> None:
    chat.socket.receipt(chat.press("wrong"))
    answer = chat.save()
    assert answer["response_action"] == "errors"
    assert answer["errors"] == {"which": "Choose a sentiment."}
    assert acts(chat) == []


def test_a_window_that_came_too_late_is_explained(chat: Chat) -> None:
    chat.slack.next(Fault(kind=Kind.ERROR, code="expired_trigger_id"), method="views.open")
    chat.socket.receipt(chat.press("answered"))
    assert "within three seconds" in chat.slack.whispers[-1]["text"]
    chat.slack.next(Kind.REFUSE, method="views.open")
    chat.socket.receipt(chat.press("answered", "bela"))
    assert "did not open the window, and nothing was done" in chat.slack.whispers[-1]["text"]
    assert chat.slack.whispers[-1]["user"] == "Ubela"
    assert (chat.slack.windows, acts(chat)) == ([], [])


def test_what_was_wrong_with_a_window_is_whispered_when_slack_waits_no_more(chat: Chat) -> None:
    chat.socket.receipt(chat.press("answered", "anna"))
    answered = chat.a_saved_window("anna")
    chat.socket.receipt(chat.press("wrong", "bela"))
    without_a_sentiment = chat.a_saved_window("bela")
    with closing(sqlite3.connect(chat.app.store.path, isolation_level=None)) as busy:
        busy.execute("BEGIN IMMEDIATE")
        chat.socket.hand("interactive", answered)
        pause(0.5)  # it has its turn, and waits for the database; the other waits for it
        second = chat.socket.hand("interactive", without_a_sentiment)
        pause(TOO_LATE + 0.3)
        busy.execute("ROLLBACK")
    assert chat.socket.receipt(second)["response_action"] == "errors"
    wait_for("the whisper", lambda: chat.slack.whispers, 10)
    (whisper,) = chat.slack.whispers
    assert whisper["user"] == "Ubela"
    assert whisper["text"] == "Your window was not saved. Choose a sentiment."


def test_a_window_that_is_open_already_is_no_trouble(chat: Chat) -> None:
    press = chat.a_press("answered")
    for _ in range(2):
        chat.socket.receipt(chat.socket.hand("interactive", press))
    assert (len(chat.slack.windows), chat.slack.whispers) == (1, [])


def test_what_is_not_about_us_counts_no_more(chat: Chat) -> None:
    chat.socket.receipt(chat.press("not_us"))
    assert chat.save() == {}
    assert len(chat.rows("SELECT 1 FROM match WHERE NOT counts")) == 1


def test_who_assigns_to_himself_is_seen(chat: Chat) -> None:
    chat.socket.receipt(chat.press("assign", "bela"))
    chat.save("bela")
    chat.tell()
    assert "@bela answers it" in shown(chat)


def test_after_the_end_nothing_can_be_snoozed_and_that_is_said(chat: Chat) -> None:
    late = chat.elements()["listener.snooze"]["options"][0]
    chat.socket.receipt(chat.press("answered"))
    chat.save(names=WAITING)
    with chat.app.store.write() as db:
        db.execute("UPDATE incident SET resolved_at = opened_at")
    action = {"action_id": "listener.snooze", "action_ts": "9.9", "selected_option": late}
    press = a_press(action, "anna", chat.root.channel)
    chat.socket.receipt(chat.socket.hand("interactive", press))
    assert "it is over" in str(chat.slack.whispers[-1]["text"])


def test_what_is_none_of_ours_is_acknowledged_and_does_nothing(chat: Chat) -> None:
    for payload in (
        {},
        {"type": "block_actions", "actions": [{"action_id": "other.app", "value": "1"}]},
        {
            "type": "block_actions",
            "actions": [{"action_id": "listener.answered", "value": "x" * 99}],
        },
        {"type": "block_actions", "actions": "?", "user": None},
        {"type": "view_submission", "view": {"callback_id": "listener.choose"}},
        {"type": "view_submission", "view": {"callback_id": "another"}},
    ):
        chat.socket.receipt(chat.socket.hand("interactive", payload))
    assert acts(chat) == []


def test_a_name_cannot_pass_for_a_model(chat: Chat) -> None:
    chat.socket.receipt(chat.press("wrong", "model"))
    chat.save("model", sentiment="neutral")
    assert chat.rows("SELECT 1 FROM label WHERE by = '@model'")


def test_presses_are_heard_again_after_slack_hangs_up(chat: Chat) -> None:
    chat.socket.receipt(chat.press("acknowledge"))
    chat.socket.hang_up()
    chat.socket.wait_for(lambda: chat.socket.connections == 2)
    chat.socket.receipt(chat.press("snooze", value="1h"))
    assert [did for _, did in acts(chat)] == ["acknowledged", "snoozed"]
