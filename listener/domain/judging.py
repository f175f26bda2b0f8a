"""When an outlet is told, and when not: one decision for each piece of news, with its reason; pure.

The semantics are those of Prometheus' Alertmanager (group wait, group interval, repeat interval,
inhibition, silences, and resolved only where it was told that it fired), with a budget of
interruptions, quiet hours, and silence for what flaps.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from listener.domain.incident import Event, Severity
from listener.domain.manners import LOUD, Act, Breaks, Kind, Question, Reason, Verdict

INFO_SHARE: Final = 0.5  # when so much of a day's interruptions is spent, what is info waits
PROMISES_SHARE: Final = 0.5  # of a day's interruptions; the other half is for what nobody expects
OVERDUE_APART: Final = timedelta(minutes=30)  # between two calls that answers are overdue
FURTHER_APART: Final = timedelta(minutes=30)  # an influencer's further posts, where each calls
HYSTERESIS: Final = timedelta(hours=2)  # what has come back once is over when it stays away so long

_OF_INFLUENCERS: Final = frozenset({Event.INFLUENCER_PRAISE, Event.INFLUENCER_CRITICISM})
_AT_ONCE: Final = _OF_INFLUENCERS | frozenset(
    {
        Event.MENTION_SEVERE,
        Event.BUDGET_SPENT,
        Event.DELIVERY_FAILED,
        Event.SOURCE_QUIET,
    }
)

_TOLD: Final[Mapping[Kind, Reason]] = {
    Kind.BEGINS: Reason.NEW,
    Kind.GRAVER: Reason.GRAVER,
    Kind.BACK: Reason.BACK,
    Kind.ENDS: Reason.OVER,
    Kind.PROMISE: Reason.PROMISE,
    Kind.KEPT: Reason.PROMISE,
    Kind.NOTE: Reason.NOTE,
    Kind.EDIT: Reason.CHANGED,
}


def judge(asked: Question) -> Verdict:
    """Whether an outlet is told of something now, later, quietly, or not at all; and why."""
    if asked.kind is Kind.NOTE:
        return Verdict(act=Act.NOW, reason=Reason.NOTE)
    if asked.kind is Kind.EDIT:
        act = Act.EDIT if asked.lasting else Act.SILENT
        return Verdict(act=act, reason=Reason.CHANGED)
    for check in _FOR_PEOPLE if asked.ears.calls else _FOR_PROGRAMS:
        verdict = check(asked)
        if verdict is not None:
            return verdict
    return Verdict(act=Act.NOW, reason=_why_told(asked), loud=asked.ears.calls and asked.loud)


def _why_told(asked: Question) -> Reason:
    if asked.kind is Kind.REPEATS:
        return Reason.SNOOZE_OVER if asked.case.snoozed_until else Reason.STILL_OPEN
    return _TOLD[asked.kind]


def _not_told(asked: Question, reason: Reason) -> Verdict:
    return Verdict(act=Act.EDIT if asked.lasting else Act.SILENT, reason=reason)


def _muted(asked: Question) -> Verdict | None:
    """The larger incident tells it; what is still open when that one is over is told then."""
    larger = asked.case.muted_by
    if larger is None or asked.kind in (Kind.PROMISE, Kind.KEPT):
        return None
    if asked.kind is Kind.ENDS and asked.ears.knows and not asked.ears.calls:
        return None  # a program that keeps what is open has to hear it
    if asked.kind in (Kind.BEGINS, Kind.BACK, Kind.REPEATS):
        return Verdict(act=Act.HOLD, reason=Reason.MUTED, waits_for=larger)
    return _not_told(asked, Reason.MUTED)


def _never_told(asked: Question) -> Verdict | None:
    if asked.kind in (Kind.ENDS, Kind.KEPT) and not asked.ears.knows:
        return _not_told(asked, Reason.NEVER_TOLD)
    return None


def _snoozed(asked: Question) -> Verdict | None:
    until = asked.case.snoozed_until
    if until is None or until <= asked.now:
        return None
    if asked.kind is Kind.REPEATS:
        return Verdict(act=Act.HOLD, reason=Reason.SNOOZED, until=until)
    return _not_told(asked, Reason.SNOOZED)


def _acknowledged(asked: Question) -> Verdict | None:
    """Whoever has taken it is not reminded, but at the end of a snooze: that was asked for."""
    if asked.kind is Kind.REPEATS and asked.case.acknowledged and not asked.case.snoozed_until:
        return _not_told(asked, Reason.ACKNOWLEDGED)
    return None


def _flapping(asked: Question) -> Verdict | None:
    """That it is back is told once; from then on its end is told when it stays away."""
    if asked.kind is Kind.BACK and asked.case.reopened > 1 and not asked.critical:
        return _not_told(asked, Reason.FLAPPING)
    if asked.kind is Kind.ENDS and asked.case.reopened:
        return _held(asked, Reason.FLAPPING, asked.news.at + HYSTERESIS)
    return None


def _group_wait(asked: Question) -> Verdict | None:
    waits = asked.kind is Kind.BEGINS and asked.news.event not in _AT_ONCE and not asked.critical
    until = asked.news.at + asked.manners.group_wait
    return _held(asked, Reason.GROUP_WAIT, until) if waits else None


def _group_interval(asked: Question) -> Verdict | None:
    last = asked.ears.last_told
    if last is None or asked.critical or asked.kind is Kind.REPEATS:
        return None
    return _held(asked, Reason.GROUP_INTERVAL, last + _apart(asked))


def _apart(asked: Question) -> timedelta:
    """A thread interrupts nobody; where there is none, what an influencer goes on to say waits."""
    interval = asked.manners.group_interval
    further = asked.news.event in _OF_INFLUENCERS and not asked.lasting
    return max(interval, FURTHER_APART) if further else interval


def _repeats(asked: Question) -> Verdict | None:
    last = asked.ears.last_loud
    if asked.kind is not Kind.REPEATS or last is None or asked.case.snoozed_until:
        return None
    return _held(asked, Reason.REPEAT, last + asked.manners.repeat_every)


def _overdue_again(asked: Question) -> Verdict | None:
    """That more is overdue calls nobody again so soon: it stands in the thread, and in the list.

    Where there is no thread, it waits.
    """
    last = asked.ears.last_loud
    if asked.kind is not Kind.PROMISE or asked.news.event not in LOUD or last is None:
        return None
    if asked.now - last >= OVERDUE_APART or not asked.lasting:
        return _held(asked, Reason.GROUP_INTERVAL, last + OVERDUE_APART)
    return Verdict(act=Act.QUIETLY, reason=Reason.GROUP_INTERVAL)


def _quiet_hours(asked: Question) -> Verdict | None:
    until = asked.manners.quiet_hours.until(asked.now, asked.manners.zone)
    if until is None or _breaks_quiet(asked):
        return None
    return _held(asked, Reason.QUIET_HOURS, until)


def _breaks_quiet(asked: Question) -> bool:
    but = asked.manners.quiet_but
    if asked.kind in (Kind.PROMISE, Kind.KEPT) and Breaks.RESPONSE in but:
        return True
    ranks = [Severity(one.value).rank for one in but if one is not Breaks.RESPONSE]
    return asked.news.severity.rank >= min(ranks, default=len(Severity))


def _too_many(asked: Question) -> Verdict | None:
    full = asked.ears.groups >= asked.manners.most_groups
    if asked.critical or not full or asked.ears.knows or asked.kind is Kind.REPEATS:
        return None
    return _held(asked, Reason.TOO_MANY, asked.manners.next_summary(asked.now))


def _budget(asked: Question) -> Verdict | None:
    """Beyond it only what is critical interrupts, or was asked for by a snooze.

    The rest goes to its thread, or waits.
    """
    asked_for = asked.kind is Kind.REPEATS and asked.case.snoozed_until is not None
    if asked.critical or asked_for or not asked.loud or not _spent(asked):
        return None
    if asked.kind is Kind.REPEATS:
        return _not_told(asked, Reason.BUDGET)
    if asked.lasting:
        return Verdict(act=Act.QUIETLY, reason=Reason.BUDGET)
    is_high = asked.news.severity.rank >= Severity.HIGH.rank
    comes = asked.manners.next_round if is_high else asked.manners.next_summary
    return _held(asked, Reason.BUDGET, comes(asked.now))


def _spent(asked: Question) -> bool:
    most = asked.manners.interrupts_a_day
    is_info = asked.news.severity is Severity.INFO
    if asked.ears.today >= (min(most, max(1, int(most * INFO_SHARE))) if is_info else most):
        return True
    promise = asked.kind in (Kind.PROMISE, Kind.KEPT)
    return promise and asked.ears.promises_today >= max(1, int(most * PROMISES_SHARE))


def _held(asked: Question, reason: Reason, until: datetime) -> Verdict | None:
    """Hold until a moment; None where it has come."""
    if asked.now >= until:
        return None
    return Verdict(act=Act.HOLD, reason=reason, until=until)


Check = Callable[[Question], Verdict | None]
_FOR_PROGRAMS: Final[tuple[Check, ...]] = (_muted, _never_told)
_FOR_PEOPLE: Final[tuple[Check, ...]] = (
    _muted,
    _never_told,
    _snoozed,
    _acknowledged,
    _flapping,
    _group_wait,
    _group_interval,
    _repeats,
    _quiet_hours,
    _overdue_again,
    _too_many,
    _budget,
)
