"""Saved views beside the list: each with how many it holds; saved, renamed and removed by forms."""

from typing import Any, Final

from listener import saved
from listener.domain.wording import Wording
from listener.errors import UsageError
from listener.store.newest import Newest
from listener.store.saved_views import SavedView
from listener.store.searching import Number
from listener.store.waiting import InboxFilter
from listener.web.asked import Asked
from listener.web.behind import Behind
from listener.web.done import Done
from listener.web.form import Form
from listener.web.words import later

SAVE: Final = "save-view"
RENAME: Final = "rename-view"
REMOVE: Final = "remove-view"
ACTS: Final = frozenset({SAVE, RENAME, REMOVE})
MOST_COUNTED: Final = 1000


def carry_out(behind: Behind, form: Form, what: str) -> Done:
    """Do what a form says about a view; raises UsageError where it cannot be done."""
    store, who, now = behind.store, behind.who, behind.now()
    number = form.number("view")
    if what == SAVE:
        asked = Asked.of(form.fields)
        _, mistake = asked.read()
        if mistake is not None:
            raise UsageError(Wording("The search cannot be read: %(mistake)s", mistake=mistake))
        saved.save(store, form.word("name"), asked.view, who, now)
    elif number is None:
        raise UsageError(later("Choose a view first."))
    elif what == RENAME:
        saved.rename(store, number, form.word("name"), who, now)
    else:
        saved.remove(store, number, who, now)
    return Done(what)


def shown(behind: Behind, asked: Asked, newest: Newest) -> list[dict[str, Any]]:
    """The saved views as the page lists them: id, name, address, is_here, made_by, count, more."""
    return [_shown(behind, one, asked, newest) for one in saved.every(behind.store)]


def _shown(behind: Behind, one: SavedView, asked: Asked, newest: Newest) -> dict[str, Any]:
    theirs, now = Asked.of_view(one.view), behind.now()
    count = behind.counted.count(one.view, newest, now, lambda: _count(behind, theirs))
    return {
        "id": one.id,
        "name": one.name,
        "address": theirs.address(),
        "is_here": theirs.view == asked.view,
        "made_by": one.made_by,
        "count": count.mentions if count else None,
        "more": count is not None and not count.is_all,
    }


def _count(behind: Behind, asked: Asked) -> Number | None:
    """None where its query can no longer be read."""
    query, mistake = asked.read()
    if mistake is not None:
        return None
    wanted = InboxFilter(
        states=asked.states, subject=asked.subject or None, limit=MOST_COUNTED, now=behind.now()
    )
    return saved.how_many(behind.store, wanted, query, behind.pack())
