"""Beside stage two: when another model labels, it labels what was said lately once more.

In the background, newest first, whenever nothing new waits. Labels of people stay.
"""

from datetime import datetime, timedelta
from typing import Final

from listener.store import mentions, models
from listener.store.connection import Store

BACK: Final = timedelta(days=90)
AT_ONCE: Final = 250


def relabel(store: Store, model: str | None, now: datetime) -> int:
    """Hand some mentions that an earlier model labelled to the stages once more; 0: none is left.

    model: the version of the one that labels now; None where it was not started, which is not
    worth it for this.
    """
    if model is None:
        return 0
    with store.read() as db:
        use = models.newest(db)
    if use is not None and use.model == model and use.below == models.DONE:
        return 0
    with store.write() as db:
        use = models.newest(db)
        if use is None or use.model != model:
            use = models.begin(db, model, now)
        if use.below == models.DONE:
            return 0
        found, below = models.labelled_otherwise(db, use, now - BACK, AT_ONCE)
        mentions.redo(db, "classify", found)
        mentions.redo(db, "measure", found)
        models.set_below(db, below)
    return max(len(found), 1)
