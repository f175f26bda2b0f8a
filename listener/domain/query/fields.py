"""What can be asked of a mention beside its words: the fields, their values, and how they hold."""

import operator
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from listener.domain.intent import Intent
from listener.domain.label import Remark, Sentiment
from listener.domain.mention import Channel, Kind
from listener.domain.query.document import Document
from listener.domain.query.folding import fold_for_match
from listener.domain.query.nodes import Field
from listener.domain.query.reading import Reading
from listener.domain.response import ClockState
from listener.domain.stars import USUAL_SCALE
from listener.domain.text import is_question
from listener.domain.wording import Wording

EQUAL: Final = ":"
RANGE: Final = ".."
OPEN: Final = "open"
OPEN_STATES: Final = (ClockState.WAITING, ClockState.DUE_SOON, ClockState.OVERDUE)

_ORDERS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    EQUAL: operator.eq,
}
_NUMBER = re.compile(r"(<=|>=|<|>)?(\d{1,12}(?:\.\d{1,6})?)")
_SPAN = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\.\.(\d{1,12}(?:\.\d{1,6})?)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_LINK = re.compile(r"https?://\S|(?<!\w)www\.\w")
_REPOST = re.compile(r"\s*RT @\w")
_HOST = re.compile(r"[^\s/:?#@]+")

NUMBERS: Final = ("stars", "followers", "likes")
WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "channel": tuple(Channel),
    "kind": tuple(Kind),
    "sentiment": tuple(Sentiment),
    "label": tuple(Remark),
    "intent": tuple(Intent),
    "needs": ("answer",),
    "state": (*ClockState, OPEN),
    "is": ("question", "repost", "verified"),
    "has": ("link",),
}
TEXTS: Final = ("author", "site", "lang", "source", "topic", "team", "subject", "above", "below")
TIMES: Final = ("since", "until")
NAMES: Final = (*TEXTS[:3], "channel", "source", "kind", *NUMBERS, *TIMES, "is", "has",
                "sentiment", "label", "intent", "needs", "topic", "state", "team",
                "subject", "above", "below")  # fmt: skip
LATER: Final = frozenset(  # not known when a mention comes
    {
        "sentiment",
        "label",
        "intent",
        "needs",
        "topic",
        "state",
        "team",
        "subject",
        "above",
        "below",
    }
)
ANCHORS: Final = frozenset({"author", "site"})  # of which there are few enough to look for


class BadValueError(ValueError):
    """What a field cannot be compared with; the message says what was expected."""


def read_value(name: str, written: str) -> tuple[str, str, str]:
    """The operator, the value and the upper end of what stands behind a field's colon."""
    if name in NUMBERS:
        op, value, high = _number(written)
        if name == "stars" and float(high or value) > USUAL_SCALE:
            raise BadValueError(Wording("stars of %(most)s", most=USUAL_SCALE))
        return op, value, high
    if name in TIMES:
        return EQUAL, _time(written), ""
    value = fold_for_match(written)
    if not value:
        raise BadValueError(Wording("a value"))
    if name in WORDS and value not in WORDS[name]:
        raise BadValueError(Wording("one of %(known)s", known=", ".join(WORDS[name])))
    if name == "lang" and not _LANGUAGE.fullmatch(value):
        raise BadValueError(Wording("a language as hu or zh-hant"))
    return EQUAL, _READ.get(name, str)(value), ""


def _number(written: str) -> tuple[str, str, str]:
    if span := _SPAN.fullmatch(written):
        if float(span[1]) > float(span[2]):
            raise BadValueError(
                Wording("the smaller number first: %(low)s..%(high)s", low=span[2], high=span[1])
            )
        return RANGE, span[1], span[2]
    if one := _NUMBER.fullmatch(written):
        return one[1] or EQUAL, one[2], ""
    raise BadValueError(Wording("a number as 5, >5, >=5, <5, <=5 or 3..5"))


def _time(written: str) -> str:
    try:
        read = datetime.fromisoformat(written)
    except ValueError:
        raise BadValueError(
            Wording("a day as 2026-11-01, or a time as 2026-11-01T08:30Z")
        ) from None
    if _DAY.fullmatch(written):
        return written
    try:
        at = read.replace(tzinfo=read.tzinfo or UTC).astimezone(UTC)
    except (OverflowError, ValueError):
        raise BadValueError(Wording("a time within our calendar")) from None
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _handle(value: str) -> str:
    name = value.lstrip("@")
    if not name.rstrip("*") or "*" in name[:-1]:
        raise BadValueError(Wording("a handle, with a * at its end at most"))
    return name


