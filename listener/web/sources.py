"""The page of the machine's room: sources, what was set aside, and what is to be told."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from listener.domain.measures import Figure
from listener.domain.period import Period
from listener.domain.times import from_text_or_none
from listener.outlook.machine import outgoing, source_list
from listener.outlook.ratings import by_source
from listener.store.overview import Delivery
from listener.texts import numbers
from listener.web.behind import Behind
from listener.web.health import pulse_problems
from listener.web.links import reviews_of, search_for
from listener.web.outlooks import USUAL, outlook_of
from listener.web.pages import ago, render
from listener.web.speaking import speaking

MOST_SET_ASIDE: Final = 50
MOST_FAILING: Final = 20  # streams of one source


def sources_page(behind: Behind) -> str:
    """The page as it stands now."""
    now = behind.now()
    standing = outgoing(behind.store)
    period = Period.of_days(USUAL, behind.zone, now)
    budgets = behind.known().budgets
    stars = by_source(outlook_of(behind), period)
    sources = [
        source_view(row, now, behind)
        | {
            "stars": _stars(row["name"], stars.get(row["name"], ()), period),
            "budget": _budget(budgets.get(row["name"]), behind.spoken),
        }
        for row in source_list(outlook_of(behind), now)
    ]
    return render(
        "sources.html.j2",
        behind,
        here="/sources",
        now=now,
        daemon=behind.pulse is not None,
        problems=pulse_problems(behind),
        sources=sources,
        rejected=sum(source["rejected"] for source in sources),
        outlets=[_outlet(one, now, behind.spoken) for one in standing.deliveries],
        set_aside=standing.set_aside[:MOST_SET_ASIDE],
        set_aside_count=len(standing.set_aside),
        days=USUAL,
        **speaking(behind),
    )


def _budget(usd: float | None, language: str) -> str:
    return "" if usd is None else f"{_usd(usd, language)} USD"


def _stars(
    source: str, found: Iterable[tuple[str, Figure]], period: Period
) -> list[tuple[str, Figure, str]]:
    """Of each brand that is rated there the mean, and where its reviews are found."""
    return [(brand, stars, reviews_of(brand, period.span, source)) for brand, stars in found]


def source_view(row: Mapping[str, Any], now: datetime, behind: Behind) -> dict[str, Any]:
    """A row of `views.source_list` with its moments and its health in words."""
    moments = {
        name: from_text_or_none(row[name]) for name in ("last_success", "gap_since", "next_run")
    }
    last = moments["last_success"]
    health, words = _health(row)
    return {
        **row,
        **moments,
        "failing": [
            {**one, "since": from_text_or_none(one["since"])}
            for one in row["failing"][:MOST_FAILING]
        ],
        "more_failing": max(0, len(row["failing"]) - MOST_FAILING),
        "read_ago": ago(last, now, behind.spoken) if last else None,
        "lag": numbers.duration(now - last, behind.spoken) if last else None,
        "spent": _usd(row["spent_usd"], behind.spoken),
        "month": _month(row, behind.spoken),
        "each": _budget(row["usd_per_mention"] or None, behind.spoken),
        "address": search_for("", None, ("source", row["name"])),
        "health": "still" if behind.pulse is None and health == "well" else health,
        "health_words": "not running" if behind.pulse is None and health == "well" else words,
    }


def _month(row: Mapping[str, Any], language: str) -> str:
    """What it cost this month, and will have cost; empty where it costs nothing."""
    if not row["month_usd"]:
        return ""
    likely = row["forecast_usd"]
    words = f"{_usd(row['month_usd'], language)} USD"
    return words if likely is None else f"{words}, likely {_usd(likely, language)} by its end"


def _usd(amount: float, language: str) -> str:
    return numbers.number(amount, language, decimals=2)


def _health(row: Mapping[str, Any]) -> tuple[str, str]:
    if row["next_run"] is None and row["last_success"] is not None:
        return "still", "no longer read"
    if row["error"] is not None:
        return "bad", "failing"
    if row["gap_since"] is not None:
        return "warn", "behind"
    if row["last_success"] is None:
        return "warn", "not read yet"
    if row["failing"]:
        return "warn", "in part"
    return "well", "well"


def _outlet(one: Delivery, now: datetime, language: str) -> dict[str, Any]:
    if one.failed:
        health, words = "bad", "failed"
    elif one.stale:
        health, words = "warn", f"{one.stale} still show deleted words"
    elif one.waiting and one.error:
        health, words = "warn", "trying again"
    elif one.waiting:
        health, words = "still", "sending"
    else:
        health, words = "well", "well"
    return {
        "name": one.outlet,
        "health": health,
        "health_words": words,
        "waiting": one.waiting,
        "sent": one.sent,
        "failed": one.failed,
        "oldest": ago(one.oldest, now, language) if one.oldest else None,
        "error": one.error,
    }
