"""Stage two: what is new gets its language and its label."""

import json
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol

from listener.domain import stars
from listener.domain.intent import Wants
from listener.domain.label import GIVEN, MODEL, Label, Sentiment, in_doubt
from listener.domain.text import normalise
from listener.domain.values import BadRecord, read_float, read_scale
from listener.errors import UsageError
from listener.store import labels
from listener.store.connection import Db, Store
from listener.store.labels import Unlabelled, Waiting

if TYPE_CHECKING:
    from classifiers import Poison, Prediction
    from listener.domain.vector import Vector

    Labelled = Prediction | Poison

Probabilities = tuple[float, float, float]  # negative, neutral, positive

AT_ONCE = 500
AT_STAKE = 250  # texts whose labels are lost when we are killed


class Model(Protocol):
    """A classifier that survives every text, as the supervised ones of `classifiers` do."""

    @property
    def version(self) -> str: ...

    def predict_each(self, texts: Sequence[str]) -> "list[Labelled]": ...

    def close(self) -> None: ...


class Found(Protocol):
    """What was found out of texts beside their sentiment."""

    @property
    def topics(self) -> Mapping[int, tuple[str, ...]]:
        """Of each mention, where there are any."""
        ...

    @property
    def wants(self) -> Mapping[int, Wants]:
        """What each mention wants, where that was read."""
        ...

    def keep(self, db: Db) -> None:
        """Keep what has no place in a label, in the labels' transaction."""
        ...


class Beside(Protocol):
    """Finds out more of texts that get a label; `sentiments`: of those that have words."""

    def read(
        self,
        store: Store,
        said: Sequence[Unlabelled],
        sentiments: Mapping[int, Probabilities],
        redone: Collection[int],
        now: datetime,
    ) -> Found: ...


class OfEach(Protocol):
    """What was found out of texts about each of the subjects that they name."""

    def labels(self, whole: Sequence[Label]) -> list[Label]:
        """The labels of pairs, beside those of the whole texts."""
        ...

    def keep(self, db: Db, replacing: Sequence[int], model: str) -> None:
        """Keep what has no place in a label, in the labels' transaction."""
        ...


class Towards(Protocol):
    """Finds out what is said of each subject, where a text names several."""

    def read(self, store: Store, said: Sequence[Unlabelled], now: datetime) -> OfEach: ...


@dataclass(frozen=True, slots=True)
class Intents:
    """Reads what texts want, with the small model that ships."""

    def read(
        self,
        texts: Sequence[str],
        sentiments: Sequence[Probabilities],
        vectors: "Sequence[Vector | None] | None" = None,
        vectors_by: str | None = None,
    ) -> list[Wants]:
        """Read texts, in their order; vectors that it does not know are left aside."""
        from classifiers.intents import shipped  # noqa: PLC0415  # heavy, as all classifiers

        reader = shipped()
        read = reader.read(texts, sentiments, vectors if reader.fits(vectors_by) else None)
        return [
            Wants(
                intent=one.intent,
                confidence=one.confidence,
                needs_answer=one.needs_answer,
                reason=one.reason,
            )
            for one in read
        ]


def classify(
    store: Store,
    model: Model,
    now: datetime,
    beside: Beside | None = None,
    towards: Towards | None = None,
) -> int:
    """Label one batch by the model; returns how many mentions were done, 0 when none is left.

    A text that the model cannot bear is set aside with the reason, and the others go on. What is
    found out of it takes long, so it is kept part by part.
    """
    waiting = _next(store)
    if waiting is None:
        return 0
    for part in waiting.parts(AT_STAKE):
        _classify(store, model, part, now, beside, towards)
    return max(len(waiting.mentions), 1)


