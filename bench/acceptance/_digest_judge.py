"""Whether the mails of a year are those that were due: by the calendar, and by what they say."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

from bench.acceptance._digest_calendar import Period, Place, mentions_of, periods
from bench.acceptance._digest_life import COMPANY, LEAVER, TEAM, Books, raws

READERS = {"company": COMPANY, "logistics": TEAM}
MAILED_AT_MOST = 2  # after a silence: the newest, and one that was missed
Key = tuple[str, str, str]  # period, recipient, kind
State = tuple[int, frozenset[int]]  # up to which period all is made, and which of them are mailed


@dataclass(frozen=True)
class Mail:
    """What a mail says, whatever its headers claim."""

    key: Key
    id: str
    mentions: int
    says: tuple[str, ...]  # all that must be the same in each copy
    text: str


@dataclass
class Found:
    """What is wrong, by kind of fault, and how much was looked at."""

    wrong: dict[str, list[str]] = field(default_factory=dict)
    must: int = 0
    may: int = 0
    sure_links: int = 0
    mails: int = 0
    copies: int = 0

    def claim(self, held: bool, fault: str, what: str) -> None:
        if not held:
            self.wrong.setdefault(fault, []).append(what)


FAULTS = (
    "lost", "extra", "two ids", "one id for two", "copies differ", "wrong figures", "after the end",
    "links lost", "left waiting",
)  # fmt: skip


def mail_of(to: str, raw: bytes, known: list[Period]) -> Mail:
    message = message_from_bytes(raw, policy=SMTP)
    assert isinstance(message, EmailMessage)
    bodies = [message.get_body((kind,)) for kind in ("plain", "html")]
    text, html = (str(body.get_content()).replace("\r\n", "\n") for body in bodies if body)
    team = re.match(r"\w+ digest for (\S+) ·", text)
    told = re.search(r"^Period: .* (\d+ \w{3}) (\d{4}),", text, re.MULTILINE)
    mentions = re.search(r"^Mentions: (\d+)", text, re.MULTILINE) or re.search(
        r"(\d+) mentions", text
    )
    last = datetime.strptime(f"{told[1]} {told[2]}", "%d %b %Y").date() if told else None  # noqa: DTZ007
    name = next((one.name for one in known if one.last_day == last), f"none: {last}")
    says = (message["Subject"], message["Date"], message["To"], text, html)
    kind = team[1] if team else "company"
    return Mail(
        key=(name, to, kind),
        id=message["Message-ID"],
        mentions=int(mentions[1]) if mentions else 0,
        says=tuple(map(str, says)),
        text=text,
    )


def judge(place: Place, books: Books) -> Found:
    found, known = Found(), periods(place)
    mails = [mail_of(to, raw, known) for _, to, raw in raws(books)]
    found.mails = len(mails)
    must, may, links = expected(known, books)
    found.sure_links = len(links)
    _delivered(found, books, known, mails, must, may)
    _ids(found, mails)
    figures = {
        (one.name, kind): mentions_of(one, "company" if kind == "company" else "team")
        for one in known
        for kind in READERS
    }
    for mail in mails:
        name, _, kind = mail.key
        right = figures.get((name, kind)) == mail.mentions and f"digest-{name}-" in mail.id
        found.claim(right, "wrong figures", f"{mail.key}: {mail.mentions}, {mail.id}")
    for pair, names in links.items():
        told = [m for m in mails if m.key[0] in pair and all(name in m.text for name in names)]
        for recipient in {m.key[1:] for m in mails if m.key[0] in pair}:
            held = any(m.key[1:] == recipient for m in told)
            found.claim(held, "links lost", f"{recipient} has none to {names}")
    found.claim(not books.waiting, "left waiting", f"{books.waiting} rows")
    return found


def _delivered(
    found: Found,
    books: Books,
    known: list[Period],
    mails: list[Mail],
    must: set[int],
    may: set[int],
) -> None:
    came = Counter(mail.key for mail in mails)
    allowed = {known[n].name for n in may}
    found.may = len(may)
    for key in came:
        right = key[0] in allowed and key[1] in READERS.get(key[2], ())
        found.claim(right, "extra", f"{key}")
    ended = books.left_at
    for number in must:
        for kind, readers in READERS.items():
            for to in readers:
                key = (known[number].name, to, kind)
                if (to, kind) == (LEAVER, "company") and ended is not None:
                    continue  # looked at below
                found.must += 1
                found.claim(key in came, "lost", f"{key}")
    if ended is not None:
        _until_the_end(found, known, mails, must, ended)


def _until_the_end(
    found: Found, known: list[Period], mails: list[Mail], must: set[int], ended: int
) -> None:
    """Who left gets nothing after it, and had got all up to the last that he got."""
    theirs = LEAVER, "company"
    for mail in mails[ended:]:
        found.claim(mail.key[1:] != theirs, "after the end", f"{mail.key}")
    had = {mail.key[0] for mail in mails[:ended] if mail.key[1:] == theirs}
    for number in must:
        name = known[number].name
        if name <= max(had, default=""):
            found.must += 1
            found.claim(name in had, "lost", f"{(name, *theirs)}")


def _ids(found: Found, mails: list[Mail]) -> None:
    ids: dict[Key, str] = {}
    first: dict[str, Mail] = {}
    for mail in mails:
        found.claim(ids.setdefault(mail.key, mail.id) == mail.id, "two ids", f"{mail.key}")
        before = first.setdefault(mail.id, mail)
        found.claim(before.key == mail.key, "one id for two", f"{mail.id}")
        if before is not mail:
            found.copies += 1
            found.claim(before.says == mail.says, "copies differ", f"{mail.key}")


def expected(
    known: list[Period], books: Books
) -> tuple[set[int], set[int], dict[tuple[str, ...], list[str]]]:
    """Which periods must be mailed, which may be, and which mails must link to which others.

    A turn that was killed before it said that all is made may have come as far as any period.
    """
    must: set[int] = set()
    may: set[int] = set()
    links: dict[tuple[str, ...], list[str]] = {}
    states: set[State] = {(-1, frozenset())}
    newest_seen: set[int] = set()
    for clock, made in books.wakes:
        now = datetime.fromisoformat(clock)
        newest = max((n for n, one in enumerate(known) if one.due <= now), default=-1)
        newest_seen.add(newest)
        before = min(settled for settled, _ in states)
        states = {one for state in states for one in _after(state, newest, made)}
        if not made:
            continue
        sent = [mailed for _, mailed in states]
        must |= frozenset.intersection(*sent)
        may |= frozenset.union(*sent)
        top = max(settled for settled, _ in states)
        if before >= 0 and top - before > MAILED_AT_MOST and newest_seen == {top}:
            pair = tuple(known[n].name for n in range(top - MAILED_AT_MOST + 1, top + 1))
            left = range(before + 1, top - MAILED_AT_MOST + 1)
            links[pair] = [known[n].name for n in left]
        states, newest_seen = {(top, frozenset())}, set()
    return must, may, links


def _after(state: State, newest: int, made: bool) -> Iterator[State]:
    settled, mailed = state
    most = MAILED_AT_MOST if settled >= 0 else 1  # at first the newest alone
    wanted = range(max(settled + 1, newest - most + 1), newest + 1)
    for upto in [newest] if made else range(settled, newest + 1):
        yield max(settled, upto), mailed | {n for n in wanted if n <= upto}
    if not made:
        yield state


def doctored(place: Place, books: Books) -> Iterator[tuple[str, Books]]:
    """The same year with one thing wrong in its books, and by which name that is to be found."""
    mails, known = books.mails, periods(place)
    keys = [mail_of(to, raw, known).key for _, to, raw in raws(books)]
    once = next(n for n, key in enumerate(keys) if keys.count(key) == 1 and key[1] == COMPANY[0])
    wake, to, raw = list(raws(books))[once]
    yield "lost", replace(books, mails=[*mails[:once], *mails[once + 1 :]])

    def also(changed: bytes, wake: int = wake, to: str = to) -> Books:
        import base64

        return replace(books, mails=[*mails, (wake, to, base64.b64encode(changed).decode())])

    yield "two ids", also(re.sub(rb"Message-ID: <digest", b"Message-ID: <again.digest", raw))
    yield "copies differ", also(re.sub(rb"\r\nMentions: ", b"\r\nMentions : ", raw))
    yield "extra", also(raw, to="stranger@example.com")
    other = next(
        r for (_, t, r), key in zip(raws(books), keys, strict=True) if key[0] != keys[once][0]
    )
    its = re.search(rb"Message-ID: <[^>]+>", raw)
    assert its is not None
    yield "one id for two", also(re.sub(rb"Message-ID: <[^>]+>", its[0], other))
    yield "wrong figures", also(re.sub(rb"\r\nMentions: \d+", b"\r\nMentions: 3", raw))
    if books.left_at is not None:
        own = next(r for _, t, r in raws(books) if t == LEAVER)
        yield "after the end", also(own, to=LEAVER)
    yield "left waiting", replace(books, waiting=1)
