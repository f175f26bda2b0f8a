"""Signatures after the Standard Webhooks specification 1.0.0 (standardwebhooks.com); pure."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

PREFIX: Final = "whsec_"
SHORTEST, LONGEST = 24, 64  # bytes of a secret, as the specification has it


def read_key(secret: str) -> bytes:
    """The bytes of a secret: base64, with or without "whsec_" before it.

    Raises ValueError, in words that repeat nothing of it.
    """
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not SHORTEST <= len(key) <= LONGEST:
        raise ValueError(
            f'secret must be "{PREFIX}" and {SHORTEST} to {LONGEST} bytes in base64;'
            " `openssl rand -base64 32` makes such bytes"
        )
    return key


def signed(name: str, body: bytes, keys: Sequence[bytes], at: datetime) -> Mapping[str, str]:
    """The headers of one attempt. `name`: the message's id, the same at every attempt.

    One signature for each key, so that a secret can be changed while both are in use.
    """
    moment = str(int(at.timestamp()))
    content = f"{name}.{moment}.".encode() + body
    return {
        "webhook-id": name,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(f"v1,{_mac(key, content)}" for key in keys),
    }


def _mac(key: bytes, content: bytes) -> str:
    return base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
