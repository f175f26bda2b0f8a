"""Which way out brings a digest to its recipient."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from listener.errors import NotifyError
from listener.notifiers.base import BringsDigests, Digest, Receipt

_LATER: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """Addresses are reached by mail; a way out that hears digests itself, by its name."""

    mail: BringsDigests | None
    others: Mapping[str, BringsDigests]

    def send_digest(self, digest: Digest) -> Receipt:
        way = self.others.get(digest.recipient, self.mail)
        if way is None:
            why = "a digest waits for a mail address, and there is no [notify.email] any more"
            raise NotifyError(why, retry_after=_LATER)
        return way.send_digest(digest)
