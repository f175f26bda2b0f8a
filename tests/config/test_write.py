"""What `init` writes loads without mistakes, whatever was answered."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from listener.config import Answers, Config, Language, loads, write_config
from tests.config.plugins import ENVIRON, PLUGINS

TEXTS = st.text(max_size=40) | st.sampled_from(
    [
        'a"b',
        "a\\b",
        "a\nb",
        "'''",
        '"""',
        "# no comment",
        "]",
        "😀",
        "阿克梅",
        "OR",
        "!!!",
        "\0",
        "\ud800",
    ]
)
SOME = st.lists(TEXTS, max_size=3).map(tuple)


def loaded(answers: Answers) -> Config:
    text = write_config(answers)
    return loads(text, Path("/etc/listener/config.toml"), PLUGINS, environ=ENVIRON)


@settings(deadline=None)  # the first query loads a parser
@given(
    st.builds(
        Answers,
        brand=TEXTS,
        handles=st.dictionaries(TEXTS, SOME, max_size=3),
        competitors=SOME,
        languages=SOME,
        timezone=TEXTS,
        services=SOME,
        feeds=SOME | SOME.map(lambda urls: tuple(f"https://{url}" for url in urls)),
        folder=TEXTS,
        slack_token=TEXTS,
        slack_channel=TEXTS,
        email=SOME,
        smtp_host=TEXTS,
    )
)
@example(Answers(brand='Ac"me\\ \n[web]\nhost = "0.0.0.0"', handles={"x y": ('@a"b', " ")}))
def test_any_answers_load(answers: Answers) -> None:
    config = loaded(answers)
    assert config.subjects[0].subject.role == "brand"


def test_what_was_answered_is_what_is_read() -> None:
    config = loaded(
        Answers(
            brand='Acme "Air" 航空',
            handles={"x": ("@AcmeAir",)},
            competitors=("Delta",),
            languages=("de", "hu"),
            timezone="Europe/Budapest",
            services=("x", "demo"),
            feeds=("https://example.com/feed",),
            folder="drop",
            slack_token="env:SLACK_BOT_TOKEN",
            slack_channel="#cx",
            email=("cx@example.com",),
        )
    )
    brand, rival = (table.subject for table in config.subjects)
    assert (brand.name, rival.name) == ('Acme "Air" 航空', "Delta")
    assert brand.query is not None
    assert brand.query.match("thanks @acmeair") is not None
    assert brand.query.match("acme air 航空") is not None
    assert brand.accounts == {"x": frozenset({"acmeair"})}
    assert config.listener.language is Language.HUNGARIAN
    assert set(config.collectors) == {"feed", "folder", "demo"}
    assert config.notifiers["slack"].channel == "#cx"
    assert config.digest.to == ("cx@example.com",)
    assert config.notes == ()


@pytest.mark.parametrize(
    ("languages", "expected"),
    [(("zh-TW",), "zh-Hant"), (("zh",), "zh-Hans"), (("fr",), "en"), (("EN_us", "hu"), "hu")],
)
def test_pages_are_in_the_first_language_we_have(languages: tuple[str, ...], expected: str) -> None:
    assert loaded(Answers(brand="a", languages=languages)).listener.language == expected


def test_a_token_itself_is_never_written_down() -> None:
    text = write_config(Answers(brand="a", slack_token="xoxb-secret", slack_channel="#cx"))
    assert "xoxb-secret" not in text
    assert 'token = "env:SLACK_BOT_TOKEN"' in text
