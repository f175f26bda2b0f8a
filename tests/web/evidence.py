"""What incidents of each kind rest on, as rules write it down."""

from typing import Any, Final

from tests.builders import HOUR, NOW

BEGAN: Final = (NOW - HOUR).isoformat()
_RIVAL: Final = {"name": "Boreal", "negative": 3, "usual": 1.5}
_PLACES: Final = [
    {"source": "play", "listing": f"app {n}", "stars": 1.5, "reviews": 9} for n in range(7)
]
EVIDENCE: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    (
        "spike",
        {
            "window_minutes": 15, "mentions": 31, "negative": 25, "expected": 1.25,
            "expected_usual": 0.75, "lift": 20.0, "share": 0.81, "usual_share": 0.2,
            "p_value": 1e-9, "chance": "By chance about once in 3,000 years.", "at": BEGAN,
            "started_at": BEGAN, "learning": True, "authors": 20, "clusters": 22, "copies": 3,
            "copied": {"Acme lost it": {"mentions": 4, "authors": 2, "sources": ["x", "play"]}},
            "terms": ["parcel", "courier"], "channels": {"social": 25},
            "topics_risen": [{"topic": "delivery", "negative": 9, "usual": 0.5}],
            "parts": [{"topic": "delivery", "channel": None, "negative": 9, "expected": 0.5}],
            "whose": "everyones", "rivals": [_RIVAL], "events": ["Black Friday"],
            "means": "warning", "ours": [_RIVAL], "others": [_RIVAL],
            "same_topics": [{"topic": "delivery", "name": "Boreal", "negative": 2}],
            "first_mention": {"id": "x:1", "said_at": BEGAN},
        },
    ),
    (
        "rating_drop",
        {
            "after": 2.9, "before": 4.1, "n_after": 41, "n_before": 1200, "p_value": 1e-5,
            "began_at": BEGAN, "stars": {"1": 20, "5": 21}, "stars_before": {"1": 100, "5": 1100},
            "places": _PLACES,
        },
    ),
    (
        "response",
        {
            "within_s": 3600, "due_at": BEGAN, "detection_lag_s": 60, "elapsed_share": 0.8,
            "said_at": BEGAN, "seen_at": BEGAN,
        },
    ),
    (
        "influencer",
        {
            "kind": "praise", "posts": 2, "reach": 90_000, "accounts": ["@a", "@b"],
            "in_doubt": ["@b"],
            "first": {"id": "x:1", "said_at": BEGAN, "followers": 90_000},
            "words": [f"word{n}" for n in range(12)],
        },
    ),
    ("creeping", {"weeks": 4, "share": 0.3, "usual_share": 0.2, "share_at_start": 0.2,
        "mentions": 900, "dispersion": 1.2}),
)  # fmt: skip
GIVEN: Final = (
    "@a",
    "@b",
    "Acme lost it",
    "Black Friday",
    "parcel",
    "courier",
    *(f"Play, app {n}" for n in range(7)),
)
