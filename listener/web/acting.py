"""What people do at the pages: forms that post to `/act`, and go back to where they came from.

A form bears the token of these pages, which a page elsewhere cannot know; the browser says besides
where a post comes from. What a form does is in `deeds.py`.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from listener.errors import UsageError
from listener.web.behind import Behind
from listener.web.deeds import LONGEST, SAID, OvertakenError, Wish, to_incident, to_mention
from listener.web.pages import render
from listener.web.posted import form_of, has_token
from listener.web.visitor import visited

MOST: Final = 200  # mentions at once
_BACK: Final = re.compile(r"/(?:inbox|mentions|incidents)(?:[/?][!-\[\]-~]*)?")
_DONE: Final = re.compile(r"[?&]done=[^&]*")


@dataclass(frozen=True, slots=True)
class Form(Wish):
    """What was sent: each field once, but for `on`, the mentions that it is about."""

    on: tuple[str, ...]

    @classmethod
    def read(cls, body: bytes) -> "Form | None":
        """None where it is no form."""
        try:
            pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST + 20)
        except ValueError:
            return None
        on = tuple(dict.fromkeys(value for key, value in pairs if key == "on"))
        return cls(dict(pairs), on)

    @property
    def back(self) -> str:
        """Where it came from: one of our pages, and nothing else."""
        wanted = self.fields.get("back", "")
        return _DONE.sub("", wanted) if _BACK.fullmatch(wanted) else "/inbox"


def door(behind: Behind, takers: Executor) -> Callable[[Request], Awaitable[Response]]:
    """What answers a form."""

    async def act(request: Request) -> Response:
        form = await form_of(request, Form.read)
        if isinstance(form, Response):
            return form
        seen = visited(behind, request)
        if not has_token(seen, form.fields.get("token", "")):
            return _refused(seen, form, "This form is too old. Go back, and press again.", 403)
        return await asyncio.get_running_loop().run_in_executor(takers, carry_out, seen, form)

    return act


def carry_out(behind: Behind, form: Form) -> Response:
    """Do what a form says, to each mention it names; what cannot be done is told, one by one."""
    what = form.word("act")
    try:
        if what not in SAID:
            raise UsageError("There is nothing that does this; reload the page.")
        if incident := form.word("incident"):
            _incident(behind, form, what, incident)
            return _go_back(form, what, 1)
        if not form.on or len(form.on) > MOST:
            raise UsageError(f"Choose mentions first, {MOST} at most.")
        failed = _each(behind, form, what, form.on)
    except OvertakenError as news:
        return HTMLResponse(_overtaken(behind, form, news), 409)
    except UsageError as error:
        return _refused(behind, form, str(error), 422)
    if failed:
        done = len(form.on) - len(failed)
        return _refused(behind, form, f"Done for {done}, not for {len(failed)}:", 422, failed)
    return _go_back(form, what, len(form.on))


def _each(behind: Behind, form: Form, what: str, names: Sequence[str]) -> list[str]:
    if len(names) == 1:
        to_mention(behind, what, names[0], form, seen=_seen(form))
        return []
    failed = []
    for name in names:
        try:
            to_mention(behind, what, name, form)
        except UsageError as error:
            failed.append(str(error))
    return failed


def _seen(form: Form) -> int | None:
    """The number of the last deed that the form was shown with."""
    seen = form.word("seen")
    return int(seen[:18]) if seen.isascii() and seen.isdigit() else None


def _incident(behind: Behind, form: Form, what: str, given: str) -> None:
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise UsageError("There is no such incident.")
    to_incident(behind, what, int(given), form)


def _go_back(form: Form, what: str, count: int) -> Response:
    joined = "&" if "?" in form.back else "?"
    said = urlencode({"done": what if count == 1 else f"{what}.{count}"})
    return RedirectResponse(f"{form.back}{joined}{said}", 303)


def done(given: str | None) -> str | None:
    """What was done, in words, by what the address says of it."""
    what, _, count = (given or "").partition(".")
    if what not in SAID:
        return None
    known = count.isascii() and count.isdigit() and len(count) < 4
    return f"{count} mentions. {SAID[what]}" if known else SAID[what]


def _refused(
    behind: Behind, form: Form, words: str, status: int, failed: Sequence[str] = ()
) -> Response:
    html = render("refused.html.j2", behind, here="", words=words, failed=failed, back=form.back)
    return HTMLResponse(html, status)


def _overtaken(behind: Behind, form: Form, news: OvertakenError) -> str:
    again = {k: v for k, v in form.fields.items() if k not in ("on", "seen")}
    fields = [*again.items(), *(("on", name) for name in form.on), ("seen", str(news.number))]
    return render(
        "overtaken.html.j2",
        behind,
        here="",
        who=news.who,
        did=news.did,
        fields=[(key, value[:LONGEST]) for key, value in fields],
        back=form.back,
    )
