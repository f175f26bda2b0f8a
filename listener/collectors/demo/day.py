"""One day of the demo: the usual talk, and what happens on some days."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Final

from listener.collectors.demo.answers import LONGEST
from listener.collectors.demo.phrasebook import Reply, Tone
from listener.collectors.demo.plan import Plan
from listener.collectors.demo.rhythm import BUSIEST, arrivals, daily, outburst, surge
from listener.collectors.demo.telling import Event, Speaker, Telling, anybody
from listener.collectors.demo.texts_influencer import DIARY, PRAISE
from listener.collectors.demo.world import BOOKS, BRAND, PEOPLE, RIVAL, spoken
from listener.domain.label import Sentiment
from listener.domain.mention import Mention

Mix = Mapping[Tone, int]  # how often each comes in one deal of the cards

_POSTS: Final[Mix] = {Tone.COMPLAINT: 2, Tone.QUESTION: 3, Tone.REMARK: 4, Tone.PRAISE: 6}
_REVIEWS: Final[Mix] = {Tone.BAD_REVIEW: 2, Tone.FAIR_REVIEW: 2, Tone.GOOD_REVIEW: 9}
_CHEERING: Final[Mix] = {Tone.CHEER: 27, Tone.QUESTION: 2, Tone.REMARK: 2, Tone.COMPLAINT: 1}
_OUTRAGE: Final[Mix] = {Tone.OUTAGE: 17, Tone.OUTAGE_QUESTION: 2, Tone.OUTAGE_REMARK: 1}

# Who is talked about, how often in an hour of a working day, and how.
_USUAL: Final[tuple[tuple[str, float, Mix], ...]] = (
    (BRAND, 10.8, _POSTS),
    (BRAND, 1.2, _REVIEWS),
    (RIVAL, 6.6, _POSTS),
    (RIVAL, 0.6, _REVIEWS),
)
_DIARY_PER_HOUR: Final = 0.12
_COPIED: Final = 0.03  # of posts in usual times
_COPIES_OF_PRAISE: Final = 0.1  # of all that is said in the surge
_COPIES_OF_OUTRAGE: Final = 0.08
PRAISE_LASTS: Final = timedelta(hours=9)
CRISIS_LASTS: Final = timedelta(hours=8)
_DAYS_BACK: Final = LONGEST.days + 1  # answers to what was said so long ago still come


@lru_cache(maxsize=4)  # pure, and asked again for every page
def said_on(plan: Plan, number: int) -> tuple[Event, ...]:
    """All that is said between the midnights of a day, in order."""
    since, until = plan.starts(number), plan.starts(number + 1)
    events = [
        event
        for told in range(max(number - _DAYS_BACK, 0), number + 1)
        for event in _told_of(plan, told)
        if since <= event.said_at < until
    ]
    return tuple(sorted(events, key=lambda event: (event.said_at, event.source_id)))


@lru_cache(maxsize=2 * _DAYS_BACK)
def _told_of(plan: Plan, number: int) -> tuple[Event, ...]:
    """What starts on a day, with the copies and answers that come of it on later days."""
    telling = Telling(plan=plan, number=number)
    _usual(telling)
    _diary(telling)
    praise_at, crisis_at = plan.praise_at(number), plan.crisis_at(number)
    if praise_at:
        _praise(telling, praise_at)
    if crisis_at:
        _crisis(telling, crisis_at)
    return tuple(telling.events)


def _usual(telling: Telling) -> None:
    for subject, per_hour, mix in _USUAL:
        copyable = mix is _POSTS
        rng = telling.dice(f"{subject}:{'posts' if copyable else 'reviews'}")
        tones = _deal(mix, rng)
        for at in _through_the_day(telling, per_hour, rng):
            speaker = anybody(rng)
            mention = telling.say(rng, speaker, at, next(tones), subject=subject)
            if copyable and rng.random() < _COPIED:
                another = rng.choice(PEOPLE[speaker.book.language])
                telling.copy(mention, at + timedelta(minutes=rng.uniform(2, 90)), another)


def _diary(telling: Telling) -> None:
    rng = telling.dice("diary")
    for at in _through_the_day(telling, _DIARY_PER_HOUR, rng):
        telling.influence(rng, at, DIARY, Sentiment.NEUTRAL)


def _praise(telling: Telling, praise_at: datetime) -> None:
    """The influencer praises the brand, and the world is happy for half a day."""
    rng = telling.dice("praise")
    post = telling.influence(rng, praise_at, PRAISE, Sentiment.POSITIVE)
    telling.respond(rng, post, praise_at + timedelta(minutes=18), Reply.GLAD, BOOKS["en"])
    tones = _deal(_CHEERING, rng)
    peak, until = rng.uniform(60, 80), praise_at + PRAISE_LASTS
    for at in arrivals(rng, praise_at, until, surge(praise_at, peak), peak):
        speaker = anybody(rng)
        if rng.random() < _COPIES_OF_PRAISE:
            telling.copy(post, at, speaker.handle)
        else:
            below = post if rng.random() < 0.5 else None
            telling.say(rng, speaker, at, next(tones), below=below)


def _crisis(telling: Telling, crisis_at: datetime) -> None:
    """The payment page takes money twice; everybody who writes of it is somebody else."""
    rng = telling.dice("crisis")
    crowds = {language: _everybody(people, rng) for language, people in PEOPLE.items()}
    peak, until = rng.uniform(72, 94), crisis_at + CRISIS_LASTS
    tones = _deal(_OUTRAGE, rng)
    outrage: dict[str, list[Mention]] = {language: [] for language in PEOPLE}  # to be passed on
    for at in arrivals(rng, crisis_at, until, outburst(crisis_at, peak), peak):
        book = spoken(rng)
        speaker = Speaker(handle=next(crowds[book.language]), book=book)
        heard = outrage[book.language]
        if heard and rng.random() < _COPIES_OF_OUTRAGE:
            telling.copy(rng.choice(heard), at, speaker.handle)
            continue
        mention = telling.say(rng, speaker, at, next(tones))
        if mention.label is Sentiment.NEGATIVE:
            heard.append(mention)


def _through_the_day(telling: Telling, per_hour: float, rng: Random) -> Iterator[datetime]:
    """Moments at the usual rhythm, none before the demo begins."""
    plan, number = telling.plan, telling.number
    since, until = plan.starts(number), plan.starts(number + 1)
    for at in arrivals(rng, since, until, daily(per_hour), per_hour * BUSIEST):
        if at >= plan.epoch:
            yield at


def _deal(mix: Mix, rng: Random) -> Iterator[Tone]:
    """Tones in chance order, as cards of a small pack: no streak of complaints by chance alone."""
    cards = [tone for tone, count in mix.items() for _ in range(count)]
    while True:
        yield from rng.sample(cards, len(cards))


def _everybody(people: tuple[str, ...], rng: Random) -> Iterator[str]:
    """Everybody once before anybody twice."""
    while True:
        yield from rng.sample(people, len(people))
