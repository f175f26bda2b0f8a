"""Every command at the shell: what it prints, where, and how it ends."""

import csv
import json
import sqlite3
import stat
from pathlib import Path

import pytest

from listener.cli import MODULES
from listener.store.lock import DaemonLock
from tests.builders import a_line, written
from tests.cli.conftest import Shell, ago

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("command", MODULES)
def test_every_command_has_help(shell: Shell, command: str) -> None:
    said = shell(command, "--help")
    assert said.status == 0
    assert said.out.startswith(f"Usage: listener {command}")
    assert len(said.out.splitlines()[2].strip()) > 10


def test_the_help_of_all_names_every_command(shell: Shell) -> None:
    said = shell("--help")
    assert said.status == 0
    assert all(f"\n  {command} " in said.out for command in MODULES)


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["inbox", "--nonsense"],
        ["inbox", "--state", "lost"],
        ["answer"],
        ["snooze", "old:1", "soon"],
        ["snooze", "old:1", "999999w"],
        ["answer", "old:1", "--at", "yesterday"],
        ["answer", "old:1", "--at", "2026-11-22T12:00:00"],
        ["answer", "nobody:99"],
        ["explain", "99"],
        ["explain", "many"],
        ["ack", "99"],
        ["resolve", "99"],
        ["forget", "--author", "nobody"],
        ["forget", "--author", "drop:nobody"],
        ["import", "config.toml", "--source", "two words"],
        ["import", "config.toml", "--source", "a:b"],
        ["import", "config.toml", "--source", "a/b"],
        ["import", "config.toml", "--source", ""],
        ["import", "config.toml", "--source", "a" * 65],
        ["digest", "--send"],
        ["import", "none.jsonl", "--source", "old"],
        ["import", "config.toml"],
        ["import", "config.toml", "--source", "old", "--timezone", "Mars"],
        ["import", "config.toml", "--source", "old", "--map", "text"],
        ["import", "config.toml", "--source", "old", "--map", "nothing=Column"],
        ["export", "--kind", "secrets"],
        ["export", "--since", "ever"],
        ["export", "--since", ""],
        ["export", "--since", "999999w"],
        ["export", "--out", "missing/folder.jsonl"],
        ["backup", "missing/folder.db"],
        ["restore", "none.db"],
        ["restore", "config.toml"],
        ["replay", "none.jsonl"],
        ["query", "acme AND ("],
        ["query", ""],
        ["classify", "--model", "./no/such/model", "config.toml"],
        ["classify", "none.txt"],
        ["evaluate", "none.jsonl"],
        ["collect", "nowhere"],
        ["send-test", "pigeon"],
        ["digest", "--week", "2026-W99"],
        ["digest", "--html", "missing/digest.html"],
        ["--config", "none.toml", "inbox"],
        ["--db", "config.toml", "inbox"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_ends_with_2_and_says_why(
    configured: Path, shell: Shell, arguments: list[str]
) -> None:
    shell("collect")  # makes the database
    said = shell(*arguments)
    assert said.status == 2, said.err
    assert said.out == ""
    assert said.err.strip()
    assert "there is no database" not in said.err
    assert "Traceback" not in said.err
    assert "fault of ours" not in said.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["inbox"],
        ["answer", "old:1"],
        ["search", "parcel"],
        ["sources"],
        ["incidents"],
        ["export"],
        ["backup", "copy.db"],
        ["forget", "--author", "x:somebody"],
        ["ack", "1"],
        ["resolve", "1"],
        ["retry"],
        ["digest"],
    ],
    ids=" ".join,
)
def test_a_database_that_is_not_there_is_not_made(
    configured: Path, shell: Shell, arguments: list[str]
) -> None:
    said = shell("--db", "mistyped.db", *arguments)
    assert said.status == 2
    assert said.out == ""
    assert "there is no database" in said.err
    assert "mistyped.db" in said.err
    assert not list(configured.glob("*.db*"))


