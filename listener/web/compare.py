"""Brands and competitors side by side."""

from collections.abc import Mapping
from typing import Any

from listener.domain.digest import change
from listener.domain.label import Sentiment
from listener.domain.period import Span
from listener.outlook import rivals
from listener.outlook.rivals import Preferred, Rival
from listener.web.bars import share_top
from listener.web.behind import Behind
from listener.web.charts import highest_share, share_chart
from listener.web.links import finder, search_for, subject_address
from listener.web.outlooks import asked_days, outlook_of, period_view
from listener.web.pages import render
from listener.web.speaking import speaking


def compare_page(behind: Behind, given: Mapping[str, str]) -> str:
    """All of them over the days that an address asks for."""
    asked = asked_days(behind, given)
    found = rivals.side_by_side(outlook_of(behind), asked.period)
    top = share_top(max((highest_share(one.sounding) for one in found.rivals), default=0.1))
    span = asked.period.span
    return render(
        "compare.html.j2",
        behind,
        here="/compare",
        choice=period_view(asked),
        rivals=[_rival(one, span, top, behind) for one in found.rivals],
        shared=any(one.voice for one in found.rivals),
        preferred=[_preferred(one, span) for one in found.preferred],
        **speaking(behind),
    )


def _rival(one: Rival, span: Span, top: float, behind: Behind) -> dict[str, Any]:
    name, week = one.subject.name, one.week
    moved = None
    if week.before is not None:
        moved = change(week.now.share(Sentiment.NEGATIVE), week.before.share(Sentiment.NEGATIVE))
    return {
        "name": name,
        "role": one.subject.role.value,
        "is_brand": one.is_brand,
        "address": subject_address(name),
        "week": week,
        "moved": moved,
        "voice": one.voice,
        "shares": one.shares,
        "stars": one.stars,
        "promises": one.promises,
        "praised": one.praised,
        "blamed": one.blamed,
        "chart": share_chart(one.sounding, name, behind, top),
        "find": finder(name, span),
        "beaten": search_for(name, span, ("label", "comparing")) if week.now.beaten else None,
        "reviews": search_for(
            name, span, ("channel", "review"), ("stars", "0..5"), without_copies=True
        ),
    }


def _preferred(one: Preferred, span: Span) -> dict[str, Any]:
    address = search_for(one.better, span, ("above", one.worse), without_copies=True)
    return {"better": one.better, "worse": one.worse, "n": one.mentions, "address": address}
