"""Bluesky, by the interface of its servers: what a search finds, and what accounts wrote.

Asked without the package `atproto`: that checks each answer against models of the whole network,
of which a new version is due every week, and we have five questions.
"""

from listener.collectors.bluesky.collector import Bluesky

__all__ = ["Bluesky"]
