"""What a drop of stars rests on, in words; pure."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from listener.domain.ratings import spoken
from listener.domain.wording import Amount, Wording, listed
from listener.texts.summary import Line

LOW: Final = 2  # stars
MOST_PLACES: Final = 5


def is_of_stars(evidence: Mapping[str, Any]) -> bool:
    return isinstance(evidence.get("n_after"), int) and isinstance(evidence.get("before"), float)


def named(evidence: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The figures, each with its name; nothing of what rests on no stars."""
    if not is_of_stars(evidence):
        return
    yield (
        Wording("stars"),
        Wording(
            "%(after)s stars of %(now)s reviews, %(before)s of %(then)s before",
            after=Amount(f"{evidence['after']:.2f}"),
            now=Amount(f"{evidence['n_after']:,}"),
            before=Amount(f"{evidence['before']:.2f}"),
            then=Amount(f"{evidence['n_before']:,}"),
        ),
    )
    now, before = _low_share(evidence.get("stars")), _low_share(evidence.get("stars_before"))
    if now is not None and before is not None:
        words = Wording(
            "%(now)s have two stars or less, before %(before)s",
            now=Amount(f"{now:.0%}"),
            before=Amount(f"{before:.0%}"),
        )
        yield Wording("low"), words
    places = evidence.get("places") or []
    if places:
        some = listed(map(_place, places[:MOST_PLACES]), "; ")
        more = len(places) - MOST_PLACES
        whole = Wording("%(some)s, and %(num)s more", some=some, num=more) if more > 0 else some
        yield Wording("places"), whole


def said(evidence: Mapping[str, Any]) -> list[Line]:
    """The figures that a notice's title and reasons do not say."""
    return [(words,) for name, words in named(evidence) if name != "stars"]


def in_short(evidence: Mapping[str, Any]) -> str | None:
    """What a mail's subject says: "2.9 stars of 41 reviews, 4.1 before"."""
    if not is_of_stars(evidence):
        return None
    after, before = evidence["after"], evidence["before"]
    return f"{after:.1f} stars of {evidence['n_after']:,} reviews, {before:.1f} before"


def _low_share(tally: Any) -> float | None:
    """The share of the low ones in a tally by stars; None: it counts nothing."""
    counts = {float(stars): int(n) for stars, n in (tally or {}).items()}
    whole = sum(counts.values())
    return sum(n for stars, n in counts.items() if stars <= LOW) / whole if whole else None


def _place(one: Mapping[str, Any]) -> Wording:
    name = ", ".join(part for part in (spoken(one["source"]), one["listing"]) if part)
    given = f"{one['stars']:.1f} ({one['reviews']:,})"
    return listed([name, given], " ")
