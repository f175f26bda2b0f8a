"""Whether two people's presses came to what they should: by the record, and by what each was told.

It knows nothing of how presses are carried out: what was pressed, what was written down, what was
answered, and what stands in the channel is all that it looks at.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

FAULTS = (
    "missing", "twice", "of another", "nobody asked", "slower one not told", "told what is not so",
    "faster one troubled", "door shut", "not shown", "replay acted", "forgery taken",
    "forgery acted",
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """What two people do at the same moment, and what has to come of it.

    acts: what each press is; once: the acts that must be on record, each exactly once, where {it}
    is the mention; shown: what the message says of it, {who}: the one on record; slower: what the
    other is told, at the least.
    """

    name: str
    acts: tuple[str, str]
    once: tuple[tuple[str, str], ...]
    shown: str
    slower: str = "was faster"
    sentiments: tuple[str, str] = ("", "")

    @property
    def is_one_thing(self) -> bool:
        """Both want the same; else each has something of their own to do."""
        return self.acts[0] == self.acts[1]


def _of_a_mention(name: str, did: str, noted: str, sentiments: tuple[str, str] = ("", "")) -> Kind:
    return Kind(
        name=name,
        acts=(name, name),
        once=((did, "{it}"), (noted, "{incident}")),
        shown=f"{{who}} {noted} 1",
        sentiments=sentiments,
    )


KINDS = {
    one.name: one
    for one in (
        Kind("acknowledge", ("acknowledge", "acknowledge"), (("acknowledged", "{incident}"),),
             "acknowledged by {who}", "looks after incident"),
        Kind("snooze", ("snooze", "snooze"), (("snoozed", "{incident}"),), "UTC by {who}"),
        _of_a_mention("assign", "assigned", "took"),
        _of_a_mention("wrong", "corrected", "corrected", ("positive", "neutral")),
        _of_a_mention("answered", "answered", "answered"),
        _of_a_mention("not_us", "corrected", "put aside"),
        Kind("each their own", ("snooze", "answered"),
             (("snoozed", "{incident}"), ("answered", "{it}"), ("answered", "{incident}")), ""),
        Kind("after the end", ("snooze", "snooze"), (), "RESOLVED", "it is over"),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Act:
    """A line of the record."""

    who: str
    did: str
    what: str


@dataclass(frozen=True, kw_only=True)
class Round:
    """What was pressed in one round, and all that came of it."""

    number: int
    kind: Kind
    incident: str  # "incident 3"
    it: str  # the mention, SOURCE:ID
    people: tuple[str, str]
    doors: tuple[str, str]
    acts: tuple[Act, ...] = ()  # on record after both
    told: dict[str, tuple[str, ...]] = field(default_factory=dict)  # to whom, what
    shut: tuple[str, ...] = ()  # doors that did not take a press
    shown: str = ""  # the message, once it was brought up to date
    replays: int = 0
    replayed: tuple[str, ...] = ()  # what came of them
    forged: dict[str, int] = field(default_factory=dict)  # HTTP status, by what is wrong with it
    from_forged: tuple[str, ...] = ()  # what came of them

    @property
    def once(self) -> list[tuple[str, str]]:
        names = {"it": self.it, "incident": self.incident}
        return [(did, what.format(**names)) for did, what in self.kind.once]


Found = dict[str, list[str]]


def judge(rounds: Sequence[Round]) -> Found:
    """What is wrong, by kind of fault."""
    found: Found = {}
    for one in rounds:
        for fault, why in _faults(one):
            found.setdefault(fault, []).append(f"round {one.number}, {one.kind.name}: {why}")
    return found


def _faults(one: Round) -> Iterator[tuple[str, str]]:
    yield from _on_record(one)
    yield from _told(one)
    for why in one.shut:
        yield "door shut", why
    for why in one.replayed:
        yield "replay acted", why
    for why in one.from_forged:
        yield "forgery acted", why
    for name, status in one.forged.items():
        if status != 401:
            yield "forgery taken", f"{name}: {status}"


def _on_record(one: Round) -> Iterator[tuple[str, str]]:
    wanted = one.once
    for did, what in wanted:
        who = [act.who for act in one.acts if (act.did, act.what) == (did, what)]
        if not who:
            yield "missing", f"{did} {what}"
        elif len(who) > 1:
            yield "twice", f"{did} {what} by {', '.join(who)}"
        elif who[0] not in _may(one, did):
            yield "of another", f"{did} {what} by {who[0]}"
    for act in one.acts:
        if (act.did, act.what) not in wanted:
            yield "nobody asked", f"{act.did} {act.what} by {act.who}"
    if one.kind.is_one_thing and len({act.who for act in one.acts}) > 1:
        yield "of another", "parts of one act by two people"


def _may(one: Round, did: str) -> tuple[str, ...]:
    """Who may have done it."""
    if one.kind.is_one_thing:
        return one.people
    return (one.people[0] if did == "snoozed" else one.people[1],)


def faster(one: Round) -> str | None:
    """Who has it, by the record; None where both have, or nobody."""
    who = {act.who for act in one.acts}
    return who.pop() if one.kind.is_one_thing and len(who) == 1 else None


def _told(one: Round) -> Iterator[tuple[str, str]]:
    """Who was faster sees it in the message; who was not is told who was, and nothing else."""
    first = faster(one)
    for who in one.people:
        words = " ".join(one.told.get(who, ()))
        has_it = who == first if one.kind.once else False
        if not one.kind.is_one_thing or has_it:
            if words:
                yield "faster one troubled", f"{who} was told {words!r}"
        elif one.kind.slower not in words:
            yield "slower one not told", f"{who} was told {words!r}"
        elif first is not None and first not in words:
            yield "told what is not so", f"{who} was told {words!r}, and it was {first}"
    for words in _to_be_shown(one, first):
        if words not in one.shown:
            yield "not shown", words


def _to_be_shown(one: Round, first: str | None) -> list[str]:
    if not one.kind.is_one_thing:
        return [f"UTC by {one.people[0]}", f"{one.people[1]} answered 1"]
    return [one.kind.shown.format(who=first)]


def doctored(rounds: Sequence[Round]) -> Iterator[tuple[str, list[Round]]]:
    """The same rounds with one thing wrong in them, and by which name that is to be found."""
    one = next(r for r in rounds if r.kind.name == "acknowledge" and faster(r))
    first = faster(one)
    slower = next(who for who in one.people if who != first)
    act = one.acts[0]
    whisper = one.told[slower][0]

    def instead(changed: Round) -> list[Round]:
        return [changed if r is one else r for r in rounds]

    yield "missing", instead(replace(one, acts=()))
    yield "twice", instead(replace(one, acts=(act, replace(act, who=slower))))
    yield "of another", instead(replace(one, acts=(replace(act, who="@stranger"),)))
    yield "nobody asked", instead(replace(one, acts=(act, replace(act, did="resolved"))))
    yield "slower one not told", instead(replace(one, told={}))
    swapped = whisper.replace(str(first), "@stranger")
    yield "told what is not so", instead(replace(one, told={slower: (swapped,)}))
    yield "faster one troubled", instead(replace(one, told=one.told | {str(first): (whisper,)}))
    yield "door shut", instead(replace(one, shut=("503",)))
    yield "not shown", instead(replace(one, shown=""))
    yield "replay acted", instead(replace(one, replayed=("acknowledged incident 1",)))
    yield "forgery taken", instead(replace(one, forged=one.forged | {"no signature": 200}))
    yield "forgery acted", instead(replace(one, from_forged=("acknowledged incident 1",)))
