from prometheus_client.parser import text_string_to_metric_families

from listener import __version__
from listener.store import asides, outbox
from listener.store.connection import Store
from tests.builders import HOUR, MINUTE, NOW, SECOND, a_mention
from tests.web.browser import Browser
from tests.web.conftest import FakePulse, HandClock
from tests.web.story import follow, take_in
from tests.web.test_sources import tell

Figures = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def figures(browser: Browser) -> Figures:
    answer = browser.get("/metrics")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def of(found: Figures, name: str, **labels: str) -> float:
    return found["listener_" + name, tuple(sorted(labels.items()))]


def test_an_empty_database_has_figures(browser: Browser) -> None:
    found = figures(browser)
    assert of(found, "build_info", version=__version__) == 1
    assert of(found, "clocks", state="overdue") == 0
    assert of(found, "db_bytes") > 0
    assert of(found, "quarantined") == 0
    assert of(found, "tick_age_seconds") == 0


def test_sources_and_clocks_are_counted(browser: Browser, store: Store, clock: HandClock) -> None:
    said = [a_mention(n, said_at=NOW - n * MINUTE, text="Acme negative") for n in (1, 2, 61)]
    take_in(store, clock, *said)
    found = figures(browser)
    assert of(found, "mentions_total", source="x") == 3
    assert of(found, "last_success_timestamp_seconds", source="x") == NOW.timestamp()
    assert of(found, "source_failing", source="x") == 0
    assert of(found, "spent_usd_total", source="x") == 0.25
    assert of(found, "clocks", state="waiting") == 2
    assert of(found, "clocks", state="overdue") == 1
    assert of(found, "wal_bytes") > 0


def test_what_is_kept_aside_is_counted(browser: Browser, store: Store, clock: HandClock) -> None:
    take_in(store, clock, *[a_mention(n, text="Acme negative") for n in (1, 2)])
    with store.write() as db:
        asides.put_aside(db, [(1, 1, "spam:links"), (2, 1, "relevance")])
    found = figures(browser)
    assert of(found, "mentions_aside", subject="Acme", reason="spam:links") == 1
    assert of(found, "mentions_aside", subject="Acme", reason="relevance") == 1


def test_the_outbox_is_measured(browser: Browser, store: Store, clock: HandClock) -> None:
    follow(store)
    tell(store, "slack", "jsonl")
    with store.write() as db:
        out = outbox.next_out(db, "jsonl", NOW)
        assert out is not None
        outbox.give_up(db, out, "no", unclear=False)
    clock.at = NOW + HOUR
    found = figures(browser)
    assert of(found, "outbox_depth", outlet="slack") == 1
    assert of(found, "outbox_oldest_age_seconds", outlet="slack") == 3600
    assert of(found, "outbox_depth", outlet="jsonl") == 0
    assert of(found, "dead_letters", outlet="jsonl") == 1
    assert of(found, "incidents_open", severity="high") == 1


def test_the_age_of_the_tick_grows(browser: Browser, clock: HandClock, pulse: FakePulse) -> None:
    clock.at = NOW + 90 * SECOND
    assert of(figures(browser), "tick_age_seconds") == 90
    pulse.last_tick = None
    assert ("listener_tick_age_seconds", ()) not in figures(browser)


def test_the_name_of_a_source_cannot_break_a_line(
    browser: Browser, store: Store, clock: HandClock
) -> None:
    name = 'a"}\nlistener_quarantined 9\\'
    take_in(store, clock, a_mention(1), name=name)
    found = figures(browser)
    assert of(found, "quarantined") == 0
    assert of(found, "mentions_total", source=name) == 0  # the mention says that it came from x
