"""Random queries over given mentions, by a seed; most match the mention they are made of."""

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from listener.domain.query import parse
from listener.domain.query.document import Document
from listener.errors import QueryError
from tests.domain.query.letters import is_unspaced

LETTERS = "abcdefghijklmnopqrstuvwxyz"
LANGUAGES = ("en", "de", "hu", "es", "tr", "ru", "fi", "hu+tr")
FREQUENT = 60  # so many words count as frequent


class Queries:
    """Makes queries out of these mentions: of what they say, and of what is known of them."""

    def __init__(self, documents: Sequence[Document], seed: int) -> None:
        self._documents = [doc for doc in documents if words(doc.text)]
        self._chance = random.Random(seed)
        seen = Counter(word for doc in self._documents for word in set(words(doc.text)))
        self._frequent = [word for word, _ in seen.most_common(FREQUENT)]
        self._rare = [word for word, times in seen.items() if times == 1] or self._frequent
        self._doc = self._documents[0]

    def make(self) -> str:
        """One query that reads without a mistake."""
        while True:
            self._doc = self._chance.choice(self._documents)
            query = self._query()
            if _reads(query):
                return query

    def _query(self) -> str:
        kinds: list[tuple[int, Callable[[], str]]] = [
            (30, self._term),
            (15, lambda: f"{self._term()} {self._term()}"),
            (15, lambda: f"{self._term()} OR {self._term()}"),
            (12, self._near),
            (10, lambda: f"{self._term()} {self._excluded()}"),
            (8, lambda: f"({self._term()} OR {self._near()}) {self._term()} {self._excluded()}"),
            (8, lambda: f"{self._term()} {self._field()}"),
            (5, lambda: f"{self._field()} {self._field()}"),
            (4, lambda: f"({self._term()} OR {self._field()}) {self._term()}"),
            (4, lambda: f"{self._frequent_word()} {self._rare_word()}"),
            (4, lambda: f"{self._term()} NOT ({self._term()} {self._rare_word()})"),
        ]
        return self._pick(kinds)()

    def _term(self) -> str:
        return self._pick(
            [
                (20, self._word),
                (8, self._frequent_word),
                (8, self._rare_word),
                (12, self._chunk),
                (16, self._phrase),
                (12, self._wildcard),
                (10, self._slip),
                (6, self._plain),
                (8, self._inflected),
                (6, lambda: f"`{self._word()}`"),
                (6, self._both_ways),
            ]
        )()

    def _pick(self, kinds: list[tuple[int, Callable[[], str]]]) -> Callable[[], str]:
        makers = [maker for _, maker in kinds]
        return self._chance.choices(makers, [weight for weight, _ in kinds])[0]

    # Terms

    def _word(self) -> str:
        return self._cut(self._chance.choice(words(self._doc.text)))

    def _frequent_word(self) -> str:
        return self._cut(self._chance.choice(self._frequent))

    def _rare_word(self) -> str:
        return self._cut(self._chance.choice(self._rare))

    def _cut(self, word: str) -> str:
        """A few characters of a word of a script without spaces, any other word as it is."""
        if not any(map(is_unspaced, word)):
            return word
        at = self._chance.randrange(len(word))
        return word[at : at + self._chance.randint(1, 4)]

    def _chunk(self) -> str:
        """A word with its signs: a tag, a handle, a domain, don't, emoji."""
        chunks = [chunk.strip("\"'.,:;!?()[]") for chunk in self._doc.text.split()]
        return self._chance.choice(chunks)[:60]

    def _phrase(self) -> str:
        chunks = self._doc.text.split()
        at = self._chance.randrange(len(chunks))
        size = self._chance.randint(1, 4)
        inside = " ".join(chunks[at : at + size])[:80].strip(".,;:!?")
        return '"' + re.sub('["“”„«»「」『』＂]', "", inside) + '"'

    def _spaced(self) -> str:
        there = [word for word in words(self._doc.text) if len(word) > 3]
        there = [word for word in there if not any(map(is_unspaced, word))]
        return self._chance.choice(there or ["delay", "flight"])

    def _wildcard(self) -> str:
        word = self._spaced()
        at = self._chance.randrange(3, len(word) + 1)
        return self._chance.choice(
            [f"{word[:at]}*", f"*{word[-at:]}", f"{word[: at - 1]}?{word[at:]}", f"*{word[1:]}*"]
        )

    def _slip(self) -> str:
        word = self._spaced()
        at = self._chance.randrange(len(word))
        letter = self._chance.choice(LETTERS)
        slips = [word, word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :]]
        slips.append(word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :])
        slips.append(word[:at] + word[at + 1 :])
        return self._chance.choice(slips) + "~1"

    def _plain(self) -> str:
        apart = unicodedata.normalize("NFD", self._word())
        return "".join(c for c in apart if unicodedata.category(c) != "Mn") + "~plain"

    def _inflected(self) -> str:
        language = self._chance.choice(LANGUAGES)
        return self._chance.choice([self._spaced(), self._phrase()]) + f"~{language}"

    def _both_ways(self) -> str:
        return f"{self._chance.choice([self._word(), self._phrase()])}~han"

    # What is made of terms

    def _near(self) -> str:
        there = words(self._doc.text)
        at = self._chance.randrange(len(there))
        distance = self._chance.randint(0, 6)
        left, right = self._cut(there[at]), self._cut(there[(at + distance + 1) % len(there)])
        within = max(distance + self._chance.choice([-1, 0, 0, 1, 5]), 0)
        if self._chance.random() < 0.2:
            right = f"({right} OR {self._rare_word()})"
        if self._chance.random() < 0.4:
            left, right = right, left
        return f"{left} {self._chance.choice(['NEAR', 'NEAR', 'ONEAR'])}/{within} {right}"

    def _excluded(self) -> str:
        other = self._chance.choice([self._rare_word, self._rare_word, self._frequent_word])()
        return self._chance.choice([f"-{other}", f"NOT {other}", f"NOT ({other} OR {other}x)"])

    def _field(self) -> str:
        doc = self._doc
        some = ["has:link", "-is:repost", "is:question", "-is:verified", "-has:link"]
        texts = [("lang", doc.language), ("channel", doc.channel), ("kind", doc.kind)]
        texts += [("source", doc.source), ("author", doc.author), ("sentiment", doc.sentiment)]
        some += [f'{name}:"{value}"' for name, value in texts if value]
        for name, number in (("stars", doc.stars), ("followers", doc.followers)):
            if number is not None:
                some += [f"{name}:{sign}{number:g}" for sign in ("", "<=", ">=", "<", ">")]
                some.append(f"{name}:{number:g}..{number + 2:g}")
        if doc.said_at is not None:
            some += [f"since:{doc.said_at:%Y-%m-%d}", f"until:{doc.said_at:%Y-%m-%dT%H:%MZ}"]
        some += [f'topic:"{topic}"' for topic in doc.topics]
        return self._chance.choice(some)


def random_queries(documents: Sequence[Document | str], count: int, seed: int = 5) -> Iterator[str]:
    """So many queries; all read without a mistake where fields alone are allowed."""
    given = [Document(text=doc) if isinstance(doc, str) else doc for doc in documents]
    queries = Queries(given, seed)
    return (queries.make() for _ in range(count))


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _reads(query: str) -> bool:
    try:
        parse(query, broad=True)
    except QueryError:
        return False
    return True
