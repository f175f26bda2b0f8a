"""Telling systemd that we are ready, alive, and stopping; silent where there is no systemd."""

import os
import socket


def tell(message: str) -> bool:
    """Send one state ("READY=1") to the socket that systemd names; False where there is none.

    The protocol: sd_notify(3), a datagram to a Unix socket, abstract where it begins with @.
    """
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return False
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
        try:
            out.connect(address)
            out.sendall(message.encode())
        except OSError:
            return False
    return True
