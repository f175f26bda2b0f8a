"""The command that says how soon questions are answered."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import click

from listener import views
from listener.cli.context import Call
from listener.cli.shown import format_option, show
from listener.domain.promise import calendars_of
from listener.domain.response_times import By
from listener.domain.times import in_words
from listener.domain.when import since_when

USUAL_SPAN = "30d"
NOBODY = "(no team)"
COLUMNS = ("questions", "answered", "open", "overdue", "in time", "average", "median", "p90",
           "people in time", "people average", "people median", "people p90", "oldest open",
           "seen after")  # fmt: skip


@click.command("responses")
@click.option("--since", default=USUAL_SPAN, show_default=True, help="A span, or a past time.")
@click.option(
    "--by", type=click.Choice([by.value for by in By]), default=By.CHANNEL.value, show_default=True
)
@format_option
@click.pass_obj
def responses_command(call: Call, since: str, by: str, form: str) -> None:
    """Show how soon questions were answered: by anybody, and by people.

    Of what was said since then. Times are working time where the promise has a calendar.
    """
    now = call.clock.now()
    app = call.app(secrets=False)
    calendars = calendars_of(app.config.promises.values()) | dict(app.config.calendars)
    rows = views.responses(app.store, By(by), since_when(since, now), calendars, now)
    if form == "table":
        rows = [_for_people(row, by) for row in rows]
    show(rows, form, (by, *COLUMNS), "nothing that deserves an answer was said.")


def _for_people(row: Mapping[str, Any], by: str) -> dict[str, Any]:
    return {
        by: row[by] or NOBODY,
        "questions": row["questions"],
        "answered": row["answered"],
        "open": row["open"],
        "overdue": row["overdue"],
        "in time": _share(row["share_in_time"]),
        "average": _words(row["average_s"]),
        "median": _words(row["median_s"]),
        "p90": _words(row["p90_s"]),
        "people in time": _share(row["people_share_in_time"]),
        "people average": _words(row["people_average_s"]),
        "people median": _words(row["people_median_s"]),
        "people p90": _words(row["people_p90_s"]),
        "oldest open": _words(row["oldest_open_s"]),
        "seen after": _words(row["detection_median_s"]),
    }


def _share(share: float | None) -> str | None:
    return None if share is None else f"{share:.1%}"


def _words(seconds: float | None) -> str | None:
    return None if seconds is None else in_words(timedelta(seconds=seconds))
