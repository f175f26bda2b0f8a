"""What alarms were worth: beside those of other settings, and beside what people said of days."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from listener.domain.incident import Incident
from listener.domain.mark import Mark, verdict_of

NEAR: Final = timedelta(hours=6)  # no farther apart, two incidents of one key are the same trouble
UNMARKED: Final = "unmarked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Days of a subject that people called real trouble, or a false alarm."""

    subject: str
    rule: str | None  # whose incident was marked; None: a day was, whatever the rule
    first: date
    last: date
    real: bool
    note: str = ""

    def concerns(self, alarm: Incident, zone: tzinfo, now: datetime) -> bool:
        """Whether an alarm was on in its days."""
        first, last = days_of(alarm.opened_at, alarm.resolved_at or now, zone)
        return (
            alarm.subject.casefold() == self.subject.casefold()
            and self.rule in (None, alarm.rule)
            and self.meets(first, last)
        )

    def meets(self, first: date, last: date) -> bool:
        return self.first <= last and first <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """An incident there would have been."""

    incident: Incident
    stored: Incident | None  # the same trouble as it was told then; None: nothing was
    verdict: str  # "real", "false alarm" or UNMARKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindsight:
    """All alarms of a span, what is only stored, and what became of all that was marked."""

    alarms: tuple[Alarm, ...]
    only_stored: tuple[Incident, ...]
    hits: tuple[Trouble, ...]  # real, and an alarm was on
    misses: tuple[Trouble, ...]  # real, and none was
    again: tuple[Trouble, ...]  # a false alarm, and it comes again
    spared: tuple[Trouble, ...]  # a false alarm that comes no more

    @property
    def marked(self) -> tuple[Trouble, ...]:
        return self.hits + self.misses + self.again + self.spared


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """What came of rules that looked at the past. `begin` is later than was asked for where nothing
    is stored before.
    """

    begin: datetime
    end: datetime
    last_said: datetime  # the newest mention; the rules look on for some days
    ran: tuple[str, ...]  # rules
    left_out: Mapping[str, str]  # rules that did not run, and why
    mentions: int
    history: int  # mentions that had been brought in long after they were said
    negatives: Mapping[str, Mapping[date, int]]  # of each brand, by day
    hindsight: Hindsight

    @property
    def weeks(self) -> float:
        """How long people spoke, up to a day after the last word: then there is silence."""
        spoke = min(self.last_said + timedelta(days=1), self.end) - self.begin
        return spoke / timedelta(weeks=1)


def days_of(since: datetime, until: datetime, zone: tzinfo) -> tuple[date, date]:
    """The first and the last day of a span, as the wall shows them in a zone."""
    return since.astimezone(zone).date(), until.astimezone(zone).date()


def troubles(
    marks: Iterable[Mark], rules: Sequence[str], first: date, last: date, zone: tzinfo
) -> list[Trouble]:
    """What was marked of these days, and of incidents of these rules; each trouble once.

    Incidents whose days overlap, of one rule and subject, are one; so are a day and an incident
    on it that are called the same.
    """
    made = [_trouble(mark, zone) for mark in marks]
    wanted = [
        one for one in made if one.meets(first, last) and (one.rule is None or one.rule in rules)
    ]
    days = [one for one in wanted if one.rule is None]
    of_incidents = [
        one
        for one in wanted
        if one.rule is not None and not any(_says_the_same(day, one) for day in days)
    ]
    return sorted([*days, *_joined(of_incidents)], key=lambda t: (t.first, t.subject))


def _trouble(mark: Mark, zone: tzinfo) -> Trouble:
    if mark.day is not None:
        first, last, rule = mark.day, mark.day, None
    else:
        assert mark.key is not None, "a mark is of a day or of an incident"
        assert mark.opened_at is not None, "an incident has begun"
        first, last = days_of(mark.opened_at, mark.resolved_at or mark.opened_at, zone)
        rule = mark.key.partition(":")[0]
    return Trouble(
        subject=mark.subject, rule=rule, first=first, last=last, real=mark.real, note=mark.note
    )


def _says_the_same(day: Trouble, other: Trouble) -> bool:
    return (
        day.subject == other.subject and day.real is other.real and other.meets(day.first, day.last)
    )


def _joined(found: Iterable[Trouble]) -> Iterator[Trouble]:
    """Those of one rule and subject that overlap, as one."""
    last: Trouble | None = None
    for one in sorted(found, key=lambda t: (t.subject, str(t.rule), t.real, t.first)):
        if last is None:
            last = one
        elif (one.rule, one.subject, one.real) == (last.rule, last.subject, last.real) and (
            last.meets(one.first, one.last)
        ):
            last = replace(last, last=max(last.last, one.last))
        else:
            yield last
            last = one
    if last is not None:
        yield last


def judged(
    found: Sequence[Incident],
    stored: Sequence[Incident],
    marked: Sequence[Trouble],
    zone: tzinfo,
    now: datetime,
) -> Hindsight:
    """Put what was found beside what is stored and what was marked. `now`: until when open ones
    lasted.
    """
    pairs = _paired(found, stored, now)
    taken = {one.id for one in pairs.values()}
    on = [one for one in marked if any(one.concerns(f, zone, now) for f in found)]
    off = [one for one in marked if one not in on]
    return Hindsight(
        alarms=tuple(
            Alarm(incident=one, stored=pairs.get(one.id), verdict=_verdict(one, marked, zone, now))
            for one in found
        ),
        only_stored=tuple(one for one in stored if one.id not in taken),
        hits=tuple(one for one in on if one.real),
        misses=tuple(one for one in off if one.real),
        again=tuple(one for one in on if not one.real),
        spared=tuple(one for one in off if not one.real),
    )


def _paired(
    found: Sequence[Incident], stored: Sequence[Incident], now: datetime
) -> dict[int, Incident]:
    """By the number of what was found, the one that is stored of the same trouble; each once."""
    pairs: dict[int, Incident] = {}
    left = sorted(stored, key=lambda one: one.opened_at)
    for one in sorted(found, key=lambda f: f.opened_at):
        same = next((s for s in left if s.key == one.key and _near(one, s, now)), None)
        if same is not None:
            pairs[one.id] = same
            left.remove(same)
    return pairs


def _near(one: Incident, other: Incident, now: datetime) -> bool:
    return one.opened_at - NEAR <= (other.resolved_at or now) and other.opened_at - NEAR <= (
        one.resolved_at or now
    )


def _verdict(alarm: Incident, marked: Sequence[Trouble], zone: tzinfo, now: datetime) -> str:
    said = {one.real for one in marked if one.concerns(alarm, zone, now)}
    return verdict_of(True in said) if said else UNMARKED
