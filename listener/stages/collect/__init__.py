"""Stage one: a page of a source is read, and kept together with the cursor that brought it."""

from listener.stages.collect.again import RECHECK_AFTER, backfill_page, begun_back, recheck_page
from listener.stages.collect.reading import collect_page, state_of
from listener.stages.collect.taking import Page, admitted, index, take_in

__all__ = [
    "RECHECK_AFTER",
    "Page",
    "admitted",
    "backfill_page",
    "begun_back",
    "collect_page",
    "index",
    "recheck_page",
    "state_of",
    "take_in",
]