def test_run_says_more_where_that_is_asked(
    configured: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    class Recorded:
        def __init__(self, *_: object, verbose: bool, **__: object) -> None:
            asked.append(verbose)

        def run(self) -> int:
            return 0

    monkeypatch.setattr("listener.daemon.Daemon", Recorded)
    shell("run", "--no-web")
    shell("-v", "run", "--no-web")
    assert asked == [False, True]


def test_a_newer_database_ends_with_2(configured: Path, shell: Shell) -> None:
    shell("collect")
    database = sqlite3.connect(configured / "listener.db")
    database.execute("INSERT INTO _sqlite_migrations VALUES (9, 'listener', 'ninth', '')")
    database.commit()
    database.close()
    said = shell("inbox")
    assert said.status == 2
    assert "newer listener" in said.err


def test_a_taken_lock_ends_with_2_and_names_the_first(configured: Path, shell: Shell) -> None:
    shell("collect")
    with DaemonLock(configured / "listener.db") as lock:
        lock.take("run")
        for command in (["run", "--once"], ["collect"], ["digest", "--send"]):
            said = shell(*command)
            assert said.status == 2
            assert "in use by `listener run`" in said.err
        assert shell("inbox").status == 0


def test_every_mistake_of_a_config_has_its_line(configured: Path, shell: Shell) -> None:
    with (configured / "config.toml").open("a") as file:
        file.write('\n[respond.social]\nwithin = "soon"\nwihtin = "1h"\n')
    said = shell("check")
    assert said.status == 2
    assert said.out == ""
    lines = said.err.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("listener: config.toml: [respond.social]") for line in lines)


LISTS = [
    ["inbox"],
    ["inbox", "--state", "waiting", "--subject", "Acme", "--query", "luggage"],
    ["incidents", "--all"],
    ["sources"],
    ["search", "terrible"],
    ["query", "terrible"],
    ["evaluate"],
]


@pytest.mark.parametrize("arguments", LISTS, ids=" ".join)
def test_jsonl_is_all_that_stands_on_stdout(
    heard: Path, shell: Shell, arguments: list[str]
) -> None:
    shell("correct", "drop:1", "--sentiment", "negative")
    said = shell(*arguments, "--format", "jsonl")
    assert said.status == 0
    assert said.rows or arguments[0] == "incidents"
    table = shell(*arguments)
    assert table.status == 0
    assert len(table.out.splitlines()) == (len(said.rows) + 1 if said.rows else 0)


def test_the_inbox_lists_the_brands_most_urgent_first(heard: Path, shell: Shell) -> None:
    rows = shell("inbox", "--format", "jsonl").rows
    assert [row["id"] for row in rows] == ["drop:3", "drop:2", "drop:1"]


def test_people_do_their_work_at_the_shell(heard: Path, shell: Shell) -> None:
    assert shell("assign", "drop:1", "kata").status == 0
    assert shell("link", "drop:1", "CX-7").status == 0
    assert shell("snooze", "drop:1", "2h").status == 0
    assert shell("answer", "drop:2").status == 0
    assert shell("dismiss", "drop:3").status == 0
    (row,) = shell("inbox", "--format", "jsonl").rows
    assert (row["id"], row["assignee"]) == ("drop:1", "kata")
    assert shell("correct", "1", "--sentiment", "positive", "--topic", "joke").status == 0
    assert shell("run", "--once").status == 0
    assert shell("inbox", "--format", "jsonl").rows == []
    corrections = shell("export", "--kind", "corrections").rows
    assert [(row["id"], row["label"]) for row in corrections] == [("drop:1", "positive")]


@pytest.mark.parametrize("kind", ["mentions", "clocks", "incidents", "corrections"])
def test_every_kind_is_exported_in_both_forms(heard: Path, shell: Shell, kind: str) -> None:
    shell("correct", "drop:1", "--sentiment", "negative")
    rows = shell("export", "--kind", kind).rows
    said = shell("export", "--kind", kind, "--format", "csv")
    assert said.status == 0
    table = list(csv.reader(said.out.splitlines()))
    assert len(table) - 1 == len(rows)
    if rows:
        assert table[0] == list(rows[0])


def test_no_cell_of_an_export_is_a_formula(heard: Path, shell: Shell) -> None:
    assert shell("export", "--format", "csv", "--out", "out.csv").status == 0
    with (heard / "out.csv").open(newline="", encoding="utf-8") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert "'=HYPERLINK(Acme) is terrible, I hate it" in cells
    assert not any(cell.startswith(("=", "+", "@")) for cell in cells)


def test_an_export_can_be_imported_elsewhere(heard: Path, shell: Shell) -> None:
    assert shell("export", "--out", "out.jsonl").status == 0
    said = shell("--db", "other.db", "import", "out.jsonl", "--source", "x")
    assert said.status == 0
    assert "4 accepted" in said.out
    again = shell("--db", "other.db", "export").rows
    first = [json.loads(line) for line in (heard / "out.jsonl").read_text().splitlines()]
    for name in ("id", "source", "text", "created_at", "brand", "author"):
        assert [row[name] for row in again] == [row[name] for row in first]


