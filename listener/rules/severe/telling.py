"""What is said of mentions that are grave: what they are called, and what that rests on."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from listener.domain.wording import Amount, Names, Plural, Wording

NAMED: Final = 5  # words, in a sentence


class Grave(StrEnum):
    """Why a mention is severe, gravest first; `words` are the user's own."""

    THREAT = "threat"
    SAFETY = "safety"
    LEGAL = "legal"
    PRESS = "press"
    WORDS = "words"
    REACH = "reach"


def title(evidence: Mapping[str, Any], subject: str) -> str:
    """What somebody does, or several mentions do."""
    kind, count = Grave(evidence["kind"]), evidence["count"]
    named = {"subject": subject, "count": Amount(count)}
    match kind:
        case Grave.THREAT:
            return Plural(
                "%(subject)s: somebody threatens, or may harm themselves",
                "%(subject)s: %(count)s mentions threaten, or speak of harming oneself",
                count,
                **named,
            )
        case Grave.SAFETY:
            return Plural(
                "%(subject)s: somebody may have come to harm",
                "%(subject)s: %(count)s mentions tell of harm to people",
                count,
                **named,
            )
        case Grave.LEGAL:
            return Plural(
                "%(subject)s: somebody speaks of going to law",
                "%(subject)s: %(count)s mentions speak of going to law",
                count,
                **named,
            )
        case Grave.PRESS:
            return Plural(
                "%(subject)s: somebody asks for the press",
                "%(subject)s: %(count)s mentions ask for the press",
                count,
                **named,
            )
        case Grave.WORDS:
            return Plural(
                "%(subject)s: somebody uses words you look out for",
                "%(subject)s: %(count)s mentions use words you look out for",
                count,
                **named,
            )
        case Grave.REACH:
            return Plural(
                "%(subject)s: somebody with many followers complains",
                "%(subject)s: %(count)s mentions by people with many followers",
                count,
                **named,
            )


def why(evidence: Mapping[str, Any]) -> str:
    """How many said it, by which words it was found, and how far it reaches."""
    count, authors = evidence["count"], evidence["authors"]
    words = Names(*(Wording("“%(word)s”", word=one) for one in evidence["words"][:NAMED]))
    reach = max((item["followers"] or 0 for item in evidence["items"]), default=0)
    named: dict[str, str] = {}
    if words:
        named["words"] = words
    if reach:
        named["reach"] = Amount(f"{reach:,}")
    if count == 1:
        return _of_one(named)
    several = Plural(
        "%(count)s mentions by %(authors)s person",
        "%(count)s mentions by %(authors)s people",
        authors,
        count=Amount(count),
        authors=Amount(authors),
    )
    return _of_several({"mentions": several, **named})


def _of_one(named: Mapping[str, str]) -> Wording:
    match tuple(named):
        case ("words", "reach"):
            return Wording("Found by %(words)s; the widest reach is %(reach)s followers.", **named)
        case ("words",):
            return Wording("Found by %(words)s.", **named)
        case ("reach",):
            return Wording("The widest reach is %(reach)s followers.", **named)
    return Wording("1 mention.")


def _of_several(named: Mapping[str, str]) -> Wording:
    match tuple(named):
        case (_, "words", "reach"):
            return Wording(
                "%(mentions)s; found by %(words)s; the widest reach is %(reach)s followers.",
                **named,
            )
        case (_, "words"):
            return Wording("%(mentions)s; found by %(words)s.", **named)
        case (_, "reach"):
            return Wording("%(mentions)s; the widest reach is %(reach)s followers.", **named)
    return Wording("%(mentions)s.", **named)
