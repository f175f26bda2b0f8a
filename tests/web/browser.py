"""What a browser asks and sees, and a check of the HTML it is given."""

import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from types import MappingProxyType

FORM: Mapping[str, str] = MappingProxyType({"content-type": "application/x-www-form-urlencoded"})


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str
    cookies: tuple[str, ...] = ()  # as they are set, each with its attributes

    @property
    def words(self) -> str:
        """What is read on the page, on one line."""
        return " ".join(" ".join(_read(self.text).words).split())

    @property
    def tags(self) -> list[str]:
        return _read(self.text).tags

    @property
    def attributes(self) -> set[str]:
        return _read(self.text).attributes


@dataclass(frozen=True)
class Browser:
    port: int

    def get(
        self,
        path: str,
        headers: Mapping[str, str] = MappingProxyType({}),
        *,
        method: str = "GET",
        host: str | None = None,
    ) -> Answer:
        return self._ask(method, path, host, None, headers)

    def post(
        self, path: str, body: str, headers: Mapping[str, str] = FORM, *, host: str | None = None
    ) -> Answer:
        return self._ask("POST", path, host, body, headers)

    def send(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Answer:
        """As a program asks."""
        return self._ask(method, path, None, body, headers)

    def _ask(
        self,
        method: str,
        path: str,
        host: str | None,
        body: str | None = None,
        more: Mapping[str, str] = MappingProxyType({}),
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            headers = {"Host": host or f"127.0.0.1:{self.port}", **more}
            connection.request(method, path, body, headers)
            reply = connection.getresponse()
            named = {name.lower(): value for name, value in reply.getheaders()}
            cookies = tuple(reply.headers.get_all("set-cookie") or ())
            return Answer(reply.status, named, reply.read().decode(), cookies)
        finally:
            connection.close()


class _read(HTMLParser):  # noqa: N801  # reads as a word where it is used
    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not _is_ours(tag, dict(attrs)):
            self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _is_ours(tag: str, attributes: Mapping[str, str | None]) -> bool:
    """A script that stands on every page, and the button that closes the list of keys."""
    if tag == "script":
        return re.fullmatch(r"/static/\w+\.js\?v=\w+", attributes.get("src") or "") is not None
    return tag == "form" and attributes.get("method") == "dialog"
