"""What can be wrong with words in several languages, found by counting, not by reading.

Tables are given, not looked up, so that a table with one thing made wrong can be judged as well.
"""

import string
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from opencc import OpenCC

from listener.texts import numbers

Table = Mapping[str, str]
Tables = Mapping[str, Table]  # by language
Wrong = list[tuple[str, str]]  # sort of fault, and where

SORTS: Final = (
    "missing", "left in English", "other fields", "no plural", "cut", "of the other script",
)  # fmt: skip
THE_SAME: Final = frozenset({"figure.n"})  # "n = 412" is written so everywhere
ELLIPSES: Final = ("…", "...", "⋯")
# Signs that both scripts have, though a converter knows another for them in some words.
BOTH: Final = frozenset("占台只里面后准余系制采周并志峰群")
_TO_SIMPLIFIED, _TO_TRADITIONAL = OpenCC("t2s"), OpenCC("s2t")
WHEN = datetime(2026, 11, 17, 1, 5, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Budapest")

# As people write them, written down by hand: a number, a share, a span, a day, a moment, a period.
WRITTEN: Final[Mapping[str, tuple[str, ...]]] = {
    "en": ("1,234,567", "31 %", "2 h 5 min", "17 Nov 2026", "Tue 17 Nov 02:05",
           "16 – 22 Nov 2026", "28 Dec 2026 – 3 Jan 2027"),
    "hu": ("1 234 567", "31%", "2 óra 5 perc", "2026. nov. 17.", "nov. 17. K 02:05",
           "2026. nov. 16. – nov. 22.", "2026. dec. 28. – 2027. jan. 3."),
    "zh-Hans": ("1,234,567", "31%", "2 小时 5 分钟", "2026年11月17日", "11月17日 周二 02:05",
                "2026年11月16日 – 11月22日", "2026年12月28日 – 2027年1月3日"),
    "zh-Hant": ("1,234,567", "31%", "2 小時 5 分鐘", "2026年11月17日", "11月17日 週二 02:05",
                "2026年11月16日 – 11月22日", "2026年12月28日 – 2027年1月3日"),
}  # fmt: skip


def judge(tables: Tables) -> dict[str, Wrong]:
    """What is wrong in each language beside English."""
    english = tables["en"]
    return {
        language: list(_faults(language, table, english))
        for language, table in tables.items()
        if language != "en"
    }


def _faults(language: str, table: Table, english: Table) -> Iterator[tuple[str, str]]:
    for key in sorted(english.keys() ^ table.keys()):
        yield "missing", key
    for key in english.keys() & table.keys():
        yield from ((sort, key) for sort in _of_phrase(key, table[key], english[key]))
    for key, phrase in table.items():
        if wrong := of_the_other_script(phrase, language):
            yield "of the other script", f"{key}: {wrong}"
        stem, _, number = key.rpartition(".")
        other = {"one": "other", "other": "one"}.get(number)
        if other and f"{stem}.{other}" not in table:
            yield "no plural", key


def _of_phrase(key: str, ours: str, theirs: str) -> Iterator[str]:
    if bool(ours.strip()) != bool(theirs.strip()):
        yield "missing"
    if ours == theirs and has_words(theirs) and key not in THE_SAME:
        yield "left in English"
    if fields(ours) != fields(theirs):
        yield "other fields"
    if any(ours.count(one) > theirs.count(one) for one in ELLIPSES):
        yield "cut"


def fields(phrase: str) -> Counter[str]:
    return Counter(name for _, name, _, _ in string.Formatter().parse(phrase) if name)


def has_words(phrase: str) -> bool:
    """Whether anything in it is to be translated."""
    around = "".join(text for text, *_ in string.Formatter().parse(phrase))
    return sum(char.isalpha() for char in around) > 1


def of_the_other_script(text: str, language: str) -> str:
    """The signs that only the other Chinese script has."""
    if language == "zh-Hans":
        return "".join(c for c in text if c not in BOTH and _TO_SIMPLIFIED.convert(c) != c)
    if language == "zh-Hant":
        return "".join(c for c in text if c not in BOTH and _is_simplified(c))
    return ""


def _is_simplified(char: str) -> bool:
    return _TO_SIMPLIFIED.convert(char) == char and _TO_TRADITIONAL.convert(char) != char


def written(language: str) -> tuple[str, ...]:
    """What our own formats make of the moments and numbers of WRITTEN, with plain spaces."""
    made = (
        numbers.number(1_234_567, language),
        numbers.percent(0.31, language),
        numbers.duration(timedelta(hours=2, minutes=5), language),
        numbers.full_day(date(2026, 11, 17), language),
        numbers.moment(WHEN, ZONE, language),
        numbers.days(date(2026, 11, 16), date(2026, 11, 22), language),
        numbers.days(date(2026, 12, 28), date(2027, 1, 3), language),
    )
    return tuple(one.replace(numbers.NBSP, " ") for one in made)


def doctored(tables: Tables) -> Iterator[tuple[str, str, Tables]]:
    """The same tables with one thing wrong: the sort of fault, in which language, the tables."""
    key = "more"
    for language in ("hu", "zh-Hans", "zh-Hant"):
        table = tables[language]
        rest = {name: phrase for name, phrase in table.items() if name != key}
        changed: list[tuple[str, Table]] = [
            ("missing", rest),
            ("left in English", rest | {key: tables["en"][key]}),
            ("other fields", rest | {key: table[key].replace("{n}", "")}),
            ("no plural", rest | {"extra.one": "1"}),
            ("cut", rest | {key: table[key] + "…"}),
        ]
        other = {"zh-Hans": "來", "zh-Hant": "来"}.get(language)
        if other:
            changed.append(("of the other script", rest | {key: table[key] + other}))
        for sort, made in changed:
            yield sort, language, {**tables, language: made}
