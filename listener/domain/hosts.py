"""Hosts as settings and requests name them."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Whether only this machine is meant; a name other than localhost may lead anywhere."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_every_address(host: str) -> bool:
    """Whether it stands for all addresses of the machine, and so is the name of none."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False
