"""Imports: every line is accepted, updated, unchanged or rejected; twice changes nothing."""

import csv
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listener import cycle, imports
from listener.app import App, open_app, plugins
from listener.clock import VirtualClock
from listener.config import from_document
from listener.domain.mention import Channel
from listener.imports import Counts, Wanted
from tests.builders import HOUR, NOW, a_line, written
from tests.store.kept import everything, one, rows

SETTINGS: dict[str, Any] = {
    "subjects": [
        {"name": "Acme", "role": "brand", "query": "acme"},
        {"name": "Boreal", "role": "competitor", "query": "boreal"},
    ]
}


def an_app(folder: Path, **more: Any) -> App:
    clock = VirtualClock(NOW + HOUR)
    config = from_document(SETTINGS, folder / "config.toml", plugins(clock))
    return open_app(config, clock, labels="given", durable=False, **more)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    made = an_app(tmp_path)
    yield made
    made.close()


def wanted(file: Path, **more: Any) -> Wanted:
    known: dict[str, Any] = {"source": "old", "channel": None, "zone": ZoneInfo("UTC")}
    return Wanted(file=file, **(known | more))


def bring_in(app: App | None, file: Path, **more: Any) -> Counts:
    return imports.bring_in(app, wanted(file, **more), lambda at: None)


def figures(counts: Counts) -> tuple[int, int, int, int]:
    return counts.accepted, counts.updated, counts.unchanged, counts.rejected


MIXED = [
    a_line(1),
    a_line(2, created_at="yesterday"),
    "not json",
    a_line(3, text=""),
    a_line(4, stars=3),
    "",
    a_line(5, id=2**63),
    a_line(6, text="Acme \ud800 and \x00"),
    "[]",
]


def test_bad_lines_are_kept_beside_the_file_and_good_ones_go_on(app: App, tmp_path: Path) -> None:
    file = written(tmp_path / "old.jsonl", MIXED)
    counts = bring_in(app, file)
    assert counts.accepted + counts.updated + counts.unchanged + counts.rejected == counts.read
    assert (counts.accepted, counts.rejected) == (4, 4)
    assert counts.rejects_file == tmp_path / "old.jsonl.rejects.jsonl"
    kept = [json.loads(line) for line in counts.rejects_file.read_text().splitlines()]
    assert [one["line"] for one in kept] == [2, 3, 4, 9]
    assert all(one["reason"] for one in kept)
    ids = [r["source_id"] for r in rows(app.store, "SELECT source_id FROM mention ORDER BY id")]
    assert ids == ["1", "4", "9223372036854775808", "6"]


def test_twice_changes_nothing(app: App, tmp_path: Path) -> None:
    file = written(tmp_path / "old.jsonl", [a_line(n) for n in range(3)] + ["not json"])
    assert figures(bring_in(app, file)) == (3, 0, 0, 1)
    before = everything(app.store)
    rejects = (tmp_path / "old.jsonl.rejects.jsonl").read_bytes()
    assert figures(bring_in(app, file)) == (0, 0, 3, 1)
    assert everything(app.store) == before
    assert (tmp_path / "old.jsonl.rejects.jsonl").read_bytes() == rejects


def test_a_line_without_an_id_is_kept_once(app: App, tmp_path: Path) -> None:
    line = a_line(1)
    del line["id"]
    file = written(tmp_path / "old.jsonl", [line, line])
    assert figures(bring_in(app, file)) == (1, 0, 1, 0)
    assert figures(bring_in(app, file)) == (0, 0, 2, 0)


def test_an_edited_line_is_updated(app: App, tmp_path: Path) -> None:
    bring_in(app, written(tmp_path / "old.jsonl", [a_line(1), a_line(2)]))
    file = written(tmp_path / "new.jsonl", [a_line(1, text="Acme is back"), a_line(2)])
    assert figures(bring_in(app, file)) == (0, 1, 1, 0)


def test_a_dry_run_only_reads(tmp_path: Path) -> None:
    file = written(tmp_path / "old.jsonl", [a_line(1), "not json"])
    assert figures(bring_in(None, file)) == (1, 0, 0, 1)
    assert [f.name for f in tmp_path.iterdir()] == ["old.jsonl"]


def test_a_spreadsheet_is_read_by_its_columns(app: App, tmp_path: Path) -> None:
    file = tmp_path / "old.csv"
    with file.open("w", newline="", encoding="utf-8-sig") as stream:
        writer = csv.writer(stream)
        writer.writerow(["Nr", "When", "Words", "Stars"])
        writer.writerow(["a", "2026-11-22 13:00", 'Acme, "so\nlate"', "2"])
        writer.writerow(["b", "", "Acme", "5"])
    fields = {"id": "Nr", "created_at": "When", "text": "Words", "stars": "Stars"}
    counts = bring_in(app, file, fields=fields, zone=ZoneInfo("Europe/Budapest"))
    assert figures(counts) == (1, 0, 0, 1)
    (kept,) = rows(app.store, "SELECT source_id, said_at, text, channel, stars FROM mention")
    assert kept == {
        "source_id": "a",
        "said_at": "2026-11-22T12:00:00.000Z",
        "text": 'Acme, "so\nlate"',
        "channel": "review",
        "stars": 2.0,
    }


def test_the_answer_in_a_line_stops_its_clock(app: App, tmp_path: Path) -> None:
    lines = [
        a_line(1, reply_at="2026-11-22T12:20:00Z", reply_text="half \ud800 a pair"),
        a_line(2, reply_at="2026-11-22T11:59:59Z"),
        a_line(3, reply_at="2026-11-22T13:00:01Z"),
    ]
    bring_in(app, written(tmp_path / "old.jsonl", lines), channel=Channel.SOCIAL)
    cycle.think(app, NOW + HOUR)
    found = rows(app.store, "SELECT state FROM clock ORDER BY mention_id")
    assert [r["state"] for r in found] == ["met", "due_soon", "missed"]


def test_history_tells_nobody(app: App, tmp_path: Path) -> None:
    old = (NOW - timedelta(days=30)).isoformat()
    bring_in(app, written(tmp_path / "old.jsonl", [a_line(n, created_at=old) for n in range(40)]))
    cycle.think(app, NOW + HOUR)
    assert one(app.store, "SELECT count(*) FROM incident") == 0
    assert one(app.store, "SELECT count(*) FROM clock WHERE state = 'missed'") == 40


def test_a_given_brand_is_matched_without_its_case(app: App, tmp_path: Path) -> None:
    bring_in(app, written(tmp_path / "old.jsonl", [a_line(1, text="hm", brand="ACME")]))
    found = rows(app.store, "SELECT origin FROM match")
    assert found == [{"origin": "given"}]


VALUES: st.SearchStrategy[object] = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just([])
)


@given(
    lines=st.lists(
        st.one_of(
            st.builds(a_line, st.integers(0, 5)),
            st.dictionaries(
                st.sampled_from(["id", "text", "created_at", "stars", "reply_at", "topics", "x"]),
                VALUES,
                max_size=4,
            ),
            st.text(
                st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]), max_size=9
            ),
        ),
        max_size=8,
    )
)
@settings(max_examples=40, deadline=None)
def test_every_line_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, lines: list[Any]
) -> None:
    folder = tmp_path_factory.mktemp("lines")
    app = an_app(folder)
    counts = bring_in(app, written(folder / "old.jsonl", lines))
    assert counts.accepted == one(app.store, "SELECT count(*) FROM mention")
    assert counts.rejected == one(app.store, "SELECT count(*) FROM reject")
    assert min(figures(counts)) >= 0
    assert sum(figures(counts)) == counts.read <= len(lines)
    app.close()
