"""The manifest that makes the app asks for what the code uses, and for no more."""

import json
from pathlib import Path

from tests.chat.conftest import Chat

MANIFEST = Path(__file__).parents[2] / "deploy" / "slack-manifest.json"
SCOPES = {
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "chat.postEphemeral": {"chat:write"},
    "conversations.list": {"channels:read", "groups:read"},
    "conversations.info": {"channels:read", "groups:read"},
    "conversations.history": {"channels:history", "groups:history", "metadata.message:read"},
    "conversations.replies": {"channels:history", "groups:history", "metadata.message:read"},
    "files.getUploadURLExternal": {"files:write"},
    "files.completeUploadExternal": {"files:write"},
    "auth.test": set(),
    "views.open": set(),
    "views.publish": set(),
    "apps.connections.open": set(),  # of the app-level token
}  # as each method's page in Slack's documentation names them


def test_the_scopes_are_those_of_the_methods_we_call(chat: Chat) -> None:
    manifest = json.loads(MANIFEST.read_text("utf-8"))
    wanted = set(manifest["oauth_config"]["scopes"]["bot"])
    chat.socket.receipt(chat.press("answered"))
    assert set(chat.slack.calls) <= SCOPES.keys()
    assert wanted == set().union(*SCOPES.values()) | {"commands"}


def test_presses_commands_and_the_home_tab_are_switched_on() -> None:
    manifest = json.loads(MANIFEST.read_text("utf-8"))
    settings, features = manifest["settings"], manifest["features"]
    assert settings["socket_mode_enabled"]
    assert settings["interactivity"]["is_enabled"]
    assert settings["event_subscriptions"]["bot_events"] == ["app_home_opened"]
    assert features["app_home"]["home_tab_enabled"]
    assert [one["command"] for one in features["slash_commands"]] == ["/listener"]
