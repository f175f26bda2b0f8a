"""Digests in the browser: those that were made, and each as it was mailed."""

from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from listener.domain.digest import DigestData, team_of
from listener.domain.week import Week
from listener.outlook.editions import editions
from listener.texts.digest import render_html, subject_line
from listener.views import digest_of
from listener.web.behind import Behind
from listener.web.pages import render
from listener.web.speaking import speaking

MOST: Final = 60  # periods
SAID: Final = 12  # of which a line is shown

# A mail has its styles with it, and nothing else: no script, no picture, no form.
POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'none';"
    " base-uri 'none'"
)


def digests_page(behind: Behind) -> str:
    """All that were made, newest first; of the newest what they say, in a line."""
    found = editions(behind.store, MOST, SAID)
    weeks: dict[str, list[dict[str, Any]]] = {}
    for one in found:
        team = team_of(one.made.kind)
        weeks.setdefault(str(one.made.week), []).append(
            {
                "made": one.made,
                "team": team,
                "says": _says(one.data, behind.spoken) if one.data else None,
                "address": f"/digests/{one.made.week}"
                + (f"?{urlencode({'team': team})}" * bool(team)),
            }
        )
    return render("digests.html.j2", behind, here="/digests", weeks=weeks, **speaking(behind))


def _says(data: DigestData, language: str) -> str:
    """What a digest says in a line, in the language of who reads the list."""
    return subject_line(replace(data, language=language))


def digest_page(behind: Behind, week: str, team: str) -> str | None:
    """The digest of a week such as 2026-W47, of a team or of the company (no team); None where
    none was made.
    """
    try:
        wanted = Week.parse(week)
    except ValueError:
        return None
    data = digest_of(behind.store, wanted, team)
    return None if data is None else render_html(data)
