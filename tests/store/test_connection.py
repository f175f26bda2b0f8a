"""Opening, writing, backing up and restoring one SQLite file."""

import multiprocessing
import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from sqlite_utils import Database

from listener.errors import LockTaken, StoreError
from listener.store import spending
from listener.store.connection import SCHEMA, Store, among, restore
from listener.store.lock import DaemonLock
from listener.store.migrations import migrations
from tests.builders import NOW, SECOND
from tests.store import meta
from tests.store.kept import one, rows


def value(store: Store) -> str | None:
    with store.read() as db:
        return meta.get(db, "value")


def put(store: Store, text: str) -> None:
    with store.write() as db:
        meta.put(db, "value", text)


def test_nobody_else_can_read_the_files(store: Store, tmp_path: Path) -> None:
    put(store, "secret")
    store.backup(tmp_path / "copy.db")
    modes = {f.name: stat.S_IMODE(f.stat().st_mode) for f in tmp_path.iterdir()}
    assert modes.keys() >= {"listener.db", "listener.db-wal", "listener.db-shm", "copy.db"}
    assert set(modes.values()) == {0o600}


def test_a_database_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "listener.db"
    Store(path).open(NOW).close()
    path.chmod(0o644)
    Store(path).open(NOW).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_newer_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "listener.db"
    newer = Store(path).open(NOW)
    with newer.write() as db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('listener', 'ninth', '')"
        )
    newer.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"newer listener.*'ninth'.*install that version"):
        Store(path).open(NOW)
    assert path.read_bytes() == before


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "listener.db"
    path.write_bytes(b"no database at all, " * 100)
    with pytest.raises(StoreError, match="listener restore"):
        Store(path).open(NOW)
    assert path.read_bytes() == b"no database at all, " * 100


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="folder that can be written"):
        Store(tmp_path / "file" / "listener.db").open(NOW)


def test_a_backup_is_written_before_a_migration(tmp_path: Path) -> None:
    path = tmp_path / "listener.db"
    older = sqlite3.connect(path)
    older.execute("CREATE TABLE of_before (words TEXT)")
    older.execute("INSERT INTO of_before VALUES ('kept')")
    older.commit()
    older.close()
    Store(path).open(NOW).close()
    (backup,) = tmp_path.glob("listener.db.before-*")
    assert backup.name == "listener.db.before-20261122T120000Z"
    copy = sqlite3.connect(backup)
    tables = [row[0] for row in copy.execute("SELECT name FROM sqlite_master")]
    copy.close()
    assert tables == ["of_before"]


@pytest.mark.parametrize("released", range(1, len(SCHEMA)))
def test_every_released_schema_is_brought_up_to_date(tmp_path: Path, released: int) -> None:
    older = Database(tmp_path / "listener.db")
    migrations.apply(older, stop_before=SCHEMA[released])
    older.table("subject").insert({"name": "Acme", "role": "brand"})
    older.close()
    store = Store(tmp_path / "listener.db").open(NOW)
    fresh = Store(tmp_path / "fresh.db").open(NOW)
    tables = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
    assert rows(store, tables) == rows(fresh, tables)
    assert one(store, "SELECT name FROM subject") == "Acme"
    assert list(tmp_path.glob("listener.db.before-*"))
    store.close()
    fresh.close()


def test_what_was_spent_before_there_were_months_is_not_lost(tmp_path: Path) -> None:
    older = Database(tmp_path / "listener.db")
    migrations.apply(older, stop_before="messages")
    for name in ("x", "play"):
        older.table("source_state").insert({"source": name, "state": "{}", "spent_usd": 3.0})
    older.table("spending").insert({"source": "x", "month": "2026-11", "usd": 2.0})
    older.close()
    store = Store(tmp_path / "listener.db").open(NOW)
    with store.read() as db:
        found = spending.costs(db, NOW)
    assert {name: (cost.spent_usd, cost.month_usd) for name, cost in found.items()} == {
        "x": (3.0, 2.0),
        "play": (3.0, None),
    }
    store.close()


def test_a_new_database_needs_no_backup(tmp_path: Path) -> None:
    (tmp_path / "listener.db").touch()
    Store(tmp_path / "listener.db").open(NOW).close()
    assert not list(tmp_path.glob("*.before-*"))


def test_a_backup_holds_what_was_committed_while_it_is_in_use(store: Store, tmp_path: Path) -> None:
    put(store, "committed")
    copy = Store(store.backup(tmp_path / "copy.db")).open(NOW)
    assert value(copy) == "committed"
    copy.close()


