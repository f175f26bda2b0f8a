"""What differs between two readings of the config file, for the log after a reload."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from listener.config.tables import Config, SubjectTable
from listener.config.words import key_text
from listener.domain.mention import Channel


def changed(old: Config, new: Config) -> list[str]:
    """The keys that differ, as the file names them, never their values."""
    differences: list[str] = []
    for name in ("listener", "classify", "digest", "web", "spam", "measures"):
        differences += _keys(f"[{name}]", getattr(old, name), getattr(new, name))
    differences += _tables("[[subjects]] {}", _by_name(old), _by_name(new))
    differences += _tables("[collectors.{}]", old.collectors, new.collectors)
    differences += _tables("[calendars.{}]", old.calendars, new.calendars)
    differences += _tables("[respond.{}]", old.promises, new.promises)
    for channel in Channel:
        where = f"[[respond.{channel}.for]] {{}}"
        differences += _tables(where, _special(old, channel), _special(new, channel))
    differences += _tables("[[topics]] {}", _topics(old), _topics(new))
    differences += _tables("[[teams]] {}", _teams(old), _teams(new))
    differences += _tables("[rules.{}]", old.rules, new.rules)
    differences += _keys("[notify]", old.manners, new.manners)
    differences += _tables("[notify.{}]", old.notifiers, new.notifiers)
    differences += _tables("[[events]] {}", _events(old), _events(new))
    differences += _tables("[[replies]] {}", _replies(old), _replies(new))
    differences += ["[[actions]]"] if old.actions != new.actions else []
    return differences


def _by_name(config: Config) -> dict[str, dict[str, Any]]:
    return {table.subject.name: _as_written(table) for table in config.subjects}


def _special(config: Config, channel: Channel) -> dict[str, Any]:
    """The special promises of a channel, by what they are for."""
    promise = config.promises.get(channel)
    others = promise.others if promise is not None else ()
    return {special.promise.name.partition(", ")[2]: special.promise for special in others}


def _topics(config: Config) -> dict[str, Any]:
    return {topic.name: topic for topic in config.topics}


def _teams(config: Config) -> dict[str, Any]:
    return {team.name: team for team in config.teams}


def _replies(config: Config) -> dict[str, Any]:
    return {reply.name: reply for reply in config.replies}


def _events(config: Config) -> dict[str, dict[str, Any]]:
    """By their names; of several with one name the order tells them apart."""
    found: dict[str, dict[str, Any]] = {}
    for table in config.events:
        others = sum(name.rpartition(" #")[0] == table.name for name in found)
        found[table.name if table.name not in found else f"{table.name} #{others + 2}"] = {
            "factor": "learn" if table.learn else table.factor,
            "dates": table.spans,
            "file": table.calendar,
            "subjects": table.subjects,
            "kind": table.kind,
        }
    return found


def _as_written(table: SubjectTable) -> dict[str, Any]:
    subject = table.subject
    return {
        "role": subject.role,
        "query": subject.query.text if subject.query else "",
        "inflect": table.inflect,
        "accounts": subject.accounts,
        "about": table.about,
        "must_match": table.must_match,
        "must_not_match": table.must_not_match,
    }


def _tables(where: str, old: Mapping[Any, Any], new: Mapping[Any, Any]) -> Iterator[str]:
    for name in sorted({*old, *new}, key=str):
        place = where.format(key_text(str(name)))
        if name not in old or name not in new:
            yield f"{place} {'added' if name in new else 'removed'}"
        else:
            yield from _keys(place, old[name], new[name])


def _keys(where: str, old: Any, new: Any) -> Iterator[str]:
    if type(old) is not type(new):
        yield f"{where} type"
        return
    before, after = _values(old), _values(new)
    yield from (f"{where} {key}" for key in before if before[key] != after.get(key))


def _values(table: Any) -> Mapping[str, Any]:
    if not is_dataclass(table):
        return dict(table)
    keys = [f.name for f in fields(table) if f.init and not f.metadata.get("handed")]
    return {key: getattr(table, key) for key in keys}
