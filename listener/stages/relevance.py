"""Beside stage two: how relevant mentions are to subjects that say what they are about.

`classify` has this done for what it labels, and keeps it in the same transaction, so that nothing
is measured before it is judged. What is stored already is judged anew when an `about` line, a
person's word or the model has changed.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from listener.domain.relevance import About, Judge, fingerprint, fitted
from listener.domain.vector import Embedder, packed, unpacked
from listener.store import embeddings, mentions, relevance
from listener.store.connection import Db, Store
from listener.store.relevance import Found, Rescored, Verdict

if TYPE_CHECKING:
    from listener.domain.vector import Vector

BACK = timedelta(days=30)  # what was said longer ago is not judged anew
AT_ONCE = 250
MOST_VERDICTS = 2000  # the newest; more of them change little and take long
OTHERS = 200  # mentions on which nobody said a word, that are shown to a judge


@dataclass(frozen=True, slots=True)
class Relevance:
    """Which subjects say what they are about, and what judges mentions by it."""

    abouts: Mapping[int, About]  # by the number of the subject
    embedder: Embedder
    memory: dict[int, tuple[str, Judge]] = field(default_factory=dict)  # with its fingerprint

    def found(self, store: Store, mention_ids: Sequence[int]) -> list[tuple[int, int]]:
        """The pairs of a mention and a subject that are to be judged."""
        models = self.models(store, self.embedder.version)
        if not models:
            return []
        with store.read() as db:
            return [(i, s) for i, s in relevance.found_by(db, mention_ids) if s in models]

    def read(
        self,
        store: Store,
        pairs: Sequence[tuple[int, int]],
        vectors: "Mapping[int, Vector]",
        redone: Collection[int],
        now: datetime,
    ) -> Callable[[Db], None]:
        """Judge mentions that are being labelled; what is returned keeps what was found.

        redone: those that were judged before, by words that may have changed.
        """
        models = self.models(store, self.embedder.version)
        subjects = {s for _, s in pairs if s in models}
        judges = {s: self.judge(store, s, models[s], now) for s in subjects}

        def keep(db: Db) -> None:
            relevance.forget_words(db, redone)
            for subject_id, judge in judges.items():
                mine = {i: vectors[i] for i, s in pairs if s == subject_id and i in vectors}
                _keep(db, subject_id, judge, mine, models[subject_id], now)

        return keep

    def models(self, store: Store, version: str | None) -> dict[int, str]:
        """What judges each subject, by a fingerprint; only those of which something is known."""
        if version is None or not self.abouts:
            return {}
        with store.read() as db:
            said = relevance.verdicts_said(db)
        return {
            i: fingerprint(about, version, said.get(i))
            for i, about in self.abouts.items()
            if about.unwanted or i in said
        }

    def vectors(self, texts: Mapping[int, str]) -> "dict[int, Vector]":
        found = self.embedder.embed(list(texts.values())) if texts else []
        return {i: v for i, v in zip(texts, found, strict=True) if v is not None}

    def judge(self, store: Store, subject_id: int, model: str, now: datetime) -> Judge | None:
        """Who judges a subject; None where its own line is one that no model can bear."""
        kept = self.memory.get(subject_id)
        if kept is not None and kept[0] == model:
            return kept[1]
        about = self.abouts[subject_id]
        parts = [v for v in self.embedder.embed(about.parts) if v is not None]
        if len(parts) < len(about.parts):
            return None
        judge = fitted(parts, *self._taught(store, subject_id, now))
        self.memory[subject_id] = (model, judge)
        return judge

    def _taught(
        self, store: Store, subject_id: int, now: datetime
    ) -> "tuple[list[tuple[Vector, bool]], list[Vector]]":
        """What people said of a subject's mentions, and some on which nobody said anything."""
        version = self.embedder.version or ""
        with store.read() as db:
            said = relevance.verdicts(db, subject_id, version, MOST_VERDICTS)
            others = (
                relevance.newest_found(db, subject_id, version, since=now - BACK, limit=OTHERS)
                if said
                else []
            )
        rows: list[Found | Verdict] = [*said, *others]
        known, fresh = self.known_and_fresh(rows)
        if fresh:
            with store.write() as db:
                _keep_vectors(db, fresh, rows, version)
        vectors = {**known, **fresh}
        told = [(vectors[v.mention_id], v.relevant) for v in said if v.mention_id in vectors]
        return told, [vectors[o.mention_id] for o in others if o.mention_id in vectors]

    def known_and_fresh(
        self, rows: "Sequence[Found | Verdict]"
    ) -> "tuple[dict[int, Vector], dict[int, Vector]]":
        """The vectors that are there, and those that are made now."""
        known = {r.mention_id: unpacked(r.vector) for r in rows if r.vector is not None}
        lacking = {r.mention_id: r.text for r in rows if r.vector is None and r.text.strip()}
        return known, self.vectors(lacking)


def judge_anew(store: Store, watch: Relevance, now: datetime) -> int:
    """Judge some of what is stored again, where that is due; returns how much, 0 when nothing is.

    What is judged otherwise is measured anew.
    """
    version = watch.embedder.version
    if version is None:
        return 0
    models = watch.models(store, version)
    with store.read() as db:
        states = relevance.rescored(db)
    for subject_id in sorted(models.keys() | states.keys()):
        model = models.get(subject_id, "")
        state = states.get(subject_id, Rescored("", 0, done=True))
        if state.model != model:
            state = Rescored(model, 0, done=False)
        if not state.done:
            return _some_anew(store, watch, subject_id, state, now)
    return 0


def _some_anew(
    store: Store, watch: Relevance, subject_id: int, state: Rescored, now: datetime
) -> int:
    if not state.model:
        with store.write() as db:
            relevance.forget_subject(db, subject_id)
            relevance.set_rescored(db, subject_id, state._replace(done=True))
        return 1
    version = watch.embedder.version or ""
    with store.read() as db:
        found = relevance.next_found(
            db, subject_id, version, after=state.upto, since=now - BACK, limit=AT_ONCE
        )
    judge = watch.judge(store, subject_id, state.model, now) if found else None
    known, fresh = watch.known_and_fresh(found)
    upto = found[-1].mention_id if found else state.upto
    done = len(found) < AT_ONCE
    with store.write() as db:
        _keep_vectors(db, fresh, found, version)
        changed = _keep(db, subject_id, judge, {**known, **fresh}, state.model, now)
        mentions.redo(db, "measure", changed)
        relevance.set_rescored(db, subject_id, Rescored(state.model, upto, done))
    return max(len(found), 1)


def _keep(
    db: Db,
    subject_id: int,
    judge: Judge | None,
    vectors: "Mapping[int, Vector]",
    model: str,
    now: datetime,
) -> list[int]:
    """Keep what the judge says; returns the mentions that were judged otherwise before."""
    held = sorted(mentions.held(db, vectors)) if vectors and judge else []
    if judge is None or not held:
        return []
    scores = judge([vectors[i] for i in held])
    rows = [(i, subject_id, s, s >= judge.threshold) for i, s in zip(held, scores, strict=True)]
    return relevance.keep_scores(db, rows, model, now)


def _keep_vectors(
    db: Db, vectors: "Mapping[int, Vector]", rows: "Sequence[Found | Verdict]", version: str
) -> None:
    texts = {r.mention_id: r.text for r in rows}
    embeddings.keep(db, {i: packed(v) for i, v in vectors.items()}, texts, version)
