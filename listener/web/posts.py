"""Where a mention stands at its source, for a link to it."""

from typing import Final

from listener.domain.query.fields import host_of
from listener.texts.escape import safe_link

NOWHERE: Final = ".example"  # the hosts of what is made up (RFC 2606), as in the demo


def is_made_up(url: str | None) -> bool:
    """Whether its host is one that never answers."""
    return (host_of(url or "") or "").endswith(NOWHERE)


def source_link(url: str | None) -> str | None:
    """None where it is no address, may do harm, or leads nowhere."""
    return None if is_made_up(url) else safe_link(url)
