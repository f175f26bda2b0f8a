"""`[[topics]]`: what mentions may be about, and who answers for it."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Final

from listener.config.arrays import named
from listener.config.tables import TopicTable
from listener.config.values import Reading
from listener.config.words import quoted, suggestion
from listener.domain.mention import Channel
from listener.domain.promise import Promise, Special

WHERE: Final = "[[topics]]"
LONGEST_NAME: Final = 60


def topics(
    document: Mapping[str, Any], reading: Reading, teams: Collection[str]
) -> tuple[TopicTable, ...]:
    """The topics without mistakes, each with a name of its own."""
    made = []
    written = document.get("topics", [])
    for where, topic, is_named in named(
        TopicTable, written, WHERE, "topic", reading, longest=LONGEST_NAME
    ):
        if topic.team and topic.team not in teams:
            reading.mistake(
                f"{where} team {quoted(topic.team)} is no team{suggestion(topic.team, teams)}"
            )
        elif is_named:
            made.append(topic)
    return tuple(made)


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
