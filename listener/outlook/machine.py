"""The machine's room as pages need it, at once: what comes in, what goes out, what is set aside."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from listener import views
from listener.outlook.desk import Outlook
from listener.store import overview
from listener.store.connection import Store
from listener.store.overview import Delivery, SetAside


def source_list(outlook: Outlook, now: datetime) -> list[dict[str, Any]]:
    """As `views.source_list`; mentions are counted anew once an hour, and what came since."""
    with outlook.store.read() as db:
        counted = outlook.book.brought.counted(db, now)
    return views.source_list(outlook.store, now, counted)


@dataclass(frozen=True, slots=True)
class Outgoing:
    deliveries: list[Delivery]
    set_aside: list[SetAside]  # newest first


def outgoing(store: Store) -> Outgoing:
    """How the outlets stand, and the texts that the model could not bear."""
    with store.read() as db:
        return Outgoing(overview.deliveries(db), overview.set_aside(db))
