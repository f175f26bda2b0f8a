"""The influencer rule: a post of somebody whom many follow, that surely praises or criticises."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from listener.domain.incident import Finding, Severity
from listener.domain.label import Sentiment
from listener.domain.subject import Role
from listener.domain.times import to_json
from listener.domain.voice import Voice
from listener.domain.wording import Amount, Names, Sentences, Wording, together

SHOWN: Final = 20
MOST_ROWS: Final = 200  # that an incident remembers to have told of


class Says(StrEnum):
    PRAISE = "praise"
    CRITICISM = "criticism"


SENTIMENTS: Final = {
    Sentiment.POSITIVE.value: Says.PRAISE,
    Sentiment.NEGATIVE.value: Says.CRITICISM,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What an influencer wrote about a brand or a competitor.

    is_repeat: the same was said before, by the same influencer. is_own: its label is a person's, or
    of this subject alone; one of the whole text may mean another that it names.
    """

    voice: Voice
    influencer: str
    views: int | None = None
    others: tuple[str, ...] = ()  # brands and competitors that it names too
    is_own: bool = False
    is_repeat: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InfluencerScene:
    """Posts about one subject that nobody has judged yet, or judged otherwise; oldest first."""

    subject_id: int
    subject: str
    role: Role
    now: datetime
    posts: tuple[Post, ...]
    told: frozenset[tuple[int, Says]] = frozenset()  # rows, and as what they were told


@dataclass(frozen=True, slots=True, kw_only=True)
class InfluencerRule:
    """What an influencer's accounts write about a brand, where its label is sure enough.

    Praise is told only where the whole text speaks of nobody else, or the label of this brand
    alone; of criticism that may mean another, it is said. Of competitors at most praise is told.
    """

    praise: bool = True
    criticism: bool = True
    competitors: bool = False  # their praise is told too, for information
    min_confidence: float = field(default=0.7, metadata={"between": (0.34, 1.0)})
    max_age: timedelta = field(
        default=timedelta(hours=24),
        metadata={"between": (timedelta(minutes=5), timedelta(days=31))},
    )  # what was said longer ago is no news

    def says(self, post: Post, role: Role = Role.BRAND) -> Says | None:
        """What a post is told as; None: nothing."""
        said = SENTIMENTS.get(post.voice.sentiment or "")
        sure = post.voice.confidence is None or post.voice.confidence >= self.min_confidence
        if said is None or not sure:
            return None
        if said is Says.PRAISE and post.others and not post.is_own:
            return None
        if role is Role.COMPETITOR:
            return said if said is Says.PRAISE and self.competitors else None
        return said if (self.praise if said is Says.PRAISE else self.criticism) else None

    def is_news(self, post: Post, now: datetime) -> bool:
        return now - post.voice.said_at <= self.max_age

    def __call__(self, scene: InfluencerScene) -> list[Finding]:
        """One finding for each influencer, and for praise and criticism apart."""
        found: dict[tuple[str, Says], list[Post]] = {}
        for post in scene.posts:
            said = self.says(post, scene.role)
            if said is None or post.is_repeat or (post.voice.id, said) in scene.told:
                continue
            if self.is_news(post, scene.now):
                found.setdefault((post.influencer, said), []).append(post)
        return [_finding(scene, name, said, posts) for (name, said), posts in sorted(found.items())]


def key_of(subject: str, influencer: str, said: Says) -> str:
    return f"influencer:{subject}:{influencer}:{said.value}"


def _finding(scene: InfluencerScene, name: str, said: Says, posts: Sequence[Post]) -> Finding:
    is_rival = scene.role is Role.COMPETITOR
    evidence = {
        "kind": said.value,
        "influencer": name,
        "role": "a competitor" if is_rival else None,
        "posts": len(posts),
        "reach": _reach(posts),
        "accounts": list(dict.fromkeys(_account(post) for post in posts)),
        "in_doubt": _in_doubt(posts),
        "items": [_item(post, scene.now) for post in posts[:SHOWN]],
        "rows": [post.voice.id for post in posts][:MOST_ROWS],
    }
    finding = Finding(
        key=key_of(scene.subject, name, said),
        rule="influencer",
        subject_id=scene.subject_id,
        severity=_severity(said, posts),
        title="",
        why="",
        mentions=tuple(post.voice.id for post in posts)[:SHOWN],
        evidence=evidence,
    )
    return _worded(finding, scene.subject)


def _severity(said: Says, posts: Sequence[Post]) -> Severity:
    """Criticism is grave where it is surely of this brand; praise is no trouble."""
    if said is Says.PRAISE:
        return Severity.INFO
    return Severity.HIGH if any(_is_of_it(post) for post in posts) else Severity.WATCH


