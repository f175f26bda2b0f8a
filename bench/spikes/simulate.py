"""Invented brands: five-minute counts with seasons, drift, reposts, and what happens to a brand.

Every stream has a rate (mentions an hour), 14 days in which nothing happens, and then events at
random times: crises of three sizes and three shapes, viral surges that are not negative, floods
of copies (folded), outages, silent collectors, backlogs. Some mentions arrive late.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Late = tuple[int, int, int, int]  # arrives, said, mentions, negative

HOUR, DAY = 12, 288  # in buckets
RATES = (0.2, 1.0, 5.0, 20.0, 100.0, 500.0, 2000.0, 10000.0)
SIZES = ("small", "medium", "large")
SHAPES = ("step", "ramp", "slow")
NUISANCES = ("viral", "flood", "outage", "silence", "backlog")

# extra negatives an hour: so many times the brand's mean rate of negatives, and at least so many
_EXTRA = {"small": (2.5, 3.0), "medium": (5.0, 8.0), "large": (12.0, 25.0)}
_LATE_STEPS = (1, 2, 4, 8, 16, 40, 100)  # buckets
_LATE_WEIGHTS = (0.3, 0.25, 0.15, 0.12, 0.1, 0.06, 0.02)
_CLUSTERS_UP_TO = 200.0  # mentions an hour; above, reposts are drawn as gamma noise


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened from `start` to `end` (buckets, end excluded)."""

    kind: str
    start: int
    end: int
    size: str = ""
    shape: str = ""


@dataclass(slots=True, kw_only=True)
class Stream:
    """What the detector is told, and what was true.

    `mentions` and `negative` are what is known when the bucket ends; `late` holds
    (arrives, said, mentions, negative), sorted by arrival.
    """

    name: str
    rate: float
    usual_share: float
    mentions: Ints
    negative: Ints
    measured: NDArray[np.bool_]
    late: list[Late] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Plan:
    """What is to happen: gaps in days between events, and how often each kind is drawn."""

    days: int = 44
    quiet_days: float = 14.0
    kinds: tuple[tuple[str, float], ...] = (
        ("crisis", 0.45), ("viral", 0.25), ("outage", 0.08),
        ("silence", 0.07), ("backlog", 0.07), ("flood", 0.08),
    )  # fmt: skip
    gap_days: tuple[float, float] = (1.8, 3.2)


def stream(rate: float, seed: int, plan: Plan | None = None) -> Stream:
    """One brand; the same rate, seed and plan always give the same one."""
    plan = plan or Plan()
    rng = np.random.default_rng([seed, round(rate * 10), round(plan.quiet_days * 10)])
    length = plan.days * DAY
    usual = 0.65 if rng.random() < 0.08 else float(rng.uniform(0.08, 0.42))
    intensity = rate / HOUR * _season(rng, length) * _drift(rng, length) * _unrest(rng, length)
    share = _share(rng, usual, length)
    events = _events(rng, plan, length)
    surge, pull = np.ones(length), np.zeros(length)
    for event in events:
        if event.kind == "viral":
            height = rng.uniform(3, 20)
            surge[event.start : event.end] += _surge(event.end - event.start) * height
            pull[event.start : event.end] += rng.normal(-0.25, 0.25)
    share = _expit(_logit(share) + pull)
    extra_negative, extra_other = _crises(rng, events, rate * usual, length)
    negative_rate = intensity * surge * share + extra_negative
    other_rate = intensity * surge * (1 - share) + extra_other
    clump = rng.uniform(0.1, 1.0)
    negative = _counts(rng, negative_rate, clump, rate)
    others = _counts(rng, other_rate, clump, rate)
    _flood(rng, events, negative)
    return _told(rng, rate, usual, negative, others, events)


