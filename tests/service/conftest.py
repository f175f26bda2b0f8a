"""Two mentions that wait for an answer, for what people do and read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.builders import MINUTE, NOW, SECOND, a_mention
from tests.stages.world import World

SEEN = NOW + 30 * SECOND


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, durable=True)
    made.hear(a_mention(1), a_mention(2, said_at=NOW - 10 * MINUTE), now=SEEN)
    made.think(SEEN)
    yield made
    made.store.close()


def names(rows: list[dict[str, Any]]) -> list[str]:
    return [str(row["id"]) for row in rows]
