"""Lists that are short: subjects, themes, sources, digests."""

from typing import Annotated, Any, Final

from pydantic import Field

from listener import insights, views
from listener.domain.week import Week
from listener.errors import NotFoundError
from listener.web.api.asked import NO_NUL, Asked, Limit, Name, Nothing
from listener.web.api.endpoint import Endpoint
from listener.web.api.figure_shapes import Digest, Digests, Sources, Subjects, Themes
from listener.web.behind import Behind


class ThemesAsked(Asked):
    """Themes of one subject, or of all."""

    subject: Name | None = None


class DigestsAsked(Asked):
    """The newest weeks."""

    limit: Limit = 50


class DigestAsked(Asked):
    """A digest."""

    week: Annotated[str, Field(pattern=r"^[0-9]{4}-W[0-9]{2}$")]
    """An ISO week, such as 2026-W47."""
    team: Annotated[str, Field(max_length=200, pattern=NO_NUL)] = ""
    """Whose it is; empty: the company's."""


def _subjects(behind: Behind, _: Nothing) -> dict[str, Any]:
    return {"items": insights.subjects_followed(behind.store)}


def _themes(behind: Behind, asked: ThemesAsked) -> dict[str, Any]:
    return {"items": insights.themes_of(behind.store, asked.subject, None)}


def _sources(behind: Behind, _: Nothing) -> dict[str, Any]:
    return {"items": views.source_list(behind.store, behind.now())}


def _digests(behind: Behind, asked: DigestsAsked) -> dict[str, Any]:
    return {"items": views.digest_weeks(behind.store, asked.limit)}


def _digest(behind: Behind, asked: DigestAsked) -> dict[str, Any]:
    try:
        week = Week.parse(asked.week)
    except ValueError as error:
        raise NotFoundError(f"{error}.") from None
    data = views.digest_of(behind.store, week, asked.team)
    if data is None:
        raise NotFoundError(f"no such digest of {week} was made; /api/v1/digests lists the weeks.")
    return {"week": str(week), "team": asked.team, "data": data.to_json()}


ENDPOINTS: Final = (
    Endpoint(
        path="/subjects",
        name="list_subjects",
        summary="Brands, competitors and influencers that are followed.",
        asked=Nothing,
        shape=Subjects,
        answer=_subjects,
    ),
    Endpoint(
        path="/themes",
        name="list_themes",
        summary="What at least five people talked about in seven days though nobody defined it.",
        asked=ThemesAsked,
        shape=Themes,
        answer=_themes,
    ),
    Endpoint(
        path="/sources",
        name="list_sources",
        summary="How sources fare, how late they are, and what they cost.",
        asked=Nothing,
        shape=Sources,
        answer=_sources,
    ),
    Endpoint(
        path="/digests",
        name="list_digests",
        summary="The weeks that a digest was made of, the newest first.",
        asked=DigestsAsked,
        shape=Digests,
        answer=_digests,
    ),
    Endpoint(
        path="/digests/{week}",
        name="get_digest",
        summary="A digest as it was sent: its figures and quotes.",
        asked=DigestAsked,
        shape=Digest,
        answer=_digest,
    ),
)