def _classify(
    store: Store,
    model: Model,
    waiting: Waiting,
    now: datetime,
    beside: Beside | None,
    towards: Towards | None,
) -> None:
    from classifiers import Poison  # noqa: PLC0415  # no door loads a model

    to_read = [one for one in waiting.mentions if not _is_only_stars(one.text, one.stars)]
    languages = _languages(waiting.mentions)
    results = _read_as_meant(model, to_read, dict(languages)) if to_read else []
    read, poison = {}, {}
    for one, result in zip(to_read, results, strict=True):
        if isinstance(result, Poison):
            poison[one.id] = result.reason
        else:
            read[one.id] = result
    bearable = [one for one in waiting.mentions if one.id not in poison]
    weighed = {m.id: _weighed(read[m.id], m.stars, m.stars_scale) for m in bearable if m.id in read}
    said = {i: (p.negative, p.neutral, p.positive) for i, p in weighed.items()}
    found = beside.read(store, bearable, said, waiting.redone, now) if beside else None
    version = model.version if waiting.mentions else ""  # asked before others wait for us
    made = [_label(one, version, read.get(one.id), found, now) for one in bearable]
    of_each = towards.read(store, bearable, now) if towards else None
    with store.write() as db:
        if found is not None:
            found.keep(db)
        labels.add(db, made, replacing=waiting.redone)
        if of_each is not None:
            labels.add(db, of_each.labels(made))
            of_each.keep(db, list(waiting.redone), version)
        labels.quarantine(db, poison.items(), version, now)
        labels.set_languages(db, languages)
        labels.set_progress(db, "classify", waiting.upto, waiting.redone)


def _read_as_meant(
    model: Model, mentions: Sequence[Unlabelled], languages: Mapping[int, str]
) -> "list[Labelled]":
    """languages: of those that came without one."""
    texts = [one.text for one in mentions]
    return _as_meant(model, texts, [one.language or languages.get(one.id) for one in mentions])


def _as_meant(
    model: Model, texts: Sequence[str], languages: Sequence[str | None]
) -> "list[Labelled]":
    """What the model says of texts; praise that may be irony is in doubt."""
    from classifiers import Poison, Prediction  # noqa: PLC0415
    from classifiers.irony import may_be_ironic  # noqa: PLC0415

    def meant(text: str, language: str | None, read: "Labelled") -> "Labelled":
        if isinstance(read, Poison) or read.label != Sentiment.POSITIVE:
            return read
        if not may_be_ironic(text, language):
            return read
        return Prediction.of(*in_doubt((read.negative, read.neutral, read.positive)))

    read = model.predict_each(texts)
    return [meant(*each) for each in zip(texts, languages, read, strict=True)]


def _is_only_stars(text: str, given: float | None) -> bool:
    return given is not None and not text.strip()


def _label(
    one: Unlabelled,
    version: str,
    read: "Prediction | None",
    found: Found | None,
    now: datetime,
) -> Label:
    """`read`: what the model said of the text; None where there are only stars."""
    result = _weighed(read, one.stars, one.stars_scale)
    at_odds = read is not None and _at_odds(read, one.stars, one.stars_scale)
    wants = found.wants.get(one.id, Wants()) if found is not None else Wants()
    return Label(
        mention_id=one.id,
        subject_id=None,
        by=MODEL,
        model=_made_by(version, one.stars, read),
        sentiment=Sentiment(result.label),
        negative=result.negative,
        neutral=result.neutral,
        positive=result.positive,
        at_odds=at_odds,
        topics=found.topics.get(one.id, ()) if found is not None else (),
        intent=wants.intent,
        intent_confidence=wants.confidence,
        needs_answer=wants.needs_answer,
        reason=wants.reason,
        made_at=now,
    )


def _weighed(
    read: "Prediction | None", given: float | None, scale: int = stars.USUAL_SCALE
) -> "Prediction":
    """The label of text and stars together, one of which there is."""
    from classifiers import Prediction  # noqa: PLC0415

    if read is None and given is not None:
        return Prediction.of(*stars.alone(given, scale))
    if read is None:
        raise ValueError("neither words nor stars")
    if given is None:
        return read
    shares = stars.combine(read.negative, read.neutral, read.positive, given, scale)
    return Prediction.of(*(in_doubt(shares) if _at_odds(read, given, scale) else shares))


def _at_odds(read: "Prediction", given: float | None, scale: int) -> bool:
    return given is not None and stars.at_odds(read.negative, read.positive, given, scale)


def _made_by(version: str, given: float | None, read: "Prediction | None") -> str:
    """What made a label, as it is kept: the model, with the stars or without; or stars alone."""
    if given is None:
        return version
    return stars.VERSION if read is None else f"{version}+{stars.VERSION}"


