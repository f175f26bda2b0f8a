"""Where from: one file for each service."""

from typing import Final

COLLECTORS: Final = {
    "demo": "listener.collectors.demo:Demo",
    "feed": "listener.collectors.feed:Feed",
    "folder": "listener.collectors.folder:Folder",
    "webhook": "listener.collectors.webhook:Webhook",
    "hacker_news": "listener.collectors.hacker_news:HackerNews",
}
"""The type of a source -> its dataclass, as "module:Class", so that naming one imports none."""
