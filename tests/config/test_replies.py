"""`[[replies]]` in the config file."""

from pathlib import Path

import pytest

from listener.config import Plugins
from listener.config.load import loads
from listener.errors import ConfigError

TWICE = "".join(f'[[replies]]\nname = "{name}"\ntext = {{ en = "x" }}\n' for name in "aA")
SUBJECT = '[[subjects]]\nname = "Acme"\nquery = "acme"\n'


def mistakes(table: str) -> list[str]:
    with pytest.raises(ConfigError) as found:
        loads(SUBJECT + table, Path("config.toml"), Plugins())
    return found.value.mistakes


def test_a_template_is_read() -> None:
    text = '[[replies]]\nname = "late"\ntopics = ["delivery"]\ntext = { en = "Hi {author}" }\n'
    (reply,) = loads(SUBJECT + text, Path("config.toml"), Plugins()).replies
    assert (reply.name, reply.topics, reply.text) == ("late", ("delivery",), {"en": "Hi {author}"})


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('[[replies]]\nname = "a"\ntext = { en = "Hi {autor}" }', "{autor}; there is {author}"),
        ('[[replies]]\nname = "a"\ntext = {}', "text is empty"),
        ('[[replies]]\nname = "a"\ntext = { en = " " }', "text en is empty"),
        ('[[replies]]\nname = "a"\ntext = { "?" = "Hi" }', "'?' is no language"),
        ('[[replies]]\ntext = { en = "Hi" }', "name is missing"),
        (TWICE, "that of another reply"),
    ],
)
def test_a_mistake_names_its_place(table: str, said: str) -> None:
    (mistake,) = mistakes(table)
    assert mistake.startswith("config.toml: [[replies]]")
    assert said in mistake
