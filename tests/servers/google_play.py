"""Google Play as publishers see it, and a collector that reads it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from listener.collectors.google_play import PAGE, SCOPE, GooglePlay
from listener.http import Http
from tests.builders import a_rival, a_subject
from tests.servers.google import Google, key_file, refused
from tests.servers.web import Asked, Step, WebServer, as_json

APP = "com.acme.parcels"
SECRETS = ("s3cret", "PRIVATE KEY")
Review = Mapping[str, Any]


def a_review(number: int, text: Any = "fine\tIt works", **said: Any) -> Review:
    at = {"seconds": str(1_795_000_000 + number), "nanos": 0}
    comment = {"text": text, "starRating": 4, "lastModified": at, **said}
    return {"reviewId": f"gp:{number}", "comments": [{"userComment": comment}]}


def answered(review: Review, seconds: int, text: str = "Thank you") -> Review:
    answer = {"text": text, "lastModified": {"seconds": str(seconds)}}
    return {**review, "comments": [*review["comments"], {"developerComment": answer}]}


def shop(server: WebServer, reviews: list[Review], app: str = APP, page: int = PAGE) -> Google:
    """Let the server give an app's reviews as the service does: no token on the last page."""
    google = server_google(server)

    def answer(asked: Asked) -> Step:
        token = asked.query.get("token", "from-0")
        if not token.startswith("from-"):
            return refused(400, "INVALID_ARGUMENT")
        start = int(token.removeprefix("from-"))
        end = start + min(page, int(asked.query["maxResults"]))
        found: dict[str, Any] = {"reviews": reviews[start:end]} if reviews else {}
        if end < len(reviews):
            found["tokenPagination"] = {"nextPageToken": f"from-{end}"}
        return as_json(found)

    google.behind(f"/androidpublisher/v3/applications/{app}/reviews", answer)
    return google


def server_google(server: WebServer) -> Google:
    route = server.routes.get("/token")
    owner = getattr(route, "__self__", None)
    return owner if isinstance(owner, Google) else Google(server, scope=SCOPE)


def a_source(server: WebServer, **changes: Any) -> GooglePlay:
    made = GooglePlay(
        packages=(APP,),
        service_account=key_file(),
        brand="Acme",
        name="play",
        http=Http(),
        follows=(a_subject("Acme"), a_rival()),
        base_url=server.url(""),
        token_url=server.url("/token"),
    )
    return replace(made, **changes)


def asked_for(server: WebServer) -> list[dict[str, str]]:
    return [asked.query for asked in server.asked if asked.route != "/token"]
