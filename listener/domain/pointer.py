"""JSON pointers (RFC 6901): where in a value something is."""

from typing import Any


def check_pointer(pointer: str) -> None:
    """Raise ValueError for what is no pointer: one is empty, or begins with a slash."""
    if pointer and not pointer.startswith("/"):
        raise ValueError(f"{pointer!r} is no JSON pointer; write it like /review/text")


def resolve(value: Any, pointer: str) -> Any:
    """What is there, or None where nothing is; the empty pointer is the value itself."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and key.isascii() and key.isdigit() and len(key) < 7:
            value = value[int(key)] if int(key) < len(value) else None
        else:
            return None
    return value
