"""A digest as a message to Slack, whichever way it goes there."""

from listener.notifiers.base import Digest
from listener.texts.digest_words import Links
from listener.texts.slack import Message, report
from listener.texts.slack_digest import digest_message


def drawn(digest: Digest, pages: str) -> Message:
    """In blocks of its own; what comes without its figures, such as a test, as text.

    pages: where readers find ours.
    """
    if digest.data is None:
        return report(digest.subject, digest.text)
    return digest_message(digest.data, Links(base=pages))
