"""The rating rule: recent stars against the usual ones, of a brand and of each place."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from listener.domain.incident import Finding
from listener.domain.ratings import Listing, Told
from listener.rules.rating_drop.drop import Drop, dropped
from listener.rules.rating_drop.going_on import going_on, is_usual_now
from listener.rules.rating_drop.scene import RatingScene
from listener.rules.rating_drop.spans import a_year, is_news, of, split
from listener.rules.rating_drop.usual import usuals
from listener.rules.rating_drop.words import finding, settled_title

Found = tuple[Listing, Drop]

WHOLE: Final = Listing()


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingDropRule:
    """Stars that fall by so many below what was usual, beyond chance.

    Reviews are compared with the usual ones of their own listing: another mix of shops or stores is
    no drop. It does not ask why, and what fell slowly, over months, is usual meanwhile.
    """

    drop: float = field(default=0.3, metadata={"between": (0.1, 4.0)})  # stars
    at_least: int = field(default=10, metadata={"between": (5, 10_000)})  # reviews since it began
    false_alarms: float = field(default=0.05, metadata={"between": (0.001, 12.0)})  # source, year

    def __call__(self, scene: RatingScene) -> list[Finding]:
        """What goes on, of what was told before; then what is new and touches none of it."""
        open_ones = [told for told in scene.told if told.ended is None]
        found = [
            (told.listing, drop)
            for told in open_ones
            if (drop := going_on(scene, told, self.drop, self.at_least)) is not None
        ]
        for listing, drop in self._new(scene):
            if not any(listing.overlaps(told.listing) for told in open_ones):
                found.append((listing, drop))
        return [finding(scene, listing, drop) for listing, drop in found]

    def settled(self, scene: RatingScene) -> list[tuple[Told, str]]:
        """The drops that last so long that they are usual now, each with its last title."""
        return [
            (told, settled_title(scene, told))
            for told in scene.told
            if told.ended is None and is_usual_now(scene, told)
        ]

    def _new(self, scene: RatingScene) -> Sequence[Found]:
        """Each drop where it is: of the brand only where it is not one source's alone."""
        by_source = sorted({one.listing.source for one in scene.reviews})
        parts = [found for source in by_source for found in self._in_source(scene, source)]
        return _where(self._look(scene, WHOLE) if len(by_source) > 1 else None, parts)

    def _in_source(self, scene: RatingScene, source: str) -> Sequence[Found]:
        """Its listings share the false alarms that a source is allowed (Bonferroni)."""
        whole = Listing(source)
        listings = sorted({one.listing for one in of(scene.reviews, whole)} - {whole})
        if len(listings) < 2:
            return _where(self._look(scene, whole), [])
        each = (self._look(scene, one, among=len(listings)) for one in listings)
        return _where(self._look(scene, whole), [one for one in each if one is not None])

    def _look(self, scene: RatingScene, listing: Listing, among: int = 1) -> Found | None:
        before, recent = split(scene, listing)
        known = usuals(before)
        if not known or not is_news(recent, scene.now):
            return None
        drop = dropped(
            recent,
            known,
            least=self.drop,
            at_least=self.at_least,
            a_year=a_year([*before, *recent], scene.now),
        )
        if drop is None or drop.p_value * among > self.false_alarms:
            return None
        return listing, replace(drop, p_value=min(1.0, drop.p_value * among))


def _where(whole: Found | None, parts: Sequence[Found]) -> Sequence[Found]:
    """The whole if it dropped, but where one part alone did, that part; else the parts that did."""
    return [whole] if whole is not None and len(parts) != 1 else parts
