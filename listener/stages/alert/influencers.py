"""What influencers write: each post is told once, at once; corrections change what was told."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from listener.domain.copies import alike, read
from listener.domain.incident import Event, Finding, Incident, as_finding
from listener.domain.label import standing
from listener.domain.subject import Role, Subject
from listener.domain.voice import Voice
from listener.domain.wording import Wording
from listener.rules.influencer import (
    InfluencerRule,
    InfluencerScene,
    Post,
    Says,
    joined,
    key_of,
    without,
)
from listener.stages.alert import newly
from listener.stages.alert.telling import Telling, tell
from listener.stages.alert.watch import Watch
from listener.store import incidents, influencers, labels, matches
from listener.store import newly as rows
from listener.store.connection import Db, Store
from listener.store.influencers import Writer
from listener.store.newly import New

RULE: Final = "influencer"
CORRECTIONS: Final = f"{RULE} corrections"
TOGETHER: Final = timedelta(hours=6)  # posts of one influencer that come so near are one incident
AT_ONCE: Final = 500  # mentions that are looked up together
EVENTS: Final = {
    Says.PRAISE: Event.INFLUENCER_PRAISE,
    Says.CRITICISM: Event.INFLUENCER_CRITICISM,
}


def watch(store: Store, watch: Watch, now: datetime) -> int:
    """Judge what was measured or corrected since; returns how many notices were written."""
    rule: InfluencerRule | None = watch.rules.get(RULE)
    if rule is None:
        return 0
    told = newly.end_quiet(store, RULE, watch.telling, now, TOGETHER)
    followed = followed_in(watch)
    about = [s for s in watch.subjects if s.role is not Role.INFLUENCER]
    if not followed or not about:
        return told
    ids = [s.id for s in about]
    with store.read() as db:
        last = labels.progress(db, CORRECTIONS)
        upto = rows.corrections(db, last)
        new = newly.look(db, RULE, ids, {}, now, rule.max_age)
        if new is None and upto == last:
            return told
        fresh = list(new.fresh) if new else []
        if last:
            fresh += rows.corrected(db, ids, last, upto)
        judged = list(_judged(db, about, followed, fresh))
        findings = [(f, s) for s, posts in judged for f in _findings(db, rule, s, posts, now)]
    with store.write() as db:
        for subject, posts in judged:
            told += _take_back(db, rule, subject, posts, watch.telling, now)
        for finding, subject in findings:
            told += _take_up(db, finding, subject, watch.telling, now)
        if new is not None:
            newly.done(db, RULE, new.upto)
        labels.set_progress(db, CORRECTIONS, upto)
    return told


def followed_in(watch: Watch) -> list[Subject]:
    """The influencers whose accounts are known."""
    return [s for s in watch.subjects if s.role is Role.INFLUENCER and s.accounts]


def told_here(
    db: Db, watch: Watch, subject: Subject, mention_ids: Sequence[int], now: datetime
) -> frozenset[int]:
    """Those of these mentions that are told as an influencer's, so that no other rule has to."""
    rule: InfluencerRule | None = watch.rules.get(RULE)
    followed = followed_in(watch)
    if rule is None or not followed or not mention_ids:
        return frozenset()
    posts = posts_of(db, subject, mention_ids, followed)
    return frozenset(
        one.voice.id
        for one in posts
        if rule.says(one, subject.role) is not None and rule.is_news(one, now)
    )


def _judged(
    db: Db,
    about: Sequence[Subject],
    followed: Sequence[Subject],
    fresh: Collection[New],
) -> Iterator[tuple[Subject, list[Post]]]:
    """Of each subject the fresh mentions that influencers wrote, oldest first."""
    by_subject: dict[int, set[int]] = {}
    for one in fresh:
        by_subject.setdefault(one.subject_id, set()).add(one.mention_id)
    for subject in about:
        posts = posts_of(db, subject, sorted(by_subject.get(subject.id, ())), followed)
        if posts:
            yield subject, posts


