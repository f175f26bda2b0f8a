"""A new database for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from listener.store.connection import Store
from tests.builders import NOW


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "listener.db").open(NOW)
    yield opened
    opened.close()
