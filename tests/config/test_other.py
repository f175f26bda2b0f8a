"""Other settings for rules than the file has: read as the file is, and refused as clearly."""

from datetime import timedelta
from pathlib import Path

import pytest

from listener.app import plugins
from listener.clock import WallClock
from listener.config import Config
from listener.config.other import with_rules
from listener.errors import ConfigError, UsageError
from tests.cli.conftest import CONFIG

RULES = '\n[rules.spike]\nsensitivity = "calm"\n[rules.quiet_source]\nafter = "1h"\n'
ASIDE = {"quiet_source": "it cannot"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG + RULES, encoding="utf-8")
    return path


def read(path: Path, *pairs: str) -> Config:
    return with_rules(path, plugins(WallClock()), pairs, ASIDE)


def test_a_setting_takes_the_place_of_the_files(path: Path) -> None:
    assert read(path).rules["spike"].sensitivity == "calm"
    assert read(path, "rules.spike.sensitivity=sensitive").rules["spike"].sensitivity == "sensitive"
    assert read(path, 'rules.spike.sensitivity = "balanced"').rules["spike"].sensitivity == (
        "balanced"
    )


def test_what_is_not_set_stays_as_the_file_has_it(path: Path) -> None:
    config = read(path, 'rules.floor.bounds=[{ negative = 20, within = "1h" }]')
    assert config.rules["spike"].sensitivity == "calm"
    assert config.rules["quiet_source"].after == timedelta(hours=1)
    assert [bound.within for bound in config.rules["floor"].bounds] == [timedelta(hours=1)]


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ("spike.sensitivity=calm", '--set "spike.sensitivity=calm": name a key of a rule'),
        ("rules.spike.sensitivity", "name a key of a rule and its value, such as rules.spike."),
        ("rules.spike=calm", "name a key of a rule"),
        ("notify.shadow=7d", "only rules can be set"),
        ("rules.spkie.sensitivity=calm", 'the rule "spkie" is unknown; did you mean spike?'),
        ("rules.quiet_source.after=1h", "this rule does not run here, for it cannot"),
    ],
)
def test_a_pair_that_cannot_be_read_is_refused(path: Path, pair: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        read(path, pair)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not str(refused.value).endswith("?.")


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ("rules.spike.sensitvity=calm", "--set: [rules.spike] sensitvity is unknown"),
        (
            "rules.spike.sensitivity=loud",
            '--set: [rules.spike] sensitivity "loud" is unknown; there is',
        ),
        ("rules.spike.sensitivity=3\nx = 1", "--set: [rules.spike] sensitivity"),
        ("rules.floor.bounds=7", "--set: [rules.floor] bounds"),
    ],
)
def test_a_setting_that_is_wrong_is_named_as_one_of_the_option(
    path: Path, pair: str, said: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        read(path, pair)
    (mistake,) = refused.value.mistakes
    assert said in mistake
