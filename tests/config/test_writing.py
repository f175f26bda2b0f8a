"""A config file that is changed: nothing else in it is, and it is never half written."""

import os
import re
import signal
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from listener.config.edits import Added, Changed, Edit, Keys, Removed, Values, edited
from listener.config.pieces import pieces
from listener.config.writing import Content, OvertakenError, prepare, why_not_writable
from listener.errors import ConfigError, UsageError

ROOT = Path(__file__).parents[2]
FILE = """\
# Above all.

[listener]
database = "listener.db"            # relative
\tkeep = "13mo"

# The first brand.
[[subjects]]   # a header with a remark
name = "Acme"
role = "brand"                      # brand | competitor | influencer
query = '"acme air" OR @acme'       # single quotes
# about = "an airline"

[[subjects]]
name = 'Rival'
query = \"\"\"
rival OR
"rival air" # no comment
[[subjects]] # nor this
\"\"\"
unknown = 3 # kept all the same
[subjects.accounts] # a table below
x = ["rival"]
# the last words of it

# What is about what.
[[topics]]
name = "delivery"
examples = [   # one a line
  "late",      # very
  "lost",

  # the next one was asked for by Kim
  "courier",
]
# The clock.
[respond.social]
within = "1h"
[[topics]]
name = "far away"
team = "a"
[notify.slack]
token = "env:SLACK"  # where it is
"""
COMMENTS = [line.strip() for line in FILE.splitlines() if line.strip().startswith("#")]


def write(path: Path, text: str, seen: str | None = None) -> None:
    prepare(path, text, seen or Content.of(path).mark).put()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(FILE, encoding="utf-8")
    return path


# What is changed


def test_a_value_is_changed_and_every_other_byte_stays() -> None:
    after = edited(FILE, Changed("subjects", "Acme", {"query": 'acme NOT "acme corp"'}))
    old, new = "'\"acme air\" OR @acme'", "'acme NOT \"acme corp\"'"
    assert after == FILE.replace(old, new)


def test_what_stands_in_several_lines_is_one_value() -> None:
    after = edited(FILE, Changed("subjects", "Rival", {"query": "rival", "role": "competitor"}))
    begin, end = FILE.index('query = """'), FILE.index("unknown = 3")
    mended = f'{FILE[:begin]}query = "rival"\n{FILE[end:]}'
    assert after == mended.replace("all the same\n", 'all the same\nrole = "competitor"\n')


def test_of_a_list_only_what_differs_is_touched() -> None:
    wanted = ("late", "courier", "never came")
    after = edited(FILE, Changed("topics", "delivery", {"examples": wanted}))
    assert after == FILE.replace('  "lost",\n', "").replace(
        '  "courier",\n', '  "courier",\n  "never came",\n'
    )


def test_a_key_that_is_new_stands_behind_the_others_and_before_the_next_tables_comment() -> None:
    after = edited(FILE, Changed("topics", "delivery", {"team": "logistics"}))
    assert after == FILE.replace("]\n# The clock.", ']\nteam = "logistics"\n# The clock.')


def test_a_table_is_added_behind_its_like_and_its_comments() -> None:
    after = edited(FILE, Added("subjects", "New", {"query": "new"}))
    added = '\n[[subjects]]\nname = "New"\nquery = "new"\n'
    assert after == FILE.replace("words of it\n", f"words of it\n{added}")


def test_the_first_of_a_kind_is_added_at_the_end() -> None:
    after = edited(FILE, Keys(("digest",), {"to": ("a@example.com",)}))
    assert after == f'{FILE}\n[digest]\nto = ["a@example.com"]\n'


def test_a_table_goes_with_what_lies_in_it_and_below_it() -> None:
    after = edited(FILE, Removed("subjects", "Rival"))
    begin, end = FILE.index("[[subjects]]\nname = 'Rival'"), FILE.index("# What is about what.")
    assert after == FILE[:begin] + FILE[end:]


def test_a_comment_above_a_table_stays_when_it_goes() -> None:
    after = edited(FILE, Removed("topics", "delivery"))
    assert "# What is about what.\n" in after
    assert "# The clock.\n[respond.social]" in after


