"""Bounds of the user's own: crossed or not, and said as they were written."""

from typing import Any

import pytest

from listener.config import loads
from listener.config.load import Plugins
from listener.domain.incident import Severity
from listener.domain.mention import Channel
from listener.errors import ConfigError
from listener.rules.floor import Bound, Counted, FloorRule, FloorScene
from tests.builders import DAY, HOUR, NOW
from tests.config.plugins import ACME, CONFIG


def found(bound: Bound, **counted: Any) -> Any:
    scene = FloorScene(
        subject_id=1, subject="Acme", now=NOW, bound=bound, counted=Counted(**counted)
    )
    return FloorRule()(scene)


@pytest.mark.parametrize(
    ("bound", "below", "above"),
    [
        (Bound(negative=10), (99, 9), (10, 10)),
        (Bound(mentions=30), (29, 29), (30, 0)),
        (Bound(share=0.5, at_least=20), (30, 14), (30, 15)),
        (Bound(share=0.5, at_least=20), (19, 19), (20, 20)),
    ],
)
def test_a_bound_is_crossed_where_it_is_reached(
    bound: Bound, below: tuple[int, int], above: tuple[int, int]
) -> None:
    assert found(bound, mentions=below[0], negative=below[1]) == []
    assert len(found(bound, mentions=above[0], negative=above[1])) == 1


def test_it_says_the_counts_the_time_and_the_bound() -> None:
    bound = Bound(negative=10, channel=Channel.REVIEW, within=DAY, severity=Severity.WATCH)
    (finding,) = found(bound, mentions=30, negative=12, authors=11, rows=(5, 3))
    assert finding.title == "Acme on review: 12 negative mentions in 1 d, your bound is 10"
    assert finding.why == "30 mentions, 12 of them negative, by 11 authors; copies count once."
    assert finding.severity is Severity.WATCH
    assert finding.channel == "review"
    assert finding.mentions == (5, 3)
    assert (finding.evidence["bound"], finding.evidence["of"]) == (10, "negative")


def test_a_share_and_a_query_are_said_too() -> None:
    (finding,) = found(Bound(share=0.5), mentions=40, negative=30)
    assert finding.title == ("Acme: 75% of 40 mentions in 1 h are negative, your bound is 50%")
    (finding,) = found(Bound(mentions=3, query="strike"), mentions=4, negative=0)
    assert "4 mentions that strike finds" in finding.why


def test_each_bound_has_an_incident_of_its_own() -> None:
    bounds = [
        Bound(negative=10),
        Bound(negative=11),
        Bound(negative=10, within=2 * HOUR),
        Bound(negative=10, channel=Channel.REVIEW),
        Bound(negative=10, query="strike"),
        Bound(mentions=10),
        Bound(share=0.1),
        Bound(negative=10, name="mine"),
    ]
    keys = {found(bound, mentions=100, negative=100)[0].key for bound in bounds}
    assert len(keys) == len(bounds)


def read(text: str) -> FloorRule:
    config = loads(f"{text}\n{ACME}", CONFIG, Plugins(rules={"floor": FloorRule}), environ={})
    rule: FloorRule = config.rules["floor"]
    return rule


def test_bounds_are_read_from_the_file() -> None:
    rule = read(
        "[rules.floor]\nquiet = '1h'\n"
        "[[rules.floor.bounds]]\nsubject = 'acme'\nchannel = 'review'\nnegative = 10\n"
        "[[rules.floor.bounds]]\nshare = 0.5\nat_least = 30\nwithin = '2h'\n"
        "[[rules.floor.bounds]]\nquery = 'strike AND sentiment:negative'\nmentions = 3\n"
    )
    assert rule.quiet == HOUR
    assert [b.where for b in rule.bounds] == [
        "10 negative within 1 h on review",
        "50% negative within 2 h",
        "3 mentions within 1 h of strike AND sentiment:negative",
    ]
    assert read("").bounds == ()


@pytest.mark.parametrize(
    ("bound", "why"),
    [
        ("subject = 'Acme'", "needs one of negative, mentions and share"),
        ("negative = 1\nshare = 0.5", "needs one of negative, mentions and share"),
        ("negative = 0", "negative must be between 1 and 1000000"),
        ("mentions = 3\nquery = '(strike'", 'bounds[1] query: expected ")"'),
        ("negative = 1\nsubject = 'Acmee'", 'bounds[1] subject "Acmee" is no brand'),
        ("negative = 1\nchannel = 'tv'", 'channel "tv" is unknown'),
    ],
)
def test_a_bound_that_makes_no_sense_is_a_mistake(bound: str, why: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(f"[[rules.floor.bounds]]\n{bound}")
    (mistake,) = caught.value.mistakes
    assert "[rules.floor]" in mistake
    assert why in mistake
