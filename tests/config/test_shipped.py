"""The config files we ship: they load without mistakes, and do what they say."""

import gzip
import json
from collections import Counter
from dataclasses import fields
from pathlib import Path

import pytest

from listener.collectors.demo.world import SUBJECTS
from listener.collectors.feed import Feed
from listener.collectors.folder import Folder
from listener.config import (
    Answers,
    ClassifyTable,
    Config,
    DigestTable,
    ListenerTable,
    Plugins,
    SubjectTable,
    WebTable,
    changed,
    from_document,
    load,
    loads,
    planned,
    query_test_failures,
    write_config,
)
from listener.config.calendars import CalendarKeys
from listener.config.tables import SubjectKeys, Team
from listener.domain.promise import Promise
from listener.http import Http
from listener.notifiers.email import Email
from listener.notifiers.slack import Slack
from listener.rules.spike.rule import SpikeRule
from tests.config.plugins import PLUGINS

ROOT = Path(__file__).parents[2]
AIRLINES = ROOT.parent / "shared/data/airline_us/dev.jsonl.gz"
SHIPPED = ["config.toml", "docs/examples/airlines.toml", "docs/examples/app_reviews.toml"]


def shipped(name: str) -> Config:
    return load(ROOT / name, PLUGINS, environ={})


@pytest.mark.parametrize("name", SHIPPED)
def test_each_loads_without_a_remark_and_passes_its_own_tests(name: str) -> None:
    config = shipped(name)
    assert config.notes == ()
    assert query_test_failures(config) == []


def test_the_one_at_the_root_is_short_and_asks_the_demo_alone() -> None:
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 60
    assert list(shipped("config.toml").collectors) == ["demo"]
    assert shipped("config.toml").notifiers == {}


def test_what_is_commented_out_at_the_root_works_too() -> None:
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    text = text.replace("# [notify", "[notify").replace('# token = "', 'token = "')
    text = text.replace('# channel = "', 'channel = "')
    config = loads(text, ROOT / "config.toml", PLUGINS, environ={"SLACK_BOT_TOKEN": "xoxb-token"})
    assert config.notifiers["slack"].channel == "#cx-alerts"


def test_the_one_at_the_root_follows_whom_the_demo_invents() -> None:
    document = {"subjects": [dict(subject) for subject in SUBJECTS]}
    invented = from_document(document, ROOT / "config.toml", PLUGINS).subjects
    assert [_as_text(table) for table in shipped("config.toml").subjects] == [
        _as_text(table) for table in invented
    ]


def _as_text(table: SubjectTable) -> str:
    query = table.subject.query
    return f"{table} {query.text if query else ''}"


@pytest.mark.skipif(not AIRLINES.exists(), reason="needs ../shared/data, which is not here")
def test_the_airlines_are_found_by_their_queries_alone() -> None:
    subjects = [
        table.subject for table in load(ROOT / "docs/examples/airlines.toml", Plugins()).subjects
    ]
    said, found = Counter[str](), Counter[str]()
    with gzip.open(AIRLINES, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            said[row["brand"]] += 1
            (subject,) = (s for s in subjects if s.name == row["brand"])
            assert subject.query is not None
            found[row["brand"]] += subject.query.match(row["text"]) is not None
    assert len(said) == len(subjects)
    assert {name: found[name] / said[name] >= 0.99 for name in said} == dict.fromkeys(said, True)


def test_every_key_and_every_plan_is_in_the_docs() -> None:
    docs = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    tables = (ListenerTable, SubjectKeys, ClassifyTable, Promise, CalendarKeys, Team, DigestTable,
              WebTable)  # fmt: skip
    keys = {
        field.name
        for table in tables
        for field in fields(table)
        if field.init and not field.metadata.get("handed")
    }
    plans = planned.COLLECTORS | planned.RULES | planned.NOTIFIERS | planned.LISTS | planned.TABLES
    missing = [name for name in sorted(keys) if f"`{name}`" not in docs]
    missing += [name for name in sorted(plans) if name not in docs.partition("not built yet\n")[2]]
    assert missing == []


def test_what_init_writes_and_the_design_shows_suits_the_real_plug_ins() -> None:
    plugins = Plugins(
        collectors={"folder": Folder, "feed": Feed},
        rules={"spike": SpikeRule},
        notifiers={"slack": Slack, "email": Email},
        handed=lambda kind, name: {"http": Http()},
    )
    text = write_config(
        Answers(
            brand="Acme",
            folder="drop",
            feeds=("https://a.example/feed", "https://b.example/feed"),
            slack_channel="#cx",
            email=("cx@example.com",),
        )
    )
    config = loads(text, ROOT / "config.toml", plugins, environ={"SLACK_BOT_TOKEN": "xoxb-secret"})
    assert config.collectors["folder"].path == ROOT / "drop"
    assert config.collectors["feed"].urls == ("https://a.example/feed",)
    assert config.collectors["feed_2"].urls == ("https://b.example/feed",)
    assert config.rules["spike"].sensitivity == "balanced"
    assert config.notifiers["slack"].channel == "#cx"
    assert config.notifiers["email"].sender == "cx@example.com"
    assert "xoxb-secret" not in repr(config)
    assert changed(config, loads(text, ROOT / "config.toml", plugins, secrets=False)) == [
        "[notify.slack] token"
    ]
