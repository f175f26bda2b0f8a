"""A digest in the browser, as it was mailed."""

from typing import Final

from listener.domain.week import Week
from listener.texts.digest import render_html
from listener.views import digest_of
from listener.web.behind import Behind

# A mail has its styles with it, and nothing else: no script, no picture, no form.
POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'none';"
    " base-uri 'none'"
)


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
