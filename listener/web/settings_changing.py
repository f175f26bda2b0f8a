"""What is done at the settings: a change is looked at first, then written, then taken up.

Forms post to `/settings/change`: `step` says how far. What they would make of the file is shown as
a comparison, with the mark of the file that it was made of; a file that changed since is not
overwritten.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from listener import settings, waking
from listener.config.writing import Content, OvertakenError
from listener.domain.role import Role
from listener.errors import ConfigError, UsageError
from listener.settings import Desk, Proposal
from listener.web import settings as pages
from listener.web.behind import Behind
from listener.web.pages import render
from listener.web.posted import form_of, has_token
from listener.web.settings_forms import KINDS, NO_SUCH, Form, shown_of, table_of
from listener.web.settings_trying import try_it
from listener.web.visitor import visited
from listener.web.words import in_words, later

RETRY: Final = {"retry-after": "2"}
LOCKED: Final = {
    "demo": later("No daemon runs behind these pages: there is no file to change."),
    "role": later("Only an admin changes the settings."),
    "file": later("The file cannot be written from here."),
    "mistake": later("The file cannot be read; mend it first."),
}

Answer = Callable[[Behind, Form], Response]


class ForbiddenError(UsageError):
    """Who is at the page may not do this, or nobody may."""


def door(
    behind: Behind, workers: Executor, answer: Answer, most: int
) -> Callable[[Request], Awaitable[Response]]:
    """What answers a form of the settings that was posted from these pages; so many at once."""
    places = asyncio.Semaphore(most)

    async def posted(request: Request) -> Response:
        form = await form_of(request, Form.read)
        if isinstance(form, Response):
            return form
        seen = visited(behind, request)
        if not has_token(seen, form.one("token")):
            words = later("This form is too old. Go back, and press again.")
            return _refused(seen, words, 403, pages.HERE)
        if places.locked():
            words = in_words(seen.spoken, "Others are before you; try again.")
            return PlainTextResponse(f"{words}\n", 503, RETRY)
        async with places:
            return await asyncio.get_running_loop().run_in_executor(workers, answer, seen, form)

    return posted


def change(behind: Behind, form: Form) -> Response:
    """Do what a form says, as far as it says."""
    try:
        match form.one("step"):
            case "wake":
                return _wake(behind, form)
            case "reload":
                return _reload(behind)
            case "back":
                return _again(behind, form)
            case "look" | "write":
                return _change(behind, form)
            case _:
                raise UsageError(NO_SUCH)
    except ForbiddenError as error:
        return _refused(behind, error.args[0], 403, pages.HERE)
    except UsageError as error:
        return _refused(behind, error.args[0], 422, _page_of(form))


def _page_of(form: Form) -> str:
    return KINDS[form.what].page if form.what in KINDS else pages.HERE


def _must_be(behind: Behind, least: Role) -> None:
    if not behind.role.may(least):
        raise ForbiddenError(LOCKED["role"])


def _desk(behind: Behind) -> Desk:
    """The file that may be changed. Raises ForbiddenError where it may not, and why."""
    stands = pages.standing(behind)
    if stands.lock is not None or behind.desk is None:
        raise ForbiddenError(LOCKED[stands.lock or "demo"])
    return behind.desk


def _change(behind: Behind, form: Form) -> Response:
    desk = _desk(behind)
    kind = form.kind
    document = settings.sheet(desk).document
    try:
        edit = form.edit(document)
        found = settings.propose(desk, edit, form.one("mark"))
        if form.one("step") == "look":
            return HTMLResponse(_look(behind, form, found))
        taken = settings.adopt(desk, found, behind.who, behind.now())
    except OvertakenError as error:
        return HTMLResponse(_overtaken(behind, form, desk, error.now), 409)
    except ConfigError as error:
        return _mistaken(behind, form, tuple(error.mistakes))
    except UsageError as error:
        return _mistaken(behind, form, (error.args[0],))
    return RedirectResponse(f"{kind.page}?done={'written' if taken else 'later'}", 303)


def _look(behind: Behind, form: Form, found: Proposal) -> str:
    """The comparison of the file as it is with what it will be."""
    return render(
        "settings_look.html.j2",
        behind,
        form=form,
        again=_again_fields(form),
        found=found,
        removes=bool(form.one("remove")),
        renames=_renames(form),
        back=form.kind.page,
        **pages.shell(behind, pages.standing(behind), form.kind.page),
    )


def _renames(form: Form) -> bool:
    new = form.values().get("name")
    return bool(form.of and new and new != form.of and not form.one("remove"))


def _again_fields(form: Form) -> list[tuple[str, str]]:
    """Everything that was sent, to be sent again, but for what tells one step from another."""
    left_out = ("token", "step", "mark")
    return [
        (key, text) for key, texts in form.sent.items() if key not in left_out for text in texts
    ]


def _overtaken(behind: Behind, form: Form, desk: Desk, now: Content) -> str:
    """What the file says now, beside what was sent, and what it would make of the file."""
    found, mistakes = None, tuple[str, ...]()
    document = settings.sheet(desk).document
    try:
        found = settings.proposed(desk, form.edit(document), now)
    except ConfigError as error:
        mistakes = tuple(error.mistakes)
    except UsageError as error:
        mistakes = (error.args[0],)
    stands = shown_of(form.kind, table_of(document, form.kind, form.of))
    given = form.shown()
    return render(
        "settings_overtaken.html.j2",
        behind,
        again=_again_fields(form),
        rows=[(key, stands[key], given[key], form.is_touched(key)) for key in given],
        found=found,
        mistakes=mistakes,
        mark_now=now.mark,
        removes=bool(form.one("remove")),
        back=form.kind.page,
        **pages.shell(behind, pages.standing(behind), form.kind.page),
    )


def _mistaken(behind: Behind, form: Form, mistakes: tuple[str, ...]) -> Response:
    """The form once more, with what was sent, and what is wrong with it."""
    return HTMLResponse(_form_again(behind, form, mistakes), 422)


def _again(behind: Behind, form: Form) -> Response:
    return HTMLResponse(_form_again(behind, form, ()))


def _form_again(behind: Behind, form: Form, mistakes: tuple[str, ...]) -> str:
    entry = pages.sent(form, mistakes)
    if not form.kind.may_grow:
        return pages.people_page(behind, entry=entry)
    return pages.entry_page(behind, entry, **_query_mistake(behind, form))


def _query_mistake(behind: Behind, form: Form) -> Mapping[str, Any]:
    if form.what != "subject":
        return {}
    return {"query_mistake": try_it(behind, form.of, form.one("query"))[1]}


def _reload(behind: Behind) -> Response:
    """Take up the file as it stands, whoever changed it."""
    _must_be(behind, Role.ADMIN)
    if behind.desk is None:
        raise ForbiddenError(LOCKED["demo"])
    taken = behind.desk.take_up()
    return RedirectResponse(f"{pages.HERE}?done={'taken' if taken else 'later'}", 303)


def _wake(behind: Behind, form: Form) -> Response:
    """End a snooze: work with mentions, and so an agent's."""
    _must_be(behind, Role.AGENT)
    name, now = form.of, behind.now()
    if form.what == "incident":
        if not (name.isascii() and name.isdigit() and len(name) < 19):
            raise UsageError(later("There is no such incident."))
        waking.wake_incident(behind.store, int(name), behind.who, now)
    else:
        waking.wake_mention(behind.store, name, behind.who, now)
    return RedirectResponse(f"{pages.HERE}/snoozes?done=woken", 303)