def _is_of_it(post: Post) -> bool:
    return post.is_own or not post.others


def _in_doubt(posts: Sequence[Post]) -> list[str]:
    """Whom else the posts may mean."""
    return sorted({name for post in posts if not _is_of_it(post) for name in post.others})


def _reach(posts: Sequence[Post]) -> int | None:
    known = [n for post in posts for n in (post.voice.followers, post.views) if n is not None]
    return max(known, default=None)


def _account(post: Post) -> str:
    return f"{post.voice.author} on {post.voice.name.partition(':')[0]}"


def _worded(finding: Finding, subject: str) -> Finding:
    """The finding with the title and the line of reasons that its evidence gives."""
    doubt = together(finding.evidence["in_doubt"])
    return replace(
        finding,
        title=_title(finding.evidence, subject),
        why=Sentences(
            _by(finding.evidence),
            Wording("It names %(names)s too: read who is meant.", names=doubt) if doubt else "",
        ),
    )


def _title(evidence: Mapping[str, Any], subject: str) -> str:
    praises, count = evidence["kind"] == Says.PRAISE, evidence["posts"]
    of_rival = Wording("%(subject)s, a competitor", subject=subject)
    named = {
        "influencer": evidence["influencer"],
        "subject": of_rival if evidence["role"] else subject,
    }
    if count > 1:
        named["count"] = Amount(count)
        if praises:
            return Wording("%(influencer)s praises %(subject)s in %(count)s posts", **named)
        return Wording("%(influencer)s criticises %(subject)s in %(count)s posts", **named)
    if praises:
        return Wording("%(influencer)s praises %(subject)s", **named)
    return Wording("%(influencer)s criticises %(subject)s", **named)


def _by(evidence: Mapping[str, Any]) -> str:
    """Whose account it was, how far it reaches, and how sure the least sure label is."""
    reach = evidence["reach"]
    sure = min((i["confidence"] for i in evidence["items"] if i["confidence"]), default=None)
    doubtful = sure is not None and sure < 1
    named: dict[str, str] = {"accounts": Names(*map(_named_account, evidence["accounts"]))}
    if reach:
        named["reach"] = Amount(f"{reach:,}")
    if doubtful:
        named["sure"] = Amount(f"{sure:.0%}")
    if reach and doubtful:
        return Wording("By %(accounts)s; reaches %(reach)s; the label is %(sure)s sure.", **named)
    if reach:
        return Wording("By %(accounts)s; reaches %(reach)s.", **named)
    if doubtful:
        return Wording("By %(accounts)s; the label is %(sure)s sure.", **named)
    return Wording("By %(accounts)s.", **named)


def _named_account(account: str) -> str:
    """As `_account` wrote it."""
    author, on, source = account.rpartition(" on ")
    return Wording("%(author)s on %(source)s", author=author, source=source) if on else account


def joined(new: Finding, before: Finding, subject: str) -> Finding:
    """What is new, which it rests on, counted together with what an open incident has gathered."""
    was, now = before.evidence, new.evidence
    reach = [one for one in (now["reach"], was["reach"]) if one is not None]
    both = replace(
        new,
        severity=max(new.severity, before.severity, key=lambda one: one.rank),
        evidence={
            **now,
            "posts": now["posts"] + was["posts"],
            "reach": max(reach, default=None),
            "accounts": list(dict.fromkeys([*now["accounts"], *was["accounts"]])),
            "in_doubt": sorted({*now["in_doubt"], *was["in_doubt"]}),
            "items": [*now["items"], *was["items"]][:SHOWN],
            "rows": [*now["rows"], *was["rows"]][:MOST_ROWS],
        },
    )
    return _worded(both, subject)


def without(before: Finding, rows: Collection[int], subject: str) -> Finding | None:
    """What an incident is without posts that turned out to say something else; None: nothing."""
    left = [row for row in before.evidence["rows"] if row not in rows]
    if not left:
        return None
    gone = len(before.evidence["rows"]) - len(left)
    items = [item for item in before.evidence["items"] if item["row"] not in rows]
    evidence = {
        **before.evidence,
        "posts": before.evidence["posts"] - gone,
        "items": items,
        "rows": left,
    }
    return _worded(replace(before, evidence=evidence), subject)


def _item(post: Post, now: datetime) -> dict[str, Any]:
    return {
        "row": post.voice.id,
        "id": post.voice.name,
        "followers": post.voice.followers,
        "views": post.views,
        "said_at": to_json(post.voice.said_at),
        "found_at": to_json(now),
        "confidence": post.voice.confidence,
    }
