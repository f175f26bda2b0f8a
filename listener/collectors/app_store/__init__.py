"""Apple's App Store: the reviews of any app, by the feed that is open to all."""

from listener.collectors.app_store.collector import AppStore
from listener.collectors.app_store.listing import LAST_PAGE, MOST_KNOWN
from listener.collectors.app_store.reviews import PAGE, read_page, to_mention

__all__ = ["LAST_PAGE", "MOST_KNOWN", "PAGE", "AppStore", "read_page", "to_mention"]
