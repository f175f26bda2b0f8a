"""Reports are made when their period is over, and sent once to each reader."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from listener.domain.digest import DigestData
from listener.domain.week import Week
from listener.errors import NotifyError
from listener.notifiers.base import Digest
from listener.stages.report.building import build
from listener.stages.report.reporting import Edition, Reporting
from listener.store import digests, reports, subscriptions
from listener.store.connection import Store
from listener.texts.digest import Links, render_html, render_text, subject_line

if TYPE_CHECKING:
    from listener.notifiers.base import Notifier

LONGEST_WAIT = timedelta(hours=1)


def make_due(store: Store, reporting: Reporting, now: datetime) -> int:
    """Make the digests that have come due; returns how many wait to be sent because of it.

    A period that ended before anything was measured has no digest. After a downtime the newest
    and one missed period are sent, older ones are made and linked to.
    """
    with store.read() as db:
        began = reports.first_said(db)
    if began is None:
        return 0
    return sum(_make_due(store, reporting, one, began, now) for one in reporting.editions)


def _make_due(
    store: Store, reporting: Reporting, edition: Edition, began: datetime, now: datetime
) -> int:
    with store.read() as db:
        last = digests.last_week(db, edition.kind)
        linked = digests.linked(db, edition.kind)  # by one that died before it came to the mails
    due = reporting.schedule.due_weeks(now, reporting.zone, last)
    missed = (*linked, *due.missed)
    made = 0
    for week, state in [(w, "linked") for w in due.missed] + [(w, "waiting") for w in due.mail]:
        if reporting.schedule.span(week, reporting.zone)[1] <= began:
            continue
        data = build(store, reporting, week, now, edition=edition, missed=missed)
        with store.write() as db:
            made += digests.add(db, data, edition.readers, state, now)
    return made


def make(
    store: Store, reporting: Reporting, week: Week, now: datetime, edition: Edition | None = None
) -> int:
    """Make the digest of one period now; returns how many wait to be sent because of it.

    Who reads it later than others gets the figures that these were sent.
    """
    edition = edition or reporting.company
    with store.read() as db:
        data = digests.data_of(db, week, edition.kind)
    data = data or build(store, reporting, week, now, edition=edition)
    with store.write() as db:
        return digests.add(db, data, edition.readers, "waiting", now)


def sent_or_built(
    store: Store,
    reporting: Reporting,
    week: Week,
    now: datetime,
    *,
    exact: bool,
    edition: Edition | None = None,
) -> DigestData:
    """The report of a period as it was sent, else as it stands now.

    Unless the period was asked for (`exact`), one in which nothing was said gives way to the
    period that the last mention lies in.
    """
    edition = edition or reporting.company
    with store.read() as db:
        sent = digests.data_of(db, week, edition.kind)
        last = reports.last_said(db)
    if sent is not None:
        return sent
    if not exact and last is not None:
        week = min(week, reporting.schedule.covering(last, reporting.zone))
    return build(store, reporting, week, now, edition=edition)


def send_next(
    store: Store, ways: "Mapping[str, Notifier]", now: datetime, public_url: str = ""
) -> bool:
    """Send one digest that waits; False when none does. At least once, always with the same id.

    `public_url`: where readers find our pages; without it nothing of ours is linked.
    """
    with store.write() as db:
        kept = digests.next_to_send(db, ways, now)
        if kept is None:
            return False
        digests.sending(db, kept.id)
        token = None
        if kept.outlet == digests.MAIL:
            token = subscriptions.token(db, kept.recipient, kept.data.kind)
    links = Links.public(public_url, token)
    try:
        ways[kept.outlet].send_digest(
            rendered(kept.data, kept.recipient, kept.message_id, kept.made_at, links)
        )
    except NotifyError as error:
        with store.write() as db:
            if error.permanent:
                digests.give_up(db, kept.id, str(error))
            else:
                wait = error.retry_after or min(
                    LONGEST_WAIT, timedelta(seconds=5.0 * 2.0 ** min(kept.attempts, 10))
                )
                digests.retry(db, kept.id, str(error), now + wait)
        return True
    with store.write() as db:
        digests.sent(db, kept.id, now)
    return True


def rendered(
    data: DigestData, recipient: str, message_id: str, made_at: datetime, links: Links
) -> Digest:
    return Digest(
        id=message_id,
        week=str(data.week),
        recipient=recipient,
        subject=subject_line(data),
        html=render_html(data, links),
        text=render_text(data, links),
        made_at=made_at,
        data=data,
        unsubscribe=links.unsubscribe,
    )
