"""The list of digests."""

from dataclasses import replace

from listener.domain.digest import Counts, DigestData, SubjectWeek
from listener.domain.subject import Role
from listener.domain.week import Week
from listener.store import digests
from listener.store.connection import Store
from listener.store.digests import Reader
from tests.builders import DAY, NOW
from tests.web.browser import Browser


def a_digest(week: Week) -> DigestData:
    subject = SubjectWeek(name="Acme", role=Role.BRAND, now=Counts(mentions=5, negative=5))
    return DigestData(
        week=week,
        start=NOW - 7 * DAY,
        end=NOW,
        zone="UTC",
        made_at=NOW,
        subjects=(subject,),
    )


def test_without_a_digest_it_says_when_one_comes(browser: Browser) -> None:
    assert "No digest was made yet." in browser.get("/digests").words


def test_weeks_and_editions_are_listed_newest_first(browser: Browser, store: Store) -> None:
    old, new = a_digest(Week(2026, 45)), a_digest(Week(2026, 46))
    readers = [Reader("email", f"p{n}@example.com") for n in range(3)]
    with store.write() as db:
        digests.add(db, old, readers, "sent", NOW)
        digests.add(db, new, readers[:2], "sent", NOW)
        digests.add(db, new, readers[2:], "failed", NOW)
        digests.add(db, replace(new, team="log & co <b>"), readers[:1], "waiting", NOW)
    page = browser.get("/digests")
    assert page.words.index("2026-W46") < page.words.index("2026-W45")
    assert "failed for 1 reader sent to 2 readers" in page.words
    assert "sent to 3 readers" in page.words
    assert "log & co <b> 2026-W46 waits for 1 reader to be read here" in page.words
    assert "@example.com" not in page.text
    assert 'href="/digests/2026-W46?team=log+%26+co+%3Cb%3E"' in page.text
    assert browser.get("/digests/2026-W46?team=log+%26+co+%3Cb%3E").status == 200
    assert "b" not in page.tags
    assert "Acme" in page.words  # what the digest says, in a line
