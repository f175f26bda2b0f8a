"""Stage two: what is new gets its language and its label."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from listener.domain.label import GIVEN, MODEL, Label, Sentiment
from listener.store import labels
from listener.store.connection import Store
from listener.store.labels import Unlabelled, Waiting

if TYPE_CHECKING:
    from classifiers import Prediction, Supervised

AT_ONCE = 500


def classify(store: Store, model: "Supervised", now: datetime) -> int:
    """Label one batch by the model; returns how many mentions were done, 0 when none is left.

    A text that the model cannot bear is set aside with the reason, and the others go on.
    """
    from classifiers import Poison  # noqa: PLC0415  # no door loads a model

    waiting = _next(store)
    if waiting is None:
        return 0
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
    return max(len(waiting.mentions), 1)


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
