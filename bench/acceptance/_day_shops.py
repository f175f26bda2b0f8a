"""The services of the simulated day where people rate, ask for help, or are told by others."""

import hashlib
import hmac
import json
import shutil
import tempfile
import threading
from collections.abc import Callable, Mapping
from email.utils import format_datetime
from pathlib import Path
from typing import Any, ClassVar
from urllib.request import Request, urlopen

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bench.acceptance._day_service import SECRET, Said, Service
from tests.servers.google import CLIENT
from tests.servers.google_business import Maps, a_review
from tests.servers.google_play_public import APP as SHOWN_APP
from tests.servers.google_play_public import Shop, a_row
from tests.servers.imap import ImapServer, a_mail
from tests.servers.web import Asked, Step, as_json

APP = 900100200


class AppStore(Service):
    kind, minutes = "app_store", 60

    def open(self) -> None:
        for number in range(1, 11):
            path = f"/us/rss/customerreviews/page={number}/id={APP}/sortby=mostrecent/json"
            self.server.routes[path] = self._page_of(number)

    def settings(self) -> Mapping[str, Any]:
        return {**super().settings(), "apps": [APP]}

    def _page_of(self, number: int) -> Callable[[Asked], Step]:
        def page(asked: Asked) -> Step:
            found = self.newest_first[(number - 1) * 50 : number * 50]
            feed: dict[str, Any] = {"link": [{"attributes": {"rel": "self"}}]}
            if found:
                feed["entry"] = [_entry(one) for one in found]
            return as_json({"feed": feed})

        return page


def _entry(one: Said) -> dict[str, Any]:
    said = {
        "updated": one.at.isoformat(),
        "im:rating": "2",
        "id": str(one.number),
        "title": "An app",
        "content": one.text,
    }
    name = {"name": {"label": f"person{one.number}"}, "label": ""}
    return {"author": name, **{key: {"label": text} for key, text in said.items()}}


class AppStoreConnect(Service):
    kind, minutes = "app_store_connect", 60

    def open(self) -> None:
        self.server.routes[f"/v1/apps/{APP}/customerReviews"] = self._reviews

    def settings(self) -> Mapping[str, Any]:
        key = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        names = {"issuer_id": "issuer-1", "key_id": "KEY1", "private_key": key.decode()}
        return {**super().settings(), "apps": [APP], **names}

    def _reviews(self, asked: Asked) -> Step:
        if not asked.headers.get("Authorization", "").startswith("Bearer ey"):
            return as_json({"errors": [{"status": "401"}]}, status=401)
        begin, limit = int(asked.query.get("cursor", 0)), int(asked.query["limit"])
        page = self.newest_first[begin : begin + limit]
        links = {"self": self.server.url(asked.path)}
        if begin + limit < len(self.said):
            following = f"{asked.route}?include=response&sort=-createdDate&limit={limit}"
            links["next"] = self.server.url(f"{following}&cursor={begin + limit}")
        return as_json({"data": [_apple_review(one) for one in page], "links": links})


def _apple_review(one: Said) -> dict[str, Any]:
    said = {
        "rating": 2,
        "title": "An app",
        "body": one.text,
        "reviewerNickname": f"person{one.number}",
        "createdDate": one.at.isoformat(),
        "territory": "USA",
    }
    return {"type": "customerReviews", "id": f"asc-{one.number}", "attributes": said}


class GoogleBusiness(Service):
    kind, minutes = "google_business", 60

    def open(self) -> None:
        self._reviews: list[Any] = []
        Maps(self.server).show(self._reviews)

    def settings(self) -> Mapping[str, Any]:
        urls = {**super().settings(), "token_url": self.server.url("/token")}
        place = {"account": "accounts/123", "locations": ["locations/456"]}
        return {**urls, **place, **CLIENT, "brand": "Acme"}

    def publish(self, one: Said) -> None:
        super().publish(one)
        self._reviews.append(a_review(one.number, one.at, comment=one.text))


class GooglePlayPublic(Service):
    kind, minutes = "google_play_public", 60

    def open(self) -> None:
        self._rows: list[Any] = []
        Shop(self.server).show(self._rows)

    def settings(self) -> Mapping[str, Any]:
        app = {"packages": [SHOWN_APP], "accept_unofficial": True, "brand": "Borealis"}
        return {**super().settings(), **app}

    def publish(self, one: Said) -> None:
        super().publish(one)
        self._rows.append(a_row(one.number, one.text, at=one.unix))


