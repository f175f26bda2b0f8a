"""Lines of JSONL and CSV as people and programs really write them."""

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listener.files import (
    LONGEST_LINE,
    Line,
    RejectFile,
    is_mentions_file,
    json_line,
    read_lines,
    read_texts,
    source_of,
    write_csv,
    write_jsonl,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def lines_of(folder: Path, name: str, data: bytes | str, **how: Any) -> list[Line]:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return list(read_lines(path, **how))


def rows(lines: list[Line]) -> list[Any]:
    return [line.row for line in lines if line.row is not None]


def reasons(lines: list[Line]) -> list[tuple[int, str]]:
    return [(line.number, line.reason) for line in lines if line.row is None]


GOOD = '{"text": "good"}\n'


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"not json", "this is no JSON: Expecting value at character 1"),
        (b'{"a": 1', "this is no JSON: Expecting ',' delimiter at character 8"),
        (b"[1]", "this is no JSON object but a list"),
        (b'"text"', "this is no JSON object but a str"),
        (b"null", "this is no JSON object but a NoneType"),
        (b'{"a": NaN}', "NaN is no value that JSON knows"),
        (b'{"a": -Infinity}', "-Infinity is no value that JSON knows"),
        (b'{"a": "\xe9"}', "this is not UTF-8: byte 8"),
        (b'{"a":' * 100_000, "the JSON is nested too deep"),
        (b"[" * 100_000, "the JSON is nested too deep"),
        (b'{"a": "' + b"x" * LONGEST_LINE + b'"}', "the line is longer than 1,000,000 bytes"),
        (b'{"a": "' + b"x" * 3 * LONGEST_LINE + b'"}', "the line is longer than 1,000,000 bytes"),
    ],
    ids=range(12),
)
def test_a_bad_line_of_jsonl_is_told_and_stops_nothing(
    folder: Path, bad: bytes, reason: str
) -> None:
    lines = lines_of(folder, "a.jsonl", GOOD.encode() + bad + b"\n\n" + GOOD.encode())
    assert reasons(lines) == [(2, reason)]
    assert rows(lines) == [{"text": "good"}] * 2
    assert [line.number for line in lines] == [1, 2, 4]
    assert lines[-1].end_offset == (folder / "a.jsonl").stat().st_size


def test_a_number_of_too_many_digits_is_told(folder: Path) -> None:
    ((number, reason),) = reasons(lines_of(folder, "a.jsonl", '{"a": ' + "9" * 5000 + "}\n"))
    assert number == 1
    assert "4300 digits" in reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_text_of_any_script_is_read_in_any_encoding(folder: Path, encoding: str, end: str) -> None:
    # U+0A0A and U+010A hold the byte of a line break
    texts = ["ਊĊ", "你好", "őű", "👍", "a\u2028b"]
    data = "".join(json.dumps({"text": text}, ensure_ascii=False) + end for text in texts)
    lines = lines_of(folder, "a.jsonl", data.encode(encoding))
    assert [row["text"] for row in rows(lines)] == texts
    table = "text,n" + end + "".join(f'"{text}",1{end}' for text in texts)
    lines = lines_of(folder, "a.csv", table.encode(encoding))
    assert [row["text"] for row in rows(lines)] == texts


def test_utf_16_without_little_end_is_read(folder: Path) -> None:
    data = b"\xfe\xff" + "text\nĊਊ\nb".encode("utf-16-be")
    assert rows(lines_of(folder, "a.csv", data)) == [{"text": "Ċਊ"}, {"text": "b"}]


def test_windows_letters_are_read_where_a_line_is_no_utf_8(folder: Path) -> None:
    data = b"text\n" + "Café – 5 €\n".encode("cp1252") + "Tschüß\n".encode()
    assert rows(lines_of(folder, "a.csv", data)) == [{"text": "Café – 5 €"}, {"text": "Tschüß"}]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_by_the_first_line(folder: Path, delimiter: str) -> None:
    data = f'"a,;|b"{delimiter}c\n1,5{delimiter}2\n' if delimiter != "," else '"a;|b",c\n"1,5",2\n'
    (row,) = rows(lines_of(folder, "a.csv", data))
    assert list(row.values()) == ["1,5", "2"]


