"""How far the reviews of one app in one country were read. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any, Final

from listener.collectors.app_store.reviews import PAGE
from listener.domain.mention import Mention
from listener.domain.times import from_text, to_text

LAST_PAGE: Final = 10  # the feed has no more
MOST_KNOWN: Final = PAGE * LAST_PAGE
WHOLE_EVERY: Final = timedelta(days=1)
TRIES: Final = 2  # so often a later page may come empty where more was expected; then it is the end


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """How far the reviews of one app in one country were read.

    known: the reviews that the walks before have met, newest first: id -> short hash of what it
    says. seen: those of the walk under way; they become known only when it has arrived, for what
    moves down a page while we read must not pass for its end. whole: this walk reads every page,
    for edits. whole_at: when one of those last arrived; read_at: when any did. filled: the page
    before was full. tries: so often the walk was begun anew because a later page was empty.
    trouble: why the first page had nothing.
    """

    known: Mapping[str, str] = field(default_factory=dict)
    seen: Mapping[str, str] = field(default_factory=dict)
    page: int = 1
    whole: bool = False
    whole_at: str = ""
    read_at: str = ""
    filled: bool = False
    tries: int = 0
    trouble: str = ""

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> "Listing":
        marks = {name: _unpacked(state.get(name, "")) for name in ("known", "seen")}
        return cls(**{**state, **marks})

    def written(self) -> dict[str, Any]:
        """As JSON, without what is usual."""
        usual = Listing()
        plain = ("page", "whole", "whole_at", "read_at", "filled", "tries", "trouble")
        state = {name: getattr(self, name) for name in plain}
        state = {name: value for name, value in state.items() if value != getattr(usual, name)}
        marks = {"known": _packed(self.known), "seen": _packed(self.seen)}
        return state | {name: text for name, text in marks.items() if text}

    def begun(self, now: datetime) -> "Listing":
        """As the next page finds it: once a day a walk reads every page, as the first one does."""
        if self.page > 1:
            return self
        age = now - from_text(self.whole_at) if self.whole_at else WHOLE_EVERY
        return replace(self, whole=not timedelta() <= age < WHOLE_EVERY)

    def news(self, reviews: Iterable[Mention]) -> list[Mention]:
        """Those that are new or say something else than before."""
        return [
            replace(one, edited_at=one.said_at) if one.source_id in self.known else one
            for one in reviews
            if self.known.get(one.source_id) != _mark(one)
        ]

    def after(self, reviews: list[Mention], filled: bool, now: datetime) -> "Listing":
        """After a page with these reviews: a walk ends where nothing on a page is new."""
        seen = {**self.seen, **{one.source_id: _mark(one) for one in reviews}}
        walk = replace(self, seen=seen, filled=filled, trouble="")
        if self.page < LAST_PAGE and (self.whole or self.news(reviews)):
            return replace(walk, page=self.page + 1)
        return walk.arrived(now)

    def lost_since(self, reviews: Iterable[Mention]) -> datetime | None:
        """Since when some may be lost: the last page comes, and nothing that we know was met."""
        met = {*self.seen, *(one.source_id for one in reviews)}
        if self.page < LAST_PAGE or not self.known or not met.isdisjoint(self.known):
            return None
        return from_text(self.read_at)

    def ends(self, is_app: bool) -> bool:
        """Whether a page of nothing is the end.

        On the first page only where nothing was ever there; later unless a full page came before
        it and reviews that we know are still to come.
        """
        if self.page == 1:
            return is_app and not self.known
        missing = any(number not in self.seen for number in self.known)
        return not (self.filled and missing) or self.tries >= TRIES

    def arrived(self, now: datetime) -> "Listing":
        """After a walk; one of every page has met all that is there."""
        at = to_text(now)
        if self.whole:
            return Listing(known=_newest(self.seen), whole_at=at, read_at=at)
        known = _newest({**self.seen, **_without(self)})
        return Listing(known=known, whole_at=self.whole_at, read_at=at)

    def given_up(self) -> "Listing":
        """As before the walk, which begins anew with the next pass."""
        return Listing(
            known=self.known,
            whole_at=self.whole_at,
            read_at=self.read_at,
            tries=self.tries + (self.page > 1),
            trouble=self.trouble,
        )


def _mark(review: Mention) -> str:
    """A short hash of its words and stars: 32 bits, for a few hundred reviews."""
    words = f"{review.stars}\n{review.title}\n{review.text}"
    return sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _packed(marks: Mapping[str, str]) -> str:
    return " ".join(f"{number}:{mark}" for number, mark in marks.items())


def _unpacked(text: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in text.split())


def _newest(marks: Mapping[str, str]) -> dict[str, str]:
    return dict(islice(marks.items(), MOST_KNOWN))


def _without(listing: Listing) -> dict[str, str]:
    return {n: mark for n, mark in listing.known.items() if n not in listing.seen}
