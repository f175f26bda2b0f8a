"""Addresses of our own pages, for those who read of us elsewhere; pure."""

from urllib.parse import quote

from listener.texts.escape import safe_link


def page(base: str, path: str) -> str | None:
    """`base`: where readers find `/`. None where they do not, or it makes no link."""
    return safe_link(f"{base.rstrip('/')}/{path}") if base else None


def of_incident(base: str, number: int) -> str | None:
    return page(base, f"incidents/{number}")


def of_mention(base: str, name: str) -> str | None:
    """name: SOURCE:ID"""
    return page(base, f"mentions/{quote(name, safe=':')}")
