"""The folder: files that are dropped, grow, are replaced, half-written or broken."""

import gzip
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listener.collectors.folder import PAGE_LINES, Folder
from listener.domain.mention import Channel
from listener.errors import CollectorError, Trouble
from tests.collectors.conformance import NOW, CollectorContract, Reader, World

GOLDEN = Path(__file__).parents[1] / "golden" / "collectors" / "folder"
SHARED = Path(__file__).parents[3] / "shared" / "fixtures" / "imports"
LONG_AGO = (NOW - timedelta(days=1)).timestamp()


@pytest.fixture
def drop(tmp_path: Path) -> Callable[..., Path]:
    """Write a file into the folder, as done a while ago, or `fresh`."""
    (tmp_path / "drop").mkdir()

    def write(name: str, data: str | bytes, fresh: bool = False) -> Path:
        path = tmp_path / "drop" / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        touched = NOW.timestamp() if fresh else LONG_AGO
        os.utime(path, (touched, touched))
        return path

    return write


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(path=tmp_path / "drop", name="folder")


def lines(*ids: object, **more: Any) -> str:
    row = {"text": "hello", "created_at": "2026-11-22T10:00:00Z", **more}
    return "".join(json.dumps({"id": str(one), **row}) + "\n" for one in ids)


def ids(reader: Reader) -> list[str]:
    return sorted(source_id for _, source_id in reader.mentions)


class TestContract(CollectorContract):
    golden_name = "folder"

    @pytest.fixture
    def world(self, tmp_path: Path) -> World:
        shutil.copytree(GOLDEN, tmp_path / "in")
        for path in (tmp_path / "in").iterdir():
            os.utime(path, (LONG_AGO, LONG_AGO))
        made = Folder(path=tmp_path / "in", name="shop", timezone="Europe/Budapest")
        return World(make=lambda: replace(made), count=7)

    @pytest.fixture
    def many(self, drop: Callable[..., Path], folder: Folder) -> World:
        drop("a.jsonl", lines(*range(5_000)))
        drop("b.jsonl.gz", gzip.compress(lines(*range(5_000, 10_000)).encode()))
        return World(make=lambda: replace(folder), count=10_000)


def test_files_are_read_in_the_order_of_their_names(
    folder: Folder, drop: Callable[..., Path]
) -> None:
    drop("b.jsonl", lines("b"))
    drop("a.csv", "id,text,created_at\na,hi,2026-11-22\n")
    batch = folder.fetch(None, NOW)
    assert [mention.source_id for mention in batch.mentions] == ["a", "b"]
    assert batch.complete
    assert {mention.source for mention in batch.mentions} == {"folder"}


def test_what_is_appended_is_read_and_what_was_read_is_not(
    folder: Folder, drop: Callable[..., Path]
) -> None:
    path = drop("a.jsonl", lines(1, 2))
    reader = Reader().read(folder)
    with path.open("a") as stream:
        stream.write(lines(3))
    batch = reader.page(replace(folder))
    assert [mention.source_id for mention in batch.mentions] == ["3"]


def test_a_grown_table_remembers_its_columns(folder: Folder, drop: Callable[..., Path]) -> None:
    head = "id;text;created_at;stars\n"
    path = drop("a.csv", head + "1;hi;2026-11-22;4,5\n")
    reader = Reader().read(folder)
    with path.open("a") as stream:
        stream.write('2;"two\nlines";2026-11-22;1\nbroken\n')
    batch = reader.page(replace(folder))
    assert [(one.source_id, one.stars) for one in batch.mentions] == [("2", 1.0)]
    assert [reject.place for reject in batch.rejects] == ["a.csv:5"]


def test_a_half_written_line_is_left_for_the_next_pass(
    folder: Folder, drop: Callable[..., Path]
) -> None:
    whole = lines(1, 2)
    drop("a.jsonl", whole[:-20], fresh=True)
    reader = Reader().read(folder)
    assert ids(reader) == ["1"]
    drop("a.jsonl", whole, fresh=True)
    assert ids(reader.read(folder)) == ["1", "2"]
    assert not any(batch.rejects for batch in reader.batches)


def test_a_last_line_without_a_break_is_read_after_a_minute(
    folder: Folder, drop: Callable[..., Path]
) -> None:
    drop("a.jsonl", lines(1, 2).rstrip(), fresh=True)
    reader = Reader().read(folder)
    assert ids(reader) == ["1"]
    reader.now = NOW + timedelta(seconds=59)
    assert ids(reader.read(folder)) == ["1"]
    reader.now = NOW + timedelta(seconds=60)
    assert ids(reader.read(folder)) == ["1", "2"]
    assert reader.page(folder).mentions == ()


