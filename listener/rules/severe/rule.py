"""The severe rule: one mention that cannot wait for a crowd, by its words or by its reach."""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from listener.domain.incident import Finding, Severity
from listener.domain.label import Sentiment, is_sure
from listener.domain.query import Document, Query, Reading, parse
from listener.domain.query.many import Many
from listener.domain.times import to_json
from listener.domain.voice import Voice, distinct_authors
from listener.rules.severe.telling import Grave, title, why
from listener.rules.severe.words import FIGURES, LANGUAGES, WORDS, Kind

SURELY_THE_CONTRARY: Final = 0.8  # a positive label so sure takes a telling word for a jest
SHOWN: Final = 20
MOST_ROWS: Final = 200  # that an incident remembers to have told of


@dataclass(frozen=True, slots=True, kw_only=True)
class SevereScene:
    """Mentions of one brand that nobody has judged yet, oldest first."""

    subject_id: int
    subject: str
    now: datetime
    mentions: tuple[Voice, ...]
    told: frozenset[int] = frozenset()  # rows that were told before, and have been edited since
    told_elsewhere: frozenset[int] = frozenset()  # rows of influencers: their reach is known


@dataclass(frozen=True, slots=True, kw_only=True)
class SevereRule:
    """Single mentions that are grave: `which` of the kinds are told, and from which reach on.

    `words` is a query of the user's own; it alerts whatever the label, unless the query asks for
    one. A copy of what was said before is not told again.
    """

    which: tuple[Grave, ...] = tuple(Grave)
    reach_above: int = field(default=100_000, metadata={"between": (1, 10**9)})  # followers
    words: str = ""

    def __post_init__(self) -> None:
        if self.words:
            parse(self.words, broad=True)  # a mistake in it is told with the settings

    def __call__(self, scene: SevereScene) -> list[Finding]:
        """One finding for each kind that was found, gravest first."""
        found: dict[Grave, list[tuple[Voice, tuple[str, ...]]]] = {}
        for voice in scene.mentions:
            why = self.why(voice)
            if why is None or voice.id in scene.told:
                continue
            if why[0] is not Grave.REACH or voice.id not in scene.told_elsewhere:
                found.setdefault(why[0], []).append((voice, why[1]))
        return [_finding(scene, kind, found[kind]) for kind in Grave if kind in found]

    def why(self, voice: Voice) -> tuple[Grave, tuple[str, ...]] | None:
        """The gravest reason to tell of a mention, with the words it rests on, if there is one."""
        if voice.copy_of is not None:
            return None
        for kind, terms in by_words(voice):
            if (grave := Grave(kind.value)) in self.which:
                return grave, terms
        if self.words and Grave.WORDS in self.which:
            terms_of_ours = _own(self.words).match(_document(voice))
            if terms_of_ours is not None:
                return Grave.WORDS, terms_of_ours
        far = voice.followers is not None and voice.followers > self.reach_above
        if Grave.REACH in self.which and far and _is(voice, Sentiment.NEGATIVE):
            return Grave.REACH, ()
        return None


def by_words(voice: Voice) -> list[tuple[Kind, tuple[str, ...]]]:
    """The kinds that a mention's words speak for, gravest first, each with its words."""
    lists = _lists(_language(voice.language))
    text = Reading(voice.text)
    hits = lists.all.match(text)
    if not hits:
        return []
    bare = lists.without_figures(text)
    if bare != voice.text:
        hits = lists.all.match(Reading(bare))
    found: list[tuple[Kind, tuple[str, ...]]] = []
    for number, terms in hits:
        kind, telling = lists.meaning[number]
        if (_means_it(voice, kind) if telling else _is(voice, Sentiment.NEGATIVE)) and all(
            kind != other for other, _ in found
        ):
            found.append((kind, terms))
    return found


def _means_it(voice: Voice, kind: Kind) -> bool:
    """Whether telling words are to be taken so; who asks for the press may do it as they like."""
    if kind is Kind.PRESS or voice.sentiment != Sentiment.POSITIVE:
        return True
    return voice.confidence is not None and voice.confidence < SURELY_THE_CONTRARY


def _is(voice: Voice, sentiment: Sentiment) -> bool:
    return voice.sentiment == sentiment and is_sure(voice.confidence)


