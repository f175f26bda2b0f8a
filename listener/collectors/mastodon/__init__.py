"""Mastodon, and what speaks its language, as one instance sees it."""

from listener.collectors.mastodon.collector import Mastodon

__all__ = ["Mastodon"]