def test_an_import_says_what_became_of_each_line(configured: Path, shell: Shell) -> None:
    lines = [a_line(1), a_line(2), "not json", a_line(4, created_at="soon")]
    file = written(configured / "old.jsonl", lines)
    dry = shell("import", file, "--source", "old", "--dry-run")
    assert dry.status == 3
    assert "4 lines: 2 accepted, 0 updated, 0 unchanged, 2 rejected" in dry.out
    said = shell("import", file, "--source", "old")
    assert said.status == 3
    assert "4 lines: 2 accepted, 0 updated, 0 unchanged, 2 rejected" in said.out
    assert (configured / "old.jsonl.rejects.jsonl").exists()
    again = shell("import", file, "--source", "old")
    assert "4 lines: 0 accepted, 0 updated, 2 unchanged, 2 rejected" in again.out


def test_who_is_forgotten_is_found_no_more(heard: Path, shell: Shell) -> None:
    said = shell("forget", "--author", "drop:person3")
    assert said.rows == [{"forgotten_mentions": 1}]
    assert ".rejects.jsonl" in said.err
    found = [row["id"] for row in shell("search", "terrible", "--format", "jsonl").rows]
    assert found == ["drop:4"]


def test_a_backup_is_restored(heard: Path, shell: Shell) -> None:
    assert shell("backup", "copy.db").status == 0
    assert stat.S_IMODE((heard / "copy.db").stat().st_mode) == 0o600
    shell("forget", "--author", "drop:person3")
    said = shell("restore", "copy.db")
    assert said.status == 0
    assert "The old one is" in said.err
    assert len(shell("search", "terrible", "--format", "jsonl").rows) == 2


def test_a_source_that_fails_ends_with_3_and_the_others_go_on(
    configured: Path, shell: Shell
) -> None:
    with (configured / "config.toml").open("a") as file:
        file.write('\n[collectors.gone]\ntype = "folder"\npath = "missing"\n')
    written(configured / "drop" / "a.jsonl", [a_line(1)])
    said = shell("collect")
    assert said.status == 3
    assert "drop: 1 new" in said.out
    assert "gone:" in said.err
    states = {row["name"]: row["error"] for row in shell("sources", "--format", "jsonl").rows}
    assert states["drop"] is None
    assert states["gone"]


def test_texts_are_labelled_in_their_order(configured: Path, shell: Shell) -> None:
    texts = b'I hate this\n{"text": "I love this", "id": 7}\n{"text": 1}\nWhere is it?\n'
    said = shell("classify", stdin=texts)
    assert said.status == 3
    first, second, third, fourth = said.rows
    assert (first["sentiment"]["label"], second["sentiment"]["label"]) == ("negative", "positive")
    assert second["id"] == 7
    assert third == {"line": 3, "error": third["error"]}
    assert fourth["intent"] == "question"
    for row in (first, second, fourth):
        shares = [row["sentiment"][name] for name in ("negative", "neutral", "positive")]
        assert sum(shares) == pytest.approx(1, abs=0.001)


def test_texts_are_labelled_without_a_config_or_a_database(tmp_path: Path, shell: Shell) -> None:
    (tmp_path / "texts.txt").write_text("I hate this\n")
    said = shell("classify", "texts.txt")
    assert said.status == 0
    assert said.rows[0]["sentiment"]["label"] == "negative"
    assert [f.name for f in tmp_path.iterdir()] == ["texts.txt"]


def test_a_model_is_measured_against_a_file(tmp_path: Path, shell: Shell) -> None:
    lines = [a_line(n, text="I hate this") for n in range(4)]
    file = written(tmp_path / "gold.jsonl", [*lines, a_line(5, text="love it", label="positive")])
    rows = shell("evaluate", file, "--format", "jsonl").rows
    assert {row["language"]: row["n"] for row in rows} == {"en": 5, "all": 5}


def test_a_query_shows_what_it_matches_and_why(tmp_path: Path, shell: Shell) -> None:
    file = written(tmp_path / "old.jsonl", [a_line(1), a_line(2, text="Boreal")])
    said = shell("query", "acme AND parcel", file, "--format", "jsonl")
    (row,) = said.rows
    assert row["id"] == "1"
    assert sorted(term.lower() for term in row["terms"]) == ["acme", "parcel"]
    assert "1 of 2 match" in said.err


def test_a_wrong_query_is_shown_with_the_place(tmp_path: Path, shell: Shell) -> None:
    said = shell("query", "acme AND (boreal", written(tmp_path / "a.jsonl", []))
    assert said.status == 2
    assert "^" in said.err


def test_chinese_is_found_by_two_characters(heard: Path, shell: Shell) -> None:
    (row,) = shell("search", "行李", "--format", "jsonl").rows
    assert row["id"] == "drop:2"