class Trustpilot(Service):
    kind, minutes = "trustpilot", 60
    token: ClassVar[str] = f"{SECRET}trust"

    def open(self) -> None:
        path = "/v1/oauth/oauth-business-users-for-applications/accesstoken"
        self.server.routes[path] = lambda asked: as_json(
            {"access_token": self.token, "expires_in": "359999"}
        )
        self.server.routes["/v1/private/business-units/bu1/reviews"] = self._page

    def settings(self) -> Mapping[str, Any]:
        keys = {"api_key": f"{SECRET}key", "api_secret": f"{SECRET}secret"}
        return {**super().settings(), "business_unit": "bu1", **keys, "brand": "Acme"}

    def _page(self, asked: Asked) -> Step:
        if asked.headers.get("Authorization") != f"Bearer {self.token}":
            return as_json({}, status=401)
        count, number = int(asked.query["perPage"]), int(asked.query["page"])
        page = self.newest_first[count * (number - 1) : count * number]
        return as_json({"reviews": [_trust(one) for one in page], "links": []})


def _trust(one: Said) -> dict[str, Any]:
    at = one.at.isoformat().replace("+00:00", "Z")
    return {"id": f"r{one.number}", "stars": 2, "title": "Acme", "text": one.text, "createdAt": at}


class Intercom(Service):
    kind, minutes = "intercom", 5
    token: ClassVar[str] = f"{SECRET}intercom"

    def open(self) -> None:
        self.server.routes["/conversations/search"] = self._search

    def settings(self) -> Mapping[str, Any]:
        return {**super().settings(), "token": self.token, "brand": "Acme"}

    def _search(self, asked: Asked) -> Step:
        if asked.headers.get("Authorization") != f"Bearer {self.token}":
            return as_json({"type": "error.list", "errors": []}, status=401)
        body = json.loads(asked.body)
        paging, since = body["pagination"], body["query"]["value"]
        found = [one for one in self.newest_first if one.unix > since]
        begin = int(paging.get("starting_after", 0))
        end = begin + paging["per_page"]
        more = {"next": {"page": 2, "starting_after": str(end)}} if end < len(found) else {}
        page = found[begin:end]
        return as_json({"conversations": [_talk(one) for one in page], "pages": more})


def _talk(one: Said) -> dict[str, Any]:
    author = {"type": "user", "id": "u1", "name": "Ann", "email": "ann@mail.example"}
    return {
        "type": "conversation",
        "id": str(one.number),
        "created_at": one.unix,
        "updated_at": one.unix,
        "source": {"subject": "", "body": f"<p>{one.text}</p>", "author": author},
        "statistics": {"first_admin_reply_at": None},
    }


class Imap(Service):
    kind, minutes = "imap", 2

    def open(self) -> None:
        self._imap = ImapServer()

    def settings(self) -> Mapping[str, Any]:
        address = {"host": "127.0.0.1", "port": self._imap.port, "security": "none"}
        login = {"username": self._imap.user, "password": self._imap.password}
        return {**address, **login, "brand": "Acme"}

    def publish(self, one: Said) -> None:
        super().publish(one)
        mail = a_mail(one.number, one.text, Date=format_datetime(one.at))
        self._imap.inbox.add(mail, one.at)

    def close(self) -> None:
        super().close()
        self._imap.close()


class Webhook(Service):
    """It is not asked, but tells what is said. `page` is known when the daemon has started."""

    kind, minutes = "webhook", 60
    secret: ClassVar[str] = f"{SECRET}of-the-webhook"

    def open(self) -> None:
        self.page = ""
        self.refused: list[str] = []

    def settings(self) -> Mapping[str, Any]:
        return {"secret": self.secret}

    def publish(self, one: Said) -> None:
        if not self.page:  # what was said before the day is not told
            return
        super().publish(one)
        threading.Thread(target=self._deliver, args=(one,), daemon=True).start()

    def _deliver(self, one: Said) -> None:
        row = {"id": str(one.number), "text": one.text, "created_at": one.at.isoformat()}
        body, moment = json.dumps(row).encode(), str(one.unix)
        signed = f"{moment}.".encode() + body
        headers = {
            "X-Listener-Timestamp": moment,
            "X-Listener-Signature": hmac.new(
                self.secret.encode(), signed, hashlib.sha256
            ).hexdigest(),
        }
        try:
            with urlopen(Request(f"{self.page}hooks/{self.name}", body, headers), timeout=5):
                pass
        except OSError as error:
            self.refused.append(f"case{one.number}: {error}")


class Folder(Service):
    """A file that grows, one for each day."""

    kind, minutes = "folder", 1

    def settings(self) -> Mapping[str, Any]:
        return {"path": str(self._drop)}

    def open(self) -> None:
        self._drop = Path(tempfile.mkdtemp(prefix="simulated-day-"))

    def close(self) -> None:
        super().close()
        shutil.rmtree(self._drop)

    def publish(self, one: Said) -> None:
        super().publish(one)
        row = {"id": str(one.number), "text": one.text, "created_at": one.at.isoformat()}
        with (self._drop / f"{one.at:%Y-%m-%d}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