def posts_of(
    db: Db, subject: Subject, mention_ids: Sequence[int], followed: Sequence[Subject]
) -> list[Post]:
    """Those of these mentions of a subject that one of the influencers wrote."""
    found: list[Post] = []
    for start in range(0, len(mention_ids), AT_ONCE):
        by = influencers.writers(db, mention_ids[start : start + AT_ONCE], followed)
        found += _posts(db, subject, by, followed) if by else []
    return found


def _posts(
    db: Db, subject: Subject, by: dict[int, Writer], followed: Sequence[Subject]
) -> Iterator[Post]:
    others = influencers.others(db, list(by), subject.id)
    said = labels.of(db, list(by))
    for voice in matches.voices_by_id(db, subject.id, list(by)):
        label = standing(said.get(voice.id, []), subject.id)
        yield Post(
            voice=voice,
            influencer=by[voice.id].influencer.name,
            views=by[voice.id].views,
            others=others.get(voice.id, ()),
            is_own=label is not None and (label.subject_id is not None or label.is_word),
            is_repeat=_is_repeat(db, voice, subject, by[voice.id].influencer),
        )


def _is_repeat(db: Db, voice: Voice, subject: Subject, influencer: Subject) -> bool:
    """Whether the same influencer has said the same before: lately anywhere, else there."""
    if voice.copy_of is not None and influencers.writers(db, [voice.copy_of], [influencer]):
        return True
    mine = influencers.words_of(db, voice.id)
    words = read(mine.text)
    for older in influencers.before(db, voice.id, subject.id, voice.said_at):
        if mine.fold is not None and mine.fold == older.fold:
            return True
        theirs = read(older.text)
        if words is not None and theirs is not None and alike(words, theirs):
            return True
    return False


def _findings(
    db: Db, rule: InfluencerRule, subject: Subject, posts: Sequence[Post], now: datetime
) -> list[Finding]:
    told = {
        (row, said)
        for said in Says
        for name in {post.influencer for post in posts}
        for row in incidents.rows_told(db, key_of(subject.name, name, said), now - newly.REMEMBERED)
    }
    return rule(
        InfluencerScene(
            subject_id=subject.id,
            subject=subject.name,
            role=subject.role,
            now=now,
            posts=tuple(posts),
            told=frozenset(told),
        )
    )


def _take_up(db: Db, finding: Finding, subject: Subject, telling: Telling, now: datetime) -> int:
    def join(one: Finding, before: Finding) -> Finding:
        return joined(one, before, subject.name)

    return newly.add(db, finding, EVENTS[Says(finding.evidence["kind"])], join, telling, now)


def _take_back(
    db: Db,
    rule: InfluencerRule,
    subject: Subject,
    posts: Sequence[Post],
    telling: Telling,
    now: datetime,
) -> int:
    """Take posts out of open incidents that say something else now; their messages show it."""
    told = 0
    for said in Says:
        for name in {post.influencer for post in posts}:
            last = incidents.latest(db, key_of(subject.name, name, said))
            gone = {post.voice.id for post in posts if rule.says(post, subject.role) is not said}
            if last is None or last.resolved_at or gone.isdisjoint(last.evidence["rows"]):
                continue
            told += _shrink(db, last, gone, telling, now)
    return told


def _shrink(db: Db, last: Incident, gone: set[int], telling: Telling, now: datetime) -> int:
    left = without(as_finding(last), gone, last.subject)
    if left is not None:
        incidents.update(db, last.id, left, now)
        return tell(db, left, Event.INCIDENT_UPDATED, last.id, telling, now)
    title = Wording("Taken back: %(title)s", title=last.title)
    why = Wording("Its label was corrected, or the post edited.")
    incidents.retitle(db, last.id, title, why)
    incidents.resolve(db, last.id, now, detail="the label was corrected, or the post edited")
    return newly.tell_over(db, replace(last, title=title, why=why), telling, now)


def next_due(store: Store) -> datetime | None:
    """When an incident ends by itself."""
    return newly.next_end(store, RULE, TOGETHER)
