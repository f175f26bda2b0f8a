"""Queries tried at the shell: on files, on the store, and for services that search for us."""

import gzip
from pathlib import Path

import pytest

from tests.builders import a_line, written
from tests.cli.conftest import CONFIG, Shell

LONG = "It took them a hundred years to bring it, it was wet and smelled of fish, " * 3


def a_file(folder: Path) -> Path:
    return written(
        folder / "old.jsonl",
        [
            a_line(1, text="Acme lost a parcel", created_at="2026-11-20T10:00:00Z"),
            a_line(2, text="acmeair and a parcel", created_at="2026-11-21T10:00:00Z"),
            a_line(3, text="acme parcel, coyote", created_at="2026-11-21T11:00:00Z"),
            a_line(4, text="nothing of it", created_at="2026-11-21T12:00:00Z"),
            a_line(5, text=f"{LONG} Acme parcel", created_at="2026-11-22T23:30:00Z"),
        ],
    )


def test_a_query_shows_what_it_matches_where_and_why(tmp_path: Path, shell: Shell) -> None:
    said = shell("query", "acme AND parcel NOT coyote", a_file(tmp_path), "--format", "jsonl")
    first, _ = said.rows
    assert first == {
        "id": "1",
        "terms": ["acme", "parcel"],
        "places": [[0, 4, "acme"], [12, 18, "parcel"]],
        "text": "Acme lost a parcel",
    }
    assert (said.status, said.err) == (0, "2 of 5 match.\n")


def test_what_nearly_matches_is_shown_with_the_reason(tmp_path: Path, shell: Shell) -> None:
    said = shell("query", "acme parcel NOT coyote", a_file(tmp_path))
    table = said.out.split("\n\n")[1].splitlines()
    assert table[0] == "nearly:"
    assert [line.split()[0] for line in table[1:]] == ["id", "3", "2"]
    assert "excluded by coyote at character 14" in table[2]
    assert 'acme stands inside of "acmeair"' in table[3]
    assert "2 nearly: 1 excluded, 1 inside." in said.err


def test_programs_get_what_nearly_matches_when_they_ask(tmp_path: Path, shell: Shell) -> None:
    file = a_file(tmp_path)
    rows = shell("query", "acme parcel NOT coyote", file, "--format", "jsonl", "--nearly", 1).rows
    assert [row.get("nearly") for row in rows] == [None, None, "excluded by coyote at character 14"]
    assert rows[2]["places"] == [[13, 19, "coyote"]]
    assert "nearly" not in shell("query", "acme parcel", file, "--nearly", 0).out


def test_of_each_kind_of_nearness_something_is_shown(tmp_path: Path, shell: Shell) -> None:
    texts = [*["acmeair"] * 5, *["acne"] * 5, *["acme coyote"] * 5]
    file = written(tmp_path / "a.jsonl", [a_line(n, text=text) for n, text in enumerate(texts)])
    rows = shell("query", "acme -coyote", file, "--nearly", 4, "--format", "jsonl").rows
    assert [row["text"] for row in rows] == ["acme coyote", "acme coyote", "acmeair", "acne"]


def test_a_long_text_is_shown_around_its_first_place(tmp_path: Path, shell: Shell) -> None:
    row = shell("query", "acme parcel -lost -coyote", a_file(tmp_path)).out.splitlines()[1]
    assert row.endswith("smelled of fish, Acme parcel")
    assert "  …" in row
    assert "\x1b" not in row  # nobody looks at a file in bold


def test_days_are_counted_also_those_without_a_match(tmp_path: Path, shell: Shell) -> None:
    out = shell("query", "acme parcel -coyote", a_file(tmp_path), "--nearly", 0).out
    days = [line.split() for line in out.split("\n\n")[-1].splitlines()]
    assert [day[:2] for day in days] == [["2026-11-20", "1"], ["2026-11-21", "0"],
                                         ["2026-11-22", "1"]]  # fmt: skip
    assert [len("".join(day[2:])) for day in days] == [40, 0, 40]


