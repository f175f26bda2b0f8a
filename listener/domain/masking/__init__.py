"""What of people's words stays in the house."""

from listener.domain.masking.masking import masked, masked_text

__all__ = ["masked", "masked_text"]
