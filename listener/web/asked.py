"""What the address of the inbox asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from listener.domain.query import Query, parse
from listener.domain.response import ClockState
from listener.errors import QueryError
from listener.store.saved_views import View
from listener.store.waiting import STILL_OPEN, Sorted

LONGEST_QUERY: Final = 500
CLOSED: Final = tuple(state.value for state in ClockState if state.value not in STILL_OPEN)
VIEWS: Final = {"open": STILL_OPEN} | {state: (state,) for state in (*STILL_OPEN, *CLOSED)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks for; what makes no sense in it is as if it were not there."""

    state: str = "open"
    subject: str = ""
    query: str = ""
    order: Sorted = Sorted.URGENCY
    mention: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Asked":
        order = given.get("order", "")
        return cls(
            state=given["state"] if given.get("state") in VIEWS else "open",
            subject=given.get("subject", "")[:LONGEST_QUERY],
            query=given.get("q", "").strip()[:LONGEST_QUERY],
            order=Sorted(order) if order in set(Sorted) else Sorted.URGENCY,
            mention=given.get("open", "")[:LONGEST_QUERY],
        )

    @classmethod
    def of_view(cls, view: View) -> "Asked":
        """The list that was saved."""
        given = {"state": view.state, "subject": view.subject, "q": view.query}
        return cls.of(given | {"order": view.sorted})

    @property
    def view(self) -> View:
        """The list as it is saved, whatever is open in it."""
        return View(
            state=self.state, subject=self.subject, query=self.query, sorted=self.order.value
        )

    @property
    def is_plain(self) -> bool:
        """Whether it is what one sees without asking for anything."""
        return self.view == Asked().view

    @property
    def states(self) -> tuple[str, ...]:
        return VIEWS[self.state]

    def address(self, **changes: str) -> str:
        """The same list with something changed; nothing is open in it unless that is named."""
        wanted = {
            "state": "" if self.state == "open" else self.state,
            "subject": self.subject,
            "q": self.query,
            "order": "" if self.order is Sorted.URGENCY else self.order.value,
            **changes,
        }
        kept = {key: value for key, value in wanted.items() if value}
        return f"/inbox?{urlencode(kept)}" if kept else "/inbox"

    def read(self) -> tuple[Query | None, str | None]:
        """The query, if there is one; and what is wrong with it, if anything."""
        if not self.query:
            return None, None
        try:
            return parse(self.query, broad=True), None
        except QueryError as error:
            return None, error.args[0]
