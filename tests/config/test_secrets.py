"""Secrets: found where the settings say they are, and shown nowhere."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listener.config import loads
from listener.errors import ConfigError
from tests.config.plugins import ACME, CONFIG, ENVIRON, PLUGINS, mistakes, read

CANARY = "c4n4ry-xoxb-very-secret"
SLACK = '[notify.slack]\nchannel = "#cx"\ntoken = '


def test_a_secret_comes_from_the_environment() -> None:
    config = read(f'{SLACK}"env:SLACK_BOT_TOKEN"')
    assert config.notifiers["slack"].token == ENVIRON["SLACK_BOT_TOKEN"]
    assert config.secrets == {ENVIRON["SLACK_BOT_TOKEN"]}
    assert config.notes == ()


def test_a_secret_comes_from_a_file_beside_the_config(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{CANARY}\n", encoding="utf-8")
    text = f'{ACME}{SLACK}"file:token"'
    config = loads(text, tmp_path / "config.toml", PLUGINS, environ={})
    assert config.notifiers["slack"].token == CANARY


def test_secrets_do_not_show_when_a_config_is_printed() -> None:
    config = read(f'{SLACK}"{CANARY}"\n[listener]\ndead_man_url = "https://hc.example/{CANARY}"')
    assert CANARY not in repr(config)
    assert config.secrets == {CANARY, f"https://hc.example/{CANARY}"}


def test_a_secret_that_is_written_out_is_taken_with_a_note() -> None:
    config = read(f'{SLACK}"{CANARY}"')
    assert config.notifiers["slack"].token == CANARY
    assert config.notes == (
        "config.toml: [notify.slack] token is written out; keep it in the environment"
        ' ("env:NAME") or in a file ("file:PATH")',
    )


SET_IT = 'set it, or use "file:PATH"'
NO_FILE = "there is no such file; put the secret into the file it names"
NO_TEXT = "the file it names holds no text, or has no usable name"


@pytest.mark.parametrize(
    ("reference", "mistake"),
    [
        ("env:NOT_THERE", f"the environment variable NOT_THERE is not set; {SET_IT}"),
        ("env:EMPTY", f"the environment variable EMPTY is empty; {SET_IT}"),
        (f"env:{CANARY}", f"the environment variable it names is not set; {SET_IT}"),
        ("env:", f"the environment variable it names is not set; {SET_IT}"),
        (f"file:/{CANARY}", NO_FILE),
        ("file:/", NO_FILE),
        ("file:/a\\u0000b", NO_FILE),
        ("file:~nobody-by-this-name/x", NO_TEXT),
        (f"file:{'n' * 300}", "the file it names cannot be read: file name too long"),
        ("file:empty", "the file it names is empty; put the secret into it"),
        ("file:binary", NO_TEXT),
    ],
)
def test_a_reference_that_leads_nowhere_says_what_to_do(
    reference: str, mistake: str, tmp_path: Path
) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    text = f'{ACME}{SLACK}"{reference}"'
    with pytest.raises(ConfigError) as caught:
        loads(text, tmp_path / "config.toml", PLUGINS, environ={"EMPTY": " "})
    assert caught.value.mistakes == [f"config.toml: [notify.slack] token is not there: {mistake}"]


def test_commands_that_need_no_secret_work_without() -> None:
    text = f'{ACME}{SLACK}"env:NOT_THERE"\n[notify.email]\nsender = "a@b"\npassword = "env:NO"'
    config = loads(text, CONFIG, PLUGINS, secrets=False, environ={})
    assert set(config.notifiers) == {"email"}  # Slack's dataclass refuses an empty token
    assert config.notifiers["email"].password == ""
    assert config.secrets == frozenset()


def test_other_mistakes_are_found_without_secrets_too() -> None:
    text = f'{ACME}[notify.slack]\nchanel = "#cx"\ntoken = "env:NOT_THERE"'
    with pytest.raises(ConfigError, match="did you mean channel"):
        loads(text, CONFIG, PLUGINS, secrets=False, environ={})


@pytest.mark.parametrize(
    "text",
    [
        f'[notify.slack]\ntoken = ["{CANARY}"]',
        f'[notify.slack]\ntoken = {{ a = "{CANARY}" }}',
        f'[notify.slack]\ntokn = "{CANARY}"',
        f'[notify.slack]\ntoken = "{CANARY}"\nchannel = 5',
        f'[notify.slack]\ntoken = "{CANARY}"\n[rules.spike]\nsensitivity = "{CANARY}"',
        f'[notify.email]\npassword = "{CANARY}"\nsender = "a"\nport = "{CANARY}"',
        f'[notify.slack]\ntoken = "env:{CANARY}"',
        f'[notify.slack]\ntoken = "file:{CANARY}"',
        f'[notify]\nslack = "{CANARY}"',
        f'[notify]\ntoken = "{CANARY}"',
        f'token = "{CANARY}"',
        f'[notfy.slack]\ntoken = "{CANARY}"',
        f'[collectors.everything]\napi_key = "{CANARY}"\ncount = "{CANARY}"',
        f'[collectors.everything]\nheaders = {{ token = ["{CANARY}"] }}',
        f'[notify.slack]\ntoken = "{CANARY}',
        f"[notify.slack]\ntoken = {CANARY}",
        f'[listener]\ndead_man_url = "ftp://{CANARY}"',
    ],
)
def test_no_mistake_shows_a_secret(text: str) -> None:
    found = mistakes(text)
    assert found
    assert CANARY not in "\n".join(found)


@settings(deadline=None)
@given(st.integers(0, 2**31) | st.booleans() | st.floats(allow_nan=False, allow_infinity=False))
def test_not_even_a_number_where_a_secret_belongs(value: float) -> None:
    written = str(value).lower()
    (mistake,) = mistakes(f"[collectors.everything]\napi_key = {written}")
    assert mistake.partition("found ")[2] in {"a number", "true or false"}
