"""Reading a table into a dataclass: every type, every kind of mistake, each with its key."""

from datetime import time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from listener.config.values import duration
from listener.domain.mention import Channel
from listener.errors import ConfigError
from tests.config.plugins import Everything, Pace, Retry, mistakes, read


def everything(text: str) -> Any:
    return read(f"[collectors.everything]\n{text}").collectors["everything"]


def wrong(text: str) -> str:
    """The one mistake of a table, without its place."""
    (mistake,) = mistakes(f"[collectors.everything]\n{text}")
    before = "config.toml: [collectors.everything] "
    assert mistake.startswith(before)
    return mistake.removeprefix(before)


def test_an_empty_table_has_the_defaults_of_its_dataclass() -> None:
    expected = Everything(name="everything", folder=Path("/etc/listener/drop"))
    assert everything("") == expected


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("count", "7", 7),
        ("share", "0.25", 0.25),
        ("share", "1", 1.0),
        ("strict", "false", False),
        ("every", '"1h30m"', timedelta(minutes=90)),
        ("pace", '"brisk"', Pace.BRISK),
        ("mode", '"push"', "push"),
        ("channel", '"review"', Channel.REVIEW),
        ("title", '"é"', "é"),
        ("limit", "3", 3),
        ("limit", "[3, 4]", (3, 4)),
        ("words", '"one"', ("one",)),
        ("words", '["one", "two"]', ("one", "two")),
        ("shares", "[1, 0.5]", (1.0, 0.5)),
        ("headers", '{ "X-A" = "b" }', {"X-A": "b"}),
        ("retry", '{ times = 1, wait = "1s" }', Retry(times=1, wait=timedelta(seconds=1))),
        ("steps", "[{ times = 1 }, {}]", (Retry(times=1), Retry())),
        ("at", '"7:05"', time(7, 5)),
        ("at", "07:05:00", time(7, 5)),
        ("zone", '"Europe/Budapest"', ZoneInfo("Europe/Budapest")),
        ("folder", '"in/box"', Path("/etc/listener/in/box")),
        ("folder", '"/in/box"', Path("/in/box")),
    ],
)
def test_a_key_is_read_as_its_field_says(key: str, text: str, expected: object) -> None:
    assert getattr(everything(f"{key} = {text}"), key) == expected


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ('count = "7"', 'count must be a whole number; found "7"'),
        ("count = 7.0", "count must be a whole number; found 7"),
        ("count = true", "count must be a whole number; found true"),
        ("count = 11", "count must be between 1 and 10; found 11"),
        ("share = false", "share must be a number; found false"),
        ("share = nan", "share must be a number; found nan"),
        ("share = -inf", "share must be a number; found -inf"),
        (f"share = 1{'0' * 400}", "share must be a number; found a huge number"),
        ("strict = 1", "strict must be true or false; found 1"),
        ("every = 5", 'every must be a duration such as "30s", "5m", "1h" or "7d"; found 5'),
        (
            'every = "13mo"',
            'every must be a duration such as "30s", "5m", "1h" or "7d"; found "13mo"',
        ),
        ('every = "0s"', "every must be 1s or more"),
        ('pace = "brsk"', 'pace "brsk" is unknown; did you mean brisk?'),
        ("pace = 1", "pace must be one of slow, brisk; found 1"),
        ('mode = "xyz"', 'mode "xyz" is unknown; there is poll, push'),
        ("title = []", "title must be a text in quotes; found a list"),
        ('limit = "x"', 'limit must be a list; found "x"'),
        ("words = [1]", "words[1] must be a text in quotes; found 1"),
        ('shares = "x"', 'shares must be a list; found "x"'),
        ("headers = 1", "headers must be a table; found 1"),
        ("headers = { a = 1 }", "headers.a must be a text in quotes; found 1"),
        ("retry = 1", "retry must be a table; found 1"),
        ("retry = { tims = 1 }", "retry tims is unknown; did you mean times?"),
        ('retry = { wait = "x y" }', 'retry wait must be a duration such as "30s", "5m", "1h" or'
         ' "7d"; found "x y"'),
        ("steps = [{}, { times = [] }]", "steps[2] times must be a whole number; found a list"),
        ('at = "24:00"', 'at must be a time of day such as "09:00"; found "24:00"'),
        ("at = 2015-02-17", 'at must be a time of day such as "09:00"; found a date'),
        ("zone = 1", 'zone must be a time zone such as "Europe/Budapest"; found 1'),
        ('zone = "Budapest"', 'zone "Budapest" is no time zone; did you mean Europe/Budapest?'),
        ('zone = "Europe"', 'zone "Europe" is no time zone; did you mean Europe/Rome?'),
        ('zone = "../etc"', 'zone "../etc" is no time zone; write one such as "Europe/Budapest"'),
        ('folder = ""', 'folder must be a path; found ""'),
        ('folder = "a\\u0000b"', 'folder must be a path; found "a\\u0000b"'),
        ("api_key = 5", "api_key must be a text in quotes; found a number"),
        ("name = 5", "name is unknown"),
    ],
)  # fmt: skip
def test_a_mistake_says_what_was_expected_and_what_was_found(text: str, mistake: str) -> None:
    assert wrong(text).startswith(mistake)