@dataclass(frozen=True, slots=True)
class _Lists:
    """The word lists that are asked of a text in one language, read once."""

    all: Many
    meaning: tuple[tuple[Kind, bool], ...]  # of each query of `all`: the kind, and if it is telling
    figures: tuple[Query, ...]

    def without_figures(self, text: Reading) -> str:
        """The text with what is said in jest, or denied, taken out."""
        spans = [place for query in self.figures for place in query.places(text)]
        said = text.raw
        for start, end, _ in sorted(spans, reverse=True):
            said = f"{said[:start]} … {said[end:]}"
        return said


@functools.cache
def _lists(language: str) -> _Lists:
    """`language` "": of all languages we have words of."""
    names = (language,) if language else LANGUAGES
    queries, meaning = [], []
    for kind, by_language in WORDS.items():
        for telling in (True, False):
            for name in names:
                words = by_language.get(name)
                text = (words.telling if telling else words.doubtful) if words else ""
                if text:
                    queries.append(_read(text))
                    meaning.append((kind, telling))
    return _Lists(Many(queries), tuple(meaning), tuple(_read(FIGURES[name]) for name in names))


def _read(text: str) -> Query:
    return parse(" ".join(text.split()))


@functools.lru_cache(maxsize=8)
def _own(words: str) -> Query:
    return parse(words, broad=True)


def _language(tag: str | None) -> str:
    """The list for a language; "" for one that is not known. Of others than ours: the English."""
    if tag is None or tag == "und":
        return ""
    name = tag.partition("-")[0].lower()
    return name if name in FIGURES else "en"


def _document(voice: Voice) -> Document:
    return Document(
        text=voice.text,
        author=voice.author,
        url=voice.url,
        language=voice.language,
        channel=voice.channel,
        source=voice.name.partition(":")[0],
        followers=voice.followers,
        said_at=voice.said_at,
        sentiment=voice.sentiment,
        topics=voice.topics,
    )


def key_of(subject: str, kind: str) -> str:
    return f"severe:{subject}:{kind}"


def _finding(
    scene: SevereScene, kind: Grave, found: Sequence[tuple[Voice, tuple[str, ...]]]
) -> Finding:
    heard = sorted(found, key=lambda one: (-(one[0].followers or 0), one[0].said_at))
    finding = Finding(
        key=key_of(scene.subject, kind),
        rule="severe",
        subject_id=scene.subject_id,
        severity=Severity.HIGH,
        title="",
        why="",
        mentions=tuple(voice.id for voice, _ in heard)[:SHOWN],
        evidence={
            "kind": kind.value,
            "count": len(heard),
            "authors": distinct_authors(tuple(voice for voice, _ in heard)),
            "words": _different(term for _, terms in heard for term in terms),
            "items": [_item(voice, terms, scene.now) for voice, terms in heard[:SHOWN]],
            "rows": [voice.id for voice, _ in heard][:MOST_ROWS],
        },
    )
    return _worded(finding, scene.subject)


def _worded(finding: Finding, subject: str) -> Finding:
    """The finding with the title and the line of reasons that its evidence gives."""
    return replace(finding, title=title(finding.evidence, subject), why=why(finding.evidence))


def joined(new: Finding, before: Finding, subject: str) -> Finding:
    """What is new, which it rests on, counted together with what an open incident has gathered."""
    was = before.evidence
    items = [*new.evidence["items"], *was["items"]]
    count = new.evidence["count"] + was["count"]
    known = len(items) == count
    evidence = {
        **new.evidence,
        "count": count,
        "authors": len({item["author"] or item["id"] for item in items})
        if known
        else new.evidence["authors"] + was["authors"],
        "words": _different([*new.evidence["words"], *was["words"]]),
        "items": items[:SHOWN],
        "rows": [*new.evidence["rows"], *was["rows"]][:MOST_ROWS],
    }
    return _worded(replace(new, evidence=evidence), subject)


def _different(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))[:10]


def _item(voice: Voice, terms: tuple[str, ...], now: datetime) -> dict[str, Any]:
    return {
        "row": voice.id,
        "id": voice.name,
        "author": voice.author_id,
        "followers": voice.followers,
        "said_at": to_json(voice.said_at),
        "found_at": to_json(now),
        "sentiment": voice.sentiment,
        "confidence": voice.confidence,
        "words": list(terms),
    }
