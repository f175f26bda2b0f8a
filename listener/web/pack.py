"""The crisis pack: an incident with all that is known of it, as one file that needs no other.

It leaves the house, so what people can be reached or paid by is taken out of their words.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import asdict
from functools import partial
from typing import Any, Final
from unicodedata import normalize

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from listener import receipts, spread
from listener.domain.masking import masked_text
from listener.domain.response import ClockState
from listener.domain.times import from_text
from listener.errors import UsageError
from listener.texts import receipt as words
from listener.web.behind import Behind
from listener.web.digests import POLICY
from listener.web.incidents import hours_drawn, quote_view
from listener.web.pages import render
from listener.web.visitor import visited

MOST_QUOTED: Final = 40
LONGEST_SLUG: Final = 40
ENDS: Final = tuple(ClockState)


def door(behind: Behind, readers: Executor) -> Callable[[Request], Awaitable[Response]]:
    """What answers under /incidents/NUMBER/pack: a file to be kept, and not to be shown here."""

    async def pack(request: Request) -> Response:
        make = partial(pack_page, visited(behind, request), request.path_params["number"])
        try:
            name, html = await asyncio.get_running_loop().run_in_executor(readers, make)
        except UsageError as error:  # of an incident that there is not
            raise HTTPException(404) from error
        headers = {
            "content-security-policy": POLICY,
            "content-disposition": f'attachment; filename="{name}"',
        }
        return HTMLResponse(html, headers=headers)

    return pack


def pack_page(behind: Behind, number: int) -> tuple[str, str]:
    """The file's name and what it holds. Raises UsageError where there is no such incident."""
    now = behind.now()
    found = receipts.receipt(behind.store, number, most_quoted=MOST_QUOTED, mask=True)
    hours = receipts.hours_around(behind.store, number, now, behind.events)
    far = spread.of_incident(behind.store, number, now, mask=True)
    html = render(
        "pack.html.j2",
        behind,
        one=found,
        now=now,
        opened_at=from_text(found["opened_at"]),
        resolved_at=from_text(found["resolved_at"]) if found["resolved_at"] else None,
        facts=words.facts(found, behind.zone),
        life=words.life(found, behind.zone),
        told=words.told(found, behind.zone),
        acts=[{**one, "at": from_text(one["at"])} for one in found["acts"]],
        quotes=[quote_view(one) for one in found["quotes"]],
        notes=[
            {**one, "at": from_text(one["at"]), "text": masked_text(one["text"])}
            for one in found["notes"]
        ],
        chart=hours_drawn(hours) if hours else None,
        hours=hours,
        far=_told(asdict(far)),
    )
    return name_of(found), html


def name_of(found: dict[str, Any]) -> str:
    """A name for a file that any system takes: letters of ASCII, digits and hyphens."""
    plain = normalize("NFKD", found["subject"]).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG]
    return "-".join(filter(None, ("incident", str(found["incident"]), slug))) + ".html"


def _told(far: dict[str, Any]) -> dict[str, Any]:
    outcomes = [(state.value, far["outcomes"][state]) for state in ENDS if state in far["outcomes"]]
    return far | {"outcomes": outcomes}
