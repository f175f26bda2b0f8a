"""Telling systemd that we are ready, alive, and stopping; silent where there is no systemd."""

import os
import socket
from functools import cache

from listener.daemon.log import logger


def tell(message: str) -> bool:
    """Send one state ("READY=1") to the socket that systemd names; False where it was not taken.

    The protocol: sd_notify(3), a datagram to a Unix socket, abstract where it begins with @. It
    never waits: what finds the socket full is dropped, for our work must not hang on who reads it.
    """
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return False
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
        out.setblocking(False)
        try:
            out.connect(address)
            out.send(message.encode())
        except BlockingIOError:
            _say_that_nobody_reads(address)
            return False
        except OSError:
            return False
    return True


@cache
def _say_that_nobody_reads(address: str) -> None:
    """Once for each socket: every tick would say it again."""
    logger().warning("systemd does not read what it is told", socket=address.replace("\0", "@"))