def try_form(behind: Behind, form: Form) -> Response:
    """What the query in a form would find: the whole page, or with `part` that alone."""
    if not form.one("part") and form.what != "subject":
        words = later("Only queries of subjects are tried here.")
        return _refused(behind, words, 422, pages.HERE)
    return HTMLResponse(_tried(behind, form))


def try_address(behind: Behind, given: Mapping[str, str]) -> str:
    """The same of an address: `q` is the query, `of` the subject that it is for."""
    name = given.get("of", "")
    table = pages.subject_of(behind, name)
    known = {"what": "subject", "of": name if table else "", "part": given.get("part", "")}
    fields = {**shown_of(KINDS["subject"], table), **known, "query": given.get("q", "")}
    return _tried(behind, Form({key: [text] for key, text in fields.items()}))


def _tried(behind: Behind, form: Form) -> str:
    tried, mistake = try_it(behind, form.of, form.one("query"))
    view = {"tried": tried, "query_mistake": mistake}
    if form.one("part"):
        return render("settings_tried.html.j2", behind, **view)
    return pages.entry_page(behind, pages.sent(form), **view)


def _refused(behind: Behind, words: str, status: int, back: str) -> Response:
    html = render("refused.html.j2", behind, here=pages.HERE, words=words, failed=(), back=back)
    return HTMLResponse(html, status)
