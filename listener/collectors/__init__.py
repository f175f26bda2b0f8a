"""Where from: one file for each service."""

from typing import Final

COLLECTORS: Final = {
    "app_store": "listener.collectors.app_store:AppStore",
    "app_store_connect": "listener.collectors.app_store_connect:AppStoreConnect",
    "bluesky": "listener.collectors.bluesky:Bluesky",
    "demo": "listener.collectors.demo:Demo",
    "feed": "listener.collectors.feed:Feed",
    "folder": "listener.collectors.folder:Folder",
    "freshdesk": "listener.collectors.desks.freshdesk:Freshdesk",
    "google_business": "listener.collectors.google_business:GoogleBusiness",
    "google_play": "listener.collectors.google_play:GooglePlay",
    "google_play_public": "listener.collectors.google_play_public:GooglePlayPublic",
    "hacker_news": "listener.collectors.hacker_news:HackerNews",
    "imap": "listener.collectors.imap:Imap",
    "intercom": "listener.collectors.desks.intercom:Intercom",
    "mastodon": "listener.collectors.mastodon:Mastodon",
    "reddit": "listener.collectors.reddit:Reddit",
    "reddit_feeds": "listener.collectors.reddit_feeds:RedditFeeds",
    "stack_exchange": "listener.collectors.stack_exchange:StackExchange",
    "trustpilot": "listener.collectors.trustpilot:Trustpilot",
    "webhook": "listener.collectors.webhook:Webhook",
    "x": "listener.collectors.x:X",
    "youtube": "listener.collectors.youtube:YouTube",
    "zendesk": "listener.collectors.desks.zendesk:Zendesk",
}
"""The type of a source -> its dataclass, as "module:Class", so that naming one imports none."""

EXPERIMENTAL: Final = frozenset(
    {
        "app_store_connect",
        "google_business",
        "google_play",
        "google_play_public",
        "hacker_news",
        "intercom",
        "reddit_feeds",
        "stack_exchange",
        "zendesk",
    }
)
"""The types of services of which no recorded reply was found: they are tried against servers
written from the documentation only."""

_TYPES: Final = {where.partition(":")[2]: name for name, where in COLLECTORS.items()}


def type_of(collector: object) -> str:
    """The type of a configured source, as `type` names it in its table; "" where it is none."""
    return _TYPES.get(type(collector).__name__, "")
