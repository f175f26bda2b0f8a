"""Notices for tests, that show only what matters to each."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from listener.domain.incident import Event, Notice, Quote, Severity
from listener.notifiers.base import Digest, Receipt, Sending

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

SPIKE = Notice(
    id="01JDA0000000000000000SPIKE",
    event=Event.SPIKE_OPENED,
    outlet="slack",
    at=NOW,
    subject="Acme",
    channel="social",
    topic="delivery",
    severity=Severity.HIGH,
    title="Acme: negative posts about delivery, 5.7 times the usual",
    why="63 of 120 mentions in 15 minutes are negative; usually about 11 are.",
    action="Say publicly that you know, and when parcels will move again.",
    team="logistics",
    incident=12,
    mentions=("x:101", "x:102", "reddit:t3_9", "x:104", "x:105", "x:106"),
    quotes=(
        Quote(
            name="x:101",
            author="@jo",
            text="Third week without my parcel, @acmeair. Shame.",
            said_at=NOW - 9 * MINUTE,
            url="https://x.com/jo/status/101",
            sentiment="negative",
            places=((22, 28), (30, 38)),
        ),
        Quote(
            name="reddit:t3_9",
            author="u/kata",
            text="Hol a csomagom? Két hete „úton van”.",
            said_at=NOW - 5 * MINUTE,
            url="https://www.reddit.com/r/acme/comments/9",
        ),
        Quote(
            name="x:102",
            author=None,
            text="快遞又丟了我的行李 😡",
            said_at=NOW - 3 * MINUTE,
            sentiment="negative",
            confidence=0.55,
            places=((0, 2),),
        ),
    ),
    evidence={
        "window_minutes": 15,
        "mentions": 120,
        "negative": 63,
        "expected": 11.0,
        "lift": 5.7,
        "p_value": 3.2e-7,
        "share": 0.525,
        "usual_share": 0.31,
        "authors": 58,
        "clusters": 41,
        "started_at": "2026-11-22T13:50:00Z",
    },
    incident_title="Acme: negative spike, delivery",
)


def a_spike(**changes: Any) -> Notice:
    return replace(SPIKE, **changes)


def a_drop(**changes: Any) -> Notice:
    """Stars of two stores that fell."""
    drop = Notice(
        id=SPIKE.id,
        event=Event.RATING_DROPPED,
        outlet="slack",
        at=NOW,
        subject="Acme",
        channel="review",
        severity=Severity.HIGH,
        title="Acme: 2.9 stars of the last 41 reviews, 4.1 before",
        why="1.2 stars less in 6 d than of the 380 reviews before; 18 of 41 have one star."
        " Each is compared with the usual ones of its own place.",
        action="Read the low ones.",
        incident=7,
        quotes=(
            Quote(name="app_store:1", author="jo", said_at=NOW, text="Crashes since the update"),
        ),
        evidence={
            "before": 4.12,
            "after": 2.9,
            "n_before": 380,
            "n_after": 41,
            "p_value": 0.0031,
            "drop": 1.22,
            "source": None,
            "listing": None,
            "began_at": "2026-11-16T12:00:00Z",
            "stars": {"5": 14, "4": 5, "3": 2, "2": 2, "1": 18},
            "stars_before": {"5": 240, "4": 60, "3": 30, "2": 10, "1": 40},
            "places": [
                {"source": "app_store", "listing": "HU", "reviews": 30, "stars": 2.8},
                {"source": "google_play", "listing": None, "reviews": 11, "stars": 3.2},
            ],
        },
    )
    return replace(drop, **changes)


def a_wait(number: int, minutes_left: float, **changes: Any) -> Quote:
    """A mention that waits for an answer, due in so many minutes from NOW."""
    due = NOW + timedelta(minutes=minutes_left)
    quote = Quote(
        name=f"x:{number}",
        author=f"@person{number}",
        text=f"Flight {number} was cancelled and nobody answers the phone, what now?",
        said_at=due - timedelta(hours=1),
        url=f"https://x.com/person{number}/status/{number}",
        due_at=due,
        state="overdue" if minutes_left < 0 else "due_soon",
    )
    return replace(quote, **changes)


def a_promise(quotes: tuple[Quote, ...], **changes: Any) -> Notice:
    """Answers that are late: the order of the quotes is not that of urgency."""
    notice = Notice(
        id="01JDA00000000000000PROMISE",
        event=Event.RESPONSE_OVERDUE,
        outlet="slack",
        at=NOW,
        subject="Acme",
        channel="social",
        severity=Severity.HIGH,
        title=f"Acme: {len(quotes)} people on social wait longer than promised",
        why="An answer on social is promised within 1 h.",
        action="Answer the first in the list; mark the others in the inbox.",
        team="care",
        incident=13,
        mentions=tuple(quote.name for quote in quotes),
        quotes=quotes,
        evidence={"within_s": 3600, "due_at": "2026-11-22T14:00:00Z"},
        incident_title="Acme: answers on social",
    )
    return replace(notice, **changes)


def sending(notice: Notice = SPIKE, **more: Any) -> Sending:
    return Sending(notice=notice, **more)


def a_digest(**changes: Any) -> Digest:
    digest = Digest(
        id="01JDA0000000000000000DIGST",
        week="2026-W47",
        recipient="cx@example.com",
        subject="Acme in week 47: 31 % negative, up 9 points",
        html="<p>31 % negative — 航班</p>",
        text="31 % negative — 航班\n\n> “Where is my parcel?” <!channel>\n",
        made_at=NOW,
    )
    return replace(digest, **changes)


ROOT = Receipt(place="C00000001", ref="1.000000")
