"""The troubles of the Slack day: when, to whom, and by which rule people should be told."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from listener.domain.mention import Channel

DAY = datetime(2026, 11, 26, tzinfo=UTC)
HISTORY = timedelta(days=16)
REVIEWED = timedelta(days=75)  # before the day, from which on one brand is talked of, and reviewed
NIGHT_AFTER = timedelta(hours=31.25)
RATES = {"Acme": 30.0, "Borealis": 12.0, "Cirrus": 5.0, "Dovetail": 20.0, "Ember": 10.0,
         "Fjord": 10.0, "Gale": 15.0, "Harbor": 10.0, "Indigo": 10.0, "Jasper": 5.0,
         "Kestrel": 20.0, "Lumen": 8.0, "Moss": 8.0, "Nimbus": 2.0, "Yonder": 15.0,
         "Zenith": 15.0}  # fmt: skip  # mentions an hour
RIVAL, RIVAL_ALONE = "Zenith", "Yonder"
RIVALS = (RIVAL, RIVAL_ALONE)
STARRED = "Nimbus"  # whose reviews have a usual of their own
INFLUENCER, FOLLOWERS = "Wanda", 48_000
ASKS, WAITS = "can you help", "reply please"  # what is said where an answer is promised
PROMISED = timedelta(days=7)  # of a review
SHARE = 0.2  # of them negative
SOURCES = {"x": Channel.SOCIAL, "play": Channel.REVIEW, "helpdesk": Channel.TICKET}
REVIEWS = 0.15  # of a brand's mentions
TICKETS_AN_HOUR = 1.5  # of Borealis, all of them answered within half an hour
SPIKE, FLOOD, RESPONSE, QUIET = "spike", "flood", "response", "quiet_source"
STARS, INFLUENCE, COMPETITOR = "rating_drop", "influencer", "competitor"


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
    asked_for: int = 0  # messages that a snooze asks for
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
            rule=SPIKE, more=((11.0, 13.5, 40.0),), about="login", asked_for=1),
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
    Trouble(name="questions on X that nobody answers", brand="Lumen", since=12.5, until=15.5,
            rule=RESPONSE, others=frozenset({SPIKE})),
    Trouble(name="two reviews that nobody has answered in a week", brand="Moss",
            since=9.0 - 168 / 2, until=10.0, rule=RESPONSE, channel=Channel.REVIEW),
    Trouble(name="stars that fall after an update", brand=STARRED, since=8.0, until=20.0,
            rule=STARS, channel=Channel.REVIEW, others=frozenset({SPIKE})),
    Trouble(name="an influencer criticises, three times", brand="Gale", since=11.75, until=13.0,
            rule=INFLUENCE),
    Trouble(name="an influencer praises", brand="Kestrel", since=9.5, until=9.5, rule=INFLUENCE),
    Trouble(name="another competitor", brand=RIVAL_ALONE, since=8.0, until=9.5, rule=COMPETITOR,
            more=((8.0, 9.5, 40.0),), about="delivery"),
)  # fmt: skip


def at(hours: float) -> datetime:
    return DAY + timedelta(hours=hours)
