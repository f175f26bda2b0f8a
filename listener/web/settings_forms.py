"""What the forms of the settings say, as changes to the file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

from listener.config.edits import Added, Changed, Edit, Keys, Removed, Value, is_same
from listener.domain.manners import Breaks
from listener.domain.subject import Role as SubjectRole
from listener.domain.wording import Wording
from listener.errors import UsageError

MOST_FIELDS: Final = 60
LONGEST: Final = 20_000  # characters of a field; a query may have 500 words

ROLES: Final = tuple(role.value for role in SubjectRole)
BREAKS: Final = tuple(one.value for one in Breaks)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form. `kind`: line, text (of several lines), lines, choice, yes or choices."""

    key: str
    kind: str = "line"
    usual: Value = None  # what holds where the key is not there

    def read(self, sent: Mapping[str, Sequence[str]]) -> Value:
        """What was sent; None where nothing was."""
        texts = sent.get(self.key, ())
        whole = (texts[0] if texts else "")[:LONGEST].replace("\r\n", "\n").replace("\r", "\n")
        match self.kind:
            case "yes":
                return bool(whole)
            case "choices":
                return tuple(dict.fromkeys(one for one in texts if one))
            case "lines":
                return tuple(filter(None, map(str.strip, whole.split("\n"))))
            case "text":
                return whole.strip() or None
            case _:
                return " ".join(whole.split()) or None

    def shown(self, value: Any) -> Any:
        """What stands in the file as the form shows it: one text, a truth, or texts to choose."""
        if value is None:
            value = self.usual
        match self.kind:
            case "yes":
                return value is True
            case "choices":
                return tuple(_texts(value))
            case "lines":
                return "\n".join(_texts(value))
            case _:
                return value if isinstance(value, str) else ""

    def change(self, old: Any, new: Value) -> tuple[bool, Value]:
        """Whether the file has to say something else, and what; None: that the key goes."""
        gone = None if new in (None, (), False) and self.kind != "choices" else new
        if old is None:
            return gone is not None and new != self.usual, gone
        if self.kind == "lines" and tuple(self.shown(old).split("\n")) == new:
            return False, None  # a text of several lines is not told from several texts
        if isinstance(old, str) and isinstance(new, str):
            return old.strip() != new, gone
        return not is_same(old, new), gone


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [one for one in value if isinstance(one, str)] if isinstance(value, list | tuple) else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What can be changed: a table of an array (`array`), or one of its own (`path`)."""

    page: str  # where it is shown
    fields: tuple[Field, ...]
    array: str = ""
    path: tuple[str, ...] = ()
    may_grow: bool = False  # one may be added, and removed


NAME: Final = Field("name")
KINDS: Final[Mapping[str, Kind]] = {
    "subject": Kind(
        page="/settings",
        array="subjects",
        fields=(NAME, Field("role", "choice", usual="brand"), Field("query", "text")),
        may_grow=True,
    ),
    "topic": Kind(
        page="/settings/topics",
        array="topics",
        fields=(
            NAME,
            Field("description"),
            Field("examples", "lines"),
            Field("keywords", "lines"),
            Field("team", "choice"),
        ),
        may_grow=True,
    ),
    "team": Kind(
        page="/settings/people",
        array="teams",
        fields=(Field("slack"), Field("email", "lines"), Field("digest", "yes", usual=False)),
    ),
    "digest": Kind(page="/settings/people", path=("digest",), fields=(Field("to", "lines"),)),
    "alerts": Kind(
        page="/settings/people", path=("notify", "email"), fields=(Field("to", "lines"),)
    ),
    "quiet": Kind(
        page="/settings/people",
        path=("notify",),
        fields=(
            Field("quiet_hours", "lines"),
            Field("quiet_but", "choices", usual=("critical",)),
        ),
    ),
}
_NO_CHANGE: Final = Wording("Nothing is different from what the file says.")
NO_SUCH: Final = Wording("There is nothing that does this; load the page again.")


@dataclass(frozen=True, slots=True)
class Form:
    """What was sent, each field as often as it was."""

    sent: Mapping[str, Sequence[str]]

    @classmethod
    def read(cls, body: bytes) -> "Form | None":
        """None where it is no form."""
        try:
            pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
        except ValueError:
            return None
        sent: dict[str, list[str]] = {}
        for key, value in pairs:
            sent.setdefault(key, []).append(value)
        return cls(sent)

    def one(self, key: str) -> str:
        """A field as it was sent; empty where it was not."""
        return self.sent.get(key, [""])[0][:LONGEST]

    @property
    def what(self) -> str:
        return self.one("what")

    @property
    def kind(self) -> Kind:
        """Raises UsageError where there is nothing of that kind to change."""
        if self.what not in KINDS:
            raise UsageError(NO_SUCH)
        return KINDS[self.what]

    @property
    def of(self) -> str:
        """The name of the table as it was shown; empty for a new one."""
        return self.one("of")

    def values(self) -> dict[str, Value]:
        return {field.key: field.read(self.sent) for field in self.kind.fields}

    def shown(self) -> dict[str, Any]:
        """What was sent, as the form shows it again."""
        return {field.key: field.shown(field.read(self.sent)) for field in self.kind.fields}

    def is_touched(self, key: str) -> bool:
        """Whether a field is not as it was shown; one of which that is not known counts as such."""
        was = self._was()
        return key not in was or was[key] != _plain(self.shown()[key])

    def _was(self) -> Mapping[str, Any]:
        try:
            was = json.loads(self.one("was") or "{}")
        except (ValueError, RecursionError):
            return {}
        return was if isinstance(was, dict) else {}

    def edit(self, document: Mapping[str, Any]) -> Edit:
        """What is wanted of the file, which holds `document` now. Raises UsageError."""
        kind = self.kind
        if kind.array and not self.of:
            if not kind.may_grow:
                raise UsageError(NO_SUCH)
            return Added(kind.array, " ".join(self.one("name").split()), self._given())
        if kind.array and self.one("remove"):
            if not kind.may_grow:
                raise UsageError(NO_SUCH)
            return Removed(kind.array, self.of)
        old = table_of(document, kind, self.of)
        changes = {
            field.key: field.change(old.get(field.key), new)
            for field, new in self._new()
            if self.is_touched(field.key)  # what others did to the rest meanwhile stays
        }
        values = {key: value for key, (differs, value) in changes.items() if differs}
        if not values:
            raise UsageError(_NO_CHANGE)
        return Changed(kind.array, self.of, values) if kind.array else Keys(kind.path, values)

    def _new(self) -> list[tuple[Field, Value]]:
        return [(field, field.read(self.sent)) for field in self.kind.fields]

    def _given(self) -> dict[str, Value]:
        """What a new table says beside its name."""
        return {
            field.key: new
            for field, new in self._new()
            if field is not NAME and field.change(None, new)[0]
        }


def table_of(document: Mapping[str, Any], kind: Kind, name: str) -> Mapping[str, Any]:
    """The table as it stands in a file; empty where it is not there."""
    if kind.array:
        return next((one for one in tables(document, kind.array) if one.get("name") == name), {})
    table: Any = document
    for key in kind.path:
        table = table.get(key, {}) if isinstance(table, dict) else {}
    return table if isinstance(table, dict) else {}


def tables(document: Mapping[str, Any], array: str) -> list[dict[str, Any]]:
    """The tables of an array that are tables."""
    written = document.get(array, [])
    return [one for one in written if isinstance(one, dict)] if isinstance(written, list) else []


def as_shown(fields: Mapping[str, Any]) -> str:
    """What a form shows, to be sent with it: so it can be told what was touched."""
    return json.dumps({key: _plain(value) for key, value in fields.items()}, ensure_ascii=False)


def _plain(value: Any) -> Any:
    """A value as JSON gives it back; of a text without what browsers change in it."""
    if isinstance(value, tuple):
        return sorted(value)
    return "\n".join(value.split("\r\n")).strip() if isinstance(value, str) else value


def shown_of(kind: Kind, table: Mapping[str, Any]) -> dict[str, Any]:
    """What a table says, as its form shows it."""
    return {field.key: field.shown(table.get(field.key)) for field in kind.fields}
