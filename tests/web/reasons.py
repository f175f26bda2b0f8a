"""What rules find, each in the ways in which it can be said: made by the rules themselves."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from listener.domain.events import higher_than_before
from listener.domain.incident import Finding
from listener.domain.mention import Channel
from listener.domain.part import Part
from listener.domain.ratings import Listing, Told
from listener.domain.subject import Role
from listener.rules.creeping import CreepingRule
from listener.rules.flood import FloodRule
from listener.rules.floor import Bound
from listener.rules.influencer import InfluencerRule, joined
from listener.rules.rating_drop.rule import RatingDropRule
from listener.rules.response import standing_title, standing_why
from listener.rules.severe import rule as severe
from listener.rules.severe.rule import SevereRule
from listener.rules.spike.parts import Risen
from listener.rules.spike.rule import SpikeRule
from listener.rules.spike.scene import SpikeScene
from tests.builders import DAY, HOUR, MINUTE, NOW, a_finding
from tests.rules import test_competitor as competitor
from tests.rules import test_creeping as creeping
from tests.rules import test_flood as flood
from tests.rules import test_floor as floor
from tests.rules import test_influencer as influencer
from tests.rules import test_rating_drop as ratings
from tests.rules import test_rule_response as response
from tests.rules import test_rule_spike as spike
from tests.rules.test_severe import judge, said

NAMES: Final = (  # of people, subjects, sources and topics; what somebody asked for, or wrote
    *("Acme", "Apex", "Ardent", "Axiom", "Boreal", "Cirrus", "Delta", "Wanda", "wanda", "care"),
    *("Black Friday", "Black Friday 2025", "Spring sale", "App Store", "Riga", "Google Business"),
    *("x", "bags", "podcast", "lang:hu"),
)  # fmt: skip


def findings() -> Iterator[Finding]:
    """Of each rule in turn."""
    yield from _spikes()
    yield from _of_competitors()
    yield from CreepingRule()(creeping.a_scene())
    yield from CreepingRule()(replace(creeping.a_scene(), channel="social"))
    yield from _floods()
    yield from _floors()
    yield from _influencers()
    yield from _ratings()
    yield from _severe()
    yield from _promises()


def _spike(scene: SpikeScene, **changes: Any) -> Finding:
    finding = SpikeRule()(replace(scene, **changes))
    assert finding is not None
    return finding


def _spikes() -> Iterator[Finding]:
    scene, quiet = spike.a_scene(spike.a_crowd(25)), competitor.a_rival
    yield _spike(scene)
    yield _spike(spike.a_scene(spike.a_crowd(25), learning=True))
    for channel in Channel:
        yield _spike(scene, part=Part(channel.value))
    yield _spike(scene, part=Part("podcast"))
    yield _spike(scene, part=Part(topic="delivery"))
    for copies in (1, 2):
        yield _spike(scene, people=replace(scene.people, copies=copies))
    risen = (Part(topic="delivery"), Part(topic="bags"), *(Part(one.value) for one in Channel))
    for part in risen:
        yield _spike(scene, parts=(Risen(part=part, negative=9, expected=1.0),))
    yield _spike(scene, usual=tuple(f"a fine day {chr(97 + n)}{chr(98 + n)}" for n in range(24)))
    yield _spike(scene, events=("Black Friday", "Spring sale"))
    for then in (0, 10):
        for lasted in (HOUR, 3 * DAY):
            more = higher_than_before(40, then, lasted, "Black Friday 2025") or ""
            yield _spike(scene, events=("Black Friday",), beyond_last=more)
    yield _spike(scene, rivals=(quiet("Boreal"),))
    yield _spike(scene, rivals=(quiet("Boreal"), quiet("Cirrus")))
    yield _spike(scene, rivals=(quiet("Boreal", 30), quiet("Cirrus", 20)))
    yield _spike(scene, rivals=(quiet("Boreal", 30), *map(quiet, ("Cirrus", "Delta"))))
    yield _spike(scene, rivals=(replace(quiet("Boreal", 30), before=(0,) * 14, shared=25),))


def _of_competitors() -> Iterator[Finding]:
    told, rival = competitor.told, competitor.a_rival
    quiet = [rival(name) for name in ("Acme", "Apex", "Ardent", "Axiom")]
    rose, others = rival("Cirrus", 20), {"ours": frozenset(one.name for one in quiet)}
    yield told()
    yield told(rival("Acme"), alarm={"learning": True})
    yield told(rival("Acme"), rival("Apex"))
    yield told(*quiet, **others)
    yield told(rival("Acme"), rose)
    yield told(rival("Acme"), rival("Apex"), rose)
    yield told(*quiet, rose, **others)
    yield told(rival("Acme", 20), rival("Apex", 30))
    yield told(rival("Acme"), topics={"delivery": (rival("Acme", 9),)})


def _floods() -> Iterator[Finding]:
    for texts in (1, 3):
        yield from FloodRule()(flood.scene(flood.copies(400, texts)))
    for most in (1, 7):
        said = flood.copies(400, first_seen=NOW, negative=True)
        yield from FloodRule()(flood.scene(said, usual_most=most))


def _floors() -> Iterator[Finding]:
    counted = {"mentions": 1300, "negative": 1200, "authors": 11}
    yield from floor.found(Bound(negative=10, channel=Channel.REVIEW, within=DAY), **counted)
    yield from floor.found(Bound(mentions=30, query="lang:hu"), **counted)
    yield from floor.found(Bound(share=0.5), **counted)


def _influencers() -> Iterator[Finding]:
    found, post = influencer.found, influencer.a_post
    (one,) = found(post())
    yield one
    (far,) = found(post(2, followers=48_200))
    yield joined(far, one, "Acme")
    yield from found(post(confidence=1.0), post(2, confidence=1.0))
    yield from found(post(confidence=1.0, followers=48_200))
    yield from found(post(sentiment="negative", others=("Boreal", "Cirrus")))
    yield from found(post(sentiment="negative"), post(2, sentiment="negative"))
    rivals = InfluencerRule(competitors=True)
    yield from found(post(), rule=rivals, role=Role.COMPETITOR)
    yield from found(post(), post(2), rule=rivals, role=Role.COMPETITOR)


def _ratings() -> Iterator[Finding]:
    rule = RatingDropRule()
    riga, vilnius = (Listing("google_business", place) for place in ("Riga", "Vilnius"))
    for listing, *others in ((ratings.APP,), (riga, vilnius)):
        old = [ratings.before(15, listing=one) for one in (listing, *others)]
        still = [ratings.reviews(ratings.USUAL, 30, listing=one) for one in others]
        low = ratings.reviews(ratings.LOW, 30, listing=listing)
        yield from rule(ratings.a_scene(*old, *still, low))
    play = Listing("google_play")
    yield from rule(
        ratings.a_scene(
            *(ratings.before(15, listing=one) for one in (ratings.APP, play)),
            *(ratings.reviews(ratings.LOW, 30, listing=one) for one in (ratings.APP, play)),
        )
    )
    told = Told(listing=ratings.APP, began=NOW - 100 * DAY, p_value=0.01, ended=None)
    lasting = ratings.a_scene(ratings.reviews(ratings.LOW, 200), told=[told])
    ((_, title),) = rule.settled(lasting)
    yield a_finding(rule="rating_drop", title=title, why="")


GRAVE: Final = (  # a text of each kind
    "there is a bomb at your store",
    "the Acme kettle gave me an electric shock",
    "you will be hearing from my lawyer",
    "I'm a journalist with the Evening Post",
    "such danger",
    "lost again",
)


def _severe() -> Iterator[Finding]:
    rule = SevereRule(words="danger")
    for text in GRAVE:
        one = said(text, author_id=1)
        if text == GRAVE[-1]:
            one = replace(one, followers=200_000)
        several = [replace(one, id=n, name=f"x:{n}", author_id=n) for n in (2, 3)]
        (first,) = judge(one, rule=rule)
        (more,) = judge(*several, rule=rule)
        yield from (first, more, severe.joined(more, first, "Acme"))
        yield from judge(replace(one, followers=300_000), rule=rule)
        yield from judge(*(replace(each, followers=300_000) for each in several), rule=rule)
    yield from judge(one, replace(one, id=2, name="x:2"), rule=rule)
    nothing: dict[str, Any] = {**first.evidence, "count": 0, "words": [], "items": []}
    for count in (1, 2):
        silent = replace(first, evidence={**nothing, "count": count})
        yield severe.joined(silent, replace(first, evidence=nothing), "Acme")


def _promises() -> Iterator[Finding]:
    look, clock, late = response.look, response.numbered, response.AT - 5 * MINUTE
    for numbers in ((1,), (1, 2)):
        for clocks in (
            [clock(n, due_at=late) for n in numbers],
            [clock(n, due_at=late, within=n * HOUR) for n in numbers],
            [clock(n, due_at=response.AT - timedelta(seconds=9)) for n in numbers],
            [clock(n, due_at=late, escalate_to="care", team="care",
                   escalate_at=late, told_overdue=True) for n in numbers],
            [clock(n) for n in numbers],
            [clock(n, told_warnings=1, answered_at=response.AT) for n in numbers],
            [clock(n, told_warnings=1, dismissed=True) for n in numbers],
        ):  # fmt: skip
            yield from (one.finding for one in look(*clocks, open_before=len(numbers)))
    for tally in ({"overdue": 1, "due_soon": 1200, "waiting": 1}, {}):
        running = [clock(1)] if tally else []
        title, why = standing_title("Acme", tally), standing_why(running, response.AT)
        yield a_finding(rule="response", title=title, why=why)
