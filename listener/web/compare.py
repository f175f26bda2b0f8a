"""Brands and competitors side by side."""

from collections.abc import Mapping, Sequence
from typing import Any

from listener.domain.digest import change
from listener.domain.label import Sentiment
from listener.domain.period import Span
from listener.outlook import rivals
from listener.outlook.rivals import Preferred, Rival
from listener.web.bars import share_top
from listener.web.behind import Behind
from listener.web.charts import highest_share, share_chart
from listener.web.links import AnyOf, can_be_asked, finder, reviews_of, search_for, subject_address
from listener.web.outlooks import asked_days, outlook_of, period_view
from listener.web.pages import render
from listener.web.speaking import speaking


def compare_page(behind: Behind, given: Mapping[str, str]) -> str:
    """All of them over the days that an address asks for."""
    asked = asked_days(behind, given)
    found = rivals.side_by_side(outlook_of(behind), asked.period)
    top = share_top(max((highest_share(one.sounding) for one in found.rivals), default=0.1))
    span = asked.period.span
    names = [one.subject.name for one in found.rivals]
    return render(
        "compare.html.j2",
        behind,
        here="/compare",
        choice=period_view(asked),
        rivals=[_rival(one, names, span, top, behind) for one in found.rivals],
        shared=any(one.voice for one in found.rivals),
        preferred=[_preferred(one, span) for one in found.preferred],
        **speaking(behind),
    )


def _rival(
    one: Rival, names: Sequence[str], span: Span, top: float, behind: Behind
) -> dict[str, Any]:
    name, week = one.subject.name, one.week
    others = [other for other in names if other != name]
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
        "beaten": _beaten(name, others, span),
        "reviews": reviews_of(name, span),
    }


def _beaten(name: str, others: Sequence[str], span: Span) -> str:
    """What only says that another one is better: below any of them, and above none."""
    any_other = AnyOf.of(*filter(can_be_asked, others))
    return search_for(name, span, ("below", any_other), ("-above", any_other))


def _preferred(one: Preferred, span: Span) -> dict[str, Any]:
    address = search_for(one.better, span, ("above", one.worse), without_copies=True)
    return {"better": one.better, "worse": one.worse, "n": one.mentions, "address": address}
