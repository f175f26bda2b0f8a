"""Google Business Profile as owners see it, and a collector that reads it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from listener.collectors.google_business import (
    PAGE,
    GoogleBusiness,
)
from listener.http import Http
from tests.builders import a_rival, a_subject
from tests.collectors.conformance import NOW
from tests.servers.google import CLIENT, Google, refused
from tests.servers.web import Asked, Step, WebServer, as_json

PLACE, OTHER = "456", "789"
SECRETS = ("s3cret", "client-1")
Review = Mapping[str, Any]


def written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def a_review(number: int, at: datetime = NOW - timedelta(days=1), **changes: Any) -> Review:
    return {
        "reviewId": f"r{number}",
        "reviewer": {"displayName": f"person {number}"},
        "starRating": "TWO",
        "comment": f"I waited for parcel {number}",
        "createTime": written(at),
        "updateTime": written(at),
        **changes,
    }


def many_reviews(count: int) -> list[Review]:
    """One a minute, ending at NOW."""
    return [a_review(number, NOW - timedelta(minutes=number)) for number in range(count)]


def path_of(place: str) -> str:
    return f"/accounts/123/locations/{place}/reviews"


class Maps:
    """Gives the reviews of places as the service does: last changed first, no list where none."""

    def __init__(self, server: WebServer, page: int = PAGE) -> None:
        self.google = Google(server)
        self._page = page

    def show(self, reviews: list[Review], place: str = PLACE) -> None:
        self.google.behind(path_of(place), lambda asked: self._answer(asked, reviews))

    def _answer(self, asked: Asked, reviews: list[Review]) -> Step:
        if asked.query.get("orderBy") != "updateTime desc":
            return refused(400, "INVALID_ARGUMENT")
        token = asked.query.get("pageToken", "from-0")
        if not token.startswith("from-"):
            return refused(400, "INVALID_ARGUMENT")
        start = int(token.removeprefix("from-"))
        end = start + min(self._page, int(asked.query["pageSize"]))
        newest_first = sorted(reviews, key=lambda review: str(review["updateTime"]), reverse=True)
        found: dict[str, Any] = {"totalReviewCount": len(reviews), "averageRating": 3.1}
        if newest_first[start:end]:
            found["reviews"] = newest_first[start:end]
            found["nextPageToken"] = f"from-{end}"  # the last page is an empty one
        return as_json(found)


def a_source(server: WebServer, *places: str, **changes: Any) -> GoogleBusiness:
    made = GoogleBusiness(
        account="accounts/123",
        locations=places or (f"locations/{PLACE}",),
        brand="Acme",
        name="maps",
        http=Http(),
        follows=(a_subject("Acme"), a_rival()),
        base_url=server.url(""),
        token_url=server.url("/token"),
        client_id=CLIENT["client_id"],
        client_secret=CLIENT["client_secret"],
        refresh_token=CLIENT["refresh_token"],
    )
    return replace(made, **changes)


def pages_asked(server: WebServer) -> int:
    return sum(asked.route != "/token" for asked in server.asked)
