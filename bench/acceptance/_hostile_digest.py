"""A week's digest in which people and settings could write anything."""

from dataclasses import replace

from listener.domain.digest import DigestData, Theme
from listener.texts.digest import Links, render_text, subject_line
from tests.texts.digests import ACME, COYOTE, CRISIS, GAPS, SOURCES, SPIKES, a_quote

LINKS = Links(base="https://listen.example.com/")


def digest_of(words: str) -> tuple[str, str]:
    """Its subject line and its text."""
    data = hostile(words)
    return subject_line(data), render_text(data, LINKS)


def hostile(words: str) -> DigestData:
    quotes = (replace(a_quote(words, words), url=words), a_quote(words))
    theme = Theme(name=words, mentions=400, negative=400, quotes=quotes)
    return replace(
        CRISIS,
        subjects=(replace(ACME, name=words, topics=(theme,)), replace(COYOTE, name=words)),
        sources=(replace(SOURCES[1], name=words, error=words),),
        coverage=(replace(GAPS[0], source=words),),
        spikes=(replace(SPIKES[0], title=words, why=words, acknowledged_by=words),),
    )
