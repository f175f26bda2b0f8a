"""What a customer-experience team measures, each formula once: see docs/measures.md."""

from listener.domain.measures.figure import Figure, Unit

__all__ = ["Figure", "Unit"]
