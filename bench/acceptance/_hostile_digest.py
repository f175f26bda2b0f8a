"""A week's digest in which people and settings could write anything."""

from dataclasses import replace

from listener.domain.digest import DigestData, Theme
from listener.texts.digest import Links
from tests.texts.digests import ACME, COYOTE, CRISIS, GAPS, SOURCES, SPIKES, a_quote

PAGES = "https://listen.example.com/"
LINKS = Links(base=PAGES)


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
