"""Public holidays of a country, or of a part of one, as the library `holidays` knows them."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache


def is_day_off(place: str, day: date) -> bool:
    """Whether a day is a public holiday in "HU" or "DE-BY"; days given in lieu are."""
    return day in _days_off(place, day.year)


@lru_cache(maxsize=512)
def _days_off(place: str, year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415  # takes a fifth of a second

    country, _, part = place.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=part or None, years=year))


def places() -> Mapping[str, tuple[str, ...]]:
    """The countries that are known, by their codes, with their parts."""
    import holidays  # noqa: PLC0415

    known = holidays.list_supported_countries(include_aliases=True)
    return {code: tuple(parts) for code, parts in known.items()}


def codes_by_name() -> Mapping[str, str]:
    """The codes of the countries by what else they are called: Hungary, HUN."""
    from holidays.registry import COUNTRIES  # noqa: PLC0415

    return {
        name: entry[1]
        for key, entry in COUNTRIES.items()
        for name in (key.replace("_", " ").title(), *entry[2:3])
    }
