"""A part of what is said of a subject: one channel, one topic, or the whole."""

from typing import NamedTuple

EVERY = "all"  # the channel of what sums up a subject's channels


class Part(NamedTuple):
    """A channel in all its topics, a topic in all its channels, or everything."""

    channel: str = EVERY
    topic: str = ""

    @property
    def is_whole(self) -> bool:
        return self == WHOLE


WHOLE = Part()
