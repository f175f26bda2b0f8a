"""The list of all that is followed."""

from collections.abc import Mapping

from listener.outlook.everybody import everybody
from listener.web.behind import Behind
from listener.web.links import finder, subject_address
from listener.web.outlooks import asked_days, outlook_of, period_view
from listener.web.pages import render
from listener.web.speaking import speaking


def subjects_page(behind: Behind, given: Mapping[str, str]) -> str:
    """Everybody with the counts of the days that an address asks for."""
    asked = asked_days(behind, given)
    found = everybody(outlook_of(behind), asked.period)
    return render(
        "subjects.html.j2",
        behind,
        here="/subjects",
        choice=period_view(asked),
        found=[
            {
                "name": subject.name,
                "role": subject.role.value,
                "counts": counts,
                "address": subject_address(subject.name),
                "find": finder(subject.name, asked.period.span),
            }
            for subject, counts in found
        ],
        **speaking(behind),
    )
