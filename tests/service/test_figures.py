"""Measures over a database: what is counted, and for whom."""

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest

from listener import figures
from listener.config import MeasuresTable
from listener.domain.measures.prevalence import Beta, Rates
from listener.domain.mention import Channel
from listener.domain.record import read_record
from listener.domain.wording import Wording
from listener.store import measures
from tests.builders import DAY, NOW, POSITIVE, a_mention
from tests.stages.world import World

SINCE = NOW - DAY
SOON = NOW + DAY


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    made.hear(
        a_mention(1, text="Acme is better than Boreal", label=POSITIVE),
        a_mention(2, text="Boreal lost my bag"),
        a_mention(3, text="Acme lost my bag", author="jo"),
        a_mention(4, text="I leave Acme for good", author="jo"),
        now=NOW,
    )
    made.measure(NOW)
    yield made
    made.store.close()


def told(world: World) -> dict[tuple[str, str], float]:
    known = figures.Known(
        subjects=world.subjects,
        table=MeasuresTable(yearly_revenue=100, years=3, acquisition_cost=50),
        errors=(),
        calendars={},
    )
    rows = figures.of_span(world.store, known, SINCE, SOON)
    return {(row["subject"], row["measure"]): row["value"] for row in rows}


def test_a_mention_that_only_compares_is_voice_of_the_better_one(world: World) -> None:
    assert told(world)["Boreal", "share_of_voice"] == pytest.approx(2 / 5)
    acme, boreal = (one.id for one in world.subjects)
    with world.store.write() as db:
        db.execute(
            "INSERT INTO comparison (mention_id, better, worse, model) VALUES (1, ?, ?, 'm')",
            (acme, boreal),
        )
    assert told(world)["Boreal", "share_of_voice"] == pytest.approx(1 / 4)
    assert told(world)["Acme", "share_of_voice"] == pytest.approx(3 / 4)


def test_people_who_may_leave_are_counted_once_each(world: World) -> None:
    assert told(world)["Acme", "value_at_risk"] == 0
    with world.store.write() as db:
        db.execute("UPDATE label SET intent = 'churn' WHERE mention_id IN (3, 4)")
    assert told(world)["Acme", "value_at_risk"] == 250  # jo, twice
    with world.store.write() as db:
        db.execute("UPDATE label SET intent_confidence = 0.4")
    assert told(world)["Acme", "value_at_risk"] == 0  # hardly more than a guess


def test_what_a_mention_brought_along_is_known_and_not_corrected(world: World) -> None:
    acme = next(one.id for one in world.subjects if one.name == "Acme")
    with world.store.read() as db:
        found = measures.labelled(db, acme, SINCE, SOON)
    assert all(one.is_known for one in found)
    rates = {"social": (Rates(Beta(1, 1), Beta(1, 1)), Wording("hardly known"))}
    share, raw = figures.negative_shares(found, rates)
    assert share.value == raw.value == pytest.approx(2 / 3)
    assert share.low == share.high


def test_without_known_errors_the_share_is_only_as_it_is_called(world: World) -> None:
    with world.store.write() as db:
        db.execute("UPDATE label SET by = 'model'")
    found = told(world)
    assert ("Acme", "negative_share") not in found
    assert found["Acme", "negative_share_raw"] == pytest.approx(2 / 3)


def test_answers_of_surveys_count_without_words_and_by_the_score_that_they_have(
    world: World,
) -> None:
    rows: list[dict[str, object]] = [
        {"nps": 9},
        {"nps": "0"},
        {"csat": 4, "ces": 5, "csat_scale": "inf"},
        {"csat": 5, "text": "Fine"},
        {"stars": 2},
    ]
    answers = [
        read_record(
            {"created_at": NOW.isoformat(), "id": f"s{n}", "brand": "Acme", **row},
            source="survey",
            channel=Channel.SURVEY,
            zone=UTC,
        ).mention
        for n, row in enumerate(rows)
    ]
    world.hear(*answers, now=NOW)
    world.measure(NOW)
    found = told(world)
    assert (found["Acme", "nps"], found["Acme", "ces"]) == (0, 1)
    assert found["Acme", "csat"] == pytest.approx(2 / 3)  # neither an NPS nor an effort is one
    assert [(answer.stars, answer.stars_scale) for answer in answers[:2]] == [(9, 10), (0, 10)]
