"""The bad services of the simulated day: one hangs, one lies, one is paid, one lets nobody in."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from bench.acceptance._day_service import SECRET, Said, Service
from listener.collectors.google_play import SCOPE
from tests.servers.google import Google, key_file
from tests.servers.web import Asked, Step, as_json
from tests.servers.x import COUNTS, SEARCH, TOKEN, XService, a_post, a_user


class Hanging(Service):
    """Takes every question, and answers none."""

    kind, minutes, good = "freshdesk", 5, False

    def open(self) -> None:
        self.server.failing = Step(silent=True)

    def settings(self) -> Mapping[str, Any]:
        return {**super().settings(), "api_key": f"{SECRET}freshdesk", "brand": "Acme"}


class Unauthorised(Service):
    """Does not know our token."""

    kind, minutes, good = "zendesk", 5, False

    def open(self) -> None:
        self.server.failing = as_json({"error": "Couldn't authenticate you"}, status=401)

    def settings(self) -> Mapping[str, Any]:
        login = {"email": "ann@acme.example", "token": f"{SECRET}zendesk"}
        return {**super().settings(), **login, "brand": "Acme"}


class Lying(Service):
    """Lies in three ways, one after the other: pages of nothing with ever another one to follow;
    reviews of years to come, each three times; a web page instead of an answer."""

    kind, minutes, good = "google_play", 10, False
    package: ClassVar[str] = "com.acme.parcels"

    def open(self) -> None:
        self.lie = 0  # 0, 1 or 2
        self.pages = [0, 0, 0]
        self.patience = 0.0  # real seconds before an endless page, so that it is no race
        google = Google(self.server, scope=SCOPE)
        google.behind(f"/androidpublisher/v3/applications/{self.package}/reviews", self._reviews)

    def settings(self) -> Mapping[str, Any]:
        urls = {**super().settings(), "token_url": self.server.url("/token")}
        app = {"packages": [self.package], "service_account": key_file()}
        return {**urls, **app, "brand": "Acme"}

    def _reviews(self, asked: Asked) -> Step:
        self.pages[self.lie] += 1
        if self.lie == 0:
            self.server.closing.wait(self.patience)
            more = {"nextPageToken": f"more-{self.pages[0]}"}
            return as_json({"reviews": [], "tokenPagination": more})
        if self.lie == 1:
            return as_json({"reviews": [_of_2031(number // 3) for number in range(30)]})
        page = b"<!doctype html><html><body>Please enable JavaScript.</body></html>"
        return Step(body=page, headers={"Content-Type": "text/html"})


def _of_2031(number: int) -> dict[str, Any]:
    at = {"seconds": str(int(datetime(2031, 1, 1, tzinfo=UTC).timestamp()) + number)}
    said = {"text": f"Acme in {2031 + number}", "starRating": 1, "lastModified": at}
    return {"reviewId": f"gp:{number}", "comments": [{"userComment": said}]}


class Paid(Service):
    """X, which is paid for each post that it gives, and for each count.

    bill: the ids that it gave, by UTC day. Posts are counted where the first reading finds none.
    """

    kind, minutes, good = "x", 2, False
    price: ClassVar[float] = 0.005
    dearest_usd: ClassVar[float] = 1.0  # a page at most: of two searches, with 100 posts each
    budget: float = dearest_usd

    def open(self) -> None:
        self.x = XService(self.server, self.now())
        self.x.users.append(a_user("11", "ann"))
        self.bill: dict[str, set[str]] = {}
        self.counted = 0
        search, counts = self.server.routes[SEARCH], self.server.routes[COUNTS]

        def billed(asked: Asked) -> Step:
            self.x.now = self.now()
            step = search(asked)
            ids = [post["id"] for post in json.loads(step.body).get("data", ())]
            self.bill.setdefault(f"{self.x.now:%Y-%m-%d}", set()).update(ids)
            return step

        def billed_count(asked: Asked) -> Step:
            self.counted += 1
            return counts(asked)

        self.server.routes[SEARCH] = billed
        self.server.routes[COUNTS] = billed_count

    def settings(self) -> Mapping[str, Any]:
        money = {"monthly_budget_usd": self.budget, "price_per_post": self.price}
        return {**super().settings(), "bearer_token": TOKEN, **money}

    def publish(self, one: Said) -> None:
        super().publish(one)
        self.x.posts.append(a_post(0, one.at, one.text))

    @property
    def billed_usd(self) -> float:
        """A post is paid for once a day, a count each time, as much as one post."""
        return round(self.price * (self.counted + sum(map(len, self.bill.values()))), 6)