def test_excel_says_its_delimiter_itself(folder: Path) -> None:
    lines = lines_of(folder, "a.csv", "sep=;\na;b\n1;2\n")
    assert rows(lines) == [{"a": "1", "b": "2"}]
    assert lines[0].number == 3


def test_one_column_is_a_table_too(folder: Path) -> None:
    assert rows(lines_of(folder, "a.csv", "text\nhello\n")) == [{"text": "hello"}]


def test_line_breaks_and_quotes_within_quotes_belong_to_the_text(folder: Path) -> None:
    data = 'id,text\n1,"one\ntwo ""quoted""\n\nthree"\n2,plain 5" screen\n'
    lines = lines_of(folder, "a.csv", data)
    assert [row["text"] for row in rows(lines)] == ['one\ntwo "quoted"\n\nthree', 'plain 5" screen']
    assert [(line.number, line.end_number) for line in lines] == [(2, 5), (6, 6)]


def test_two_columns_of_one_name_are_refused(folder: Path) -> None:
    lines = lines_of(folder, "a.csv", "id,text,text\n1,a,b\n")
    assert reasons(lines) == [(1, "two columns are called 'text'; rename one of them")]
    assert len(lines) == 1


def test_columns_without_a_name_are_passed_over(folder: Path) -> None:
    assert rows(lines_of(folder, "a.csv", "id,,text,\n1,x,a,\n")) == [{"id": "1", "text": "a"}]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("1", "the line has 1 column, the first line has 2"),
        ("1,2,3", "the line has 3 columns, the first line has 2"),
        ('1,"never closed', "a quote is opened here and never closed"),
        ('1,"a" b', "this is no CSV: ',' expected after '\"'"),
        ("1," + "x" * 200_000, "this is no CSV: field larger than field limit (131072)"),
        ("1," + "x" * LONGEST_LINE, "the line is longer than 1,000,000 bytes"),
    ],
    ids=range(6),
)
@pytest.mark.parametrize("after", [1, 3, 2000])
def test_a_bad_line_of_csv_costs_that_line_only(
    folder: Path, bad: str, reason: str, after: int
) -> None:
    good = '7,"some\ntext"\n'
    lines = lines_of(folder, "a.csv", f"id,text\n{good}{bad}\n{good * after}")
    assert reasons(lines) == [(4, reason)]
    assert len(rows(lines)) == 1 + after


def test_extra_empty_cells_are_forgiven_and_empty_lines_passed_over(folder: Path) -> None:
    lines = lines_of(folder, "a.csv", "a,b\n1,2,,\n\n,\n3,4\n")
    assert rows(lines) == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.csv.gz", "a.jsonl.gz", "a", "a.json"])
def test_an_empty_file_has_no_lines(folder: Path, name: str) -> None:
    assert lines_of(folder, name, b"") == []


def test_a_file_without_an_ending_is_known_by_its_first_letter(folder: Path) -> None:
    assert rows(lines_of(folder, "export", GOOD)) == [{"text": "good"}]
    assert rows(lines_of(folder, "export", "text\ngood\n")) == [{"text": "good"}]


MANY_JSONL = "".join(f'{{"text": "line {n}"}}\n' for n in range(20)) + "bad\n" + GOOD
MANY_CSV = 'id,text\n1,"a\nb"\n2,c\nbad\n3,"x\n' + "".join(f'{n},"é\n{n}"\n' for n in range(9))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jsonl", MANY_JSONL.encode()),
        ("a.csv", MANY_CSV.encode()),
        ("b.csv", MANY_CSV.encode("utf-16")),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_reading_goes_on_after_any_line(folder: Path, name: str, data: bytes, packed: bool) -> None:
    if packed:
        name, data = f"{name}.gz", gzip.compress(data)
    whole = lines_of(folder, name, data)
    assert len(whole) > 9
    for count, line in enumerate(whole, start=1):
        again = read_lines(folder / name, offset=line.end_offset, number=line.end_number)
        assert list(again) == whole[count:]


