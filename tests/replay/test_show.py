"""What a story that was played leaves behind."""

from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from listener import views
from listener.app import plugins
from listener.clock import VirtualClock
from listener.config import from_document
from listener.replay.show import DATABASE, DIGEST_HTML, replay
from listener.store.connection import Store
from tests.builders import DAY, NOW, a_mention

MONDAY = NOW.replace(hour=9) + DAY
ACME = {"subjects": [{"name": "Acme", "query": "acme"}]}


@pytest.mark.parametrize(("until", "weeks"), [(MONDAY, ["2026-W47"]), (None, [])])
def test_only_the_digest_of_a_week_that_is_over_is_kept_for_the_pages(
    tmp_path: Path, until: datetime | None, weeks: list[str]
) -> None:
    config = from_document(ACME, tmp_path / "config.toml", plugins(VirtualClock(NOW)))
    said = [a_mention(n, said_at=NOW - timedelta(hours=n)) for n in range(1, 4)]
    said.reverse()
    replay(config, said, tmp_path, labels="given", until=until)
    assert "Acme" in (tmp_path / DIGEST_HTML).read_text(encoding="utf-8")
    with closing(Store(tmp_path / DATABASE).open(MONDAY)) as store:
        assert views.digest_weeks(store, 10) == weeks
