"""The rest of the digest: spikes, promises, rivals, sources and gaps, in words and widths; pure."""

from dataclasses import dataclass
from datetime import timedelta

from listener.domain.digest import (
    TELLING,
    Change,
    Gap,
    PromiseLine,
    RecoveryLine,
    Share,
    SourceRow,
    SubjectWeek,
    VoiceRow,
    change,
    got_better,
)
from listener.domain.label import Sentiment
from listener.domain.subject import Role
from listener.texts import numbers
from listener.texts.digest_words import Writer
from listener.texts.escape import one_line
from listener.texts.words import counted

ERROR_LENGTH = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseView:
    name: str
    due: str
    rate: str
    parts: tuple[tuple[str, str, int], ...]  # words, colour, width in per cent
    times: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceView:
    name: str
    role: str
    ours: bool
    mentions: str
    share: str
    moved: str
    width: int
    negative: str
    n: str
    tells: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    name: str
    mentions: str
    negative: str
    read: str
    error: str
    cost: str  # empty where it costs nothing


def promise_view(w: Writer, promise: PromiseLine) -> PromiseView:
    overdue = "promise.overdue" if promise.overdue else "promise.open"
    still_open = w.say(overdue, n=w.count(promise.open), overdue=w.count(promise.overdue))
    parts = (
        (w.say("promise.kept", n=w.count(promise.kept)), "positive", promise.kept),
        (w.say("promise.late", n=w.count(promise.late)), "negative", promise.late),
        (still_open, "neutral", promise.open),
    )
    whole = max(1, sum(size for _, _, size in parts))
    kept = promise.kept_share
    rate = w.say("promise.rate", share=w.share(kept), n=w.count(kept.whole))
    if kept.whole and not kept.tells:
        rate = w.say("and.few", said=rate)
    return PromiseView(
        name=promise_name(w, promise),
        due=w.say("promise.due", n=w.count(promise.due)),
        rate=rate if kept.whole else "",
        parts=tuple((words, colour, round(100 * size / whole)) for words, colour, size in parts),
        times=_times(w, promise),
    )


def promise_name(w: Writer, promise: PromiseLine) -> str:
    name = w.say(
        "promise.name",
        channel=w.say(f"channel.{promise.channel.value}"),
        within=numbers.duration(promise.within, w.language),
    )
    return f"{w.name(promise.subject)} · {name}" if promise.subject else name


def _times(w: Writer, promise: PromiseLine) -> str:
    average, median = promise.average_first_response_s, promise.median_first_response_s
    if promise.n and average is not None and median is not None:
        words = w.say(
            "promise.first",
            average=numbers.duration(timedelta(seconds=average), w.language),
            median=numbers.duration(timedelta(seconds=median), w.language),
            n=w.count(promise.n),
        )
    else:
        words = w.say("promise.unanswered")
    if promise.oldest_open_h is not None:
        oldest = numbers.duration(timedelta(hours=promise.oldest_open_h), w.language)
        words += w.say("clause") + w.say("promise.oldest", duration=oldest)
    return words + w.say("sentence_end")


def voice_view(w: Writer, row: VoiceRow, widest: float) -> VoiceView:
    negative = Share(row.negative, row.labelled)
    before = row.share_before
    n = w.say("figure.n", n=w.count(row.labelled))
    return VoiceView(
        name=w.name(row.name),
        role=w.say(f"voice.{row.role.value}"),
        ours=row.role is Role.BRAND,
        mentions=w.count(row.mentions),
        share=numbers.percent(row.share, w.language),
        moved="" if before is None else w.say("was", before=numbers.percent(before, w.language)),
        width=round(100 * row.share / widest) if widest else 0,
        negative=w.share(negative),
        n=n if negative.tells else w.say("and.few", said=n),
        tells=negative.tells,
    )


def source_view(w: Writer, row: SourceRow) -> SourceView:
    return SourceView(
        name=w.name(row.name),
        mentions=w.count(row.mentions),
        negative=w.count(row.negative),
        read=w.moment(row.last_success) if row.last_success else w.say("source.never"),
        error=one_line(row.error, ERROR_LENGTH) if row.error is not None else "",
        cost=_cost(w, row),
    )


def _cost(w: Writer, row: SourceRow) -> str:
    """What it cost this month, will have cost by its end, and a mention of use."""
    parts = (
        ("source.cost", row.month_usd, 2),
        ("source.forecast", row.forecast_usd, 2),
        ("source.each", row.mention_usd, 3),
    )
    said = [
        w.say(key, usd=numbers.number(usd, w.language, decimals=decimals))
        for key, usd, decimals in parts
        if usd
    ]
    return w.say("clause").join(said)


