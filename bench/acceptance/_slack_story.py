"""What is said on the Slack day, and in the weeks before it."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from bench.acceptance import _slack_texts as texts
from bench.acceptance._slack_troubles import (
    ASKS,
    DAY,
    FOLLOWERS,
    HISTORY,
    INFLUENCER,
    NIGHT_AFTER,
    PROMISED,
    RATES,
    REVIEWED,
    REVIEWS,
    RIVAL,
    RIVALS,
    SHARE,
    SOURCES,
    STARRED,
    TICKETS_AN_HOUR,
    TROUBLES,
    WAITS,
    Trouble,
    at,
)
from listener.domain.label import Sentiment
from listener.domain.mention import Channel, Mention, Response
from listener.replay.play import Event


class Story:
    """All that is said: three usual weeks, and the day on top of a usual one."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._number = 0

    def events(self) -> list[Event]:
        begin, end = DAY - HISTORY, DAY + NIGHT_AFTER
        told: list[Event] = []
        for brand, rate in RATES.items():
            told += self._usual(brand, rate, DAY - REVIEWED if brand == STARRED else begin, end)
        told += self._answered_tickets(begin, end)
        for trouble in TROUBLES:
            told += self._spoken(trouble)
        told += self._video()
        told += self._bots()
        told += self._reviews()
        told += self._unanswered()
        told += self._sale()
        told += self._rival()
        told += self._questions()
        told += self._late_reviews()
        told += self._stars()
        told += self._influencer()
        return told

    # What is usual

    def _usual(self, brand: str, rate: float, begin: datetime, end: datetime) -> Iterator[Mention]:
        for moment in self._moments(rate, begin, end):
            negative = self._dice.random() < SHARE
            label = Sentiment.NEGATIVE if negative else Sentiment.NEUTRAL
            if not negative and self._dice.random() < 0.4:
                label = Sentiment.POSITIVE
            is_review = self._dice.random() < REVIEWS and brand not in (*RIVALS, STARRED)
            yield self._said(
                brand, moment, label, channel=Channel.REVIEW if is_review else Channel.SOCIAL
            )

    def _answered_tickets(self, begin: datetime, end: datetime) -> Iterator[Event]:
        for moment in self._moments(TICKETS_AN_HOUR, begin, end):
            ticket = self._said("Borealis", moment, Sentiment.NEGATIVE, channel=Channel.TICKET)
            yield ticket
            yield self._answer(ticket, moment + self._minutes(4, 25))

    # Troubles

    def _spoken(self, trouble: Trouble) -> Iterator[Mention]:
        for since, until, rate in trouble.more:
            for moment in self._moments(rate, at(since), at(until)):
                yield self._said(
                    trouble.brand, moment, Sentiment.NEGATIVE, about=trouble.about,
                    channel=trouble.channel,
                )  # fmt: skip

    def _video(self) -> Iterator[Mention]:
        for moment in self._moments(400, at(8.25), at(10.25)):
            label = self._dice.choices(
                (Sentiment.POSITIVE, Sentiment.NEUTRAL, Sentiment.NEGATIVE), (70, 26, 4)
            )[0]
            yield self._said("Acme", moment, label)

    def _bots(self) -> Iterator[Mention]:
        lines = [texts.complaint(self._dice, "Dovetail", "price") for _ in range(3)]
        for moment in self._moments(320, at(12.25), at(12.75)):
            yield self._said(
                "Dovetail", moment, Sentiment.NEGATIVE, text=self._dice.choice(lines), followers=3
            )

    def _reviews(self) -> Iterator[Mention]:
        for moment in self._moments(24, at(13.0), at(15.0)):
            yield self._said(
                "Acme", moment, Sentiment.NEGATIVE, about="login", channel=Channel.REVIEW
            )

    def _unanswered(self) -> Iterator[Event]:
        for moment in self._moments(14, at(10.0), at(11.0)):
            ticket = self._said(
                "Borealis", moment, Sentiment.NEGATIVE, about="refund", channel=Channel.TICKET
            )
            yield ticket
            yield self._answer(ticket, max(at(12.25), moment) + self._minutes(0, 15))

    def _sale(self) -> Iterator[Mention]:
        """Two and a half times as much as usual, and no more negative."""
        yield from self._usual("Acme", 1.5 * RATES["Acme"], at(16.5), at(20))

    def _rival(self) -> Iterator[Mention]:
        for moment in self._moments(40, at(14.4), at(16.0)):
            yield self._said(RIVAL, moment, Sentiment.NEGATIVE, about="outage")

    def _questions(self) -> Iterator[Event]:
        for moment in self._moments(9, at(12.5), at(13.5)):
            words = f"{texts.complaint(self._dice, 'Lumen')} {ASKS.capitalize()}?"
            asked = self._said("Lumen", moment, Sentiment.NEGATIVE, text=words)
            yield asked
            yield self._answer(asked, at(15.25) + self._minutes(0, 15))

    def _late_reviews(self) -> Iterator[Event]:
        for hour in (9.0, 9.4):
            words = f"{texts.complaint(self._dice, 'Moss')} {WAITS.capitalize()}."
            review = self._said(
                "Moss", at(hour) - PROMISED, Sentiment.NEGATIVE, text=words, channel=Channel.REVIEW
            )
            yield review
            yield self._answer(review, at(15.0))

    def _stars(self) -> Iterator[Mention]:
        """Two months of good reviews, and a day of bad ones."""
        for begin, end, an_hour, weights in (
            (DAY - REVIEWED, at(8.0), 0.4, (4, 3, 8, 25, 60)),
            (at(8.0), at(20.0), 2.0, (60, 25, 5, 5, 5)),
        ):
            for moment in self._moments(an_hour, begin, end):
                stars = self._dice.choices((1, 2, 3, 4, 5), weights)[0]
                label = (Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE)[
                    (stars > 2) + (stars > 3)
                ]
                yield self._said(STARRED, moment, label, channel=Channel.REVIEW, stars=stars)

    def _influencer(self) -> Iterator[Mention]:
        told = ((11.75, "Gale", Sentiment.NEGATIVE), (11.8, "Gale", Sentiment.NEGATIVE),
                (13.0, "Gale", Sentiment.NEGATIVE),
                (9.5, "Kestrel", Sentiment.POSITIVE))  # fmt: skip
        for (hour, brand, label), words in zip(told, texts.INFLUENCERS, strict=True):
            yield self._said(
                brand, at(hour), label, text=words.format(b=brand), author=INFLUENCER.lower(),
                followers=FOLLOWERS,
            )  # fmt: skip

    # One at a time

    def _moments(self, an_hour: float, begin: datetime, end: datetime) -> Iterator[datetime]:
        moment = begin + timedelta(hours=self._dice.expovariate(an_hour))
        while moment < end:
            yield moment
            moment += timedelta(hours=self._dice.expovariate(an_hour))

    def _minutes(self, least: float, most: float) -> timedelta:
        return timedelta(minutes=self._dice.uniform(least, most))

    def _said(
        self,
        brand: str,
        moment: datetime,
        label: Sentiment,
        *,
        about: str = "",
        channel: Channel = Channel.SOCIAL,
        text: str = "",
        followers: int | None = None,
        author: str = "",
        stars: float | None = None,
    ) -> Mention:
        self._number += 1
        say = {Sentiment.NEUTRAL: texts.plain, Sentiment.POSITIVE: texts.praise}.get(label)
        words = say(self._dice, brand) if say else texts.complaint(self._dice, brand, about)
        source = next(name for name, where in SOURCES.items() if where is channel)
        usual = 1.0 if label is Sentiment.NEGATIVE else 5.0
        return Mention(
            source=source,
            source_id=f"{self._number}",
            text=text or words,
            said_at=moment,
            channel=channel,
            author=author or f"person{self._number}",
            followers=followers or min(20_000, int(self._dice.paretovariate(0.9) * 40)),
            url=f"https://{source}.example/{self._number}",
            brand=brand,
            language="en",
            label=label,
            stars=stars or usual if channel is Channel.REVIEW else None,
        )

    def _answer(self, to: Mention, moment: datetime) -> Response:
        return Response(
            source=to.source, source_id=f"answer-{to.source_id}", said_at=moment,
            parent_id=to.source_id, author="desk", text="We are sorry, and look into it.",
        )  # fmt: skip