@pytest.mark.parametrize(
    ("name", "done", "begun", "rest"),
    [
        ("a.jsonl", GOOD, '{"text": "ha', 'lf"}\n'),
        ("a.jsonl", GOOD, '{"text": "whole"}', "\n"),
        ("a.csv", "text,n\ngood,1\n", "ha", "lf,2\n"),
        ("a.csv", "text,n\ngood,1\n", '"half,2\n', 'more",3\n'),
        ("a.csv", "text,n\ngood,1\n", '"half', '\nmore",3\n'),
    ],
)
def test_a_last_line_that_is_not_all_there_is_left_for_later(
    folder: Path, name: str, done: str, begun: str, rest: str
) -> None:
    first = lines_of(folder, name, done + begun, whole=False)
    assert len(first) == 1
    place = {"offset": first[-1].end_offset, "number": first[-1].end_number}
    second = lines_of(folder, name, done + begun + rest, whole=False, **place)
    assert len(rows(second)) == 1
    assert first + second == lines_of(folder, name, done + begun + rest)


def test_a_last_line_without_a_break_is_read_when_the_file_is_whole(folder: Path) -> None:
    assert rows(lines_of(folder, "a.jsonl", GOOD.strip())) == [{"text": "good"}]
    assert rows(lines_of(folder, "a.csv", "text\ngood")) == [{"text": "good"}]


def test_a_first_line_that_is_not_all_there_is_left_for_later(folder: Path) -> None:
    assert lines_of(folder, "a.csv", "id,te", whole=False) == []


