"""Mistakes of every sort: misspelt keys are guessed, none hides another, nothing else is raised."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listener.config import Config, from_document
from listener.errors import ConfigError
from tests.config.plugins import CONFIG, ENVIRON, PLUGINS, mistakes

MISSPELT = """
[lisener] listener          [listner] listener          [listeners] listener
[subject] subjects          [subjets] subjects          [colectors] collectors
[collector] collectors      [clasify] classify          [clasiffy] classify
[respnd] respond            [response] respond          [rule] rules
[notfy] notify              [notification] notify       [digst] digest
[digests] digest            [webb] web                  [tpics] topics
[listener]databse database  [listener]data_base database
[listener]time_zone timezone [listener]timezon timezone [listener]langauge language
[listener]lang language     [listener]kep keep          [listener]keeps keep
[listener]dead_man dead_man_url
[classify]sentimnt sentiment [classify]setiment sentiment
[respond.social]withn within [respond.social]with-in within [respond.social]warn warn_at
[respond.social]wich which  [respond.social]hour hours  [respond.social]late late_after
[respond.social]warnat warn_at [respond.social]lateafter late_after
[rules.spike]sensitivty sensitivity [rules.spike]sensitiveness sensitivity
[rules.spike]at_last at_least [rules.spike]atleast at_least
[notify.email]hots host     [notify.email]prot port     [notify.email]securty security
[notify.email]from_sender sender [notify.email]pasword password
[digest]evry every          [digest]dya day             [digest]att at
[web]hst host               [web]prt port               [collectors.feed]ulrs urls
[collectors.feed]evry every [notify.slack]chanel channel [notify.slack]tokn token
[notify.slack]baseurl base_url
"""
PAIRS = re.findall(r"(\[\S+) (\w+)", MISSPELT)


@pytest.mark.parametrize(("written", "meant"), PAIRS)
def test_a_misspelt_key_is_guessed(written: str, meant: str) -> None:
    table, _, key = written.partition("]")
    text = f"{table}]\n{key} = 1" if key else f"{table}]"
    hints = (f"did you mean {meant}?", f"did you mean [{meant}]?", f"did you mean [[{meant}]]?")
    assert any(mistake.endswith(hints) for mistake in mistakes(text))


def test_there_are_fifty_of_them() -> None:
    assert len(PAIRS) >= 50


WORDS = """
listener subjects collectors classify respond rules notify digest web topics social review spike
slack email console feed everything calendars teams hours holidays closed open for subject topic
only never team escalate_to escalate_after name role query accounts every within warn_at which hours
token channel sensitivity host port at day to type retry steps headers count
"""
KEYS = st.sampled_from(WORDS.split()) | st.text(max_size=8)
LEAVES = (
    st.text(max_size=12)
    | st.integers()
    | st.booleans()
    | st.floats()
    | st.dates()
    | st.times()
    | st.datetimes()
    | st.sampled_from(["1h", "env:X", "file:/", "acme", "https://a", "a@b", "default", "brand"])
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
TABLES = st.dictionaries(KEYS, VALUES, max_size=5)
DOCUMENTS = st.dictionaries(KEYS, TABLES | st.lists(TABLES, max_size=2) | VALUES, max_size=6)


def outcome(document: dict[str, object]) -> Config | list[str]:
    try:
        return from_document(document, CONFIG, PLUGINS, environ=ENVIRON)
    except ConfigError as error:
        return error.mistakes


@settings(deadline=None)  # the first query loads a parser
@given(DOCUMENTS)
def test_whatever_stands_in_the_file_is_read_or_refused_line_by_line(
    document: dict[str, object],
) -> None:
    found = outcome(document)
    if isinstance(found, list):
        assert found
        assert all(line.startswith("config.toml: ") and line.isprintable() for line in found)


@settings(deadline=None)  # the first query loads a parser
@given(
    st.sampled_from(["listener", "classify", "digest", "web", "respond", "rules", "notify"]), TABLES
)
def test_mistakes_in_one_table_do_not_hide_those_of_others(
    name: str, table: dict[str, object]
) -> None:
    others = {
        "listener": {"keep": 5},
        "subjects": [{"name": "Acme", "query": "("}],
        "collectors": {"redit": {}},
        "classify": {"sentiment": 5},
        "respond": {"socail": {}},
        "rules": {"spike": {"at_least": "x"}},
        "notify": {"slack": {}},
        "digest": {"day": "munday"},
        "web": {"host": "0.0.0.0"},
    }
    expected = outcome({key: value for key, value in others.items() if key != name})
    found = outcome({**others, name: table})
    assert isinstance(expected, list)
    assert isinstance(found, list)
    assert set(expected) <= set(found)