def test_a_backup_writes_over_nothing(store: Store, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("precious")
    with pytest.raises(StoreError, match="the file exists"):
        store.backup(tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "precious"


def test_a_backup_into_no_folder_is_told(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="backing up"):
        store.backup(tmp_path / "missing" / "copy.db")


def test_restoring_keeps_the_old_one_beside_it(store: Store, tmp_path: Path) -> None:
    put(store, "then")
    backup = store.backup(tmp_path / "backup.db")
    put(store, "now")
    store.close()
    kept = restore(backup, store.path, NOW)
    assert kept == tmp_path / "listener.db.replaced-20261122T120000Z"
    back, old = Store(store.path).open(NOW), Store(kept).open(NOW)
    assert (value(back), value(old)) == ("then", "now")
    back.close()
    old.close()
    assert {stat.S_IMODE(f.stat().st_mode) for f in tmp_path.iterdir()} == {0o600}


@pytest.mark.parametrize("damage", ["header", "foreign", "schema"])
def test_a_damaged_database_is_set_aside_as_it_is(
    store: Store, tmp_path: Path, damage: str
) -> None:
    put(store, "then")
    backup = store.backup(tmp_path / "backup.db")
    store.close()
    whole = store.path.read_bytes()
    damaged = {
        "header": b"\0" * 100 + whole[100:],
        "foreign": b"no database at all, " * 100,
        "schema": whole[:100] + b"\xff" * 3996 + whole[4096:],
    }[damage]
    store.path.write_bytes(damaged)
    store.path.with_name("listener.db-wal").write_bytes(b"what was left")
    kept = restore(backup, store.path, NOW)
    assert kept == tmp_path / "listener.db.replaced-20261122T120000Z"
    assert kept.read_bytes() == damaged
    assert kept.with_name(f"{kept.name}-wal").read_bytes() == b"what was left"
    back = Store(store.path).open(NOW)
    assert value(back) == "then"
    back.close()
    assert {stat.S_IMODE(f.stat().st_mode) for f in tmp_path.iterdir()} == {0o600}
    assert not list(tmp_path.glob("*.part"))


def test_a_database_that_somebody_writes_to_is_not_set_aside(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, "then")
    backup = store.backup(tmp_path / "backup.db")

    def busy(db: object, target: Path) -> None:
        error = sqlite3.OperationalError("database is locked")
        error.sqlite_errorcode = sqlite3.SQLITE_BUSY
        raise error

    monkeypatch.setattr("listener.store.connection._copy_from", busy)
    with pytest.raises(StoreError, match="database is locked"):
        restore(backup, store.path, NOW)
    assert value(store) == "then"
    assert not list(tmp_path.glob("*.replaced-*"))


def test_scrubbing_says_whether_the_log_was_emptied(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, "then")
    assert store.scrub()
    assert store.path.with_name("listener.db-wal").stat().st_size == 0
    monkeypatch.setattr("listener.store.connection.BUSY_SECONDS", 0.02)
    ours, reader = Store(store.path), sqlite3.connect(store.path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM meta").fetchone()
    put(ours, "now")
    assert not ours.scrub()
    reader.close()
    assert ours.scrub()
    ours.close()


def test_restoring_leaves_the_backup_as_it_is(store: Store, tmp_path: Path) -> None:
    put(store, "then")
    backup = store.backup(tmp_path / "backup.db")
    before = backup.read_bytes()
    restore(backup, tmp_path / "elsewhere.db", NOW)
    assert backup.read_bytes() == before
    assert not list(tmp_path.glob("backup.db-*"))


@pytest.mark.parametrize("content", [b"", b"junk" * 1000, None], ids=["empty", "junk", "foreign"])
def test_what_is_no_backup_is_not_restored(
    store: Store, tmp_path: Path, content: bytes | None
) -> None:
    backup = tmp_path / "backup.db"
    if content is None:
        foreign = sqlite3.connect(backup)
        foreign.execute("CREATE TABLE foreign_to_us (a)")
        foreign.commit()
        foreign.close()
    else:
        backup.write_bytes(content)
    put(store, "now")
    with pytest.raises(StoreError, match="no sound backup"):
        restore(backup, store.path, NOW)
    assert value(store) == "now"


def test_a_missing_backup_is_told(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such file"):
        restore(tmp_path / "none.db", store.path, NOW)


def stop_halfway(store: Store) -> None:
    with store.write() as db:
        meta.put(db, "value", "half")
        raise RuntimeError


def stop_after_an_inner_write(store: Store) -> None:
    with store.write() as db:
        put(store, "inner")
        assert meta.get(db, "value") == "inner"
        raise RuntimeError


def fail_to_commit(store: Store) -> None:
    with store.write() as db:
        db.execute("PRAGMA defer_foreign_keys = ON")  # so that it is the commit that fails
        db.execute("INSERT INTO mention_version VALUES (1, 99, '', '', NULL, '')")


def test_a_half_transaction_leaves_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError):
        stop_halfway(store)
    assert value(store) is None


def test_an_inner_write_is_undone_with_the_outer_one(store: Store) -> None:
    with pytest.raises(RuntimeError):
        stop_after_an_inner_write(store)
    assert value(store) is None


def test_after_a_commit_that_fails_the_next_write_works(store: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        fail_to_commit(store)
    put(store, "next")
    assert value(store) == "next"
    assert one(store, "SELECT count(*) FROM mention_version") == 0


def test_a_reader_sees_only_what_is_committed(store: Store) -> None:
    seen: list[str | None] = []
    with store.write() as db:
        meta.put(db, "value", "half")
        reader = threading.Thread(target=lambda: seen.append(value(store)))
        reader.start()
        reader.join()
    assert seen == [None]


def count_up(store: Store, times: int) -> None:
    for _ in range(times):
        with store.write() as db:
            meta.put(db, "value", str(int(meta.get(db, "value") or 0) + 1))


def count_in_a_process(path: Path, times: int) -> None:
    store = Store(path)
    count_up(store, times)
    store.close()


def test_threads_that_read_before_they_write_lose_nothing(store: Store) -> None:
    threads = [threading.Thread(target=count_up, args=(store, 25)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert value(store) == "100"


def test_processes_that_read_before_they_write_lose_nothing(store: Store) -> None:
    spawn = multiprocessing.get_context("spawn")
    others = [spawn.Process(target=count_in_a_process, args=(store.path, 40)) for _ in range(2)]
    for other in others:
        other.start()
    count_up(store, 40)
    for other in others:
        other.join()
    assert [other.exitcode for other in others] == [0, 0]
    assert value(store) == "120"


def test_two_that_open_a_new_database_at_once_both_can(tmp_path: Path) -> None:
    problems: list[BaseException] = []
    ready = threading.Barrier(4)

    def open_it() -> None:
        for turn in range(40):  # it is a matter of microseconds: most turns go well by chance
            ready.wait()
            try:
                Store(tmp_path / f"{turn}.db", durable=True).open(NOW).close()
            except BaseException as error:
                problems.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


def test_a_write_by_another_is_noticed(store: Store) -> None:
    before = store.version()
    put(store, "ours")
    assert store.version() == before
    other = Store(store.path)
    put(other, "theirs")
    other.close()
    assert store.version() != before


def test_a_second_daemon_is_told_of_the_first(tmp_path: Path) -> None:
    database = tmp_path / "listener.db"
    with DaemonLock(database) as first, DaemonLock(database) as second:
        first.take("run")
        with pytest.raises(LockTaken, match=r"in use by `listener run` \(process \d+\)"):
            second.take("collect")
        first.free()
        second.take("collect")
    assert stat.S_IMODE((tmp_path / "listener.db.lock").stat().st_mode) == 0o600


def test_the_lock_of_a_database_in_a_new_folder_can_be_taken(tmp_path: Path) -> None:
    with DaemonLock(tmp_path / "new" / "listener.db") as lock:
        lock.take("run")


def test_a_lock_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with DaemonLock(tmp_path / "file" / "listener.db") as lock, pytest.raises(StoreError):
        lock.take("run")


def test_the_journal_is_as_promised(store: Store) -> None:
    assert one(store, "PRAGMA journal_mode") == "wal"
    assert one(store, "PRAGMA synchronous") == 2  # FULL
    assert one(store, "PRAGMA foreign_keys") == 1
    assert rows(store, "PRAGMA integrity_check") == [{"integrity_check": "ok"}]


def test_another_second_gives_another_name(store: Store, tmp_path: Path) -> None:
    put(store, "then")
    backup = store.backup(tmp_path / "backup.db")
    store.close()
    first = restore(backup, store.path, NOW)
    second = restore(backup, store.path, NOW + SECOND)
    assert first != second
    assert first is not None
    assert first.exists()


@pytest.mark.parametrize(("count", "marks"), [(0, 0), (1, 1), (2, 2), (3, 4), (5, 8), (8, 8)])
def test_statements_for_many_values_have_few_forms(store: Store, count: int, marks: int) -> None:
    given, values = among(range(count))
    assert given.count("?") == marks == len(values)
    with store.read() as db:
        found = db.execute(
            f"SELECT value FROM json_each('[0,1,2,9]') WHERE value IN ({given})", values
        )
        assert [row[0] for row in found] == [n for n in (0, 1, 2, 9) if n < count]