def test_a_long_text_is_not_shown_for_it_may_be_a_secret_in_the_wrong_place() -> None:
    assert wrong(f'count = "{"s" * 57}"').endswith("found a text of 57 characters")


def test_a_strange_key_stays_on_one_line() -> None:
    (mistake,) = mistakes('[collectors.everything]\n"co\\nunt\\u2028" = 1')
    assert "\n" not in mistake
    assert "\u2028" not in mistake
    assert mistake.endswith("did you mean count?")


def test_a_missing_key_is_named() -> None:
    assert mistakes("[notify.slack]\n[rules.floor]") == [
        "config.toml: [rules.floor] below is missing",
        "config.toml: [notify.slack] token is missing",
        "config.toml: [notify.slack] channel is missing",
    ]


def test_a_misspelt_key_is_not_called_missing_as_well() -> None:
    assert mistakes('[notify.slack]\ntoken = "env:SLACK_BOT_TOKEN"\nchanel = "#cx"') == [
        "config.toml: [notify.slack] chanel is unknown; did you mean channel?"
    ]


def test_what_a_plug_in_refuses_itself_is_a_mistake_of_its_table() -> None:
    assert mistakes("[rules.spike]\nat_least = 0") == [
        "config.toml: [rules.spike] at_least must be 1 or more"
    ]


def test_what_is_handed_is_no_key() -> None:
    feed = read('[collectors.feed]\nurls = "https://a"').collectors["feed"]
    assert (feed.name, feed.session) == ("feed", "a session for collectors feed")
    assert mistakes('[collectors.feed]\nurls = "https://a"\nsession = 1\nservice = "x"')


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30s", timedelta(seconds=30)),
        ("5m", timedelta(minutes=5)),
        ("1.5h", timedelta(minutes=90)),
        ("7d", timedelta(days=7)),
        ("2w", timedelta(weeks=2)),
        ("13mo", 13 * timedelta(days=30.44)),
        ("1y", timedelta(days=365.25)),
        ("", None),
        ("5", None),
        ("-5m", None),
        ("5 m", None),
        ("٥m", None),
        ("999999999999w", None),
    ],
)
def test_durations(text: str, expected: timedelta | None) -> None:
    assert duration(text, months=True) == expected


def test_months_are_for_keys_that_say_so() -> None:
    assert duration("1mo") is None
    assert duration("1y") is None


def test_syntax_is_reported_with_line_and_column() -> None:
    assert mistakes("a = 1h", brand="") == [
        "config.toml: line 1, column 6: Expected newline or end of document after a statement;"
        " are quotes missing?"
    ]
    assert mistakes('\n\na = "x', brand="")[0].startswith("config.toml: line 3, column 7: ")


@pytest.mark.parametrize("text", [f"a = {'[' * 5000}", f"a = {'9' * 5000}"])
def test_what_the_parser_itself_cannot_take_is_a_mistake(text: str) -> None:
    assert mistakes(text) == [
        "config.toml: is not valid TOML: a number is too long, or lists are nested too deep"
    ]


def test_a_type_we_cannot_read_is_a_fault_of_the_plug_in() -> None:
    from listener.config.table import convert  # noqa: PLC0415
    from listener.config.values import Place  # noqa: PLC0415

    place = Place(reading=SimpleNamespace(), table="[a]", key="b")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="no way to read"):
        convert(1, complex, place)


def test_config_errors_carry_each_mistake() -> None:
    with pytest.raises(ConfigError) as caught:
        read("[listner]\n[web]\nport = 0.5")
    assert caught.value.mistakes == str(caught.value).splitlines()
    assert len(caught.value.mistakes) == 2
