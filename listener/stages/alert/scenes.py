"""What the spike rule judges, read from the store: voices, competitors, topics, known events."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from listener.domain.events import Span
from listener.domain.part import EVERY, Part
from listener.domain.subject import Subject
from listener.domain.times import BUCKET, from_text
from listener.domain.voice import Voice
from listener.rules.spike.parts import Risen
from listener.rules.spike.scene import SpikeScene
from listener.rules.spike.whose import Rival
from listener.stages.alert import expected
from listener.stages.alert.tick import Tick
from listener.store import crowds, matches, series
from listener.store.connection import Db

USUAL = timedelta(days=7)  # whose texts tell what is new
WEIGHED = timedelta(days=14)  # whose topics tell which rose
DAYS = 28  # whose same hours tell whether a competitor rose
MOST_RIVALS = 20
MOST_TOPICS = 10
MOST_OF_ALL = 2000  # voices that are read; of more the first ones, and the loudest
MOST_READ = 5000  # of which those of a part are taken
LOUDEST = 100


def scene(
    db: Db,
    brand: Subject,
    part: Part,
    alarm: Mapping[str, Any],
    negatives: tuple[Voice, ...],
    risen: Sequence[Risen],
    tick: Tick,
) -> SpikeScene:
    """All that is known around an alarm; `negatives` are those of its window."""
    window = window_of(alarm)
    usual = matches.voices(db, brand.id, window[0] - USUAL, window[0], limit=500)
    said = expected.said(db, brand, part, window, tick)
    return SpikeScene(
        subject_id=brand.id,
        subject=brand.name,
        now=tick.now,
        alarm=alarm,
        negatives=negatives,
        people=crowds.crowd(db, brand.id, *window, part),
        usual=tuple(v.text for v in usual if _is_in(v, part)),
        part=part,
        parts=tuple(risen),
        topics=_usual_topics(db, brand.id, negatives, window),
        rivals=tuple(rivals(db, part, negatives, window, tick)),
        events=said.names,
        beyond_last=said.beyond_last,
    )


def window_of(alarm: Mapping[str, Any]) -> Span:
    return from_text(alarm["started_at"]), from_text(alarm["at"]) + BUCKET


def negatives_of(
    db: Db, subject_id: int, part: Part, since: datetime, until: datetime
) -> tuple[Voice, ...]:
    """The negative voices of a part in a span, oldest first; of very many not all."""
    limit = MOST_OF_ALL if part.is_whole else MOST_READ
    said = matches.voices(db, subject_id, since, until, sentiment="negative", limit=limit)
    if len(said) == limit:
        said = _with_the_loudest(db, subject_id, since, until, said)
    return tuple(v for v in said if _is_in(v, part))


def _with_the_loudest(
    db: Db, subject_id: int, since: datetime, until: datetime, said: Sequence[Voice]
) -> list[Voice]:
    loudest = matches.voices(
        db, subject_id, since, until, sentiment="negative", limit=LOUDEST, loudest=True
    )
    both = {voice.id: voice for voice in (*said, *loudest)}
    return sorted(both.values(), key=lambda voice: (voice.said_at, voice.id))


def _is_in(voice: Voice, part: Part) -> bool:
    in_channel = part.channel in (EVERY, voice.channel)
    return in_channel and (not part.topic or part.topic in voice.topics)


def _usual_topics(db: Db, subject_id: int, said: Sequence[Voice], window: Span) -> dict[str, float]:
    """Of each topic of these voices, how many negatives such a window has by the days before."""
    counts = Counter(topic for voice in said for topic in voice.topics)
    began = series.first(db, subject_id)
    if not counts or began is None:
        return {}
    since = max(window[0] - WEIGHED, began)
    part_of = (window[1] - window[0]) / max(window[0] - since, timedelta(days=1))
    return {
        topic: series.tally(db, subject_id, since, window[0], Part(EVERY, topic)).negative * part_of
        for topic, _ in counts.most_common(MOST_TOPICS)
    }


def rivals(db: Db, part: Part, negatives: Sequence[Voice], window: Span, tick: Tick) -> list[Rival]:
    """The competitors in the same hours; in one hour at least, so that there is something."""
    others = tick.rivals[:MOST_RIVALS]
    until = window[1]
    since = min(window[0], until - timedelta(hours=1))
    firsts = [v.id for v in negatives if v.copy_of is None]
    shared = series.shared(db, firsts, [rival.id for rival in others])
    return [
        Rival(
            name=rival.name,
            negative=series.tally(db, rival.id, since, until, part).negative,
            before=_before(db, rival.id, part, since, until),
            shared=shared.get(rival.id, 0),
        )
        for rival in others
    ]


def _before(
    db: Db, subject_id: int, part: Part, since: datetime, until: datetime
) -> tuple[int, ...]:
    began = series.first(db, subject_id, part)
    if began is None:
        return ()
    found = []
    for days in range(1, DAYS + 1):
        back = timedelta(days=days)
        if since - back < began:
            break
        then = series.tally(db, subject_id, since - back, until - back, part)
        if then.measured:
            found.append(then.negative)
    return tuple(found)
