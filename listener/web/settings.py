"""The pages of the settings: what the config file says, and forms that change it.

They are for reading alone where no daemon runs behind them, where the file cannot be written, and
for who is no admin. What is posted goes through `settings_changing.py`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from listener import settings, trying, waking
from listener.config.masked import tables as shown_tables
from listener.domain.role import Role
from listener.errors import ConfigError, UsageError
from listener.settings import Sheet
from listener.web.behind import Behind
from listener.web.guard import CHANGE, TRY
from listener.web.pages import render
from listener.web.settings_forms import (
    BREAKS,
    KINDS,
    ROLES,
    Form,
    as_shown,
    shown_of,
    table_of,
    tables,
)
from listener.web.words import later

HERE: Final = "/settings"
MOST_EXAMPLES: Final = 3  # of a topic in the list
TABS: Final = (
    (HERE, later("Subjects")),
    (f"{HERE}/topics", later("Topics")),
    (f"{HERE}/people", later("Who is told")),
    (f"{HERE}/snoozes", later("Snoozes")),
    (f"{HERE}/file", later("All settings")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the settings pages are made of. `sheet` None: there is no file behind them.

    lock: why nothing may be changed: "demo", "role", "file" or "mistake"; None: it may be.
    """

    sheet: Sheet | None
    lock: str | None
    problem: str = ""  # in words, where the file cannot even be read

    @property
    def document(self) -> Mapping[str, Any]:
        return self.sheet.document if self.sheet else {}


def standing(behind: Behind) -> Standing:
    """The file as it stands, for whoever is at the page."""
    if behind.desk is None:
        return Standing(sheet=None, lock="demo")
    try:
        sheet = settings.sheet(behind.desk)
    except ConfigError as error:
        return Standing(sheet=None, lock="mistake", problem=str(error))
    if not behind.role.may(Role.ADMIN):
        return Standing(sheet=sheet, lock="role")
    return Standing(sheet=sheet, lock="file" if sheet.locked else None)


def shell(behind: Behind, stands: Standing, tab: str, done: str | None = None) -> dict[str, Any]:
    """What every page of the settings shows around its own."""
    return {
        "here": HERE,
        "tab": tab,
        "tabs": TABS,
        "sheet": stands.sheet,
        "lock": stands.lock,
        "problem": stands.problem,
        "taken": behind.desk.taken if behind.desk else None,
        "token": behind.token,
        "mark": stands.sheet.mark if stands.sheet else "",
        "done": done,
        "change": CHANGE,
        "try_at": TRY,
    }


def subjects_page(behind: Behind, done: str | None = None) -> str:
    """Whom the file follows; without a file whom the database knows."""
    stands = standing(behind)
    kind = KINDS["subject"]
    rows = [_subject(one) for one in tables(stands.document, kind.array)]
    if stands.sheet is None:
        rows = [
            {"name": one.name, "role": one.role, "query": one.query, "accounts": ""}
            for one in trying.followed(behind.store)
        ]
    return render(
        "settings_subjects.html.j2", behind, rows=rows, **shell(behind, stands, HERE, done)
    )


def subject_of(behind: Behind, name: str) -> Mapping[str, Any]:
    """What is known of a subject; empty where it is none."""
    stands = standing(behind)
    if stands.sheet is not None:
        return table_of(stands.document, KINDS["subject"], name)
    found = (one for one in trying.followed(behind.store) if one.name == name)
    return next(({"name": one.name, "role": one.role, "query": one.query} for one in found), {})


def _subject(table: Mapping[str, Any]) -> dict[str, Any]:
    named = {"name": str(table.get("name", "")), **shown_of(KINDS["subject"], table)}
    return named | {"accounts": ", ".join(_accounts(table.get("accounts")))}


def _accounts(written: Any) -> Iterator[str]:
    for service, names in written.items() if isinstance(written, dict) else ():
        for name in [names] if isinstance(names, str) else names:
            yield f"{service}: {name}"


def topics_page(behind: Behind, done: str | None = None) -> str:
    stands = standing(behind)
    rows = [
        {**shown_of(KINDS["topic"], one), "examples": _some(one.get("examples"))}
        for one in tables(stands.document, "topics")
    ]
    own = settings_of(stands, "classify").get("topics", "built-in")
    return render(
        "settings_topics.html.j2",
        behind,
        rows=rows,
        which=own,
        **shell(behind, stands, f"{HERE}/topics", done),
    )


