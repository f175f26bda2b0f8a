"""The names that users and other programs rely on: commands, options, fields, tables, statuses."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

import classifiers
from listener import views
from listener.cli import MODULES, group
from listener.domain.incident import Event, Severity, notice_json
from listener.domain.mention import Channel, Kind
from listener.domain.record import FIELDS
from listener.domain.response import ClockState, due_at, elapsed
from listener.domain.subject import Origin, Role
from listener.rules.spike import Detector
from tests.builders import HOUR, MINUTE, NOW, a_mention
from tests.cli.conftest import configured, shell  # noqa: F401  # fixtures
from tests.notifiers.build import a_spike
from tests.stages.world import World
from tests.store.kept import rows

# DESIGN 5. What is in KNOWN_GAPS is not built yet; the day it is, this test says so.
COMMANDS = {
    "init": [],
    "run": ["--once", "--no-web"],
    "demo": ["--no-serve", "--port", "--seed", "--days", "--no-crisis"],
    "replay": [
        "--out",
        "--labels",
        "--until-quiet",
        "--source",
        "--channel",
        "--map",
        "--timezone",
    ],
    "backtest": ["--since", "--set", "--format"],
    "mark": ["--day", "--subject", "--note", "--undo"],
    "explain": ["--format"],
    "check": ["--online"],
    "collect": ["--since"],
    "import": ["--source", "--channel", "--map", "--timezone", "--dry-run"],
    "classify": ["--model"],
    "query": [
        "--limit",
        "--nearly",
        "--inflect",
        "--pack",
        "--service",
        "--explain",
        "--format",
    ],
    "search": ["--limit", "--order", "--since", "--explain", "--format"],
    "inbox": ["--state", "--subject", "--query", "--format"],
    "people": ["--subject", "--influencer", "--since", "--order", "--limit", "--format"],
    "responses": ["--since", "--by", "--format"],
    "answer": [],
    "dismiss": [],
    "assign": [],
    "snooze": [],
    "correct": ["--sentiment", "--topic", "--about", "--not-about"],
    "aside": ["--subject", "--reason", "--limit", "--format"],
    "link": ["--undo"],
    "fixed": ["--told", "--list", "--undo", "--format"],
    "issues": ["--format"],
    "measures": ["--since", "--subject", "--draw", "--format"],
    "ack": [],
    "resolve": [],
    "digest": ["--week", "--team", "--html", "--text", "--preview", "--send"],
    "sources": ["--format"],
    "evaluate": ["--model", "--format"],
    "export": ["--kind", "--since", "--format"],
    "forget": ["--author"],
    "sweep": [],
    "backup": [],
    "restore": [],
    "send-test": [],
    "token": [],
    "user": [],
}
KNOWN_GAPS = set[str]()
KNOWN_GAPS_IN_OPTIONS = {("export --format", "parquet")}

TABLES = {
    "subject", "author", "mention", "mention_version", "match", "label", "embedding", "bucket",
    "clock", "response", "rule_state", "incident", "notice", "outbox", "source_state",
    "source_run", "digest", "audit",
}  # fmt: skip


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.store.close()


def command(name: str) -> click.Command:
    found = group.get_command(click.Context(group), name)
    assert isinstance(found, click.Command)
    return found


def test_every_command_of_the_design_is_built_or_a_known_gap() -> None:
    assert set(COMMANDS) - set(MODULES) == KNOWN_GAPS


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in KNOWN_GAPS])
def test_a_command_has_its_options(name: str) -> None:
    options = {text for parameter in command(name).params for text in parameter.opts}
    missing = {option for option in COMMANDS[name] if option not in options}
    assert missing == {option for of, option in KNOWN_GAPS_IN_OPTIONS if of == name}


def test_the_global_options_stand_before_the_command() -> None:
    options = {text for parameter in group.params for text in parameter.opts}
    assert {"--config", "--db", "-v"} <= options


def choices(name: str, option: str) -> list[str]:
    (found,) = [p for p in command(name).params if option in p.opts]
    assert isinstance(found.type, click.Choice)
    return list(found.type.choices)


def test_the_choices_are_those_of_the_design() -> None:
    assert choices("replay", "--labels") == ["model", "given"]
    assert choices("inbox", "--format") == ["table", "jsonl"]
    kinds = ["mentions", "clocks", "incidents", "corrections", "issues", "notes"]
    assert choices("export", "--kind") == kinds
    missing = {"csv", "jsonl", "parquet"} - set(choices("export", "--format"))
    assert missing == {v for of, v in KNOWN_GAPS_IN_OPTIONS if of == "export --format"}


def test_the_tables_are_those_of_the_design(world: World) -> None:
    found = {r["name"] for r in rows(world.store, "SELECT name FROM sqlite_master")}
    assert found >= TABLES


def test_closed_sets_have_the_values_of_the_design() -> None:
    assert set(Role) == {"brand", "competitor", "influencer"}
    assert set(Origin) == {"given", "query"}
    assert set(Channel) == {"social", "review", "news", "ticket", "survey"}
    assert set(Kind) == {
        "post", "comment", "reply", "quote", "review", "article", "ticket", "survey_response",
    }  # fmt: skip
    assert set(ClockState) == {"waiting", "due_soon", "overdue", "met", "missed", "dismissed"}
    assert list(Severity) == ["info", "watch", "high", "critical"]
    assert {e.value for e in Event} >= {
        "spike.opened", "spike.escalated", "spike.resolved", "spike.reopened",
        "response.due_soon", "response.overdue", "response.met",
        "source.quiet", "source.recovered", "delivery.failed", "delivery.restored", "digest.sent",
    }  # fmt: skip


def test_a_mention_in_json_has_the_fields_of_the_design() -> None:
    assert set(FIELDS) - {"verified"} == {  # which came later, and may be left out
        "id", "source", "channel", "kind", "title", "text", "language", "url", "created_at",
        "edited_at", "author", "author_name", "author_id", "followers", "stars", "stars_scale",
        "likes", "replies", "shares", "views", "parent_id", "thread_id", "brand", "place",
        "product", "product_version", "reply_at", "reply_id", "reply_author", "reply_text",
        "label", "topics",
    }  # fmt: skip


def test_a_notice_in_json_has_the_fields_of_the_design() -> None:
    notice: dict[str, Any] = json.loads(json.dumps(notice_json(a_spike())))
    assert notice.keys() == {
        "at", "event", "subject", "channel", "topic", "severity", "title", "why", "action",
        "team", "incident", "mentions", "evidence",
    }  # fmt: skip
    assert notice["at"] == "2026-11-22T14:05:00Z"
    assert all(":" in name for name in notice["mentions"])


def test_an_inbox_row_has_the_fields_of_the_design(world: World) -> None:
    world.hear(a_mention(), now=NOW + MINUTE)
    world.think(NOW + MINUTE)
    (row,) = views.waiting(world.store)
    assert row.keys() >= {
        "id", "subject", "channel", "state", "due_at", "said_at", "seen_at", "sentiment",
        "topics", "intent", "assignee", "action",
    }  # fmt: skip
    assert (row["id"], row["due_at"]) == ("x:1", "2026-11-22T13:00:00.000Z")


def test_the_evidence_of_a_response_has_the_fields_of_the_design(world: World) -> None:
    world.hear(a_mention(), now=NOW + MINUTE)
    world.think(NOW + 2 * HOUR)
    (notice,) = world.tell(NOW + 2 * HOUR).taken
    assert notice.evidence.keys() >= {
        "due_at", "said_at", "seen_at", "detection_lag_s", "within_s",
    }  # fmt: skip


def test_the_detector_has_the_methods_of_the_design() -> None:
    detector = Detector(sensitivity="balanced")
    assert detector.observe(NOW, 3, 1) is False
    detector.no_data(NOW + 5 * MINUTE)
    detector.skip(NOW + 10 * MINUTE, NOW + HOUR)
    assert detector.last is None
    state = json.loads(json.dumps(detector.state()))
    assert Detector.from_state(state).state() == detector.state()


def test_the_fixed_entry_points_can_be_imported() -> None:

    assert callable(classifiers.load)
    assert due_at(NOW, HOUR, None) == NOW + HOUR
    assert elapsed(NOW, NOW + HOUR, None) == HOUR


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["check"], 0),
        (["inbox"], 0),
        (["answer", "x:1"], 2),
        (["--config", "none.toml", "check"], 2),
        (["import", "bad.jsonl", "--source", "x"], 3),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_a_command_ends_with_its_status(
    configured: Path,  # noqa: F811
    shell: Any,  # noqa: F811
    arguments: list[str],
    status: int,
) -> None:
    (configured / "bad.jsonl").write_text("not json\n")
    shell("collect")  # makes the database
    assert shell(*arguments).status == status
