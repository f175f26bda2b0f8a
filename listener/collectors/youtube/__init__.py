"""YouTube: what people write below videos, and what a channel answers."""

from listener.collectors.youtube.collector import YouTube

__all__ = ["YouTube"]
