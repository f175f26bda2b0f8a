"""The troubles of the Slack day: what happens, when, and whether people should be told."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bench.acceptance import _slack_texts as texts
from listener.domain.label import Sentiment
from listener.domain.mention import Channel, Mention, Response
from listener.replay.play import Event

DAY = datetime(2026, 11, 26, tzinfo=UTC)
HISTORY = timedelta(days=16)
NIGHT_AFTER = timedelta(hours=31.25)
RATES = {"Acme": 30.0, "Borealis": 12.0, "Cirrus": 5.0, "Dovetail": 20.0, "Ember": 10.0,
         "Fjord": 10.0, "Gale": 15.0, "Harbor": 10.0, "Indigo": 10.0, "Jasper": 5.0,
         "Kestrel": 20.0, "Zenith": 15.0}  # fmt: skip  # mentions an hour
RIVAL = "Zenith"
SHARE = 0.2  # of them negative
SOURCES = {"x": Channel.SOCIAL, "play": Channel.REVIEW, "helpdesk": Channel.TICKET}
REVIEWS = 0.15  # of a brand's mentions
TICKETS_AN_HOUR = 1.5  # of Borealis, all of them answered within half an hour
SPIKE, FLOOD, RESPONSE, QUIET = "spike", "flood", "response", "quiet_source"


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """One thing that happens. `rule`: by which it should be told, "" where it should not be."""

    name: str
    brand: str  # "" of a source
    since: float  # hours of the day
    until: float
    rule: str
    more: tuple[tuple[float, float, float], ...] = ()  # from, to, and negatives an hour then
    about: str = ""
    channel: Channel = Channel.SOCIAL
    soft: bool = False  # so small that it need not be noticed
    others: frozenset[str] = field(default_factory=frozenset)  # rules that may tell it beside

    def holds(self, rule: str, brand: str, at: datetime) -> bool:
        """Whether an incident of a rule and a brand that began at a moment is of this trouble."""
        hours = (at - DAY) / timedelta(hours=1)
        of_rule = rule == self.rule or rule in self.others
        return of_rule and brand == self.brand and self.since <= hours <= self.until + 1.5


TROUBLES = (
    Trouble(name="a medium step at night, in quiet hours", brand="Dovetail", since=1.5, until=3.5,
            rule=SPIKE, more=((1.5, 3.5, 25.0),), about="outage"),
    Trouble(name="X cannot be read, and then all at once", brand="", since=5.0, until=7.25,
            rule=QUIET),
    Trouble(name="a small step", brand="Gale", since=7.5, until=9.5, rule=SPIKE,
            more=((7.5, 9.5, 9.0),), about="service", soft=True),
    Trouble(name="a slow build over eight hours", brand="Fjord", since=8.0, until=16.0, rule=SPIKE,
            more=tuple((8 + n, 9 + n, 1.2 * (n + 1)) for n in range(8)), about="price"),
    Trouble(name="a viral video that everybody loves", brand="Acme", since=8.25, until=10.25,
            rule=""),
    Trouble(name="tickets that nobody answers", brand="Borealis", since=10.0, until=12.5,
            rule=RESPONSE, channel=Channel.TICKET, about="refund", others=frozenset({SPIKE})),
    Trouble(name="a large step: taken by Jo, then snoozed", brand="Cirrus", since=11.0, until=13.5,
            rule=SPIKE, more=((11.0, 13.5, 40.0),), about="login"),
    Trouble(name="a flood of copies by bots", brand="Dovetail", since=12.25, until=12.75,
            rule=FLOOD),
    Trouble(name="reviews, and then the whole brand", brand="Acme", since=13.0, until=15.0,
            rule=SPIKE, more=((13.67, 15.0, 50.0),), about="login"),
    Trouble(name="everyone's: Harbor with the rival", brand="Harbor", since=14.5, until=16.0,
            rule=SPIKE, more=((14.5, 16.0, 30.0),), about="outage"),
    Trouble(name="everyone's: Ember with the rival", brand="Ember", since=14.5, until=16.0,
            rule=SPIKE, more=((14.5, 16.0, 25.0),), about="outage"),
    Trouble(name="a sale that was named beforehand", brand="Acme", since=16.5, until=20.0, rule="",
            about="price"),
    Trouble(name="a ramp", brand="Indigo", since=17.5, until=19.5, rule=SPIKE,
            more=tuple((17.5 + n / 2, 18 + n / 2, 8.0 * (n + 1)) for n in range(4)),
            about="refund"),
    Trouble(name="one that comes and goes", brand="Jasper", since=16.0, until=21.0, rule=SPIKE,
            more=tuple((16 + 1.75 * n, 16.3 + 1.75 * n, 30.0) for n in range(3)),
            about="delivery"),
    Trouble(name="over, and back two hours later", brand="Kestrel", since=15.0, until=18.75,
            rule=SPIKE, more=((15.0, 15.75, 60.0), (18.0, 18.75, 60.0)), about="delivery"),
)  # fmt: skip


def at(hours: float) -> datetime:
    return DAY + timedelta(hours=hours)


class Story:
    """All that is said: three usual weeks, and the day on top of a usual one."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._number = 0

    def events(self) -> list[Event]:
        begin, end = DAY - HISTORY, DAY + NIGHT_AFTER
        told: list[Event] = []
        for brand, rate in RATES.items():
            told += self._usual(brand, rate, begin, end)
        told += self._answered_tickets(begin, end)
        for trouble in TROUBLES:
            told += self._spoken(trouble)
        told += self._video()
        told += self._bots()
        told += self._reviews()
        told += self._unanswered()
        told += self._sale()
        told += self._rival()
        return told

    # What is usual

    def _usual(self, brand: str, rate: float, begin: datetime, end: datetime) -> Iterator[Mention]:
        for moment in self._moments(rate, begin, end):
            negative = self._dice.random() < SHARE
            label = Sentiment.NEGATIVE if negative else Sentiment.NEUTRAL
            if not negative and self._dice.random() < 0.4:
                label = Sentiment.POSITIVE
            is_review = self._dice.random() < REVIEWS and brand != RIVAL
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
    ) -> Mention:
        self._number += 1
        say = {Sentiment.NEUTRAL: texts.plain, Sentiment.POSITIVE: texts.praise}.get(label)
        words = say(self._dice, brand) if say else texts.complaint(self._dice, brand, about)
        source = next(name for name, where in SOURCES.items() if where is channel)
        return Mention(
            source=source,
            source_id=f"{self._number}",
            text=text or words,
            said_at=moment,
            channel=channel,
            author=f"person{self._number}",
            followers=followers or min(20_000, int(self._dice.paretovariate(0.9) * 40)),
            url=f"https://{source}.example/{self._number}",
            brand=brand,
            language="en",
            label=label,
            stars=(1.0 if label is Sentiment.NEGATIVE else 5.0)
            if channel is Channel.REVIEW
            else None,
        )

    def _answer(self, to: Mention, moment: datetime) -> Response:
        return Response(
            source=to.source, source_id=f"answer-{to.source_id}", said_at=moment,
            parent_id=to.source_id, author="desk", text="We are sorry, and look into it.",
        )  # fmt: skip
