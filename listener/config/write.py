"""Writes the config that `listener init` leaves behind, from what a person answered."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from listener.config import planned
from listener.config.secrets import is_reference
from listener.config.sections import is_address, is_web_address
from listener.config.subjects import LONGEST_NAME
from listener.config.tables import Language
from listener.domain.query import parse
from listener.domain.subject import handle
from listener.errors import QueryError

NO_BRAND = "My brand"
USUAL_TOKEN = "env:SLACK_BOT_TOKEN"  # noqa: S105  # the name of a place, not a secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What `init` asked for; empty where nothing was said.

    `slack_token` is a reference; a token itself is never written down: the file then refers to
    the environment. What cannot be used (an address without @, an unknown zone) is left out.
    """

    brand: str = ""
    handles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # service -> handles
    competitors: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()  # the first that pages are written in becomes theirs
    timezone: str = "UTC"
    services: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()  # addresses of RSS or Atom feeds
    folder: str = ""  # where CSV and JSONL files will be dropped
    slack_token: str = ""
    slack_channel: str = ""
    email: tuple[str, ...] = ()  # who reads the weekly digest
    smtp_host: str = ""


def write_config(answers: Answers) -> str:
    """A commented config file that loads without mistakes, whatever was answered."""
    brand = _line(answers.brand)[:LONGEST_NAME].strip() or NO_BRAND
    parts = [
        _listener(answers),
        _brand(brand, answers),
        *_competitors(answers.competitors, brand),
        *_sources(answers),
        _PROMISES,
        _slack(answers),
        _mail(answers),
    ]
    return "\n".join(part for part in parts if part)


def _line(text: str) -> str:
    """A text on one line, without what cannot be seen or written."""
    seen = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(seen.encode("utf-8", "ignore").decode("utf-8").split())


def _toml(text: str) -> str:
    return json.dumps(_line(text), ensure_ascii=False)


def _toml_list(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_toml, texts))}]"


def _listener(answers: Answers) -> str:
    return f"""\
# Written by `listener init`. `listener check` tells what is wrong with it, key by key;
# docs/configuration.md tells what else can stand here.

[listener]
database = "listener.db"
timezone = {_toml(_zone(answers.timezone))}
language = "{_language(answers.languages)}"   # of digests and pages: en, hu, zh-Hans, zh-Hant
keep = "13mo"                       # older mentions are deleted
"""


def _zone(name: str) -> str:
    try:
        return ZoneInfo(_line(name)).key
    except (KeyError, ValueError, OSError):
        return "UTC"


def _language(languages: Iterable[str]) -> Language:
    ours = {language.value.lower(): language for language in Language}
    ours |= {"zh": Language.SIMPLIFIED_CHINESE, "zh-cn": Language.SIMPLIFIED_CHINESE}
    ours |= dict.fromkeys(("zh-tw", "zh-hk"), Language.TRADITIONAL_CHINESE)
    known = (ours.get(language.strip().lower().replace("_", "-")) for language in languages)
    return next((language for language in known if language), Language.ENGLISH)


def _brand(name: str, answers: Answers) -> str:
    handles = {service: _handles(names) for service, names in answers.handles.items()}
    handles = {_line(service): names for service, names in handles.items() if names}
    handles.pop("", None)
    tags = [f"@{name}" for names in handles.values() for name in names]
    accounts = ", ".join(f"{_toml(s)} = {_toml_list(names)}" for s, names in handles.items())
    text = f"""\
[[subjects]]
name = {_toml(name)}
role = "brand"                      # brand | competitor | influencer
# What mentions are found by: words, "phrases", AND, OR, NOT, ( ). Try it: listener query '...'
{_query([name, *tags])}
"""
    if accounts:
        text += f"accounts = {{ {accounts} }}   # posts of these are answers, not mentions\n"
    return text


def _handles(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(h for name in names if (h := handle(_line(name)))))


def _competitors(names: Iterable[str], brand: str) -> list[str]:
    cleaned = (_line(name)[:LONGEST_NAME].strip() for name in names)
    unique = {name.casefold(): name for name in cleaned if name}
    unique.pop(brand.casefold(), None)
    return [
        f'[[subjects]]\nname = {_toml(name)}\nrole = "competitor"\n{_query([name])}\n'
        for name in unique.values()
    ]


def _query(names: Iterable[str]) -> str:
    """The key `query`: each name as a term, if the query language can look for it."""
    terms = [term for term in dict.fromkeys(map(_term, names)) if _can_be_read(term)]
    query = " OR ".join(terms)
    if not query:
        return "# query = '...'"
    return f"query = {_toml(query)}" if "'" in query else f"query = '{query}'"


def _term(name: str) -> str:
    return name if _HANDLE.fullmatch(name) else f'"{_line(name.translate(_NO_QUOTES))}"'


_HANDLE = re.compile(r"@[A-Za-z0-9_]{1,50}")
_NO_QUOTES = {ord(quote): " " for quote in '"“”„‟«»「」『』＂'}


def _can_be_read(query: str) -> bool:
    try:
        parse(query)
    except QueryError:
        return False
    return True


def _sources(answers: Answers) -> list[str]:
    asked = {service.strip().lower() for service in answers.services}
    parts = [
        f'[collectors.{name}]\ntype = "feed"\nurls = {_toml_list([url])}\nevery = "15m"\n'
        for name, url in _named(answers.feeds)
    ]
    if _line(answers.folder):
        parts.append(
            "# CSV and JSONL files that are dropped here are read.\n"
            f"[collectors.folder]\npath = {_toml(answers.folder)}\n"
        )
    if "demo" in asked:
        parts.append("# An invented brand, to look at; needs no network.\n[collectors.demo]\n")
    later = sorted(asked & planned.COLLECTORS)
    if later:
        parts.append(f"# Not built yet: {', '.join(later)}. Until then: listener import FILE.\n")
    return parts


def _named(urls: Iterable[str]) -> list[tuple[str, str]]:
    usable = dict.fromkeys(url for raw in urls if is_web_address(url := _line(raw)))
    return [("feed" if n == 1 else f"feed_{n}", url) for n, url in enumerate(usable, 1)]


_PROMISES = """\
# How soon people are answered. The clock starts when they spoke, not when we noticed.
[respond.social]
within = "1h"
warn_at = [0.5, 0.8]                # shares of that hour
which = ["negative", "question"]

[respond.review]
within = "7d"
which = ["negative"]

[rules.spike]
sensitivity = "balanced"            # calm | balanced | sensitive
"""


def _slack(answers: Answers) -> str:
    channel = _line(answers.slack_channel)
    if not channel:
        return '# [notify.slack]\n# token = "env:SLACK_BOT_TOKEN"\n# channel = "#cx-alerts"\n'
    token = _line(answers.slack_token)
    token = token if is_reference(token) and token.partition(":")[2] else USUAL_TOKEN
    return f"""\
[notify.slack]
token = {_toml(token)}   # where the bot token is, not the token itself
channel = {_toml(channel)}
"""


def _mail(answers: Answers) -> str:
    readers = [a for raw in answers.email if is_address(a := raw.strip())]
    if not readers:
        return '# [notify.email] and [digest] to = ["cx@example.com"] mail the weekly digest.\n'
    host = _line(answers.smtp_host) or "localhost"
    security = "none" if host == "localhost" else "starttls"
    return f"""\
[notify.email]
host = {_toml(host)}
port = 25
security = "{security}"   # none | starttls | tls
sender = {_toml(readers[0])}

[digest]
every = "week"                      # week | fortnight
day = "monday"
at = "09:00"
to = {_toml_list(readers)}
"""
