"""Whether a theme rose or fell."""

import pytest

from listener.domain.themes import Move, Window, moved


def of(mentions: int, read: int = 1000) -> Window:
    return Window(mentions=mentions, read=read)


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (of(40), [of(10), of(12)], Move.RISING),
        (of(5), [of(30), of(28)], Move.FALLING),
        (of(12), [of(10), of(12)], Move.STEADY),
        (of(40, 4000), [of(10), of(10)], Move.STEADY),  # four times of four times as much
        (of(10), [of(0), of(0)], Move.NEW),
        (of(10), [], Move.UNKNOWN),
        (of(10), [of(0, 0)], Move.UNKNOWN),
        (of(600, 100_000), [of(500, 100_000)], Move.STEADY),  # certain, and too little to matter
    ],
)
def test_a_share_moves_by_more_than_chance_and_enough(
    now: Window, before: list[Window], said: Move
) -> None:
    assert moved(now, before) is said