@contextmanager
def started(name: str) -> Iterator[Model]:
    """A model for as long as it is needed. Raises UsageError when it cannot be had."""
    from classifiers import ClassifierError, Supervised  # noqa: PLC0415

    model = Supervised(name)
    try:
        _ = model.version
        yield model
    except ClassifierError as error:
        raise UsageError(str(error)) from None
    finally:
        model.close()


class Words(Protocol):
    """Tells topics by words alone."""

    def told(self, texts: Sequence[str]) -> list[tuple[str, ...]]: ...


def label_lines(
    model: Model, lines: Iterable[bytes], at_once: int, words: Words | None = None
) -> Iterator[dict[str, Any]]:
    """Lines of text, or of JSON with `text` in: the same objects with labels, in their order.

    `stars` (of `stars_scale`, else of five) are weighed in, and stand in for a missing text. A line
    that cannot be read, or that the model cannot bear, gives its number and the error, and has no
    `sentiment`. words: what tells the topics of those that come without.
    """
    numbered = enumerate(lines, start=1)
    while batch := list(islice(numbered, at_once)):
        yield from _label_batch(model, [_read_line(n, line) for n, line in batch], words)


@dataclass(frozen=True, slots=True)
class _Line:
    """What is to be labelled, or why it cannot be."""

    number: int
    row: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    stars: tuple[float, int] | None = None  # how many, of how many
    error: str = ""

    @property
    def has_words(self) -> bool:
        return not self.error and not (self.stars and _is_only_stars(self.text, self.stars[0]))


def _finite(text: str) -> float:
    if math.isfinite(number := float(text)):
        return number
    raise ValueError(f"{text[:20]} is no number that JSON can hold")


_JSON = json.JSONDecoder(parse_float=_finite, parse_constant=_finite)


def _read_line(number: int, line: bytes) -> _Line:
    try:
        text = line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
        row = _JSON.decode(text.strip()) if text.lstrip().startswith("{") else {"text": text}
    except (ValueError, RecursionError) as error:
        return _Line(number, error=f"this line cannot be read: {error}")
    try:
        given = _stars_of(row)
    except BadRecord as error:
        return _Line(number, error=str(error))
    words = row.get("text")
    if words is None and given is not None:
        words = ""
    if not isinstance(words, str):
        return _Line(number, error="text is missing, or is no text")
    return _Line(number, row, normalise(words).text, given)


def _stars_of(row: Mapping[str, Any]) -> tuple[float, int] | None:
    if row.get("stars") in (None, ""):
        return None
    given, scale = read_float("stars", row["stars"]), stars.USUAL_SCALE
    if row.get("stars_scale") not in (None, ""):
        scale = read_scale("stars_scale", row["stars_scale"])
    if not 0 <= given <= scale:
        raise BadRecord(f"stars {given:g} is outside 0..{scale}")
    return given, scale


def _label_batch(
    model: Model, lines: Sequence[_Line], words: Words | None
) -> Iterator[dict[str, Any]]:
    from classifiers import Poison, detect  # noqa: PLC0415

    sound = [one for one in lines if not one.error]
    languages = {
        one.number: language
        for one, (language, _) in zip(sound, detect([one.text for one in sound]), strict=True)
    }
    with_words = [one for one in lines if one.has_words]
    predicted = _as_meant(
        model, [one.text for one in with_words], [languages[one.number] for one in with_words]
    )
    read = iter(predicted)
    wants = iter(_wanted(with_words, predicted))
    for one in lines:
        result, wanted = (next(read), next(wants)) if one.has_words else (None, None)
        if one.error:
            yield {"line": one.number, "error": one.error}
            continue
        if isinstance(result, Poison):
            why = f"the model cannot bear this text: {result.reason}"
            yield {"line": one.number, "error": why}
        else:
            yield _labelled_row(one, languages[one.number], result, wanted, words)