def test_a_damaged_packed_file_gives_what_can_be_unpacked(folder: Path) -> None:
    packed = gzip.compress("".join(f'{{"n": {n * 7919}}}\n' for n in range(5000)).encode())
    lines = lines_of(folder, "a.jsonl.gz", packed[: len(packed) // 2])
    assert reasons(lines)[0][1] == "the packed file is damaged, or ends in the middle"
    assert len(rows(lines)) > 100
    assert reasons(lines_of(folder, "a.jsonl.gz", packed[: len(packed) // 2], whole=False)) == []


def test_a_packed_bomb_is_one_long_line(folder: Path) -> None:
    lines = lines_of(folder, "a.jsonl.gz", gzip.compress(b"0" * 50_000_000))
    assert reasons(lines) == [(1, "the line is longer than 1,000,000 bytes")]


def test_a_file_that_is_not_there_is_an_error(folder: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        list(read_lines(folder / "none.jsonl"))


@settings(max_examples=200, deadline=None)
@given(
    data=st.binary(max_size=400)
    | st.text('a"\n\r,;{}[]: é\ud83d\0', max_size=80).map(lambda t: t.encode("utf-8", "replace"))
    | st.binary(max_size=200).map(gzip.compress)
    | st.binary(max_size=60).map(lambda tail: gzip.compress(b'{"a": 1}\n' * 5)[:30] + tail),
    prefix=st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"a,b\n", b"\x1f\x8b"]),
    name=st.sampled_from(["x.csv", "x.jsonl", "x.csv.gz", "x"]),
    whole=st.booleans(),
)
def test_whatever_the_bytes_nothing_is_raised_and_places_only_grow(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, prefix: bytes, name: str, whole: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(prefix + data)
    lines = list(read_lines(path, whole=whole))
    for line in lines:
        assert (line.row is None) == bool(line.reason)
    places = [(line.end_offset, line.end_number) for line in lines]
    assert places == sorted(places)
    for count, line in enumerate(lines, start=1):
        again = read_lines(path, offset=line.end_offset, number=line.end_number, whole=whole)
        assert list(again) == lines[count:] or "packed" in lines[-1].reason


cells = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(deadline=None)
@given(st.lists(st.lists(cells, min_size=2, max_size=2).filter(any), max_size=6))
def test_a_table_that_was_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, table: list[list[str]]
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerows([["a", "b"], *table])
    lines = lines_of(tmp_path_factory.getbasetemp(), "t.csv", text.getvalue())
    assert [list(row.values()) for row in rows(lines)] == table


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("airline.jsonl.gz", "airline"),
        ("My export (3).csv", "My-export-3"),
        ("a:b.jsonl", "a-b"),
        ("評論.csv", "評論"),
        ("dev.2024.jsonl", "dev.2024"),
        ("..jsonl", "file"),
        ("plain", "plain"),
    ],
)
def test_a_file_names_its_source(name: str, source: str) -> None:
    assert source_of(Path("/some/where") / name) == source


@pytest.mark.parametrize("name", ["a.jsonl", "A.CSV", "a.tsv", "a.ndjson.gz"])
def test_files_of_mentions_are_for_us(name: str) -> None:
    assert is_mentions_file(Path(name))


@pytest.mark.parametrize(
    "name", [".a.jsonl", "a.jsonl.rejects.jsonl", "a.csv.part", "a.jsonl.tmp", "a.txt", "a.gz"]
)
def test_others_are_not(name: str) -> None:
    assert not is_mentions_file(Path(name))


def test_lines_of_plain_text_are_rows_with_a_text(folder: Path) -> None:
    path = folder / "a.txt"
    path.write_bytes(b'a, b\r\n\n{"text": "c"}\n\xff\nlast')
    lines = list(read_texts(path))
    assert rows(lines) == [{"text": "a, b"}, {"text": '{"text": "c"}'}, {"text": "last"}]
    assert reasons(lines) == [(4, "this is not UTF-8: byte 1")]
    assert lines[-1].number == 5


def test_a_rejected_line_is_kept_once(folder: Path) -> None:
    bad = [(3, "no JSON", "x\ud83d"), (5, "no JSON", "é")]
    keeper = RejectFile(folder / "a.jsonl")
    assert keeper.add(bad) == 2
    assert keeper.add(bad) == 0
    assert RejectFile(folder / "a.jsonl").add([*bad, (7, "no JSON", "z")]) == 1
    kept = [json.loads(line) for line in keeper.path.read_text().splitlines()]
    assert [(one["line"], one["reason"]) for one in kept] == [(n, "no JSON") for n in (3, 5, 7)]
    assert kept[1]["content"] == "é"
    assert keeper.path.name == "a.jsonl.rejects.jsonl"


def test_what_a_crash_left_half_written_is_written_anew(folder: Path) -> None:
    bad = [(3, "no JSON", "x"), (5, "no JSON", "y")]
    keeper = RejectFile(folder / "a.jsonl")
    keeper.add(bad)
    whole = keeper.path.read_bytes()
    keeper.path.write_bytes(whole[:-10])
    RejectFile(folder / "a.jsonl").add(bad)
    assert keeper.path.read_bytes() == whole


def test_another_file_of_the_same_name_adds_its_own(folder: Path) -> None:
    RejectFile(folder / "a.jsonl").add([(3, "no JSON", "x")])
    assert RejectFile(folder / "a.jsonl").add([(3, "no JSON", "other")]) == 1


def test_no_cell_of_an_export_is_a_formula() -> None:
    out = io.StringIO()
    hostile = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x"]
    rows = [{"text": text, "n": -5, "list": ["a", "b"], "no": None} for text in hostile]
    write_csv(out, ["text", "n", "list", "no"], rows)
    head, *lines = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert head == ["text", "n", "list", "no"]
    assert [line[0] for line in lines] == [f"'{text}" for text in hostile]
    assert {tuple(line[1:]) for line in lines} == {("-5", "a; b", "")}


def test_an_export_as_jsonl_loses_nothing() -> None:
    out = io.StringIO()
    row = {"text": "=é\n👍", "stars": 4.5, "topics": ["a"], "half": "\ud83d"}
    write_jsonl(out, [row, {"text": "é"}])
    assert [json.loads(line) for line in out.getvalue().splitlines()] == [row, {"text": "é"}]
    assert json_line({"a": "é"}) == '{"a": "é"}'


def test_a_quote_that_is_never_closed_does_not_hold_up_a_growing_file_for_ever(
    folder: Path,
) -> None:
    lines = lines_of(folder, "a.csv", 'id,text\n1,"open\n' + "2,fine\n" * 600, whole=False)
    assert reasons(lines) == [(2, "a quote is opened here and never closed")]
    assert len(rows(lines)) == 600
