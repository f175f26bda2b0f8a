"""A feed that readers subscribe to (Atom, RFC 4287); pure. Texts of people stay texts in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from listener.domain.times import to_json

_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened. `link`: where more of it is."""

    id: str
    title: str
    content: str
    author: str
    link: str
    published: datetime
    updated: datetime


def feed(*, title: str, itself: str, home: str, now: datetime, entries: Iterable[Entry]) -> bytes:
    """The feed as XML. `itself`: the address it is read at; `home`: of the page of the same."""
    entries = list(entries)
    root = Element("feed", xmlns="http://www.w3.org/2005/Atom")
    _say(root, "id", itself)
    _say(root, "title", title)
    _say(root, "updated", to_json(max((one.updated for one in entries), default=now)))
    SubElement(root, "link", rel="self", href=_plain(itself))
    SubElement(root, "link", rel="alternate", href=_plain(home))
    for one in entries:
        _add(root, one)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _add(root: Element, one: Entry) -> None:
    entry = SubElement(root, "entry")
    _say(entry, "id", one.id)
    _say(entry, "title", one.title)
    _say(entry, "published", to_json(one.published))
    _say(entry, "updated", to_json(one.updated))
    _say(SubElement(entry, "author"), "name", one.author)
    SubElement(entry, "link", rel="alternate", href=_plain(one.link))
    _say(entry, "content", one.content, type="text")


def _say(parent: Element, tag: str, text: str, **attributes: str) -> None:
    SubElement(parent, tag, attributes).text = _plain(text)


def _plain(text: str) -> str:
    """Without what XML cannot hold, however it is escaped."""
    return _NO_XML.sub("", text)
