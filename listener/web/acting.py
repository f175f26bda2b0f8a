"""What people do at the pages: forms that post to `/act`, and go back to where they came from.

A form bears the token of these pages, which a page elsewhere cannot know; the browser says besides
where a post comes from. What a form does is in `inbox.py`, as at every other door.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from datetime import timedelta
from functools import partial
from hmac import compare_digest
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)

from listener import detail, inbox, issues, marking, notes, undoing
from listener.domain.label import Sentiment
from listener.domain.press import SPANS
from listener.errors import UsageError
from listener.web import presence, saving
from listener.web.behind import Behind
from listener.web.bodies import read_body
from listener.web.done import SAID, UNDO, Done, of_act, told
from listener.web.form import LONGEST, MOST, Form
from listener.web.pages import render
from listener.web.visitor import visited


class OvertakenError(Exception):
    """Somebody else did something about the mention since the form was shown."""

    def __init__(self, who: str, did: str, number: int) -> None:
        super().__init__(did)
        self.who, self.did, self.number = who, did, number


def door(behind: Behind, takers: Executor) -> Callable[[Request], Awaitable[Response]]:
    """What answers a form."""

    async def act(request: Request) -> Response:
        if not _is_from_here(request):
            return PlainTextResponse("This form was not sent from these pages.\n", 403)
        body = await read_body(request)
        form = None if body is None else Form.read(body)
        if form is None:
            return PlainTextResponse("This is no form of these pages.\n", 400)
        seen, plainly = visited(behind, request), _wants_no_page(request)
        if not compare_digest(form.fields.get("token", "").encode(), seen.token.encode()):
            return _refused(seen, form, "This form is too old. Go back, and press again.", 403)
        press = partial(carry_out, seen, form, plainly=plainly)
        return await asyncio.get_running_loop().run_in_executor(takers, press)

    return act


def _is_from_here(request: Request) -> bool:
    """What the browser says: the same origin. One that says nothing is told by the token alone."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    return origin is None or origin.partition("://")[2] == request.headers.get("host")


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
        done, failed = _done(behind, form)
    except OvertakenError as news:
        return HTMLResponse(_overtaken(behind, form, news), 409)
    except UsageError as error:
        return _refused(behind, form, str(error), 422)
    if failed:
        words = f"Done for {done.count}, not for {len(failed)}:"
        return _refused(behind, form, words, 422, failed)
    return JSONResponse(told(done, behind)) if plainly else _go_back(form, done)


def _done(behind: Behind, form: Form) -> tuple[Done, Sequence[str]]:
    """What was done, and why some of it was not."""
    what = form.word("act")
    if what not in SAID:
        raise UsageError("There is nothing that does this; reload the page.")
    if what == UNDO:
        undone = undoing.undo(behind.store, form.number(UNDO) or 0, behind.who, behind.now())
        return Done(what, len(undone.names)), undone.failed
    if what in saving.ACTS:
        return saving.carry_out(behind, form, what), ()
    if form.word("incident"):
        _incident(behind, form, what)
        return Done(what), ()
    if not form.on or len(form.on) > MOST:
        raise UsageError(f"Choose mentions first, {MOST} at most.")
    before = undoing.newest_act(behind.store)
    failed = _each(behind, form, what, form.on)
    batch = undoing.together(behind.store, behind.who, before)
    return Done(what, len(form.on) - len(failed), batch), failed


def _each(behind: Behind, form: Form, what: str, names: Sequence[str]) -> list[str]:
    if len(names) == 1:
        _not_overtaken(behind, form, names[0])
        _mention(behind, form, what, names[0])
        return []
    failed = []
    for name in names:
        try:
            _mention(behind, form, what, name)
        except UsageError as error:
            failed.append(str(error))
    return failed


def _not_overtaken(behind: Behind, form: Form, name: str) -> None:
    seen = form.number("seen")
    if seen is None:
        return
    number, who, did = detail.last_act(behind.store, name)
    if number > seen:
        raise OvertakenError(who, did, number)


def _mention(behind: Behind, form: Form, what: str, name: str) -> None:
    store, who, now = behind.store, behind.who, behind.now()
    match what:
        case "answer":
            inbox.answer(store, name, who, now)
        case "dismiss":
            inbox.dismiss(store, name, who, now)
        case "assign":
            inbox.assign(store, name, form.word("to") or who, who, now)
        case "snooze":
            inbox.snooze(store, name, _span(form), who, now)
        case "correct":
            _correct(behind, form, name)
        case "link":
            issues.link(store, name, _written(form, "issue", "the issue"), who, now)
        case "note":
            notes.on_mention(store, name, form.text("note"), who, now)
        case _:
            raise UsageError("This is done to incidents, and not to mentions.")


def _correct(behind: Behind, form: Form, name: str) -> None:
    store, who, now = behind.store, behind.who, behind.now()
    sentiment = form.word("sentiment")
    given = Sentiment(sentiment) if sentiment in set(Sentiment) else None
    subject = form.word("subject")
    if subject and form.word("about") == "no":
        inbox.judge(store, name, subject, who, now, relevant=False)
    elif subject:
        if given is None:
            raise UsageError("Say what it says of the subject: choose a sentiment.")
        inbox.correct_towards(store, name, subject, given, who, now)
    else:
        topics = tuple(filter(None, (one.strip() for one in form.word("topics").split(","))))
        inbox.correct(store, name, given, topics, who, now, form.word("intent") or None)


def _incident(behind: Behind, form: Form, what: str) -> None:
    store, who, now = behind.store, behind.who, behind.now()
    number = form.number("incident")
    if number is None:
        raise UsageError("There is no such incident.")
    match what:
        case "ack":
            inbox.acknowledge(store, number, who, list(behind.hearing().editing), now)
        case "resolve":
            inbox.resolve(store, number, who, list(behind.hearing().editing), now)
        case "snooze":
            inbox.snooze_incident(store, number, _span(form), who, behind.hearing(), now)
        case "real" | "false":
            note = form.word("note")
            marking.mark_incident(store, number, who, now, real=what == "real", note=note)
        case "note":
            notes.on_incident(store, number, form.text("note"), who, now)
        case _:
            raise UsageError("This is done to mentions, and not to incidents.")


def _span(form: Form) -> timedelta:
    span = SPANS.get(form.word("span"))
    if span is None:
        raise UsageError(f"Choose for how long: {', '.join(SPANS)}.")
    return span


def _written(form: Form, key: str, what: str) -> str:
    if not form.word(key):
        raise UsageError(f"Name {what} first.")
    return form.word(key)


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
