"""The invented digest: its figures agree with each other, and it speaks like any other."""

from zoneinfo import ZoneInfo

import pytest

from listener.domain.digest import DigestData, verdict
from listener.domain.week import Every, Schedule
from listener.replay.sample import sample
from listener.texts.digest import render_html
from tests.builders import NOW

LANGUAGES = ["en", "hu", "zh-Hans", "zh-Hant"]


def invented(language: str = "en", every: Every = Every.WEEK) -> DigestData:
    return sample(Schedule(every=every), ZoneInfo("Europe/Budapest"), language, NOW)


def test_its_figures_agree() -> None:
    data = invented()
    (brand,) = data.brands
    assert sum(day.counts.mentions for day in brand.days[7:]) == brand.now.mentions
    assert sum(row.mentions for row in data.sources) == brand.now.mentions
    assert sum(row.negative for row in data.sources) == brand.now.negative
    for line in data.promises:
        assert line.due == line.kept + line.late + line.open
    assert all(theme.negative <= brand.now.negative for theme in brand.topics)
    (spike,) = data.spikes
    assert data.start <= spike.opened_at < data.end
    found = verdict(data)
    assert found is not None
    assert found.cause == brand.topics[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_people_speak_the_language_of_the_digest_and_every_part_is_there(language: str) -> None:
    data = invented(language)
    (brand,) = data.brands
    said = [q.text for part in (brand.topics, brand.questions) for one in part for q in one.quotes]
    assert len(said) == 5
    assert all("{" not in text for text in said)
    assert len({invented(one).subjects[0].topics[0].quotes[0].text for one in LANGUAGES}) == 4
    assert render_html(data).count("<h2") == 11


def test_it_is_of_the_period_that_digests_are_of_and_the_same_each_time() -> None:
    assert invented(every=Every.FORTNIGHT).week.number % 2 == 0
    assert invented() == invented()
