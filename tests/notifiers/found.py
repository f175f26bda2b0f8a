"""Notices of what rules really find, so that the goldens hold the rules' own words."""

from collections.abc import Sequence

from listener.domain.actions import Pack, signal_of
from listener.domain.incident import Event, Finding, Notice
from listener.domain.voice import Voice, quoted
from listener.texts.actions import built_in
from tests.builders import HOUR
from tests.builders import NOW as NOON
from tests.notifiers.build import NOW
from tests.rules.test_competitor import VOICES, a_rival, told
from tests.rules.test_influencer import a_post, found

PACK = Pack(actions=built_in("en"))


def a_notice(event: Event, subject: str, finding: Finding, voices: Sequence[Voice]) -> Notice:
    action = PACK.choose(signal_of(finding, event, None)).action
    return Notice(
        id="01JDA0000000000000000FOUND",
        event=event,
        outlet="slack",
        at=NOW,
        subject=subject,
        severity=finding.severity,
        title=finding.title,
        why=finding.why,
        action=action,
        incident=21,
        evidence=finding.evidence,
        mentions=tuple(f"x:{row}" for row in finding.mentions),
        quotes=tuple(quoted(voice, 300, mask=True) for voice in voices[:14]),
        incident_title=finding.title,
        incident_action=action,
    )


def an_influencers(sentiment: str, *texts: str, others: tuple[str, ...] = ()) -> Notice:
    """Posts of Wanda about Acme, whom 48,000 follow."""
    posts = [
        a_post(
            number, sentiment, text=text, others=others, followers=48_000, confidence=0.86,
            said_at=NOON - number * HOUR, url=f"https://x.example/{number}",
        )
        for number, text in enumerate(texts, start=1)
    ]  # fmt: skip
    (finding,) = found(*posts)
    praises = sentiment == "positive"
    event = Event.INFLUENCER_PRAISE if praises else Event.INFLUENCER_CRITICISM
    return a_notice(event, "Acme", finding, [post.voice for post in posts])


def a_competitors(risen: bool = False) -> Notice:
    """Boreal loses bags; of ours, Acme is as usual, or has risen too."""
    finding = told(a_rival("Acme", 20 if risen else 3), a_rival("Cirrus"))
    return a_notice(Event.COMPETITOR_TROUBLE, "Boreal", finding, VOICES)