def test_the_config_at_the_root_is_sound(tmp_path: Path, shell: Shell) -> None:
    said = shell("--config", ROOT / "config.toml", "--db", tmp_path / "a.db", "check")
    assert said.status == 0, said.err
    assert "3 subjects" in said.out
    assert "fast@" in said.out


def test_init_asks_and_what_it_writes_is_sound(tmp_path: Path, shell: Shell) -> None:
    answers = "Acme\nx:acmeair\nBoreal\nen, zh-Hant\nEurope/Budapest\ndrop\n\n\n\n"
    said = shell("init", "config.toml", stdin=answers.encode())
    assert said.status == 0, said.err
    assert "Acme (brand) is looked for as" in said.out
    assert shell("check").status == 0
    again = shell("init", "config.toml", stdin=answers.encode())
    assert again.status == 2
    assert "is there already" in again.err


def test_a_digest_is_shown_and_written(heard: Path, shell: Shell) -> None:
    said = shell("digest")
    assert said.status == 0
    assert "Acme" in said.out
    assert shell("digest", "--html", "a.html", "--text", "a.txt").out == ""
    assert "<html" in (heard / "a.html").read_text(encoding="utf-8")
    assert "Acme" in (heard / "a.txt").read_text(encoding="utf-8")


def test_a_digest_that_nobody_gets_is_a_mistake(heard: Path, shell: Shell) -> None:
    said = shell("digest", "--send")
    assert said.status == 2
    assert "[notify.email]" in said.err


def test_an_answer_is_given_once(heard: Path, shell: Shell) -> None:
    assert "is answered" in shell("answer", "drop:1").err
    again = shell("answer", "drop:1")
    assert again.status == 0
    assert "drop:1 was already answered at 20" in again.err
    assert "is answered" in shell("answer", "drop:1", "--at", ago(3)).err


def test_a_notice_is_written_and_its_incident_explained(heard: Path, shell: Shell) -> None:
    late = [a_line(9, text="Acme is awful, I hate it", created_at=ago(90))]
    written(heard / "drop" / "late.jsonl", late)
    assert shell("collect").status == 0
    assert shell("run", "--once").status == 0
    lines = [json.loads(x) for x in (heard / "notices.jsonl").read_text().splitlines()]
    assert [(x["event"], x["mentions"]) for x in lines] == [("response.overdue", ["drop:9"])]
    (row,) = shell("incidents", "--format", "jsonl").rows
    (receipt,) = shell("explain", row["id"], "--format", "jsonl").rows
    assert receipt["evidence"]["within_s"] == 3600
    assert shell("ack", row["id"]).status == 0
    assert shell("resolve", row["id"]).status == 0
    assert shell("incidents").err.strip() == "no incident is open."
    assert "resolved" in shell("explain", row["id"]).out
    assert shell("run", "--once").status == 0
    assert len((heard / "notices.jsonl").read_text().splitlines()) == 1


def test_a_test_message_is_sent(configured: Path, shell: Shell) -> None:
    assert shell("send-test").status == 0
    assert len((configured / "notices.jsonl").read_text().splitlines()) == 1


def test_what_was_set_aside_is_tried_again(heard: Path, shell: Shell) -> None:
    said = shell("retry")
    assert said.status == 0
    assert "0 texts and 0 messages" in said.err


def test_a_table_is_safe_to_print(configured: Path, shell: Shell) -> None:
    text = "Acme \x1b[31mawful\x07 \u202eline\nbreak 行李 terrible, I hate it"
    written(configured / "drop" / "a.jsonl", [a_line(1, text=text, created_at=ago(1))])
    shell("run", "--once")
    said = shell("inbox")
    assert not set(said.out) & set("\x1b\x07\u202e")
    assert len(said.out.splitlines()) == 2


def test_replay_prints_notices_alone_and_leaves_four_files(configured: Path, shell: Shell) -> None:
    lines = [a_line(n, created_at=f"2026-11-20T12:0{n}:00Z") for n in range(3)]
    file = written(configured / "old.jsonl", [*lines, "not json"])
    said = shell("replay", file, "--labels", "given", "--until-quiet", "--out", "played")
    assert said.status == 3
    assert "old.jsonl:4" in said.err
    assert {row["event"] for row in said.rows} == {"response.due_soon", "response.overdue"}
    names = sorted(f.name for f in (configured / "played").iterdir())
    assert names == ["digest.html", "digest.txt", "listener.db", "notices.jsonl"]
    assert (configured / "played" / "notices.jsonl").read_text() == said.out
    again = shell("replay", file, "--labels", "given", "--out", "played")
    assert again.status == 2
    assert "is there already" in again.err
