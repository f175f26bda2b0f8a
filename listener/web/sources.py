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
from listener.web.pages import render, since
from listener.web.speaking import speaking
from listener.web.words import in_words, later, so_many

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
            "budget": _usd(budgets.get(row["name"]), behind.spoken),
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
    if behind.pulse is None and health == "well":
        health, words = "still", later("not running")
    return {
        **row,
        **moments,
        "failing": [
            {**one, "since": from_text_or_none(one["since"])}
            for one in row["failing"][:MOST_FAILING]
        ],
        "more_failing": max(0, len(row["failing"]) - MOST_FAILING),
        "lag": since(last, now, behind.spoken) if last else None,
        "spent": _usd(row["spent_usd"], behind.spoken),
        "month": _month(row, behind.spoken),
        "each": _usd(row["usd_per_mention"] or None, behind.spoken),
        "address": search_for("", None, ("source", row["name"])),
        "health": health,
        "health_words": in_words(behind.spoken, words),
    }


def _month(row: Mapping[str, Any], language: str) -> str:
    """What it cost this month, and will have cost; empty where it costs nothing."""
    if not row["month_usd"]:
        return ""
    if row["forecast_usd"] is None:
        return _usd(row["month_usd"], language)
    return in_words(
        language,
        "%(spent)s USD, likely %(likely)s by its end",
        spent=_amount(row["month_usd"], language),
        likely=_amount(row["forecast_usd"], language),
    )


def _usd(amount: float | None, language: str) -> str:
    """Empty where there is none."""
    if amount is None:
        return ""
    return in_words(language, "%(amount)s USD", amount=_amount(amount, language))


def _amount(usd: float, language: str) -> str:
    return numbers.number(usd, language, decimals=2)


def _health(row: Mapping[str, Any]) -> tuple[str, str]:
    if row["next_run"] is None and row["last_success"] is not None:
        return "still", later("no longer read")
    if row["error"] is not None:
        return "bad", later("failing")
    if row["gap_since"] is not None:
        return "warn", later("behind")
    if row["last_success"] is None:
        return "warn", later("not read yet")
    if row["failing"]:
        return "warn", later("in part")
    return "well", later("well")


def _outlet(one: Delivery, now: datetime, language: str) -> dict[str, Any]:
    if one.failed:
        health, words = "bad", in_words(language, "failed")
    elif one.stale:
        health = "warn"
        words = so_many(
            language,
            "%(num)s still shows deleted words",
            "%(num)s still show deleted words",
            one.stale,
        )
    elif one.waiting and one.error:
        health, words = "warn", in_words(language, "trying again")
    elif one.waiting:
        health, words = "still", in_words(language, "sending")
    else:
        health, words = "well", in_words(language, "well")
    oldest = since(one.oldest, now, language) if one.oldest else None
    return {
        "name": one.outlet,
        "health": health,
        "health_words": words,
        "waiting": one.waiting,
        "sent": one.sent,
        "failed": one.failed,
        "oldest": in_words(language, "%(span)s ago", span=oldest) if oldest else None,
        "error": one.error,
    }
