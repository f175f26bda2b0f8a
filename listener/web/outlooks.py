"""What pages of figures have in common: whom they ask, and the days somebody wants to see."""

from collections.abc import Mapping
from typing import Any, Final

from listener.domain.period import CHOICES, Asked, read
from listener.outlook.desk import Outlook
from listener.web.behind import Behind
from listener.web.links import days_of

USUAL: Final = 28  # days


def outlook_of(behind: Behind) -> Outlook:
    """What figures are made from."""
    return Outlook(
        store=behind.store,
        book=behind.book,
        known=behind.known(),
        events=behind.events,
        language=behind.spoken,
    )


def asked_days(behind: Behind, given: Mapping[str, str], usual: int = USUAL) -> Asked:
    """The days that an address asks for."""
    return read(given, usual, behind.zone, behind.now())


def period_view(asked: Asked, **beside: str) -> dict[str, Any]:
    """For the choice of days. `beside`: what else the address asks for, and keeps."""
    period = asked.period
    return {
        "period": period,
        "mistake": asked.mistake,
        "choices": [
            {"days": count, "now": period.is_up_to_today and period.count == count}
            for count in CHOICES
        ],
        "beside": {name: value for name, value in beside.items() if value},
        "dates": days_of(period.first, period.last),
    }
