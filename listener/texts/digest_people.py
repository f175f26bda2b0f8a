"""People in the digest: whom to thank, whom to win back, who was heard too late; pure."""

from dataclasses import dataclass

from listener.domain.actions import Standing
from listener.domain.digest import PersonLine
from listener.texts.digest_brand import QuoteView, quote_view
from listener.texts.digest_words import Writer
from listener.texts.escape import one_line
from listener.texts.words import counted

ACTION_LENGTH = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """Somebody to write to. `counts`: how they spoke, and what is known of their reach."""

    name: str
    counts: str
    action: str
    quotes: tuple[QuoteView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleView:
    title: str
    people: tuple[PersonView, ...]


def people_views(w: Writer) -> tuple[PeopleView, ...]:
    """Promoters, then critics. Whose words were taken out is gone with them, name and all."""
    if not w.detail.quotes:
        return ()
    found = {
        standing: tuple(
            _person(w, line) for line in w.data.people if line.standing is standing and line.quotes
        )[: w.detail.lists]
        for standing in (Standing.PROMOTER, Standing.CRITIC)
    }
    return tuple(
        PeopleView(title=w.say(f"people.{standing.value}"), people=people)
        for standing, people in found.items()
        if people
    )


def _person(w: Writer, line: PersonLine) -> PersonView:
    (quote,) = (quote_view(w, quote) for quote in line.quotes[:1])
    counts = [
        w.say(
            "person.counts",
            n=w.count(line.mentions),
            positive=w.count(line.positive),
            negative=w.count(line.negative),
        )
    ]
    if line.reach:
        counts.append(w.say("person.reach", reach=w.count(line.reach)))
    if line.answered:
        counts.append(w.say("person.answered"))
    brand = f"{w.name(line.subject)} · " if len(w.data.brands) > 1 else ""
    return PersonView(
        name=brand + quote.author,
        counts=w.say("list_comma").join(counts),
        action="" if line.answered else one_line(line.action, ACTION_LENGTH),
        quotes=(quote,),
    )


def praise_lines(w: Writer) -> tuple[str, tuple[QuoteView, ...]]:
    """How much was said in praise, in a sentence, and the loudest of it; empty where none was."""
    praise = w.data.praise
    if praise is None:
        return "", ()
    n = w.count(praise.mentions)
    words = counted(w.language, "praise", n, n=n, people=w.count(praise.people))
    return words, tuple(quote_view(w, quote) for quote in praise.quotes[: w.detail.quotes])


def late_lines(w: Writer) -> tuple[list[str], tuple[QuoteView, ...]]:
    """What came too late for the digest before: how much, from where, and what tells most."""
    late = w.data.late
    if late is None:
        return [], ()
    n = w.count(late.mentions)
    rows = [
        w.say(
            "late.row",
            source=w.name(row.source),
            n=w.count(row.mentions),
            negative=w.count(row.negative),
        )
        for row in late.sources
    ]
    shown = rows[: w.detail.lists]
    if len(rows) > len(shown):
        shown.append(w.more(len(rows) - len(shown)))
    words = counted(w.language, "late", n, n=n)
    return [words, *shown], tuple(quote_view(w, one) for one in late.quotes[: w.detail.quotes])
