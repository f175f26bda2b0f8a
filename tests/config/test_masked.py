"""What people see of a config file has references to secrets in it, and never secrets."""

import tomllib
from dataclasses import fields

import pytest

from listener.app import plugins
from listener.clock import WallClock
from listener.config.masked import Line, difference, tables
from listener.config.secrets import is_secret

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
proxy = "https://kim:canary-8@proxy.example/"
[notify.apprise.teams]
logistics = "tgram://canary-9"
"""


@pytest.mark.parametrize("line", FILE.splitlines())
def test_a_comparison_shows_no_secret_whatever_line_differs(line: str) -> None:
    known = ["canary-7", "tgram://canary-9"]  # as whoever read the file knows them
    lines = difference(FILE, FILE.replace(line, f"{line} # changed"), known)
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
            "proxy": "https://set@proxy.example/",
        },
        "[notify.apprise.teams]": {"logistics": "set"},
        "[collectors.feed.headers]": {"X-Api-Key": "set", "accept": "text/xml"},
    }


@pytest.mark.parametrize("kind", ["collectors", "notify"])
def test_every_secret_that_a_plug_in_takes_is_hidden(kind: str) -> None:
    found = 0
    known = plugins(WallClock())
    classes = known.collectors if kind == "collectors" else known.notifiers
    for name, cls in classes.items():
        for one in fields(cls):
            if one.init and is_secret(one.name, one.metadata):
                key = one.metadata.get("written", one.name)
                document = {kind: {name: {key: "canary", f"{key}_": {key: {"x": "canary"}}}}}
                assert "canary" not in str(list(tables(document, [])))
                found += 1
    assert found > 3


def test_arrays_and_what_stands_alone_are_shown() -> None:
    text = 'one = 1\n[[subjects]]\nname = "A"\n[[subjects]]\nname = "B"\nempty = []\n[digest]\n'
    shown = [(one.header, one.keys) for one in tables(tomllib.loads(text), [])]
    assert shown == [
        ("", [("one", "1")]),
        ("[[subjects]]", [("name", "A")]),
        ("[[subjects]]", [("name", "B"), ("empty", "")]),
        ("[digest]", []),
    ]
