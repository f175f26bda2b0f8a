"""How a day of the demo is told: mentions, copies and answers, each with its id."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final

from listener.collectors.demo.answers import answer_to
from listener.collectors.demo.phrasebook import REVIEWS, Phrasebook, Reply, Tone, sentiment_of
from listener.collectors.demo.plan import Plan
from listener.collectors.demo.world import (
    BOOKS,
    BRAND,
    INFLUENCER,
    INFLUENCER_HANDLE,
    PEOPLE,
    SUPPORT,
    names,
    spoken,
)
from listener.domain.label import Sentiment
from listener.domain.mention import Channel, Kind, Mention, Response

Event = Mention | Response

_STARS: Final = {
    Tone.BAD_REVIEW: (1, 1, 1, 2),
    Tone.FAIR_REVIEW: (3,),
    Tone.GOOD_REVIEW: (4, 5, 5, 5),
}
_THANKED: Final = 0.06  # of the answers that helped
_TRIES: Final = 20  # to find words that nobody has used on this day


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Somebody from the public, and the language they write in."""

    handle: str
    book: Phrasebook


def anybody(rng: Random) -> Speaker:
    book = spoken(rng)
    return Speaker(handle=rng.choice(PEOPLE[book.language]), book=book)


@dataclass(slots=True, kw_only=True)
class Telling:
    """Collects what is said on one day. Ids count up: what is told first keeps its ids."""

    plan: Plan
    number: int
    events: list[Event] = field(default_factory=list)
    _texts: set[str] = field(default_factory=set)
    _count: int = 0

    def dice(self, thing: str) -> Random:
        """Chance for one thing alone, so that what else happens does not change it."""
        return Random(f"{self.plan.seed}:{self.number}:{thing}")  # noqa: S311 a story, no secret

    def say(
        self,
        rng: Random,
        speaker: Speaker,
        at: datetime,
        tone: Tone,
        *,
        subject: str = BRAND,
        below: Mention | None = None,
    ) -> Mention:
        """Let somebody say something; of what is said about the brand, support answers some."""
        if tone in REVIEWS:
            mention = self._review(rng, speaker, at, tone, subject)
        else:
            mention = self._post(rng, speaker, at, tone, subject, below)
        self.events.append(mention)
        if subject == BRAND:
            self._answer(rng, mention, tone, speaker)
        return mention

    def influence(
        self, rng: Random, at: datetime, texts: tuple[str, ...], label: Sentiment
    ) -> Mention:
        """Let the influencer post one of these."""
        post_id = self._next_id()
        post = Mention(
            source=self.plan.source,
            source_id=post_id,
            text=BOOKS["en"].fill(rng.choice(texts), names(BOOKS["en"], BRAND), rng),
            said_at=at,
            url=_url(post_id),
            author=INFLUENCER_HANDLE,
            author_name=INFLUENCER,
            followers=412_000,
            likes=rng.randint(300, 9000),
            label=label,
        )
        self.events.append(post)
        return post

    def copy(self, of: Mention, at: datetime, handle: str) -> None:
        """Let somebody pass on, word for word, what another said."""
        copy_id = self._next_id()
        self.events.append(
            Mention(
                source=self.plan.source,
                source_id=copy_id,
                text=f"RT @{of.author}: {of.text}",
                said_at=at.replace(microsecond=0),
                kind=Kind.QUOTE,
                url=_url(copy_id),
                author=handle,
                followers=_followers(handle),
                label=of.label,
            )
        )

    def respond(
        self, rng: Random, to: Mention, at: datetime, reply: Reply, book: Phrasebook
    ) -> Response:
        """Let support answer."""
        automatic = reply is Reply.AUTOMATIC
        response = Response(
            source=self.plan.source,
            source_id=f"{to.source_id}-{'automatic' if automatic else 'answer'}",
            said_at=at,
            parent_id=to.source_id,
            thread_id=to.thread_id or to.source_id,
            author=SUPPORT,
            text=book.reply(reply, names(book, BRAND), rng),
            automatic=automatic,
        )
        self.events.append(response)
        return response

    def _post(
        self,
        rng: Random,
        speaker: Speaker,
        at: datetime,
        tone: Tone,
        subject: str,
        below: Mention | None,
    ) -> Mention:
        post_id = self._next_id()
        return Mention(
            source=self.plan.source,
            source_id=post_id,
            text=self._words(rng, speaker, tone, subject),
            said_at=at,
            kind=Kind.COMMENT if below else Kind.POST,
            url=_url(post_id),
            author=speaker.handle,
            followers=_followers(speaker.handle),
            likes=int(rng.expovariate(0.4)),
            parent_id=below.source_id if below else None,
            thread_id=below.source_id if below else None,
            label=sentiment_of(tone),
        )

    def _review(
        self, rng: Random, speaker: Speaker, at: datetime, tone: Tone, subject: str
    ) -> Mention:
        review_id = self._next_id()
        return Mention(
            source=self.plan.source,
            source_id=review_id,
            text=self._words(rng, speaker, tone, subject),
            said_at=at,
            channel=Channel.REVIEW,
            kind=Kind.REVIEW,
            language=speaker.book.language,
            url=_url(review_id),
            author=speaker.handle,
            stars=rng.choice(_STARS[tone]),
            product=subject,
            label=sentiment_of(tone),
        )

    def _answer(self, rng: Random, mention: Mention, tone: Tone, speaker: Speaker) -> None:
        answer = answer_to(tone, mention.said_at, rng)
        if answer is None:
            return
        if answer.acknowledged_at:
            self.respond(rng, mention, answer.acknowledged_at, Reply.AUTOMATIC, speaker.book)
        response = self.respond(rng, mention, answer.at, answer.reply, speaker.book)
        if answer.reply is Reply.HELP and rng.random() < _THANKED:
            self._thank(rng, speaker, response)

    def _thank(self, rng: Random, speaker: Speaker, response: Response) -> None:
        thanks_id = self._next_id()
        self.events.append(
            Mention(
                source=self.plan.source,
                source_id=thanks_id,
                text=self._words(rng, speaker, Tone.THANKS, BRAND),
                said_at=response.said_at + timedelta(minutes=rng.randint(2, 40)),
                kind=Kind.REPLY,
                url=_url(thanks_id),
                author=speaker.handle,
                followers=_followers(speaker.handle),
                parent_id=response.source_id,
                thread_id=response.thread_id,
                label=sentiment_of(Tone.THANKS),
            )
        )

    def _words(self, rng: Random, speaker: Speaker, tone: Tone, subject: str) -> str:
        """What nobody has said on this day, as far as there is such a thing left."""
        known_as = names(speaker.book, subject)
        text = speaker.book.say(tone, known_as, rng)
        for _ in range(_TRIES):
            if text not in self._texts:
                break
            text = speaker.book.say(tone, known_as, rng)
        self._texts.add(text)
        return text

    def _next_id(self) -> str:
        self._count += 1
        return f"d{self.number:02}-{self._count:06}"


def _url(source_id: str) -> str:
    return f"https://demo.example/{source_id}"


def _followers(handle: str) -> int:
    return int(Random(handle).lognormvariate(5, 1.2))  # noqa: S311 a story, no secret
