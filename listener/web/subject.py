"""The page of one subject: what was said of it over some days, and how it was answered."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Final

from listener.domain.digest import PromiseLine, SubjectWeek, change, theme_change
from listener.domain.label import Sentiment
from listener.domain.period import Span
from listener.domain.subject import Role
from listener.outlook import subject as outlooks
from listener.outlook.columns import FULLY
from listener.outlook.subject import People, SubjectOutlook
from listener.store.authors import Author
from listener.web.behind import Behind
from listener.web.charts import share_chart, stars_chart, volume_chart
from listener.web.links import can_be_asked, finder, promise_finder, reviews_of, search_for
from listener.web.outlooks import asked_days, outlook_of, period_view
from listener.web.pages import render
from listener.web.speaking import speaking

MOST_TOPICS: Final = 10
MOST_INCIDENTS: Final = 8


def subject_page(behind: Behind, name: str, given: Mapping[str, str]) -> str:
    """Raises UsageError for a subject that is not followed."""
    asked = asked_days(behind, given)
    found = outlooks.of_subject(outlook_of(behind), name, asked.period)
    name, span = found.subject.name, asked.period.span
    return render(
        "subject.html.j2",
        behind,
        here="/subjects",
        choice=period_view(asked),
        name=name,
        role=found.subject.role.value,
        is_brand=found.subject.role is Role.BRAND,
        week=found.week,
        change_of=lambda sentiment: _change(found.week, sentiment),
        shares=found.shares,
        stars=found.stars,
        kept=_kept(found.promises),
        measured=found.measured,
        fully=FULLY,
        volume=volume_chart(found.columns, name, behind),
        negative=share_chart(found.sounding, name, behind),
        starred=stars_chart(found.sounding, name, behind) if found.stars.n else None,
        recovery=found.recovery,
        topics=_topics(found),
        more_topics=max(0, len([t for t in found.week.topics if t.mentions]) - MOST_TOPICS),
        channels=found.channels,
        intents=found.intents.most_common(),
        promises=[{"line": one, "find": promise_finder(one, name, span)} for one in found.promises],
        incidents=[asdict(one) for one in found.incidents[:MOST_INCIDENTS]],
        more_incidents=max(0, len(found.incidents) - MOST_INCIDENTS),
        people=_people(found.people, name),
        asked=found.asked,
        find=finder(name, span),
        reviews=reviews_of(name, span),
        **speaking(behind),
    )


def _change(week: SubjectWeek, sentiment: str) -> Any:
    if week.before is None:
        return None
    one = Sentiment(sentiment)
    return change(week.now.share(one), week.before.share(one))


def _kept(promises: Iterable[PromiseLine]) -> tuple[int, int]:
    """Answers in time, of those whose time is up or that were answered."""
    lines = list(promises)
    return sum(p.kept for p in lines), sum(p.kept_share.whole for p in lines)


def _topics(found: SubjectOutlook) -> list[dict[str, Any]]:
    said = [topic for topic in found.week.topics if topic.mentions][:MOST_TOPICS]
    return [{"topic": one, "change": theme_change(one, found.week)} for one in said]


def _people(found: People, name: str) -> dict[str, Any]:
    return {
        "until": found.span.until,
        "heard": [
            {"author": one, "address": _said_by(one, name, found.span)} for one in found.heard
        ],
        "promoters": found.promoters,
        "critics": found.critics,
    }


def _said_by(one: Author, name: str, span: Span) -> str | None:
    """What somebody said; None where only a name is known, which queries do not ask for."""
    if not one.author or one.author == one.name or not can_be_asked(one.author):
        return None
    return search_for(name, span, ("source", one.source), ("author", one.author))
