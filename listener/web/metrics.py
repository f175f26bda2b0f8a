"""The figures for Prometheus, read from the rows whenever it asks."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from listener import __version__, views
from listener.domain.incident import Severity
from listener.domain.times import from_text
from listener.store.overview import Delivery, Standing
from listener.web.behind import Behind


def metrics_text(behind: Behind) -> bytes:
    """All of them in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(_Figures(behind))
    return generate_latest(registry)


class _Figures(Collector):
    """Holds no counts of its own: what is counted is in the database, and outlives a restart."""

    def __init__(self, behind: Behind) -> None:
        self._behind = behind

    def describe(self) -> Iterable[Metric]:
        return ()  # else registering would read the database once more

    def collect(self) -> Iterator[Metric]:
        now = self._behind.now()
        standing = views.standing(self._behind.store, now)
        yield InfoMetricFamily("listener_build", "This listener.", {"version": __version__})
        yield from self._sources()
        yield from _promises(standing)
        yield from _deliveries(standing.deliveries, now.timestamp())
        yield _gauge(
            "listener_quarantined", "Texts no model could bear.", len(standing.quarantined)
        )
        yield _aside(standing)
        yield from _sizes(self._behind.store.path)
        yield from self._tick()

    def _sources(self) -> Iterator[Metric]:
        success = GaugeMetricFamily(
            "listener_last_success_timestamp_seconds",
            "When a source was last read without a fault.",
            labels=["source"],
        )
        failing = _by("listener_source_failing", "1 where the last try failed.", "source")
        mentions = _counter("listener_mentions", "Mentions that are kept.", "source")
        rejects = _counter("listener_rejects", "Rows and entries that could not be read.", "source")
        spent = _counter("listener_spent_usd", "What reading a source has cost.", "source")
        for source in views.source_list(self._behind.store, self._behind.now()):
            name = [source["name"]]
            if source["last_success"]:
                success.add_metric(name, from_text(source["last_success"]).timestamp())
            failing.add_metric(name, int(source["error"] is not None))
            mentions.add_metric(name, source["mentions"])
            rejects.add_metric(name, source["rejected"])
            spent.add_metric(name, source["spent_usd"])
        yield from (success, failing, mentions, rejects, spent)

    def _tick(self) -> Iterator[Metric]:
        pulse = self._behind.pulse
        if pulse is not None and pulse.last_tick is not None:
            age = (self._behind.now() - pulse.last_tick).total_seconds()
            yield _gauge("listener_tick_age_seconds", "Since the daemon last ticked.", age)


def _promises(standing: Standing) -> Iterator[Metric]:
    clocks = _by("listener_clocks", "Response clocks.", "state")
    for state, count in sorted(standing.clocks.items()):
        clocks.add_metric([state], count)
    incidents = _by("listener_incidents_open", "Incidents that are open.", "severity")
    for severity in Severity:
        incidents.add_metric([severity.value], standing.incidents.get(severity.value, 0))
    yield from (clocks, incidents)


def _aside(standing: Standing) -> Metric:
    aside = GaugeMetricFamily(
        "listener_mentions_aside", "Mentions that count for nothing.", labels=["subject", "reason"]
    )
    for subject, reason, count in standing.aside:
        aside.add_metric([subject, reason], count)
    return aside


def _deliveries(deliveries: Iterable[Delivery], now: float) -> Iterator[Metric]:
    depth = _by("listener_outbox_depth", "Messages that wait to be sent.", "outlet")
    age = _by("listener_outbox_oldest_age_seconds", "Of the oldest that waits, or 0.", "outlet")
    sent = _counter("listener_sent", "Messages that were taken.", "outlet")
    dead = _by("listener_dead_letters", "Messages given up until somebody looks.", "outlet")
    for one in deliveries:
        depth.add_metric([one.outlet], one.waiting)
        age.add_metric([one.outlet], now - one.oldest.timestamp() if one.oldest else 0.0)
        sent.add_metric([one.outlet], one.sent)
        dead.add_metric([one.outlet], one.failed)
    yield from (depth, age, sent, dead)


def _sizes(database: Path) -> Iterator[Metric]:
    log = database.with_name(database.name + "-wal")
    yield _gauge("listener_db_bytes", "The database file.", _size(database))
    yield _gauge("listener_wal_bytes", "The write-ahead log beside it.", _size(log))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, what, value=value)


def _by(name: str, what: str, label: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, what, labels=[label])


def _counter(name: str, what: str, label: str) -> CounterMetricFamily:
    return CounterMetricFamily(name, what, labels=[label])
