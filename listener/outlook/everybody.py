"""All that is followed, each with its counts."""

from listener.domain.digest import Counts
from listener.domain.period import Period
from listener.domain.subject import Subject
from listener.outlook.desk import Outlook
from listener.store import subjects


def everybody(outlook: Outlook, period: Period) -> list[tuple[Subject, Counts]]:
    """Brands first, then competitors and influencers."""
    with outlook.opened(period) as desk:
        followed = subjects.listed(desk.db)
        return [(one, desk.counts(one.id, desk.days)) for one in followed]