def test_of_a_long_time_months_are_counted(tmp_path: Path, shell: Shell) -> None:
    times = ["2026-01-05T10:00:00Z", "2026-01-06T10:00:00Z", "2026-11-20T10:00:00Z"]
    lines = [a_line(n, text="acme", created_at=at) for n, at in enumerate(times)]
    out = shell("query", "acme", written(tmp_path / "a.jsonl", lines)).out
    assert [line.split()[:2] for line in out.split("\n\n")[-1].splitlines()] == [
        ["2026-01", "2"],
        ["2026-11", "1"],
    ]


def test_fields_are_asked_of_what_the_file_tells(tmp_path: Path, shell: Shell) -> None:
    (tmp_path / "a.csv").write_text("nr,text,stars\n1,late,1\n2,late,5\n", encoding="utf-8")
    asked = ("query", "stars:<=2 channel:review source:a", "a.csv", "--map", "id=nr")
    assert [row["id"] for row in shell(*asked, "--format", "jsonl").rows] == ["1"]
    said = shell("query", "late state:open", "a.csv")
    assert "state: known of stored mentions only" in said.err


def test_lines_of_plain_text_are_read_packed_or_not(tmp_path: Path, shell: Shell) -> None:
    (tmp_path / "a.txt").write_text("hello, acme\n\n, air\n", encoding="utf-8")
    with gzip.open(tmp_path / "b.txt.gz", "wt", encoding="utf-8") as packed:
        packed.write("hello, acme\n")
    assert shell("query", "acme", "a.txt", "--format", "jsonl").rows[0]["id"] == "line 1"
    assert "1 of 2 match" in shell("query", "acme", "a.txt").err
    assert "1 of 1 match" in shell("query", "acme", "b.txt.gz").err


def test_a_bad_line_is_counted_and_named_and_stops_nothing(tmp_path: Path, shell: Shell) -> None:
    file = tmp_path / "a.jsonl"
    lines = ['{"text": "acme"}', "no json", '{"text": "acme", "created_at": "soon"}'] + ["{}"] * 30
    file.write_text("\n".join(lines), encoding="utf-8")
    said = shell("query", "acme", file, "--format", "jsonl")
    assert said.status == 3
    assert [row["id"] for row in said.rows] == ["line 1"]
    assert "1 of 1 match." in said.err  # what cannot be read is no part of them
    assert "a.jsonl:2: this is no JSON" in said.err
    assert "a.jsonl:3: created_at is no time" in said.err
    assert "32 lines could not be read." in said.err
    assert len(said.err.splitlines()) == 22


def test_a_damaged_file_is_told_as_one_bad_line(tmp_path: Path, shell: Shell) -> None:
    whole = gzip.compress(b"acme one\n" * 10_000)
    (tmp_path / "a.txt.gz").write_bytes(whole[:-20])
    said = shell("query", "acme", "a.txt.gz", "--limit", 1)
    assert said.status == 3
    assert "damaged" in said.err


def test_a_wrong_query_is_shown_with_the_place(tmp_path: Path, shell: Shell) -> None:
    said = shell("query", "acme AND (boreal", written(tmp_path / "a.jsonl", []))
    assert said.status == 2
    lines = said.err.splitlines()
    assert lines[1].index("^") == lines[0].index("boreal") + len("boreal")
    assert 'expected ")" at character 17' in lines[2]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "say what to look for"),
        (("acme", "--inflect", "xx"), "--inflect 'xx': there is ar"),
        (("--pack", "nothing"), "--pack 'nothing': there is jobs"),
        (("acme", "old.jsonl", "--explain"), "leave FILE out"),
        (("acme", "--service", "nowhere"), "'nowhere'"),
    ],
)
def test_what_cannot_be_done_is_said(
    tmp_path: Path, shell: Shell, arguments: tuple[str, ...], words: str
) -> None:
    a_file(tmp_path)
    said = shell("query", *arguments)
    assert said.status == 2
    assert words in said.err


def test_inflected_forms_are_found_when_asked(tmp_path: Path, shell: Shell) -> None:
    (tmp_path / "a.txt").write_text("a repülővel jött\n", encoding="utf-8")
    assert "0 of 1 match." in shell("query", "repülő", "a.txt").err
    assert "1 of 1 match." in shell("query", "repülő", "a.txt", "--inflect", "hu").err


