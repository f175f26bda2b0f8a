"""Closing the loop: mentions tied to an issue, and whom to go back to when it is fixed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from listener import named
from listener.domain.wording import Wording
from listener.errors import UsageError
from listener.store import issues, people, undoable
from listener.store.connection import Db, Row, Store
from listener.texts.drafts import draft

LONGEST = 200  # of an issue's name, which may be a link


def link(store: Store, name: str, issue: str, who: str, now: datetime) -> str:
    """Tie a mention to an issue of a tracker; returns the issue's name as it is kept."""
    issue = issue.strip()
    if not issue or len(issue) > LONGEST or not issue.isprintable():
        raise UsageError(
            Wording("an issue is named by one line of at most %(most)s characters.", most=LONGEST)
        )
    with store.write() as db:
        mention_id = named.mention(db, name)
        is_new = issues.tie(db, issue, mention_id, who, now)
        act = people.write_down(db, who, "linked", named.called(db, mention_id), now, issue)
        if is_new:
            undoable.remember(db, act, mention_id, {"issue": issue})
    return issue


def unlink(store: Store, name: str, issue: str, who: str, now: datetime) -> None:
    """Take a tie back. Raises UsageError where there is none."""
    with store.write() as db:
        mention_id = named.mention(db, name)
        if not issues.untie(db, issue.strip(), mention_id):
            raise UsageError(f"{name} is not tied to {issue}; nothing was changed.")
        called = named.called(db, mention_id)
        people.write_down(db, who, "unlinked", called, now, issue.strip())


def fix(store: Store, issue: str, who: str, now: datetime) -> None:
    """Note that an issue is fixed; `to_tell` says whom to go back to."""
    with store.write() as db:
        row = _known(db, issue)
        if row["fixed_at"] is None:
            issues.fix(db, row["issue"], who, now)
            people.write_down(db, who, "fixed", row["issue"], now)


def reopen(store: Store, issue: str, who: str, now: datetime) -> None:
    """Say that an issue is not fixed; whoever was told so is to be told again, once it is."""
    with store.write() as db:
        row = _known(db, issue)
        issues.reopen(db, row["issue"])
        people.write_down(db, who, "reopened", row["issue"], now)


def told(store: Store, issue: str, names: Sequence[str], who: str, now: datetime) -> None:
    """Tick off those who wrote these mentions: somebody has gone back to them."""
    with store.write() as db:
        row = _known(db, issue)
        if row["fixed_at"] is None:
            raise UsageError(
                f"{row['issue']} is not fixed; `listener fixed ISSUE` says that it is."
            )
        for name in names:
            mention_id = named.mention(db, name)
            if not issues.tell(db, row["issue"], mention_id, who, now):
                raise UsageError(f"{name} is not tied to {issue}; nothing was changed.")
            called = named.called(db, mention_id)
            people.write_down(db, who, "went back to", called, now, row["issue"])


def to_tell(store: Store, issue: str) -> list[dict[str, Any]]:
    """Everybody who wrote a mention of an issue, each with a draft; those not told yet first."""
    with store.read() as db:
        return [_with_draft(row) for row in issues.tied(db, _known(db, issue)["issue"])]


def listing(store: Store) -> list[dict[str, Any]]:
    """All issues, with how many people they concern and how many of those have been told."""
    with store.read() as db:
        return [dict(row) for row in issues.listing(db)]


def _known(db: Db, issue: str) -> Row:
    rows = issues.listing(db, issue.strip())
    if not rows:
        known = ", ".join(row["issue"] for row in issues.listing(db)[:10]) or "none yet"
        raise UsageError(
            f"no mention is tied to {issue!r}; `listener link ID ISSUE` does it. There is: {known}."
        )
    return rows[0]


def _with_draft(row: Row) -> dict[str, Any]:
    made = draft(row["language"], row["subject"] or "", row["author"])
    return dict(row) | {
        "draft": made.text,
        "draft_language": made.language,
        "fell_back": made.fell_back,
    }
