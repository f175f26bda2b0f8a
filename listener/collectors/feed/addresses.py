"""Which addresses of feeds could never be read."""

import re
from ipaddress import ip_address
from typing import Final

from listener.http import HttpError
from listener.http.addresses import check_url, why_metadata, why_private

_WHITE: Final = re.compile(r"\s")


def why_never_read(url: str, ports: frozenset[int], allow_private: bool) -> str | None:
    """What the address alone tells, repeating no secret in it; where a name leads is seen later."""
    try:
        parts = check_url(url)
    except HttpError:
        parts = None
    host = (parts.hostname or "") if parts else ""
    if parts is None or _WHITE.search(host):
        return "must begin with https:// or http:// and a host, as in https://example.com/feed.xml"
    port = parts.port or (443 if parts.scheme == "https" else 80)
    literal = _is_literal(host)
    if literal and (why := why_metadata(host, port)):
        return f"is never read: {why}"
    if allow_private:
        return None
    if port not in ports:
        why = f"port {port} is none of {', '.join(map(str, sorted(ports)))}"
    elif literal:
        why = why_private(host)
    else:
        why = "localhost is this machine" if host == "localhost" else None
    return f"is read only with allow_private = true: {why}" if why else None


def _is_literal(host: str) -> bool:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