def spent_lines(w: Writer) -> list[str]:
    """What all sources cost: since the digest before, and this month; nothing where all is free."""
    costs = [row for row in w.data.sources if row.month_usd]
    lines = []
    if w.data.spent_usd is not None:
        lines.append(w.say("spent.since", usd=w.money(w.data.spent_usd)))
    if len(costs) > 1:
        lines.append(
            w.say(
                "spent.month",
                usd=w.money(sum(row.month_usd or 0 for row in costs)),
                forecast=w.money(sum(row.forecast_usd or row.month_usd or 0 for row in costs)),
            )
        )
    return lines


def recovery_line(w: Writer, line: RecoveryLine) -> str:
    """How ratings changed after they were answered, in a sentence."""
    took = numbers.duration(timedelta(seconds=line.median_s), w.language)
    stars = {
        name: numbers.number(value, w.language, decimals=1)
        for name, value in (("before", line.before), ("after", line.after))
    }
    n, up, down = w.count(line.n), w.count(line.up), w.count(line.down)
    said = {"name": w.name(line.subject), "n": n, "up": up, "down": down, "took": took, **stars}
    return counted(w.language, "recovery", n, **said)


def gap_line(w: Writer, gap: Gap) -> str:
    if gap.end is None:
        return w.say("gap.open", source=w.name(gap.source), since=w.moment(gap.start))
    between = numbers.between(gap.start, gap.end, w.zone, w.language)
    return w.say("gap", source=w.name(gap.source), between=between)


def aside_line(w: Writer) -> str:
    """What is in no figure, by subject; empty where all counts."""
    kept = [f"{w.name(row.subject)} {w.count(row.mentions)}" for row in w.data.aside]
    shown = kept[: w.detail.lists]
    if len(kept) > len(shown):
        shown.append(w.more(len(kept) - len(shown)))
    return w.say("aside", counts=w.say("list_comma").join(shown)) if shown else ""


def team_line(w: Writer) -> str:
    """How a team kept its promises, all together; empty where nobody waited for it."""
    promises = w.data.promises
    if not (w.data.team and w.data.waited):
        return ""
    parts = {
        name: w.count(sum(getattr(promise, name) for promise in promises))
        for name in ("kept", "late", "open")
    }
    return w.say("promise.team", n=w.count(w.data.waited), **parts)


def better_lines(w: Writer) -> list[str]:
    """What improved by more than chance, all brands: the share, the topics, the promises."""
    lines: list[str] = []
    for brand in w.data.brands:
        found = _better_brand(w, brand)
        who = f"{w.name(brand.name)} · " if len(w.data.brands) > 1 else ""
        lines.extend(who + line for line in found)
    for promise in w.data.promises:
        before = promise.kept_share_before
        if _is_certain(change(promise.kept_share, before), up=True) and before is not None:
            lines.append(
                w.say(
                    "better.kept",
                    promise=promise_name(w, promise),
                    now=w.share(promise.kept_share),
                    before=w.share(before),
                )
            )
    return lines


def _better_brand(w: Writer, brand: SubjectWeek) -> list[str]:
    if brand.before is None:
        return []
    now, before = brand.now.share(Sentiment.NEGATIVE), brand.before.share(Sentiment.NEGATIVE)
    lines = []
    if _is_certain(change(now, before), up=False):
        lines.append(w.say("better.share", now=w.share(now), before=w.share(before)))
    lines.extend(
        w.say(
            "better.theme",
            theme=w.say("quoted", text=w.theme(brand, theme.name)),
            now=w.count(theme.negative),
            before=w.count(theme.negative_before or 0),
        )
        for theme in got_better(brand)
    )
    return lines


def _is_certain(found: Change | None, *, up: bool) -> bool:
    return found is not None and found.certain and (found.points > 0) is up


def foot_lines(w: Writer) -> list[str]:
    """The period, how things were counted, and what came in too late."""
    data = w.data
    first = data.start.astimezone(w.zone).date()
    last = data.end.astimezone(w.zone).date() - timedelta(days=1)
    days = numbers.days(first, last, w.language)
    lines = [w.say("foot.period", days=days, zone=data.zone, made=w.moment(data.made_at))]
    if data.team:
        lines.append(_for_team(w))
    if data.late_arrivals and data.late is None:  # it was kept before more of them was
        late = w.count(data.late_arrivals)
        lines.append(counted(w.language, "late", late, n=late))
    if data.nothing_said:
        return lines
    lines.append(w.say("foot.counting", few=w.count(TELLING)))
    if data.promises:
        lines.append(w.say("foot.promise"))
    if data.model:
        lines.append(w.say("foot.model", model=w.name(data.model)))
    return lines


def _for_team(w: Writer) -> str:
    owned = w.topics(w.data.owned)
    key = "foot.team" if owned else "foot.team.promises"
    return w.say(key, team=w.name(w.data.team), topics=owned)
