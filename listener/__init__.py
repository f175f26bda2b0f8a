"""Social listening and review sentiment monitoring, on one machine."""

__version__ = "0.1.0"
