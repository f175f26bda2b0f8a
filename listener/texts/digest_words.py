"""How a digest speaks: its language, its clock, how much it says; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from listener.domain.digest import DigestData, Outcome, Share, SubjectWeek, Verdict, change
from listener.domain.label import Sentiment
from listener.domain.week import Every, Week
from listener.texts import numbers
from listener.texts.escape import one_line, safe_link
from listener.texts.pages import page
from listener.texts.words import counted, say, sentence_gap, topic_name

NAME_LENGTH = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Where our pages are. `base` is the address of `/`; without it nothing of ours is linked."""

    base: str = ""
    unsubscribe: str | None = None

    @classmethod
    def public(cls, base: str, token: str | None) -> "Links":
        """Those for who unsubscribes by this token; None: for who cannot, such as a channel."""
        end = f"{base.rstrip('/')}/unsubscribe/{token}" if base and token else None
        return cls(base=base, unsubscribe=end)

    def page(self, path: str) -> str | None:
        """One of our pages; None where we are not found."""
        return page(self.base, path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """How much is shown; less of it makes a shorter mail."""

    quotes: int = 2
    quote_length: int = 280
    themes: int = 5
    brands: int = 6
    rows: int = 30  # of a table
    lists: int = 8  # of spikes, gaps and what got better
    days: bool = True


class Writer:
    """Writes one digest's figures in its language and on its clock."""

    def __init__(self, data: DigestData, links: Links, detail: Detail) -> None:
        self.data = data
        self.links = links
        self.detail = detail
        self.language = data.language
        self.zone = ZoneInfo(data.zone)

    def say(self, key: str, **fields: object) -> str:
        return say(self.language, key, **fields)

    def count(self, value: float) -> str:
        return numbers.number(value, self.language)

    def share(self, share: Share) -> str:
        value = share.value
        return "–" if value is None else numbers.percent(value, self.language)

    def money(self, usd: float) -> str:
        return numbers.number(usd, self.language, decimals=2)

    def topics(self, names: Iterable[str]) -> str:
        """Topics one after the other, each in quotes."""
        return self.say("list_names").join(self.say("quoted", text=self.topic(n)) for n in names)

    def sentences(self, said: Iterable[str]) -> str:
        """Whole sentences, one after the other."""
        return sentence_gap(self.language).join(said)

    def moment(self, at: datetime) -> str:
        return numbers.moment(at, self.zone, self.language)

    def name(self, text: str, limit: int = NAME_LENGTH) -> str:
        return one_line(text, limit)

    def topic(self, name: str) -> str:
        return self.name(topic_name(self.language, name))

    def theme(self, subject: SubjectWeek, name: str) -> str:
        """Of a subject: one of its topics, or where it has none a word of what people wrote."""
        return self.topic(name) if subject.topics else self.name(name)

    @property
    def unsubscribe(self) -> str | None:
        return safe_link(self.links.unsubscribe)

    def more(self, count: int) -> str:
        return self.say("more", n=self.count(count)) if count > 0 else ""

    # the head

    def title(self) -> str:
        if self.data.team:
            return self.say(f"title.team.{self.data.every.value}", team=self.name(self.data.team))
        return self.say(f"title.{self.data.every.value}")

    def week(self, week: Week) -> str:
        number, year = str(week.number), str(week.year)
        first = week.previous()
        if self.data.every is Every.WEEK or first.year != week.year:
            return self.say("week", number=number, year=year)
        return self.say("fortnight", first=str(first.number), number=number, year=year)

    def verdict(self, found: Verdict, *, named: bool = False) -> str:
        sentence = self._outcome("verdict", found)
        whole = found.subject.now.negative
        telling = found.outcome in {Outcome.FIRST, Outcome.STEADY, Outcome.WORSE, Outcome.BETTER}
        of_all = self.data.team and found.cause and found.cause.negative == whole  # its one topic
        if found.cause is not None and telling and not of_all:
            cause = "cause.most" if 2 * found.cause.negative > whole else "cause.some"
            if found.rose:
                cause = "cause.rose"
            sentence += self.say("clause") + self.say(
                cause,
                theme=self.say("quoted", text=self.theme(found.subject, found.cause.name)),
                part=self.count(found.cause.negative),
                before=self.count(found.cause.negative_before or 0),
                whole=self.count(whole),
            )
        sentence += self.say("sentence_end")
        if len(self.data.brands) > 1 and named:
            return self.say("named", name=self.name(found.subject.name), sentence=sentence)
        return sentence

    def brief(self, found: Verdict) -> str:
        return self._outcome("brief", found)

    def _outcome(self, prefix: str, found: Verdict) -> str:
        subject, key = found.subject, f"{prefix}.{found.outcome.value}"
        if self.data.team and prefix == "verdict" and not subject.now.mentions:
            key = f"verdict.team.{found.outcome.value}"
        negative = subject.now.share(Sentiment.NEGATIVE)
        before = subject.before.share(Sentiment.NEGATIVE) if subject.before else Share(0, 0)
        moved = numbers.points(found.change.points if found.change else 0.0, self.language)
        fields = {
            "name": self.name(subject.name),
            "share": self.share(negative),
            "before": self.share(before),
            "points": counted(self.language, "verdict.points", moved, points=moved),
            "negative": self.count(negative.part),
        }
        if key == "verdict.few":
            n = self.count(subject.now.mentions)
            return counted(self.language, key, n, n=n, **fields)
        return self.say(key, n=self.count(negative.whole), **fields)

    def share_moved(self, now: Share, before: Share | None, *, more_is: str) -> tuple[str, str]:
        if not now.tells:
            return self.say("few"), "faint"
        found = change(now, before)
        if found is None or before is None or not before.tells:
            return self.say("uncompared"), "plain"
        if not found.certain:
            return self.say("unclear", before=self.share(before)), "plain"
        points = numbers.points(found.points, self.language)
        words = counted(self.language, "points", points, points=points)
        was = self.say("was", before=self.share(before))
        moved = f"{arrow(found.points)}{words}{self.say('list_comma')}{was}"
        return moved, tone(found.points, more_is)


def arrow(moved: float) -> str:
    """A sign in front of what moved; said in words beside it, for those who do not see it."""
    return "▲\u00a0" if moved > 0 else "▼\u00a0" if moved < 0 else ""


def tone(moved: float, more_is: str) -> str:
    if more_is == "plain" or not moved:
        return "plain"
    return more_is if moved > 0 else {"bad": "good", "good": "bad"}[more_is]
