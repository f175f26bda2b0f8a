"""What is said of a drop: title, reasons, figures."""

from collections.abc import Sequence
from typing import Any, Final

from listener.domain.incident import Finding, Severity
from listener.domain.ratings import Listing, Review, Told, spoken
from listener.domain.times import to_json
from listener.domain.wording import Amount, Sentences, Span, Wording
from listener.rules.rating_drop.drop import Drop
from listener.rules.rating_drop.scene import RatingScene
from listener.rules.rating_drop.spans import of

GRAVE: Final = 0.75  # stars
SHOWN: Final = 20
LOW: Final = 3  # stars, up to which a review is shown


def key_of(subject: str, listing: Listing) -> str:
    return ":".join(["rating_drop", subject, *(part for part in listing if part)])


def place_of(subject: str, listing: Listing) -> str:
    """Whose stars: "Acme", "Acme on App Store", "Acme on App Store, HU"."""
    if not listing.source:
        return subject
    named = {"subject": subject, "source": spoken(listing.source)}
    if not listing.part:
        return Wording("%(subject)s on %(source)s", **named)
    return Wording("%(subject)s on %(source)s, %(part)s", part=listing.part, **named)


def finding(scene: RatingScene, listing: Listing, drop: Drop) -> Finding:
    since = [one for one in of(scene.reviews, listing) if one.at >= drop.began]
    lost = drop.before - drop.after
    return Finding(
        key=key_of(scene.subject, listing),
        rule="rating_drop",
        subject_id=scene.subject_id,
        channel="review",
        severity=Severity.HIGH if lost >= GRAVE else Severity.WATCH,
        title=Wording(
            "%(place)s: %(stars)s stars of the last %(count)s reviews, %(before)s before",
            place=place_of(scene.subject, listing),
            stars=Amount(f"{drop.after:.1f}"),
            count=Amount(f"{drop.n_after:,}"),
            before=Amount(f"{drop.before:.1f}"),
        ),
        why=_why(scene, listing, drop, since),
        mentions=_lowest(since),
        evidence=_evidence(scene, listing, drop, since),
    )


def settled_title(scene: RatingScene, told: Told) -> str:
    since = [one for one in of(scene.reviews, told.listing) if one.at >= told.began]
    mean = sum(one.stars for one in since) / max(len(since), 1)
    return Wording(
        "%(place)s: %(stars)s stars have become usual in %(span)s",
        place=place_of(scene.subject, told.listing),
        stars=Amount(f"{mean:.1f}"),
        span=Span(scene.now - told.began),
    )


def _why(scene: RatingScene, listing: Listing, drop: Drop, since: Sequence[Review]) -> str:
    return Sentences(
        Wording(
            "%(lost)s stars less in %(span)s than of the %(before)s reviews before;"
            " %(low)s of %(count)s have one star.",
            lost=Amount(f"{drop.before - drop.after:.1f}"),
            span=Span(scene.now - drop.began),
            before=Amount(f"{drop.n_before:,}"),
            low=Amount(sum(one.stars < 2 for one in since)),
            count=Amount(len(since)),
        ),
        Wording("Each is compared with the usual ones of its own place.")
        if len({one.listing for one in since}) > 1
        else "",
    )


def _lowest(since: Sequence[Review]) -> tuple[int, ...]:
    """The rows of the low ones, the lowest and newest first."""
    low = [one for one in since if one.stars <= LOW]
    return tuple(o.row for o in sorted(low, key=lambda o: (o.stars, -o.at.timestamp()))[:SHOWN])


def _evidence(
    scene: RatingScene, listing: Listing, drop: Drop, since: Sequence[Review]
) -> dict[str, Any]:
    return {
        "before": round(drop.before, 2),
        "after": round(drop.after, 2),
        "n_before": drop.n_before,
        "n_after": drop.n_after,
        "p_value": drop.p_value,
        "drop": round(drop.before - drop.after, 2),
        "source": listing.source or None,
        "listing": listing.part or None,
        "began_at": to_json(drop.began),
        "stars": _shares(since),
        "stars_before": _shares([one for one in of(scene.reviews, listing) if one.at < drop.began]),
        "places": _places(since),
    }


def _shares(reviews: Sequence[Review]) -> dict[str, int]:
    """How many reviews have how many stars, five first."""
    tally: dict[float, int] = {}
    for one in reviews:
        tally[one.stars] = tally.get(one.stars, 0) + 1
    return {f"{stars:g}": tally[stars] for stars in sorted(tally, reverse=True)}


def _places(since: Sequence[Review]) -> list[dict[str, Any]]:
    """The listings of the reviews since it began, the one with most first; none of one alone."""
    by_place: dict[Listing, list[float]] = {}
    for one in since:
        by_place.setdefault(one.listing, []).append(one.stars)
    if len(by_place) < 2:
        return []
    most = sorted(by_place.items(), key=lambda item: -len(item[1]))[:10]
    return [
        {
            "source": listing.source,
            "listing": listing.part or None,
            "reviews": len(stars),
            "stars": round(sum(stars) / len(stars), 2),
        }
        for listing, stars in most
    ]