def _site(value: str) -> str:
    host = _HOST.match(value.partition("//")[2] or value)
    if host is None:
        raise BadValueError(Wording("a host as example.com"))
    return host[0].removeprefix("www.").rstrip(".")


_READ: Final[dict[str, Callable[[str], str]]] = {"author": _handle, "site": _site}


def moment(value: str) -> datetime:
    """The time of a `since` or an `until`."""
    read = datetime.fromisoformat(value)
    return read.replace(tzinfo=read.tzinfo or UTC)


def host_of(url: str | None) -> str | None:
    """The host a link leads to, without www; None where there is none."""
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return fold_for_match(host).removeprefix("www.").rstrip(".") if host else None


def is_repost(text: str) -> bool:
    """Whether a text only hands on another's."""
    return _REPOST.match(text) is not None


def has_link(text: str) -> bool:
    """Whether there is a link in a text."""
    return _LINK.search(text) is not None


def test_of(field: Field) -> Callable[[Reading], bool]:
    """What tells whether a field holds for a text."""
    if field.name in NUMBERS:
        return _number_test(field)
    if field.name in TIMES:
        return _time_test(field)
    test = _TESTS[field.name]
    return lambda text: test(text.document, field.value)


def _number_test(field: Field) -> Callable[[Reading], bool]:
    get: Callable[[Document], float | None] = operator.attrgetter(field.name)
    low = float(field.value)
    if field.op == RANGE:
        high = float(field.high)

        def holds(value: float) -> bool:
            return low <= value <= high
    else:
        order = _ORDERS[field.op]

        def holds(value: float) -> bool:
            return order(value, low)

    def test(text: Reading) -> bool:
        value = get(text.document)
        return value is not None and holds(value)

    return test


def _time_test(field: Field) -> Callable[[Reading], bool]:
    bound, since = moment(field.value), field.name == "since"

    def test(text: Reading) -> bool:
        said_at = text.document.said_at
        return said_at is not None and (said_at >= bound) == since

    return test


def _by_author(about: Document, value: str) -> bool:
    if about.author is None:
        return False
    name = fold_handle(about.author)
    return name.startswith(value[:-1]) if value.endswith("*") else name == value


def fold_handle(name: str) -> str:
    """A handle as fields compare it."""
    return fold_for_match(name).lstrip("@")


def _at_site(about: Document, value: str) -> bool:
    host = host_of(about.url)
    return host is not None and (host == value or host.endswith(f".{value}"))


def _in_language(about: Document, value: str) -> bool:
    spoken = fold_for_match(about.language or "").replace("_", "-")
    return spoken == value or spoken.startswith(f"{value}-")


def _equals(name: str) -> Callable[[Document, str], bool]:
    get: Callable[[Document], str | None] = operator.attrgetter(name)
    return lambda about, value: fold_for_match(get(about) or "") == value


def _in_state(about: Document, value: str) -> bool:
    return about.state in OPEN_STATES if value == OPEN else about.state == value


def _is(about: Document, value: str) -> bool:
    match value:
        case "question":
            return is_question(about.text)
        case "repost":
            return is_repost(about.text)
        case _:
            return about.verified is True


_TESTS: Final[dict[str, Callable[[Document, str], bool]]] = {
    "author": _by_author,
    "site": _at_site,
    "lang": _in_language,
    "channel": _equals("channel"),
    "source": _equals("source"),
    "kind": _equals("kind"),
    "sentiment": _equals("sentiment"),
    "intent": _equals("intent"),
    "needs": lambda about, value: about.needs_answer is True,
    "topic": lambda about, value: value in map(fold_for_match, about.topics),
    "team": lambda about, value: value in map(fold_for_match, about.teams),
    "label": lambda about, value: value in about.labels,
    "subject": _equals("subject"),
    "above": lambda about, value: value in map(fold_for_match, about.above),
    "below": lambda about, value: value in map(fold_for_match, about.below),
    "state": _in_state,
    "is": _is,
    "has": lambda about, value: has_link(about.text),
}