def test_a_pack_is_printed_as_a_query(tmp_path: Path, shell: Shell) -> None:
    from listener.domain.query import parse  # noqa: PLC0415

    printed = shell("query", "--pack", "jobs").out
    (tmp_path / "a.txt").write_text("Acme is hiring\n", encoding="utf-8")
    assert parse(printed).match("Acme is hiring: apply now") == ("is hiring", "apply now")


def test_the_store_is_asked_without_a_file(heard: Path, shell: Shell) -> None:
    said = shell("query", "terrible hate -boreal", "--format", "jsonl", "--explain")
    (row,) = said.rows
    assert row["id"] == "drop:3"
    assert row["terms"] == ["terrible", "hate"]
    assert [row["text"][start:end] for start, end, _ in row["places"]] == ["terrible", "hate"]
    assert "1 match." in said.err
    assert "asked:" in said.err


def test_of_the_store_too_what_is_near_and_the_days_are_shown(heard: Path, shell: Shell) -> None:
    said = shell("query", "terrible NOT boreal", "--limit", 1)
    rows, nearly, days = said.out.split("\n\n")
    assert rows.splitlines()[1].startswith("drop:3")
    assert nearly.splitlines()[2].startswith("drop:4  excluded by boreal at character 1")
    assert days.split()[1] == "1"
    assert "1 nearly: 1 excluded." in said.err
    assert "nearly" not in shell("query", "terrible topic:food").out
    (row,) = shell("query", "luggagex", "--format", "jsonl", "--nearly", 5).rows
    assert (row["id"], row["nearly"]) == ("drop:1", '"luggage" is one slip from luggagex')


def test_it_is_told_how_a_service_is_asked(shell: Shell) -> None:
    said = shell("query", "acme parcel", "--service", "hacker_news")
    assert said.status == 0
    assert '"acme" "parcel"' in said.out


@pytest.mark.parametrize("service", ["x", "hacker_news"])
def test_what_a_service_cannot_be_asked_is_no_success(shell: Shell, service: str) -> None:
    said = shell("query", "lang:hu", "--service", service)
    assert said.status == 3
    assert said.out.startswith("nothing of it can be asked at ")
    assert said.out.endswith(": it has no word to look for\n")


WRONG = '[[subjects]]\nname = "Wrong"\nquery = "acme AND ("\n[rules.nothing]\n'


def test_a_service_is_asked_whatever_is_wrong_elsewhere_in_the_config(
    tmp_path: Path, shell: Shell
) -> None:
    config = f'{CONFIG}\n[collectors.hn]\ntype = "hacker_news"\n{WRONG}'
    (tmp_path / "config.toml").write_text(config, encoding="utf-8")
    for name in ("hacker_news", "hn"):
        said = shell("query", "acme OR source:hn delta", "--service", name)
        assert (said.status, said.err) == (0, "")
        assert '"acme"' in said.out
    said = shell("query", "acme source:hn", "--service", "hacker_news")
    assert said.status == 0
    assert shell("query", "acme -source:hn", "--service", "hn").status == 3


def test_a_source_that_is_asked_must_be_right_itself(tmp_path: Path, shell: Shell) -> None:
    config = f'{CONFIG}\n[collectors.hn]\ntype = "hacker_news"\nnews = 1\n'
    (tmp_path / "config.toml").write_text(config, encoding="utf-8")
    said = shell("query", "acme", "--service", "hn")
    assert said.status == 2
    assert "[collectors.hn] news is unknown" in said.err


def test_a_service_is_asked_at_best_where_the_config_cannot_be_read(
    tmp_path: Path, shell: Shell
) -> None:
    (tmp_path / "config.toml").write_text('[[subjects]]\nname = "Acm\n', encoding="utf-8")
    said = shell("query", "acme", "--service", "hacker_news")
    assert (said.status, said.out) == (0, '"acme"\n')
    assert said.err.startswith("note: config.toml: line 2")
    assert shell("query", "acme", "--service", "hn").status == 2
