"""What people do at the pages: forms that post to `/act`, and go back to where they came from.

A form bears the token of these pages, which a page elsewhere cannot know; the browser says besides
where a post comes from. What a form does is in `deeds.py`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from functools import partial
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from listener import undoing
from listener.domain.wording import Wording
from listener.errors import UsageError
from listener.web import presence, saving
from listener.web.behind import Behind
from listener.web.deeds import LONGEST, OvertakenError, to_incident, to_mention
from listener.web.done import SAID, UNDO, Done, of_act, told
from listener.web.form import MOST, Form
from listener.web.pages import render
from listener.web.posted import form_of, has_token
from listener.web.visitor import visited
from listener.web.words import later


def door(behind: Behind, takers: Executor) -> Callable[[Request], Awaitable[Response]]:
    """What answers a form."""

    async def act(request: Request) -> Response:
        form = await form_of(request, Form.read)
        if isinstance(form, Response):
            return form
        seen = visited(behind, request)
        if not has_token(seen, form.fields.get("token", "")):
            words = later("This form is too old. Go back, and press again.")
            return _refused(seen, form, words, 403)
        press = partial(carry_out, seen, form, plainly=_wants_no_page(request))
        return await asyncio.get_running_loop().run_in_executor(takers, press)

    return act


def _wants_no_page(request: Request) -> bool:
    """Whether a script of ours asks, which shows the answer in the page that is there."""
    return "application/json" in request.headers.get("accept", "")


def carry_out(behind: Behind, form: Form, *, plainly: bool = False) -> Response:
    """Do what a form says, to each mention it names; what cannot be done is told, one by one.

    plainly: what was done is told as JSON, and not by leading back to a page.
    """
    if (what := form.word("act")) in (presence.HERE, presence.LEAVE):
        presence.say(behind, next(iter(form.on), ""), what)
        return Response(status_code=204)
    try:
        done, failed = _done(behind, form, what)
    except OvertakenError as news:
        return HTMLResponse(_overtaken(behind, form, news), 409)
    except UsageError as error:
        return _refused(behind, form, error.args[0], 422)
    if failed:
        words = Wording(
            "Done for %(some)s, not for %(others)s:", some=done.count, others=len(failed)
        )
        return _refused(behind, form, words, 422, failed)
    return JSONResponse(told(done, behind)) if plainly else _go_back(form, done)


def _done(behind: Behind, form: Form, what: str) -> tuple[Done, Sequence[str]]:
    """What was done, and why some of it was not."""
    if what not in SAID:
        raise UsageError(later("There is nothing that does this; reload the page."))
    if what == UNDO:
        undone = undoing.undo(behind.store, form.number(UNDO) or 0, behind.who, behind.now())
        return Done(what, len(undone.names)), undone.failed
    if what in saving.ACTS:
        return saving.carry_out(behind, form, what), ()
    if form.word("incident"):
        _incident(behind, form, what)
        return Done(what), ()
    if not form.on or len(form.on) > MOST:
        raise UsageError(Wording("Choose mentions first, %(most)s at most.", most=MOST))
    before = undoing.newest_act(behind.store)
    failed = _each(behind, form, what, form.on)
    batch = undoing.together(behind.store, behind.who, before)
    return Done(what, len(form.on) - len(failed), batch), failed


def _each(behind: Behind, form: Form, what: str, names: Sequence[str]) -> list[str]:
    if len(names) == 1:
        to_mention(behind, what, names[0], form, seen=form.number("seen"))
        return []
    failed = []
    for name in names:
        try:
            to_mention(behind, what, name, form)
        except UsageError as error:
            failed.append(error.args[0])
    return failed


def _incident(behind: Behind, form: Form, what: str) -> None:
    number = form.number("incident")
    if number is None:
        raise UsageError(later("There is no such incident."))
    to_incident(behind, what, number, form)


def _go_back(form: Form, done: Done) -> Response:
    joined = "&" if "?" in form.back else "?"
    return RedirectResponse(f"{form.back}{joined}{urlencode(of_act(done))}", 303)


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
