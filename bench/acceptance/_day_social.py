"""The services of the simulated day where people talk: networks, forums, news."""

import html
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from bench.acceptance._day_service import SECRET, Said, Service
from tests.servers.reddit import SECRET as REDDIT_SECRET
from tests.servers.reddit import FakeReddit, a_post, base36
from tests.servers.web import Asked, Step, as_json


class Reddit(Service):
    kind, minutes = "reddit", 2

    def open(self) -> None:
        self._reddit = FakeReddit(self.server)

    def settings(self) -> Mapping[str, Any]:
        return {**super().settings(), "client_id": "app", "client_secret": REDDIT_SECRET}

    def publish(self, one: Said) -> None:
        super().publish(one)
        self._reddit.things.append(a_post(one.number, one.text, created_utc=one.unix))


class RedditFeeds(Service):
    kind, minutes = "reddit_feeds", 1

    def open(self) -> None:
        self.server.routes["/search.rss"] = self._feed

    def _feed(self, asked: Asked) -> Step:
        page = self.newest_first[: int(asked.query["limit"])]
        entries = "".join(map(_entry, page))
        body = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>r</title>{entries}</feed>"
        return Step(body=body.encode(), headers={"Content-Type": "application/atom+xml"})


def _entry(one: Said) -> str:
    content = html.escape(f'<div class="md"><p>{html.escape(one.text)}</p></div>')
    name = base36(1_000_000 + one.number)
    return (
        f"<entry><author><name>/u/ann</name></author><content type='html'>{content}</content>"
        f"<id>t3_{name}</id><link href='https://www.reddit.com/r/travel/comments/{name}/x/'/>"
        f"<updated>{one.at.isoformat()}</updated><title>A journey</title></entry>"
    )


class Mastodon(Service):
    kind, minutes = "mastodon", 2

    def open(self) -> None:
        self.server.routes["/api/v1/timelines/tag/acme"] = self._timeline

    def settings(self) -> Mapping[str, Any]:
        return {**super().settings(), "tags": ["acme"]}

    def _timeline(self, asked: Asked) -> Step:
        query, found = asked.query, self.newest_first
        limit = int(query["limit"])
        if "max_id" in query:
            found = [one for one in found if _flake(one) < int(query["max_id"])]
        if "min_id" in query:  # the oldest of what is newer
            found = [one for one in found if _flake(one) > int(query["min_id"])][-limit:]
        return as_json([_status(one) for one in found[:limit]])


def _flake(one: Said) -> int:
    return (one.unix * 1000 << 16) + one.number


def _status(one: Said) -> dict[str, Any]:
    return {
        "id": str(_flake(one)),
        "created_at": one.at.isoformat(),
        "visibility": "public",
        "content": f"<p>{html.escape(one.text)} #acme</p>",
        "account": {"id": "7", "acct": "ann", "display_name": "Ann"},
        "reblog": None,
        "tags": [{"name": "acme"}],
        "mentions": [],
    }


class Bluesky(Service):
    kind, minutes = "bluesky", 3
    password: ClassVar[str] = f"{SECRET}bluesky"

    def open(self) -> None:
        routes = self.server.routes
        routes["/xrpc/com.atproto.server.createSession"] = self._log_in
        routes["/xrpc/app.bsky.feed.searchPosts"] = self._search
        routes["/xrpc/app.bsky.feed.getPosts"] = self._posts

    def settings(self) -> Mapping[str, Any]:
        return {**super().settings(), "handle": "me.example", "app_password": self.password}

    def _log_in(self, asked: Asked) -> Step:
        if json.loads(asked.body)["password"] != self.password:
            return as_json({"error": "AuthenticationRequired"}, status=401)
        return as_json({"accessJwt": f"{SECRET}jwt", "refreshJwt": "r", "did": "d"})

    def _search(self, asked: Asked) -> Step:
        query, found = asked.query, self.newest_first
        if "since" in query:
            since = datetime.fromisoformat(query["since"])
            found = [one for one in found if one.at >= since]
        begin, limit = int(query.get("cursor", 0)), int(query["limit"])
        more = {"cursor": str(begin + limit)} if len(found) > begin + limit else {}
        page = found[begin : begin + limit]
        return as_json({"posts": [_sky_post(one) for one in page], **more})

    def _posts(self, asked: Asked) -> Step:
        wanted = parse_qs(urlsplit(asked.path).query)["uris"]
        found = map(_sky_post, self.said)
        return as_json({"posts": [post for post in found if post["uri"] in wanted]})


