"""`[[topics]]`: what mentions may be about, and who answers for it."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Final

from listener.config.table import read_table
from listener.config.tables import TopicTable
from listener.config.values import Reading
from listener.config.words import key_text, quoted, suggestion
from listener.domain.mention import Channel
from listener.domain.promise import Promise, Special

LONGEST_NAME: Final = 60


def topics(
    document: Mapping[str, Any], reading: Reading, teams: Collection[str]
) -> tuple[TopicTable, ...]:
    """The topics without mistakes, each with a name of its own."""
    written = document.get("topics", [])
    if not isinstance(written, list) or not all(isinstance(table, dict) for table in written):
        reading.mistake("[[topics]] must be tables, each headed [[topics]] in double brackets")
        return ()
    made: dict[str, TopicTable] = {}
    for number, table in enumerate(written, 1):
        named = table.get("name")
        where = f"[[topics]] {key_text(named) if isinstance(named, str) and named else number}"
        read = read_table(TopicTable, table, reading, where)
        if read is None:
            continue
        topic = replace(read, name=read.name.strip())
        if not topic.name or not topic.name.isprintable() or len(topic.name) > LONGEST_NAME:
            reading.mistake(f"{where} name must be one line of at most {LONGEST_NAME} characters")
        elif topic.name.casefold() in made:
            reading.mistake(f"{where} name is that of another topic too; give each its own")
        elif topic.team and topic.team not in teams:
            reading.mistake(
                f"{where} team {quoted(topic.team)} is no team{suggestion(topic.team, teams)}"
            )
        else:
            made[topic.name.casefold()] = topic
    return tuple(made.values())


def routed(
    promises: Mapping[Channel, Promise], defined: Collection[TopicTable]
) -> dict[Channel, Promise]:
    """The promises, with the team of each topic; what `[[respond.CHANNEL.for]]` says wins."""
    return {channel: _routed(promise, defined) for channel, promise in promises.items()}


def _routed(promise: Promise, defined: Collection[TopicTable]) -> Promise:
    extra = tuple(
        Special(
            topics=frozenset({topic.name.casefold()}),
            promise=replace(
                promise,
                team=topic.team,
                name=", ".join(part for part in (promise.name, topic.name) if part),
                others=(),
            ),
        )
        for topic in defined
        if topic.team
    )
    return replace(promise, others=(*promise.others, *extra)) if extra else promise