def test_an_empty_value_takes_the_key_away() -> None:
    after = edited(FILE, Changed("topics", "far away", {"team": None}))
    assert after == FILE.replace('team = "a"\n', "")


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ('subjects = [{name = "Acme"}]\n', Changed("subjects", "Acme", {"query": "x"})),
        ('subjects = [{name = "Acme"}]\n', Added("subjects", "x", {})),
        ('digest.to = ["a"]\n', Keys(("digest",), {"to": ("b",)})),
        ("digest = 3\n", Keys(("digest",), {"to": ("b",)})),
    ],
)
def test_what_is_written_in_another_way_is_left_to_people(text: str, edit: Edit) -> None:
    with pytest.raises(UsageError, match="in the file itself"):
        edited(text, edit)


def test_what_is_not_there_is_not_changed() -> None:
    with pytest.raises(UsageError, match="not in the file"):
        edited("one = 1\n", Removed("topics", "delivery"))
    for edit in (Changed("subjects", "Nobody", {"query": "x"}), Removed("subjects", "acme")):
        with pytest.raises(UsageError, match="not in the file"):
            edited(FILE, edit)


NASTY = (
    'x"\n[[subjects]]\nname = "evil',
    "'''",
    '"""',
    "\\",
    "\\u0041",
    "# no comment",
    "\x00\x07\x7f\u202e\u2028\ufeff",
    "שלום עולם",
    "a" * 10_000,
    "\n",
    "\r\n",
    "\r",
    " ",
    "{{ x }}",
    "]]",
)
words = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.text("'\"\\\n\r[]{}=#, ab", max_size=12),
)
a_value = st.one_of(words, st.lists(words, max_size=6).map(tuple), st.booleans(), st.none())
a_name = st.sampled_from(["Acme", "Rival", "delivery", "far away"])


@st.composite
def an_edit(draw: st.DrawFn) -> Edit:
    keys = st.sampled_from(["query", "role", "about", "examples", "team", "new key", "x.y", "ü"])
    values: Values = draw(st.dictionaries(keys, a_value, max_size=4))
    array = draw(st.sampled_from(["subjects", "topics"]))
    name = draw(a_name)
    table = draw(st.sampled_from([("digest",), ("listener",), ("notify", "slack"), ("respond",)]))
    edits: list[Edit] = [
        Changed(array, name, values),
        Added(array, draw(words), values),
        Removed(array, name),
        Keys(table, values),
    ]
    return draw(st.sampled_from(edits))


@given(st.lists(an_edit(), min_size=1, max_size=12))
@settings(max_examples=200, deadline=None)
@example([Changed("subjects", "Acme", {"query": one}) for one in NASTY])
def test_many_changes_keep_what_is_not_theirs(edits: list[Edit]) -> None:
    text, document = FILE, tomllib.loads(FILE)
    removed = False
    for edit in edits:
        wanted = tomllib.loads(text)
        try:
            edit.in_document(wanted)
        except UsageError:
            continue
        after = edited(text, edit)
        assert tomllib.loads(after) == wanted
        _others_keep_their_bytes(text, after, edit)
        removed |= isinstance(edit, Removed)
        text, document = after, wanted
    assert tomllib.loads(text) == document
    if not removed:
        inside = any("examples" in edit.values for edit in edits)  # of a list that is another now
        kept = [line for line in COMMENTS if not inside or "asked for" not in line]
        assert [line for line in kept if line not in text] == []


def _others_keep_their_bytes(before: str, after: str, edit: Edit) -> None:
    """Each table that the edit is not about is written as it was, in its order."""
    old, new = _as_written(before), _as_written(after)
    about = re.split(r"[\[\].]+", edit.where)[1]  # the first name in its header
    assert [one for one in old if one[0] != (about,)] == [one for one in new if one[0] != (about,)]


def _as_written(text: str) -> list[tuple[tuple[str, ...], str]]:
    return [(one.path[:1], text[one.start : one.end]) for one in pieces(text) if one.path]


def test_every_example_that_ships_can_be_changed() -> None:
    files = [ROOT / "config.toml", *sorted((ROOT / "docs/examples").glob("*.toml"))]
    assert len(files) > 2
    for file in files:
        text = file.read_text(encoding="utf-8")
        for table in tomllib.loads(text)["subjects"]:
            after = edited(text, Changed("subjects", table["name"], {"about": "other"}))
            kept = [line for line in text.split("\n") if not line.startswith("about =")]
            assert [line for line in kept if line not in after.split("\n")] == []
            edited(text, Removed("subjects", table["name"]))


# How it is written