def test_a_file_that_was_replaced_is_read_anew(folder: Folder, drop: Callable[..., Path]) -> None:
    drop("a.jsonl", lines(1, 2))
    reader = Reader().read(folder)
    drop("a.jsonl", lines(7, 8, 9))
    assert ids(reader.read(folder)) == ["1", "2", "7", "8", "9"]
    drop("a.jsonl", lines(10))
    assert "10" in ids(reader.read(folder))


def test_a_longer_file_with_the_same_beginning_is_read_anew_where_it_differs(
    folder: Folder, drop: Callable[..., Path]
) -> None:
    drop("a.jsonl", lines(*range(100)) + lines("old", text="x" * 400))
    reader = Reader().read(folder)
    drop("a.jsonl", lines(*range(100)) + lines("new", text="y" * 900))
    reader.read(folder)
    assert {"old", "new"} <= set(ids(reader))
    assert not any(batch.rejects for batch in reader.batches)


def test_a_file_moved_back_with_another_place_on_the_disk_is_still_known(
    folder: Folder, drop: Callable[..., Path]
) -> None:
    path = drop("a.jsonl", lines(1, 2))
    reader = Reader().read(folder)
    shutil.copy(path, path.with_suffix(".tmp"))
    path.with_suffix(".tmp").replace(path)
    assert reader.page(folder).mentions == ()


def test_bad_lines_go_to_a_file_beside_and_only_once(
    folder: Folder, drop: Callable[..., Path]
) -> None:
    path = drop("a.jsonl", lines(1) + "bad\n" + lines(2) + '{"text": "x"}\n')
    batch = folder.fetch(None, NOW)
    folder.committed(batch)
    folder.committed(batch)
    replace(folder).committed(batch)
    kept = path.with_name("a.jsonl.rejects.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in kept] == [
        {"line": 2, "reason": "this is no JSON: Expecting value at character 1", "content": "bad"},
        {"line": 4, "reason": "created_at is missing", "content": '{"text": "x"}'},
    ]
    assert len(folder.fetch(None, NOW).mentions) == 2


def test_a_folder_that_may_not_be_written_stops_nothing(
    folder: Folder, drop: Callable[..., Path], caplog: pytest.LogCaptureFixture
) -> None:
    path = drop("a.jsonl", "bad\n")
    path.with_name("a.jsonl.rejects.jsonl").mkdir()
    folder.committed(folder.fetch(None, NOW))
    assert "cannot be written" in caplog.text


def test_what_is_not_for_us_is_left_alone(folder: Folder, drop: Callable[..., Path]) -> None:
    for name in (".a.jsonl", "a.jsonl.rejects.jsonl", "a.csv.part", "a.jsonl.tmp", "notes.txt"):
        drop(name, lines(1))
    (folder.path / "deeper.jsonl").mkdir()
    (folder.path / "nowhere.jsonl").symlink_to("gone")
    assert Reader().read(folder).mentions == {}
    assert folder.check() == f"0 files in {folder.path}"


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs /proc for a broken file")
def test_a_file_that_cannot_be_read_is_told_once_and_stops_nothing(
    folder: Folder, drop: Callable[..., Path]
) -> None:
    (folder.path / "a.jsonl").symlink_to("/proc/self/mem")
    drop("b.jsonl", lines(1))
    reader = Reader().read(folder)
    assert ids(reader) == ["1"]
    assert [one.reason for one in reader.batches[0].rejects] == [
        "cannot be read: Input/output error"
    ]


