"""Noticing a negative spike: five-minute counts in, an alarm with its evidence out; pure."""

from listener.rules.spike.detector import Detector

__all__ = ["Detector"]
