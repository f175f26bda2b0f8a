"""Numbers, shares, dates and spans as each of our languages writes them; pure.

No locale of the machine is asked: a digest reads the same wherever it is made. Spaces inside a
number are no-break spaces; text for a terminal may turn them into plain ones.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

NBSP = "\u00a0"
MINUS = "\u2212"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ways:
    thousands: str
    decimal: str
    percent: str
    units: tuple[str, str, str, str]  # day, hour, minute, second, each with its space
    weekdays: tuple[str, ...]
    columns: tuple[str, ...]  # the weekdays as the heads of narrow columns
    months: tuple[str, ...]
    sizes: tuple[tuple[float, str], ...]  # the greater units of narrow columns, the greatest first


_EN_DAYS = "Mon Tue Wed Thu Fri Sat Sun"
_HU_DAYS = "H K Sze Cs P Szo V"
_HANS_DAYS = "周一 周二 周三 周四 周五 周六 周日"
_HANT_DAYS = "週一 週二 週三 週四 週五 週六 週日"
_EN_SHORT = "Mo Tu We Th Fr Sa Su"
_ZH_SHORT = "一 二 三 四 五 六 日"
_EN_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
_HU_MONTHS = "jan. febr. márc. ápr. máj. jún. júl. aug. szept. okt. nov. dec."
_ZH_MONTHS = tuple(f"{month}月" for month in range(1, 13))
_WAYS = {
    "en": _Ways(
        thousands=",",
        decimal=".",
        percent=f"{NBSP}%",
        units=(f"{NBSP}d", f"{NBSP}h", f"{NBSP}min", f"{NBSP}s"),
        weekdays=tuple(_EN_DAYS.split()),
        columns=tuple(_EN_SHORT.split()),
        months=tuple(_EN_MONTHS.split()),
        sizes=((1e6, "M"), (1e3, "k")),
    ),
    "hu": _Ways(
        thousands=NBSP,
        decimal=",",
        percent="%",
        units=(f"{NBSP}nap", f"{NBSP}óra", f"{NBSP}perc", f"{NBSP}mp"),
        weekdays=tuple(_HU_DAYS.split()),
        columns=tuple(_HU_DAYS.split()),
        months=tuple(_HU_MONTHS.split()),
        sizes=((1e6, "M"), (1e3, "e")),
    ),
    "zh-Hans": _Ways(
        thousands=",",
        decimal=".",
        percent="%",
        units=(f"{NBSP}天", f"{NBSP}小时", f"{NBSP}分钟", f"{NBSP}秒"),
        weekdays=tuple(_HANS_DAYS.split()),
        columns=tuple(_ZH_SHORT.split()),
        months=_ZH_MONTHS,
        sizes=((1e8, "亿"), (1e4, "万")),
    ),
    "zh-Hant": _Ways(
        thousands=",",
        decimal=".",
        percent="%",
        units=(f"{NBSP}天", f"{NBSP}小時", f"{NBSP}分鐘", f"{NBSP}秒"),
        weekdays=tuple(_HANT_DAYS.split()),
        columns=tuple(_ZH_SHORT.split()),
        months=_ZH_MONTHS,
        sizes=((1e8, "億"), (1e4, "萬")),
    ),
}


def _ways(language: str) -> _Ways:
    return _WAYS.get(language, _WAYS["en"])


def number(value: float, language: str, *, decimals: int = 0) -> str:
    """1,234 or 1 234; the sign in front, a true minus."""
    ways = _ways(language)
    plain = f"{abs(value):,.{decimals}f}"
    whole, _, fraction = plain.partition(".")
    written = whole.replace(",", ways.thousands) + (ways.decimal + fraction if fraction else "")
    return MINUS + written if value < 0 and plain.strip("0.,") else written


def column(value: int, language: str) -> str:
    """For the head of a narrow column, in at most four signs up to a million: 987, 1.2k, 14k."""
    greater, name = float("inf"), ""
    for size, unit in _ways(language).sizes:
        if value >= size:
            if round(value / size) * size >= greater:  # 999,600 are no 1000k
                size, unit = greater, name
            few = value / size < 9.95  # from there on it would be written 10.0
            return number(value / size, language, decimals=1 if few else 0) + unit
        greater, name = size, unit
    return str(value)


def rewritten(english: str, language: str) -> str:
    """A number that was written in English, with as many decimals: 1,234.5; 31%. Others stay."""
    plain = english.removesuffix("%").replace(",", "")
    if not re.fullmatch(r"-?\d+(\.\d+)?", plain):
        return english
    written = number(float(plain), language, decimals=len(plain.partition(".")[2]))
    return written + _ways(language).percent if english.endswith("%") else written


def exact(value: float, language: str) -> str:
    """With the decimals it has, six at most: 4, 3.25."""
    return number(value, language, decimals=len(f"{value:.6f}".rstrip("0").partition(".")[2]))


def _decimals(hundredths: float) -> int:
    """One decimal where rounding would make a little nothing, or nearly all all."""
    rounds_away = 0 < abs(hundredths) < 1 or 99 < abs(hundredths) < 100
    return 1 if rounds_away else 0


def percent(share: float, language: str) -> str:
    """A share of 1 as a percentage: 31 %."""
    hundredths = 100 * share
    written = number(hundredths, language, decimals=_decimals(hundredths))
    return written + _ways(language).percent


def points(value: float, language: str) -> str:
    """Percentage points without a sign or the word for them."""
    return number(abs(value), language, decimals=_decimals(value))


def duration(span: timedelta, language: str) -> str:
    """As people say it, two units at the most: 49 min, 2 h 5 min, 6 d 4 h."""
    units = _ways(language).units
    seconds = int(abs(span).total_seconds())
    if seconds < 60:
        return f"{seconds}{units[3]}"
    minutes = seconds // 60
    counts = (minutes // 1440, minutes % 1440 // 60, minutes % 60)
    first = next(i for i, count in enumerate(counts) if count)
    near = [(counts[i], units[i]) for i in range(first, min(first + 2, 3))]
    return " ".join(f"{number(count, language)}{unit}" for count, unit in near if count)


def weekday(day: date, language: str) -> str:
    return _ways(language).weekdays[day.weekday()]


def weekday_column(day: date, language: str) -> str:
    """So short that fourteen stand side by side on a telephone."""
    return _ways(language).columns[day.weekday()]


def day_and_month(day: date, language: str) -> str:
    """17 Nov; nov. 17.; 11月17日."""
    month = _ways(language).months[day.month - 1]
    if language == "hu":
        return f"{month}{NBSP}{day.day}."
    if language.startswith("zh"):
        return f"{month}{day.day}日"
    return f"{day.day}{NBSP}{month}"


def full_day(day: date, language: str) -> str:
    """With its year."""
    if language == "hu":
        return f"{day.year}. {day_and_month(day, language)}"
    if language.startswith("zh"):
        return f"{day.year}年{day_and_month(day, language)}"
    return f"{day_and_month(day, language)} {day.year}"


def days(first: date, last: date, language: str) -> str:
    """Two days and what lies between, both included."""
    if language in _WAYS and language != "en":  # the year leads, and is said once if it can be
        same = first.year == last.year
        end = day_and_month(last, language) if same else full_day(last, language)
        return f"{full_day(first, language)} – {end}"
    begin = day_and_month(first, language)
    if first.year != last.year:
        begin = full_day(first, language)
    elif first.month == last.month:
        begin = str(first.day)
    return f"{begin} – {full_day(last, language)}"


def moment(at: datetime, zone: tzinfo, language: str, *, year: bool = False) -> str:
    """A moment on the clock of the zone: Tue 17 Nov 02:00; with its year, Tue 17 Nov 2026 02:00."""
    local = at.astimezone(zone)
    day = (full_day if year else day_and_month)(local.date(), language)
    clock = f"{local:%H:%M}"
    if language in _WAYS and language != "en":
        return f"{day}{NBSP}{weekday(local, language)} {clock}"
    return f"{weekday(local, language)}{NBSP}{day} {clock}"


def between(start: datetime, end: datetime, zone: ZoneInfo, language: str) -> str:
    """Two moments; the day is said once where it is the same."""
    until = end.astimezone(zone)
    same_day = start.astimezone(zone).date() == until.date()
    tail = f"{until:%H:%M}" if same_day else moment(end, zone, language)
    return f"{moment(start, zone, language)} – {tail}"