def _wanted(lines: Sequence[_Line], predicted: "Sequence[Labelled]") -> list[Wants | None]:
    """What each line wants; None of one that the model cannot bear."""
    from classifiers import Poison  # noqa: PLC0415

    bearable = {
        i: _weighed(p, *(one.stars or (None,)))
        for i, (one, p) in enumerate(zip(lines, predicted, strict=True))
        if not isinstance(p, Poison)
    }
    said = [(p.negative, p.neutral, p.positive) for p in bearable.values()]
    read = Intents().read([lines[i].text for i in bearable], said) if bearable else []
    found = dict(zip(bearable, read, strict=True))
    return [found.get(i) for i in range(len(lines))]


def _labelled_row(
    one: _Line,
    language: str,
    read: "Prediction | None",
    wants: Wants | None,
    words: Words | None,
) -> dict[str, Any]:
    result = _weighed(read, *(one.stars or (None,)))
    return {
        **one.row,
        "language": one.row.get("language") or language,
        "sentiment": {
            "label": result.label,
            "negative": round(result.negative, 4),
            "neutral": round(result.neutral, 4),
            "positive": round(result.positive, 4),
        },
        "topics": one.row.get("topics") or list(words.told([one.text])[0] if words else ()),
        "intent": wants.intent if wants else None,
        "needs_answer": wants.needs_answer if wants else None,
        "reason": wants.reason if wants else None,
    }


@dataclass(frozen=True, slots=True)
class Measured:
    """How a model did, and how many texts it could not bear, which are in no figure."""

    scores: list[dict[str, Any]]  # a row for each language, and one for all
    poison: int


def with_gold(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The rows that a model can be measured against: they have a text and a label of ours.

    A label towards one of several subjects is none of the text.
    """
    wanted = (r for r in rows if r.get("label") in list(Sentiment) and r.get("text"))
    return [r for r in wanted if r.get("subject") is None]


def measured(
    model: Model, rows: Sequence[Mapping[str, Any]], done: Callable[[int], None] = lambda n: None
) -> Measured:
    """The model against given labels, by the text alone; `done` hears how many rows were read.

    Stars are left out: where the labels were made of them, they would measure themselves.
    """
    from classifiers import Poison  # noqa: PLC0415
    from classifiers.evaluate import evaluate  # noqa: PLC0415

    results: list[Labelled] = []
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        results += model.predict_each([normalise(str(r["text"])).text for r in part])
        done(len(results))
    known = [(r, p) for r, p in zip(rows, results, strict=True) if not isinstance(p, Poison)]
    scores = evaluate(
        [str(r["label"]) for r, _ in known],
        [p for _, p in known],
        [str(r.get("language") or r.get("lang") or "und") for r, _ in known],
    )
    return Measured([asdict(row) for row in scores], len(rows) - len(known))


def take_given(store: Store, subject_ids: dict[str, int], now: datetime) -> int:
    """Instead of a model: take the label that came with each mention; without one, leave it so."""
    waiting = _next(store)
    if waiting is None:
        return 0
    made = [
        Label(
            mention_id=one.id,
            subject_id=subject_ids.get(one.brand.casefold()) if one.brand else None,
            by=GIVEN,
            model=None,
            sentiment=one.given,
            negative=float(one.given is Sentiment.NEGATIVE),
            neutral=float(one.given is Sentiment.NEUTRAL),
            positive=float(one.given is Sentiment.POSITIVE),
            topics=one.given_topics,
            made_at=now,
        )
        for one in waiting.mentions
        if one.given is not None
    ]
    with store.write() as db:
        labels.add(db, made, replacing=waiting.redone)
        labels.set_languages(db, _languages(waiting.mentions))
        labels.set_progress(db, "classify", waiting.upto, waiting.redone)
    return max(len(waiting.mentions), 1)


def _next(store: Store) -> Waiting | None:
    with store.read() as db:
        return labels.next_unlabelled(db, AT_ONCE)


def _languages(mentions: Sequence[Unlabelled]) -> list[tuple[int, str]]:
    """The languages of those that came without one."""
    unknown = [one for one in mentions if one.language is None]
    if not unknown:
        return []
    import classifiers  # noqa: PLC0415  # heavy: only when there is something to do

    found = classifiers.detect([one.text for one in unknown])
    return [(one.id, language) for one, (language, _) in zip(unknown, found, strict=True)]
