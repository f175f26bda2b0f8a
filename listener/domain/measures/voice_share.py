"""Share of voice: how much of what is said is said of each brand and competitor."""

from collections.abc import Mapping

from listener.domain.measures import intervals
from listener.domain.measures.figure import Figure, Unit


def share_of_voice(
    mentions: Mapping[str, int], beaten: Mapping[str, int] | None = None
) -> dict[str, Figure]:
    """The share of each subject in the mentions of all, net of comparisons.

    mentions: of each brand and competitor; one that names two counts for both. beaten: how many of
    those only say that another one is better. "X is so much better than Y" is voice of X: Y is
    named as a measure, and would otherwise be louder the more people leave it.
    """
    net = {name: count - (beaten or {}).get(name, 0) for name, count in mentions.items()}
    whole = sum(net.values())
    return {name: _share(count, whole, mentions[name] - count) for name, count in net.items()}


def _share(part: int, whole: int, left_out: int) -> Figure:
    note = f"{part:,} of {whole:,} mentions"
    if left_out:
        note += f"; {left_out:,} more only compare"
    if not whole:
        return Figure(measure="share_of_voice", unit=Unit.SHARE, n=0)
    low, high = intervals.of_share(part, whole)
    return Figure(
        measure="share_of_voice",
        unit=Unit.SHARE,
        n=whole,
        value=part / whole,
        low=low,
        high=high,
        note=note,
    )
