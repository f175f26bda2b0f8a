"""The digests that were made, as a list."""

from dataclasses import dataclass

from listener.domain.digest import DigestData
from listener.store import digests
from listener.store.connection import Store
from listener.store.digests import Made


@dataclass(frozen=True, slots=True)
class Edition:
    """One of them. `data` None: it is not among the newest, of which all is read."""

    made: Made
    data: DigestData | None


def editions(store: Store, most: int, read: int) -> list[Edition]:
    """Those of the newest periods, newest first; so many of them with all that they say."""
    with store.read() as db:
        made = digests.made(db, most)
        return [
            Edition(one, digests.data_of(db, one.week, one.kind) if at < read else None)
            for at, one in enumerate(made)
        ]
