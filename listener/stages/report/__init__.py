"""Stage six: the digest is made when its period is over, and sent once to each recipient."""

from listener.stages.report.building import build
from listener.stages.report.reporting import Edition, Reporting
from listener.stages.report.sending import make, make_due, send_next, sent_or_built

__all__ = ["Edition", "Reporting", "build", "make", "make_due", "send_next", "sent_or_built"]
