"""Why a text needs an answer, or needs none: codes, told from its intent and its cues."""

from typing import Final

from classifiers.intents.features import Seen

NEEDED: Final = ("asks", "help", "waits", "wronged", "leaving", "buying", "danger", "request")
NOT_NEEDED: Final = ("praise", "thanks", "settled", "remark", "bare", "chatter")
_BARE: Final = 60  # characters in which nobody says what was wrong


def reason(intent: str | None, *, needed: bool, seen: Seen) -> str:
    """One of NEEDED, or of NOT_NEEDED."""
    return _needed(intent, seen) if needed else _not_needed(intent, seen)


def _needed(intent: str | None, seen: Seen) -> str:
    if intent == "churn":
        return "leaving"
    if "danger" in seen.cues and intent != "purchase":
        return "danger"
    if intent == "purchase":
        return "asks" if seen.asks else "buying"
    if intent == "wish":
        return "asks" if seen.asks else "request"
    if intent == "question":
        return "asks" if seen.asks or "help" not in seen.cues else "help"
    if intent == "defect":
        return "waits" if seen.cues & {"tried", "waits"} else "asks" if seen.asks else "help"
    if intent == "complaint":
        return "waits" if "waits" in seen.cues else "wronged"
    return "asks" if seen.asks else "waits"


def _not_needed(intent: str | None, seen: Seen) -> str:
    if intent == "praise":
        return "thanks" if "thanks" in seen.cues else "praise"
    if intent is None:
        if "settled" in seen.cues:
            return "settled"
        return "thanks" if "thanks" in seen.cues else "chatter"
    return "bare" if intent in ("complaint", "defect") and seen.length < _BARE else "remark"