def _season(rng: np.random.Generator, length: int) -> Floats:
    hours = np.arange(length) / HOUR
    depth, peak = rng.uniform(0.4, 1.3), rng.uniform(0, 24)
    second = rng.uniform(0, 0.35)
    wave = depth * np.cos((hours - peak) * 2 * np.pi / 24)
    wave += second * np.cos((hours - rng.uniform(0, 12)) * 2 * np.pi / 12)
    days = rng.normal(0, 0.12, 7)
    days[5:] += rng.normal(-0.3, 0.25)
    wave += days[(hours // 24).astype(int) % 7]
    factors = np.exp(wave)
    return np.asarray(factors / factors.mean())


def _drift(rng: np.random.Generator, length: int) -> Floats:
    steps = rng.normal(0, 0.035, length // DAY + 2).cumsum()
    return np.asarray(np.exp(np.interp(np.arange(length) / DAY, np.arange(len(steps)), steps)))


def _unrest(rng: np.random.Generator, length: int) -> Floats:
    """The intensity's own noise: hours that are livelier than others, and a little per bucket."""
    slow = _wander(rng, length // HOUR + 2, rng.uniform(2, 8), rng.uniform(0.15, 0.45))
    slow = np.interp(np.arange(length) / HOUR, np.arange(len(slow)), slow)
    quick = rng.normal(0, rng.uniform(0.02, 0.1), length)
    return np.asarray(np.exp(slow + quick))


def _share(rng: np.random.Generator, usual: float, length: int) -> Floats:
    wander = _wander(rng, length // HOUR + 2, rng.uniform(2, 12), rng.uniform(0.05, 0.25))
    wander = np.interp(np.arange(length) / HOUR, np.arange(len(wander)), wander)
    return _expit(_logit(np.full(length, usual)) + wander)


def _wander(rng: np.random.Generator, length: int, memory: float, sd: float) -> Floats:
    """An AR(1) with a memory in steps, and its standard deviation."""
    keep = np.exp(-1 / memory)
    steps = rng.normal(0, sd * np.sqrt(1 - keep**2), length)
    values = np.empty(length)
    value = rng.normal(0, sd)
    for i, step in enumerate(steps):
        value = keep * value + step
        values[i] = value
    return values


def _events(rng: np.random.Generator, plan: Plan, length: int) -> list[Event]:
    """Events in turn, each after a gap, so that what is said of one is not said of another."""
    names = [name for name, _ in plan.kinds]
    weights = np.array([weight for _, weight in plan.kinds])
    found: list[Event] = []
    at = int((plan.quiet_days + rng.uniform(0.2, 1.5)) * DAY)
    while at < length - 1.5 * DAY:
        event = _event(rng, str(rng.choice(names, p=weights / weights.sum())), at)
        found.append(event)
        at = event.end + int(rng.uniform(*plan.gap_days) * DAY)
    return found


def _event(rng: np.random.Generator, kind: str, at: int) -> Event:
    if kind == "crisis":
        shape = str(rng.choice(SHAPES, p=(0.4, 0.35, 0.25)))
        hours = rng.uniform(8, 14) if shape == "slow" else rng.uniform(2, 8)
        size = str(rng.choice(SIZES))
        return Event(kind=kind, start=at, end=at + int(hours * HOUR), size=size, shape=shape)
    least, most = {"viral": (3, 18), "flood": (0.2, 1), "outage": (1, 10)}.get(kind, (2, 10))
    return Event(kind=kind, start=at, end=at + max(int(rng.uniform(least, most) * HOUR), 1))


def _surge(length: int) -> Floats:
    """Up within a tenth of the time, then dying away."""
    at = np.linspace(0, 1, length)
    return np.asarray(np.minimum(at / 0.1, 1.0) * np.exp(-3 * np.maximum(at - 0.1, 0)))


def _course(shape: str, length: int) -> Floats:
    at = np.arange(length)
    if shape == "step":
        return np.ones(length)
    rise = 1.5 * HOUR if shape == "ramp" else 0.75 * length
    return np.asarray(np.minimum((at + 1) / rise, 1.0))


def _crises(
    rng: np.random.Generator, events: list[Event], usual_negatives: float, length: int
) -> tuple[Floats, Floats]:
    """Extra negatives and others per bucket, by the crises."""
    negative, others = np.zeros(length), np.zeros(length)
    for event in events:
        if event.kind != "crisis":
            continue
        times, least = _EXTRA[event.size]
        peak = max(times * usual_negatives, least) * rng.uniform(0.9, 1.3) / HOUR
        course = peak * _course(event.shape, event.end - event.start)
        share = rng.uniform(0.65, 0.92)
        negative[event.start : event.end] += course
        others[event.start : event.end] += course * (1 - share) / share
    return negative, others


def _counts(rng: np.random.Generator, expected: Floats, clump: float, rate: float) -> Ints:
    """Posts with their reposts, over the next hour: `clump` on average, now and then ten.

    Only what folding leaves of them: quotes and answers in their own words.
    """
    if rate > _CLUSTERS_UP_TO:
        spread = rng.gamma(expected / clump + 1e-9, clump)
        return rng.poisson(spread)
    posts = rng.poisson(expected / (1 + clump))
    at = np.repeat(np.arange(len(posts)), posts)
    liked = clump * np.minimum((rng.pareto(1.6, len(at)) + 0.2) / 1.87, 12.0)
    reposts = rng.poisson(liked)
    when = np.repeat(at, reposts)
    when = when + rng.exponential(6, len(when)).astype(np.int64)
    return np.asarray(posts + np.bincount(when[when < len(posts)], minlength=len(posts)))


def _flood(rng: np.random.Generator, events: list[Event], negative: Ints) -> None:
    """Hundreds of copies, of which folding leaves a few."""
    for event in events:
        if event.kind == "flood":
            at = rng.integers(event.start, event.end, rng.integers(2, 5))
            np.add.at(negative, at, 1)


def _told(
    rng: np.random.Generator, rate: float, usual: float,
    negative: Ints, others: Ints, events: list[Event],
) -> Stream:  # fmt: skip
    """What is known in time, what comes late, and what is lost."""
    lateness = rng.uniform(0.01, 0.12)
    late_negative, late_others = rng.binomial(negative, lateness), rng.binomial(others, lateness)
    in_time, in_time_others = negative - late_negative, others - late_others
    late = _stragglers(rng, late_negative, late_others)
    measured = np.ones(len(negative), dtype=np.bool_)
    for event in events:
        if event.kind not in ("outage", "backlog", "silence"):
            continue
        span = slice(event.start, event.end)
        measured[span] = event.kind == "silence"
        late = [row for row in late if not event.start <= row[0] < event.end]
        if event.kind == "backlog" or (event.kind == "silence" and rng.random() < 0.5):
            late += _backlog(event, in_time, in_time_others)
        in_time[span] = in_time_others[span] = 0
    return Stream(
        name="", rate=rate, usual_share=usual, mentions=in_time + in_time_others,
        negative=in_time, measured=measured,
        late=sorted(row for row in late if row[0] < len(negative)), events=events,
    )  # fmt: skip


def _stragglers(rng: np.random.Generator, negative: Ints, others: Ints) -> list[Late]:
    """When each late mention arrives."""
    rows: list[Late] = []
    for at in np.flatnonzero(negative + others).tolist():
        ks = rng.multinomial(negative[at], _LATE_WEIGHTS).tolist()
        os = rng.multinomial(others[at], _LATE_WEIGHTS).tolist()
        for step, k, o in zip(_LATE_STEPS, ks, os, strict=True):
            if k + o:
                rows.append((at + step, at, k + o, k))
    return rows


def _backlog(event: Event, negative: Ints, others: Ints) -> list[Late]:
    """All of an outage at once, when it ends; each mention with its own time."""
    rows = []
    for at in range(event.start, event.end):
        k, o = int(negative[at]), int(others[at])
        if k + o:
            rows.append((event.end, at, k + o, k))
    return rows


def _logit(share: Floats) -> Floats:
    return np.asarray(np.log(share / (1 - share)))


def _expit(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-odds)))
