"""`[[actions]]` and `[measures]`: read whole, and refused with the key."""

from pathlib import Path

import pytest

from listener.app import plugins
from listener.clock import WallClock
from listener.config import Config, load_actions, loads
from listener.errors import ConfigError
from tests.cli.conftest import CONFIG

TEAM = '\n[[teams]]\nname = "desk"\n'


def read(text: str) -> Config:
    return loads(CONFIG + TEAM + text, Path("config.toml"), plugins(WallClock()))


def test_entries_keep_their_order_and_one_value_needs_no_list() -> None:
    config = read(
        '[[actions]]\non = "mention"\ntopic = ["bags"]\naction = "Trace it"\nteam = "desk"\n'
        '[[actions]]\nstanding = "promoter"\nmin_reach = 500\naction = "Thank"\n'
    )
    first, second = config.actions
    assert (first.on, first.topic, first.team) == (("mention",), ("bags",), "desk")
    assert (second.standing, second.min_reach) == (("promoter",), 500)


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ('on = "spikes"\naction = "x"', "did you mean spike?"),
        ('sentiment = "bad"\naction = "x"', 'sentiment "bad" is unknown'),
        ('intent = "complaints"\naction = "x"', "did you mean complaint?"),
        ('team = "nobody"', 'team "nobody" is unknown'),
        ('topic = "bags"', "says nothing"),
        ('when = "always"\naction = "x"', "when is unknown"),
    ],
)
def test_a_mistake_names_its_entry(entry: str, why: str) -> None:
    with pytest.raises(ConfigError, match=r"\[\[actions\]\] 1") as told:
        read(f"[[actions]]\n{entry}\n")
    assert why in str(told.value)


def test_what_a_customer_is_worth_is_given_whole_or_not_at_all() -> None:
    config = read("[measures]\nyearly_revenue = 100\nyears = 3\nacquisition_cost = 50\n")
    assert config.measures.customer_value == 250
    assert read("").measures.customer_value is None
    with pytest.raises(ConfigError, match=r"\[measures\] .*together"):
        read("[measures]\nyears = 3\n")


def test_the_actions_are_read_whatever_stands_beside_them(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        '[[subjects]]\nname = ""\n\n[[teams]]\nname = "law"\n\n[[topics]]\nname = "refund"\n'
        'team = "law"\n\n[[actions]]\non = "severe.legal"\nteam = "law"\n',
        encoding="utf-8",
    )
    read = load_actions(file)
    assert [(one.on, one.team) for one in read.actions] == [(("severe.legal",), "law")]
    assert read.topic_teams == {"refund": "law"}
