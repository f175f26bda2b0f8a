"""What people do at the pages: forms that post to `/act`, and go back to where they came from.

A form bears the token of these pages, which a page elsewhere cannot know; the browser says besides
where a post comes from. What a form does is in `inbox.py`, as at every other door.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from listener import detail, inbox, issues, marking
from listener.domain.label import Sentiment
from listener.domain.press import SPANS
from listener.errors import UsageError
from listener.web.behind import Behind
from listener.web.pages import render
from listener.web.posted import form_of, has_token
from listener.web.visitor import visited

LONGEST: Final = 200  # characters of what is written into a form
MOST: Final = 200  # mentions at once
_BACK: Final = re.compile(r"/(?:inbox|mentions|incidents)(?:[/?][!-\[\]-~]*)?")
_DONE: Final = re.compile(r"[?&]done=[^&]*")

# What is said when something was done, by the word in the address.
SAID: Final = {
    "answer": "Marked as answered.",
    "dismiss": "Dismissed: nobody waits for an answer any more.",
    "assign": "Assigned.",
    "snooze": "Snoozed; the promise runs on.",
    "correct": "Corrected: your word wins over the model's.",
    "link": "Tied to the issue.",
    "ack": "You look after it.",
    "resolve": "Resolved.",
    "real": "Marked as real.",
    "false": "Marked as a false alarm.",
}


@dataclass(frozen=True, slots=True)
class Form:
    """What was sent: each field once, but for `on`, the mentions that it is about."""

    fields: Mapping[str, str]
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

    def word(self, key: str) -> str:
        """What was written into a field, on one line and not too long."""
        return " ".join(self.fields.get(key, "").split())[:LONGEST]

    @property
    def back(self) -> str:
        """Where it came from: one of our pages, and nothing else."""
        wanted = self.fields.get("back", "")
        return _DONE.sub("", wanted) if _BACK.fullmatch(wanted) else "/inbox"


class OvertakenError(Exception):
    """Somebody else did something about the mention since the form was shown."""

    def __init__(self, who: str, did: str, number: int) -> None:
        super().__init__(did)
        self.who, self.did, self.number = who, did, number


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
    seen = form.word("seen")
    if not (seen.isascii() and seen.isdigit()):
        return
    number, who, did = detail.last_act(behind.store, name)
    if number > int(seen[:18]):
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


def _incident(behind: Behind, form: Form, what: str, given: str) -> None:
    store, who, now = behind.store, behind.who, behind.now()
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise UsageError("There is no such incident.")
    number = int(given)
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