def test_the_former_file_is_kept_and_nothing_else_is_left(file: Path) -> None:
    write(file, "one = 1\n")
    write(file, "two = 2\n")
    assert file.read_text() == "two = 2\n"
    assert file.with_name("config.toml.bak").read_text() == "one = 1\n"
    assert sorted(one.name for one in file.parent.iterdir()) == ["config.toml", "config.toml.bak"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_mode_and_owner_stay(file: Path, mode: int) -> None:
    file.chmod(mode)
    if os.geteuid() == 0:
        os.chown(file, 12_345, 54_321)
    before = file.stat()
    write(file, "one = 1\n")
    for path in (file, file.with_name("config.toml.bak")):
        now = path.stat()
        assert (now.st_mode, now.st_uid, now.st_gid) == (
            before.st_mode,
            before.st_uid,
            before.st_gid,
        )


def test_a_link_stays_one(file: Path, tmp_path: Path) -> None:
    real = tmp_path / "real" / "settings.toml"
    real.parent.mkdir()
    file.rename(real)
    file.symlink_to(Path("real") / "settings.toml")
    write(file, "one = 1\n")
    assert file.is_symlink()
    assert real.read_text() == "one = 1\n"


def test_the_breaks_and_the_mark_of_its_bytes_stay(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + FILE.replace("\n", "\r\n").encode())
    edit = Changed("topics", "far away", {"team": "b"})
    write(file, edited(Content.of(file).text, edit))
    wanted = FILE.replace('team = "a"', 'team = "b"')
    assert file.read_bytes() == b"\xef\xbb\xbf" + wanted.replace("\n", "\r\n").encode()


def test_who_was_overtaken_writes_nothing(file: Path) -> None:
    seen = Content.of(file).mark
    waiting = prepare(file, "mine = 1\n", seen)
    file.write_text("theirs = 1\n")
    with pytest.raises(OvertakenError) as caught:
        waiting.put()
    assert caught.value.now.text == "theirs = 1\n"
    with pytest.raises(OvertakenError):
        prepare(file, "mine = 1\n", seen)
    assert file.read_text() == "theirs = 1\n"
    assert [one.name for one in file.parent.iterdir()] == ["config.toml"]


def test_what_ends_before_the_new_file_is_in_its_place_leaves_the_old_one(file: Path) -> None:
    prepare(file, "mine = 1\n", Content.of(file).mark)  # and then the light went out
    assert file.read_text() == FILE
    write(file, "later = 1\n")
    assert file.read_text() == "later = 1\n"
    assert sorted(one.name for one in file.parent.iterdir()) == ["config.toml", "config.toml.bak"]


WRITES = """
import sys, pathlib
from listener.config.writing import Content, prepare
path = pathlib.Path(sys.argv[1])
for n in range(100_000):
    prepare(path, f"n = {n}\\n" + "# fill\\n" * 20_000, Content.of(path).mark).put()
    print(n, flush=True)
"""


def test_whatever_moment_it_is_killed_at_the_file_is_whole(file: Path) -> None:
    for life in range(8):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITES, str(file)], stdout=subprocess.PIPE, text=True
        )
        try:
            assert process.stdout is not None
            for _ in range(3 + life):
                process.stdout.readline()
            process.send_signal(signal.SIGKILL)
            process.wait()
        finally:
            process.kill()
            process.communicate()
        text = file.read_text()
        found: dict[str, Any] = tomllib.loads(text)
        assert text == f"n = {found['n']}\n" + "# fill\n" * 20_000


def test_a_disk_that_refuses_is_told_and_the_file_stands(file: Path) -> None:
    file.with_name(".config.toml.new").mkdir()  # nothing can be written there
    with pytest.raises(UsageError, match=r"writing config\.toml: .*stands as it was"):
        write(file, "one = 1\n")
    assert file.read_text() == FILE


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_file_that_may_not_be_written_says_why(file: Path) -> None:
    assert why_not_writable(file) is None
    file.chmod(0o400)
    assert "may not be written" in (why_not_writable(file) or "")
    file.chmod(0o600)
    file.parent.chmod(0o500)
    assert "folder" in (why_not_writable(file) or "")
    file.parent.chmod(0o700)


def test_what_is_no_text_or_not_there_is_told(file: Path) -> None:
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="UTF-8"):
        Content.of(file)
    file.unlink()
    with pytest.raises(ConfigError, match="no such file"):
        Content.of(file)
