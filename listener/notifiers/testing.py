"""A message that tells nothing but that messages come through."""

import hashlib
from datetime import datetime

from listener.domain.incident import Event, Notice, Severity
from listener.notifiers.base import Sending


def test_notice(outlet: str, now: datetime) -> Sending:
    """A notice that `send-test` sends: as real ones look, of no incident."""
    made = hashlib.blake2b(f"test {outlet} {now.isoformat()}".encode(), digest_size=13)
    notice = Notice(
        id=made.hexdigest(),
        event=Event.DELIVERY_RESTORED,
        outlet=outlet,
        at=now,
        subject="listener",
        severity=Severity.INFO,
        title="A test message from listener",
        why="If you can read this, alerts will reach you here.",
        incident_title="A test message from listener",
        incident_state="resolved",
    )
    return Sending(notice=notice)


test_notice.__test__ = False  # type: ignore[attr-defined]  # pytest collects by name
