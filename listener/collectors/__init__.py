"""Where from: one file for each service."""

from typing import Final

COLLECTORS: Final = {
    "app_store": "listener.collectors.app_store:AppStore",
    "app_store_connect": "listener.collectors.app_store_connect:AppStoreConnect",
    "bluesky": "listener.collectors.bluesky:Bluesky",
    "demo": "listener.collectors.demo:Demo",
    "feed": "listener.collectors.feed:Feed",
    "folder": "listener.collectors.folder:Folder",
    "freshdesk": "listener.collectors.freshdesk:Freshdesk",
    "google_business": "listener.collectors.google_business:GoogleBusiness",
    "google_play": "listener.collectors.google_play:GooglePlay",
    "hacker_news": "listener.collectors.hacker_news:HackerNews",
    "imap": "listener.collectors.imap:Imap",
    "intercom": "listener.collectors.intercom:Intercom",
    "mastodon": "listener.collectors.mastodon:Mastodon",
    "reddit": "listener.collectors.reddit:Reddit",
    "reddit_feeds": "listener.collectors.reddit_feeds:RedditFeeds",
    "stack_exchange": "listener.collectors.stack_exchange:StackExchange",
    "trustpilot": "listener.collectors.trustpilot:Trustpilot",
    "webhook": "listener.collectors.webhook:Webhook",
    "x": "listener.collectors.x:X",
    "youtube": "listener.collectors.youtube:YouTube",
    "zendesk": "listener.collectors.zendesk:Zendesk",
}
"""The type of a source -> its dataclass, as "module:Class", so that naming one imports none."""
