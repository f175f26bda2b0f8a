"""Templates and the words of pages: every text from outside is escaped, and on one line."""

from datetime import datetime
from functools import cache, partial
from hashlib import blake2b
from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from listener.domain.role import Role
from listener.domain.times import to_json
from listener.texts import numbers
from listener.texts.actions import advice
from listener.texts.escape import one_line
from listener.texts.words import rule_name, say, topic_name
from listener.web import scripts
from listener.web.acted import who_did
from listener.web.behind import Behind
from listener.web.called import called
from listener.web.headlines import headline, reason
from listener.web.language import CHOOSE, NAMES
from listener.web.said import LONGEST_ERROR, said
from listener.web.words import translations

LONGEST_TEXT: Final = 240
LONGEST_NAME: Final = 80
LONGEST_CODE: Final = 2_000


@cache
def stylesheet() -> bytes:
    return files("listener.web").joinpath("site.css").read_bytes()


@cache
def _version() -> str:
    """Part of the stylesheet's address, so that browsers keep it until it changes."""
    return blake2b(stylesheet(), digest_size=6).hexdigest()


@cache
def _templates(language: str) -> Environment:
    environment = Environment(
        extensions=["jinja2.ext.i18n"],
        loader=PackageLoader("listener", "web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["called"] = lambda value, context="": called(value, language, context)
    environment.filters["did_by"] = partial(who_did, language)
    environment.filters["topic"] = lambda name: topic_name(language, name)
    environment.filters["rule"] = lambda name: rule_name(language, name)
    environment.filters["text"] = lambda text: one_line(text, LONGEST_TEXT)
    environment.filters["name"] = lambda text: one_line(text, LONGEST_NAME)
    environment.filters["error"] = lambda text: one_line(text, LONGEST_ERROR)
    environment.filters["code"] = lambda text: (
        text if len(text) <= LONGEST_CODE else f"{text[:LONGEST_CODE]}…"
    )
    environment.filters["number"] = lambda value: numbers.number(value, language)
    environment.filters["exact"] = lambda value: numbers.exact(value, language)
    environment.filters["said"] = lambda words: said(language, words)
    environment.filters["headline"] = lambda one: headline(one, language)
    environment.filters["reason"] = lambda why: reason(why, language)
    environment.filters["advice"] = lambda text: advice(text, language)
    environment.filters["iso"] = to_json
    environment.filters["bdi"] = lambda text: Markup("<bdi>{}</bdi>").format(text)
    environment.filters["strong"] = lambda text: Markup("<strong>{}</strong>").format(text)
    environment.filters["duration"] = lambda span: numbers.duration(span, language)
    environment.globals["say"] = partial(say, language)
    known = translations(language)
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension
        known.gettext,
        known.ngettext,
        newstyle=True,
        pgettext=known.pgettext,
        npgettext=known.npgettext,
    )
    return environment


def render(template: str, behind: Behind, **view: Any) -> str:
    """A whole page, in the language of who reads it and on the clock of the zone."""
    words: dict[str, Any] = {
        "stylesheet": f"/site.css?v={_version()}",
        "static": scripts.address,
        "language": behind.spoken,
        "languages": NAMES,
        "choose": lambda name: f"{CHOOSE}{name}?{urlencode({'back': behind.at})}",
        "zone": behind.zone.key,
        "moment": lambda at: numbers.moment(at, behind.zone, behind.spoken),
        "who": behind.who,
        "role": behind.role,
        "may_act": behind.role.may(Role.AGENT),
        "me": behind.who,  # for a page may have a `who` of its own
        "signed_in": behind.signed_in,
        "sign_out": behind.token if behind.signs_out else "",
    }
    return _templates(behind.spoken).get_template(template).render(words | view)


def since(at: datetime, now: datetime, language: str) -> str:
    """How long since a moment: "5 min"; one that has not come yet is now."""
    return numbers.duration(max(now, at) - at, language)
