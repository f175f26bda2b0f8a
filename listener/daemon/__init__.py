"""The clock's door: a process that runs every stage when it is due, until it is told to stop."""

from listener.daemon.daemon import Daemon

__all__ = ["Daemon"]