def _some(written: Any) -> list[str]:
    texts = [one for one in written if isinstance(one, str)] if isinstance(written, list) else []
    return texts[:MOST_EXAMPLES]


def settings_of(stands: Standing, name: str) -> Mapping[str, Any]:
    table = stands.document.get(name, {})
    return table if isinstance(table, dict) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A form that is filled in. `of`: the name in the file; empty for one that is new.

    mistakes: what was wrong with what was sent.
    """

    what: str
    of: str
    fields: Mapping[str, Any]
    was: str  # the same as it was first shown
    mistakes: tuple[str, ...] = ()

    @classmethod
    def of_table(cls, what: str, name: str, table: Mapping[str, Any]) -> "Entry":
        fields = shown_of(KINDS[what], table)
        return cls(what=what, of=name, fields=fields, was=as_shown(fields))


def entry_of(stands: Standing, what: str, name: str) -> Entry:
    """A subject or a topic as the file has it. Raises UsageError where it has none of that name."""
    kind = KINDS[what]
    table = table_of(stands.document, kind, name)
    if name and not table:
        raise UsageError(f"{kind.array} has no {name!r}.")
    return Entry.of_table(what, name, table)


def sent(form: Form, mistakes: tuple[str, ...] = ()) -> Entry:
    """A form as it was sent, to be shown again."""
    return Entry(
        what=form.what, of=form.of, fields=form.shown(), was=form.one("was"), mistakes=mistakes
    )


def entry_page(behind: Behind, entry: Entry, **more: Any) -> str:
    """A subject or a topic in a form of its own. `more`: what a query was tried with."""
    stands = standing(behind)
    known = {"tried": None, "query_mistake": None, **more}
    return render(
        f"settings_{entry.what}.html.j2",
        behind,
        entry=entry,
        roles=ROLES,
        teams=[one.get("name") for one in tables(stands.document, "teams")],
        **known,
        **shell(behind, stands, KINDS[entry.what].page),
    )


def people_page(behind: Behind, done: str | None = None, entry: Entry | None = None) -> str:
    """Who reads digests, alerts and what goes to a team; and when they are left alone."""
    stands = standing(behind)
    notify = settings_of(stands, "notify")
    forms = [
        Entry.of_table(what, "", table_of(stands.document, kind, ""))
        for what, kind in KINDS.items()
        if kind.path and (what != "alerts" or "email" in notify)
    ]
    teams = [
        Entry.of_table("team", one["name"], one)
        for one in tables(stands.document, "teams")
        if isinstance(one.get("name"), str)
    ]
    known = {(one.what, one.of) for one in (*forms, *teams)}
    return render(
        "settings_people.html.j2",
        behind,
        stray=entry if entry and (entry.what, entry.of) not in known else None,
        forms={one.what: _again(one, entry) for one in forms},
        teams=[_again(one, entry) for one in teams],
        mails="email" in notify,
        breaks=BREAKS,
        **shell(behind, stands, f"{HERE}/people", done),
    )


def _again(one: Entry, entry: Entry | None) -> Entry:
    """What was sent in the place of what the file has, where this is what it was about."""
    return entry if entry and (entry.what, entry.of) == (one.what, one.of) else one


def snoozes_page(behind: Behind, done: str | None = None) -> str:
    of_mentions, of_incidents = waking.snoozed(behind.store, behind.now())
    stands = standing(behind)
    return render(
        "settings_snoozes.html.j2",
        behind,
        mentions=of_mentions,
        incidents=of_incidents,
        may_wake=behind.role.may(Role.AGENT),
        **shell(behind, stands, f"{HERE}/snoozes", done),
    )


def file_page(behind: Behind, done: str | None = None) -> str:
    """Every table of the file, with its keys; secrets by where they are."""
    stands = standing(behind)
    secrets = behind.desk.app.config.secrets if behind.desk else frozenset()
    return render(
        "settings_file.html.j2",
        behind,
        tables=list(shown_tables(stands.document, secrets)),
        **shell(behind, stands, f"{HERE}/file", done),
    )
