"""What people see of a config file has references to secrets in it, and never secrets."""

import tomllib

import pytest

from listener.config.masked import Line, difference, tables

FILE = """\
[notify]
mask = true
[notify.slack]
token = "xoxb-canary-1"
# app_token = "xapp-canary-2"
channel = "#cx"
signing_secret = "env:SIGNING"
[notify.hook]
type = "webhook"
url = "https://hooks.example/canary-3"
[notify.apprise]
urls = ["tgram://canary-4", "env:MORE"]
[listener]
dead_man_url = "https://beat.example/canary-5"
[collectors.feed]
urls = ["https://news.example/feed"]
headers = { "X-Api-Key" = "canary-6", accept = "text/xml" }
note = "the canary-7 in a text"
"""


@pytest.mark.parametrize("line", FILE.splitlines())
def test_a_comparison_shows_no_secret_whatever_line_differs(line: str) -> None:
    lines = difference(FILE, FILE.replace(line, f"{line} # changed"), ["canary-7"])
    assert lines
    shown = "\n".join(one.text for one in lines)
    assert "canary" not in shown
    assert {one.sign for one in lines} <= {"", " ", "-", "+"}


def test_a_comparison_shows_what_differs_and_little_beside_it() -> None:
    after = FILE.replace('channel = "#cx"', 'channel = "#all"')
    assert difference(FILE, after, []) == [
        Line("", ""),
        Line(" ", "token = set"),
        Line(" ", "# app_token = set"),
        Line("-", 'channel = "#cx"'),
        Line("+", 'channel = "#all"'),
        Line(" ", 'signing_secret = "env:SIGNING"'),
        Line(" ", "[notify.hook]"),
    ]


def test_every_key_is_shown_and_secrets_only_by_where_they_are() -> None:
    shown = {one.header: dict(one.keys) for one in tables(tomllib.loads(FILE), ["canary-7"])}
    assert shown == {
        "[notify]": {"mask": "true"},
        "[notify.slack]": {"token": "set", "channel": "#cx", "signing_secret": "env:SIGNING"},
        "[notify.hook]": {"type": "webhook", "url": "set"},
        "[notify.apprise]": {"urls": "set, env:MORE"},
        "[listener]": {"dead_man_url": "set"},
        "[collectors.feed]": {
            "urls": "https://news.example/feed",
            "note": "the set in a text",
        },
        "[collectors.feed.headers]": {"X-Api-Key": "set", "accept": "text/xml"},
    }


def test_arrays_and_what_stands_alone_are_shown() -> None:
    text = 'one = 1\n[[subjects]]\nname = "A"\n[[subjects]]\nname = "B"\nempty = []\n[digest]\n'
    shown = [(one.header, one.keys) for one in tables(tomllib.loads(text), [])]
    assert shown == [
        ("", [("one", "1")]),
        ("[[subjects]]", [("name", "A")]),
        ("[[subjects]]", [("name", "B"), ("empty", "")]),
        ("[digest]", []),
    ]
