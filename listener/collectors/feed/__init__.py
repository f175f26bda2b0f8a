"""RSS and Atom feeds, Google Alerts among them: news, blogs, forums."""

from listener.collectors.feed.collector import Feed
from listener.collectors.feed.entries import parse, to_mention

__all__ = ["Feed", "parse", "to_mention"]
