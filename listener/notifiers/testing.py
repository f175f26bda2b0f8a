"""Messages that tell nothing but that messages come through."""

import hashlib
from datetime import datetime

from listener.domain.incident import Event, Notice, Severity
from listener.notifiers.base import Digest, Sending

TITLE = "A test message from listener"
ALERTS = "If you can read this, alerts will reach you here. Nothing has happened."
DIGESTS = "If you can read this, digests will reach you here. This is none."


def test_notice(outlet: str, now: datetime) -> Sending:
    """A notice that `send-test` sends: as real ones look, of no incident.

    There is no event for tests among those that other programs know; this one asks nobody to do
    anything, and `test` in the evidence tells it from a real one.
    """
    notice = Notice(
        id=_id(outlet, now),
        event=Event.DELIVERY_RESTORED,
        outlet=outlet,
        at=now,
        subject="listener",
        severity=Severity.INFO,
        title=TITLE,
        why=ALERTS,
        incident_title=TITLE,
        evidence={"test": True},
    )
    return Sending(notice=notice)


def test_digest(recipient: str, now: datetime) -> Digest:
    """What `send-test` sends to somebody who gets digests, and perhaps no alerts."""
    return Digest(
        id=_id(recipient, now),
        week=f"{now:%G-W%V}",
        recipient=recipient,
        subject=TITLE,
        html=f'<!doctype html><html lang="en"><title>{TITLE}</title><p>{DIGESTS}</p></html>\n',
        text=f"{DIGESTS}\n",
        made_at=now,
    )


def _id(to: str, now: datetime) -> str:
    """26 characters, as those of real ones; another one at every call."""
    return hashlib.blake2b(f"test {to} {now.isoformat()}".encode(), digest_size=13).hexdigest()


test_notice.__test__ = False  # type: ignore[attr-defined]  # pytest collects by name
test_digest.__test__ = False  # type: ignore[attr-defined]
