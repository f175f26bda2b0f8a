"""X: what its recent search finds, what brands answer there, and what influencers write."""

from listener.collectors.x.collector import X

__all__ = ["X"]
