"""Stage two: what is new gets its language and its label."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol

from listener.domain.label import GIVEN, MODEL, Label, Sentiment
from listener.domain.text import is_question, normalise
from listener.errors import UsageError
from listener.store import labels
from listener.store.connection import Store
from listener.store.labels import Unlabelled, Waiting

if TYPE_CHECKING:
    from classifiers import Poison, Prediction

    Labelled = Prediction | Poison

AT_ONCE = 1000
AT_STAKE = 250  # texts whose labels are lost when we are killed


class Model(Protocol):
    """A classifier that survives every text, as the supervised ones of `classifiers` do."""

    @property
    def version(self) -> str: ...

    def predict_each(self, texts: Sequence[str]) -> "list[Labelled]": ...

    def close(self) -> None: ...


def classify(store: Store, model: Model, now: datetime) -> int:
    """Label one batch by the model; returns how many mentions were done, 0 when none is left.

    A text that the model cannot bear is set aside with the reason, and the others go on. What is
    found out of it takes long, so it is kept part by part.
    """
    waiting = _next(store)
    if waiting is None:
        return 0
    for part in waiting.parts(AT_STAKE):
        _classify(store, model, part, now)
    return max(len(waiting.mentions), 1)


def _classify(store: Store, model: Model, waiting: Waiting, now: datetime) -> None:
    from classifiers import Poison  # noqa: PLC0415  # no door loads a model

    texts = [one.text for one in waiting.mentions]
    languages = _languages(waiting.mentions)
    results = model.predict_each(texts) if texts else []
    made, poison = [], []
    for one, result in zip(waiting.mentions, results, strict=True):
        if isinstance(result, Poison):
            poison.append((one.id, result.reason))
        else:
            made.append(_label(one.id, model.version, result, now))
    with store.write() as db:
        labels.add(db, made, replacing=waiting.redone)
        labels.quarantine(db, poison, model.version, now)
        labels.set_languages(db, languages)
        labels.set_progress(db, "classify", waiting.upto, waiting.redone)


def _label(mention_id: int, version: str, result: "Prediction", now: datetime) -> Label:
    return Label(
        mention_id=mention_id,
        subject_id=None,
        by=MODEL,
        model=version,
        sentiment=Sentiment(result.label),
        negative=result.negative,
        neutral=result.neutral,
        positive=result.positive,
        made_at=now,
    )


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


def label_lines(model: Model, lines: Iterable[bytes], at_once: int) -> Iterator[dict[str, Any]]:
    """Lines of text, or of JSON with `text` in: the same objects with labels, in their order.

    A line that cannot be read, or that the model cannot bear, gives its number and the error.
    """
    numbered = enumerate(lines, start=1)
    while batch := list(islice(numbered, at_once)):
        yield from _label_batch(model, [(n, _row(n, line)) for n, line in batch])


def _finite(text: str) -> float:
    if math.isfinite(number := float(text)):
        return number
    raise ValueError(f"{text[:20]} is no number that JSON can hold")


_JSON = json.JSONDecoder(parse_float=_finite, parse_constant=_finite)


def _row(number: int, line: bytes) -> dict[str, Any]:
    try:
        text = line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
        row = _JSON.decode(text.strip()) if text.lstrip().startswith("{") else {"text": text}
    except (ValueError, RecursionError) as error:
        return {"line": number, "error": f"this line cannot be read: {error}"}
    if not isinstance(row.get("text"), str):
        return {"line": number, "error": "text is missing, or is no text"}
    return dict(row)


def _label_batch(model: Model, rows: list[tuple[int, dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    from classifiers import Poison, detect  # noqa: PLC0415

    texts = [normalise(row["text"]).text for _, row in rows if "error" not in row]
    results = iter(zip(model.predict_each(texts), detect(texts), texts, strict=True))
    for number, row in rows:
        if "error" in row:
            yield row
            continue
        result, (language, _), text = next(results)
        if isinstance(result, Poison):
            yield {"line": number, "error": f"the model cannot bear this text: {result.reason}"}
            continue
        yield {
            **row,
            "language": row.get("language") or language,
            "sentiment": {
                "label": result.label,
                "negative": round(result.negative, 4),
                "neutral": round(result.neutral, 4),
                "positive": round(result.positive, 4),
            },
            "topics": row.get("topics") or [],
            "intent": "question" if is_question(text) else None,
        }


def measured(model: Model, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The model against given labels: a row for each language, and one for all."""
    from classifiers import Poison, Prediction  # noqa: PLC0415
    from classifiers.evaluate import evaluate  # noqa: PLC0415

    wanted = [r for r in rows if r.get("label") in list(Sentiment) and r.get("text")]
    results = model.predict_each([normalise(str(r["text"])).text for r in wanted])
    known = [(r, p) for r, p in zip(wanted, results, strict=True) if not isinstance(p, Poison)]
    languages = [str(r.get("language") or r.get("lang") or "und") for r, _ in known]
    truth = [str(r["label"]) for r, _ in known]
    said: list[Prediction] = [p for _, p in known]
    return [asdict(row) for row in evaluate(truth, said, languages)]


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