def test_a_damaged_packed_file_is_told_once(folder: Folder, drop: Callable[..., Path]) -> None:
    packed = gzip.compress("".join(lines(n) for n in range(3000)).encode())
    drop("a.jsonl.gz", packed[: len(packed) // 2])
    reader = Reader().read(folder)
    assert len(reader.mentions) > 100
    reader.read(folder)
    reasons = [one.reason for batch in reader.batches for one in batch.rejects]
    assert reasons == ["the packed file is damaged, or ends in the middle"]
    drop("a.jsonl.gz", packed)
    assert len(reader.read(folder).mentions) == 3000


def test_a_large_file_comes_in_pages(folder: Folder, drop: Callable[..., Path]) -> None:
    drop("a.jsonl", lines(*range(PAGE_LINES + 1)))
    drop("b.jsonl", lines("b"))
    reader = Reader().read(folder)
    assert [len(batch.mentions) for batch in reader.batches] == [PAGE_LINES, 2]


def test_a_pass_over_nothing_new_moves_no_cursor(folder: Folder, drop: Callable[..., Path]) -> None:
    drop("a.jsonl", lines(1))
    reader = Reader().read(folder)
    assert reader.page(folder).cursor is None
    (folder.path / "a.jsonl").unlink()
    assert reader.page(folder).cursor == {"files": {}}


def test_an_answer_in_a_line_comes_along(folder: Folder, drop: Callable[..., Path]) -> None:
    drop("a.jsonl", lines(1, stars=1, reply_at="2026-11-22T11:00:00Z", reply_text="Sorry"))
    batch = folder.fetch(None, NOW)
    assert batch.mentions[0].channel is Channel.REVIEW
    assert [one.parent_id for one in batch.responses] == ["1"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"path": Path("/nowhere/at/all")}, "is not there; make it"),
        ({"path": Path(__file__)}, "is not a folder"),
        ({"timezone": "Mars/Olympus"}, "timezone: 'Mars/Olympus' is unknown"),
        ({"timezone": "../../etc/passwd"}, "is unknown"),
        ({"fields": {"txt": "Body"}}, "'txt' is no field of a mention"),
    ],
)
def test_wrong_settings_say_what_to_do(
    folder: Folder, drop: Callable[..., Path], wrong: dict[str, Any], words: str
) -> None:
    mistaken = replace(folder, **wrong)
    with pytest.raises(CollectorError, match=words) as caught:
        mistaken.fetch(None, NOW)
    assert caught.value.kind is Trouble.SETTINGS
    with pytest.raises(CollectorError, match=words):
        mistaken.check()


def test_columns_and_zone_are_the_source_s(folder: Folder, drop: Callable[..., Path]) -> None:
    drop("a.csv", "Body,When\nszia,2026-07-01 14:00\n")
    fields = {"text": "Body", "created_at": "When"}
    mapped = replace(folder, fields=fields, timezone="Europe/Budapest", channel=Channel.TICKET)
    (mention,) = mapped.fetch(None, NOW).mentions
    assert (mention.text, mention.channel) == ("szia", Channel.TICKET)
    assert mention.said_at == datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/fixtures is not here")
def test_exports_of_others_are_read_or_told(folder: Folder, drop: Callable[..., Path]) -> None:
    for path in SHARED.iterdir():
        drop(path.name, path.read_bytes())
    fields = {"created_at": "Date", "text": "Text", "channel": "Platform", "author": "Author",
              "stars": "Rating", "url": "URL"}  # fmt: skip
    batch = replace(folder, fields=fields).fetch(None, NOW)
    assert [(one.author, one.text) for one in batch.mentions] == [("@bob", '=HYPERLINK("x")')]
    places = {one.place: one.reason for one in batch.rejects}
    assert places["vendor_export_bom.csv:2"] == "created_at is no time: '20/11/2026 10:00'"
    assert len(places) == 5


@settings(deadline=None, max_examples=60)
@given(
    cuts=st.lists(st.integers(0, 900), max_size=8).map(sorted),
    name=st.sampled_from(["a.jsonl", "a.csv"]),
    encoding=st.sampled_from(["utf-8", "utf-16"]),
)
def test_however_a_file_grows_every_line_is_read_and_none_is_torn(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int], name: str, encoding: str
) -> None:
    rows = [(str(n), f'é "{n}"\nĊ') for n in range(12)]
    table = "id,created_at,text\n" + "".join(
        '{},2026-11-22,"{}"\n'.format(one, text.replace('"', '""')) for one, text in rows
    )
    objects = "".join(
        json.dumps({"id": one, "text": text, "created_at": "2026-11-22"}, ensure_ascii=False) + "\n"
        for one, text in rows
    )
    data = (table if name.endswith("csv") else objects).encode(encoding)
    folder = Folder(path=tmp_path_factory.mktemp("drop"), name="folder")
    reader = Reader(datetime.fromtimestamp(0, UTC))
    for begin, end in pairwise([0, *cuts, len(data)]):
        with (folder.path / name).open("ab") as stream:
            stream.write(data[begin:end])
        reader.now = datetime.fromtimestamp((folder.path / name).stat().st_mtime, UTC)
        reader.read(replace(folder))
    assert [(key[1], one.text) for key, one in sorted(reader.mentions.items())] == sorted(rows)
    assert sum(len(batch.mentions) for batch in reader.batches) == len(rows)
    assert not any(batch.rejects for batch in reader.batches)
