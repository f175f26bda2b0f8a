"""Near-copies: which texts say the same in slightly other words. Pure."""

from listener.domain.copies.alike import alike
from listener.domain.copies.signature import Signatures, signatures
from listener.domain.copies.words import Words, read

__all__ = ["Signatures", "Words", "alike", "read", "signatures"]
