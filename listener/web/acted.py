"""What people did about a mention, in whole sentences: each language has its own order."""

from typing import Final

from markupsafe import Markup

from listener.web.called import called
from listener.web.words import later, translations

_SENTENCES: Final = {
    "answered": later("%(who)s answered"),
    "dismissed": later("%(who)s dismissed"),
    "snoozed": later("%(who)s snoozed"),
    "assigned": later("%(who)s assigned"),
    "corrected": later("%(who)s corrected"),
    "linked": later("%(who)s linked"),
    "unlinked": later("%(who)s unlinked"),
    "noted": later("%(who)s noted"),
    "undid": later("%(who)s undid"),
    "went back to": later("%(who)s went back to"),
    "ended the snooze of": later("%(who)s ended the snooze of"),
}
_OTHER: Final = later("%(who)s: %(did)s")
# ... and to whom, to what, or until when.
_WITH_WHAT: Final = {
    "snoozed": later("%(who)s snoozed until %(what)s"),
    "assigned": later("%(who)s assigned %(what)s"),
    "corrected": later("%(who)s corrected %(what)s"),
    "linked": later("%(who)s linked %(what)s"),
    "unlinked": later("%(who)s unlinked %(what)s"),
    "undid": later("%(who)s undid %(what)s"),
    "went back to": later("%(who)s went back to %(what)s"),
}
_OTHER_WITH_WHAT: Final = later("%(who)s: %(did)s, %(what)s")


def who_did(language: str, did: str, who: Markup, what: Markup | None = None) -> Markup:
    """Who did it, and with what; both come as they are laid out."""
    said = _WITH_WHAT.get(did, _OTHER_WITH_WHAT) if what else _SENTENCES.get(did, _OTHER)
    named = {"who": who, "what": what, "did": called(did, language)}
    return Markup(translations(language).gettext(said)) % named  # noqa: S704  # our own phrase