def _sky_post(one: Said) -> dict[str, Any]:
    return {
        "uri": f"at://did:plc:ann/app.bsky.feed.post/{one.number}",
        "author": {"did": "did:plc:ann", "handle": "ann.example"},
        "record": {"text": one.text, "createdAt": one.at.isoformat()},
        "indexedAt": one.at.isoformat(),
    }


class HackerNews(Service):
    kind, minutes = "hacker_news", 5

    def open(self) -> None:
        self.server.routes["/search_by_date"] = self._search

    def _search(self, asked: Asked) -> Step:
        found = self.newest_first
        for bound in filter(None, asked.query.get("numericFilters", "").split(",")):
            at = int(bound[len("created_at_i>=") :])
            found = [one for one in found if (one.unix >= at if ">=" in bound else one.unix <= at)]
        page = found[: int(asked.query["hitsPerPage"])]
        return as_json({"hits": [_hit(one) for one in page]})


def _hit(one: Said) -> dict[str, Any]:
    return {
        "objectID": str(one.number),
        "author": "ann",
        "created_at_i": one.unix,
        "comment_text": html.escape(one.text),
        "story_id": 1,
        "parent_id": 1,
    }


class YouTube(Service):
    kind, minutes = "youtube", 15
    key: ClassVar[str] = f"{SECRET}youtube"

    def open(self) -> None:
        self.server.routes["/commentThreads"] = self._threads

    def settings(self) -> Mapping[str, Any]:
        return {**super().settings(), "api_key": self.key, "channels": ["UCacme"], "brand": "Acme"}

    def _threads(self, asked: Asked) -> Step:
        begin = int(asked.query.get("pageToken", "at-0").removeprefix("at-"))
        end = begin + int(asked.query["maxResults"])
        page = self.newest_first[begin:end]
        more = {"nextPageToken": f"at-{end}"} if end < len(self.said) else {}
        return as_json({"items": [_thread(one) for one in page], **more})


def _thread(one: Said) -> dict[str, Any]:
    at = one.at.isoformat().replace("+00:00", "Z")
    said = {
        "textDisplay": html.escape(one.text),
        "authorDisplayName": "@ann",
        "authorChannelId": {"value": "UCann"},
        "publishedAt": at,
        "updatedAt": at,
    }
    top = {"id": f"Ug{one.number}", "snippet": said}
    about = {"videoId": "vid00000001", "topLevelComment": top, "totalReplyCount": 0}
    return {"id": top["id"], "snippet": about}


class StackExchange(Service):
    kind, minutes = "stack_exchange", 30

    def open(self) -> None:
        self.server.routes["/search/advanced"] = self._search

    def _search(self, asked: Asked) -> Step:
        query = asked.query
        found = [one for one in self.said if one.unix >= int(query.get("fromdate", 0))]
        found = found if query["order"] == "asc" else found[::-1]
        end = int(query.get("page", 1)) * int(query["pagesize"])
        page = found[end - int(query["pagesize"]) : end]
        return as_json({"items": [_question(one) for one in page], "has_more": end < len(found)})


def _question(one: Said) -> dict[str, Any]:
    return {
        "question_id": one.number,
        "title": "Acme",
        "body": f"<p>{html.escape(one.text)}</p>",
        "owner": {"user_id": 5, "display_name": "ann"},
        "creation_date": one.unix,
        "link": f"https://stackoverflow.com/questions/{one.number}/x",
    }


class Feed(Service):
    kind, minutes = "feed", 10

    def open(self) -> None:
        self.server.routes["/feed"] = self._feed

    def settings(self) -> Mapping[str, Any]:
        return {"urls": [self.server.url("/feed")], "allow_private": True}

    def _feed(self, asked: Asked) -> Step:
        items = "".join(self._item(one) for one in self.newest_first[:40])
        body = f"<rss version='2.0'><channel><title>News</title>{items}</channel></rss>"
        return Step(body=body.encode(), headers={"Content-Type": "application/xml"})

    def _item(self, one: Said) -> str:
        link = f"https://{self.name}.example/{one.number}"
        return (
            f"<item><title>Acme in the news</title><guid>{link}</guid><link>{link}</link>"
            f"<description>{html.escape(one.text)}</description>"
            f"<pubDate>{format_datetime(one.at.astimezone(UTC))}</pubDate></item>"
        )
