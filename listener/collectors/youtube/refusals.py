"""What YouTube means when it refuses. Pure."""

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from listener.errors import CollectorError, Trouble
from listener.http import ApiError
from listener.http.google import explained, reasons

ASIDE: Final = {  # what stands in the way of one channel or video, and of no other
    "commentsDisabled": "comments are turned off",
    "videoNotFound": "YouTube knows no such video; check `videos`",
    "channelNotFound": "YouTube knows no such channel; check `channels`",
}
RIGHTS: Final = "see in your Google Cloud project what the API key is allowed to do"
UNKNOWN: Final = "YouTube knows no such thing; check the address"

_STALE: Final = frozenset({"invalidPageToken", "processingFailure"})
_QUOTA: Final = frozenset({"quotaExceeded", "dailyLimitExceeded"})
_WRONG_KEY: Final = frozenset({"keyInvalid", "keyExpired", "API_KEY_INVALID", "API_KEY_EXPIRED"})
_BLOCKED: Final = frozenset(
    {"ipRefererBlocked", "API_KEY_IP_ADDRESS_BLOCKED", "API_KEY_SERVICE_BLOCKED"}
)
_BILLED_IN: Final = "America/Los_Angeles"  # where a day of the quota begins at midnight


def aside_of(error: ApiError) -> str:
    """Why one channel or video cannot be read; empty where the trouble is another one."""
    if error.status not in (403, 404):
        return ""
    return next((reason for reason in reasons(error.value) if reason in ASIDE), "")


def is_forbidden(error: ApiError) -> bool:
    """Whether a thing is not shown to us, as a private video is; the right may be lacking too."""
    return error.status == 403 and "forbidden" in reasons(error.value)


def is_stale(error: ApiError) -> bool:
    """Whether, where it was asked with the token of a page, that token is too old."""
    return error.status == 400 and not _STALE.isdisjoint(reasons(error.value))


def trouble_of(error: ApiError, now: datetime | None) -> CollectorError:
    """A refusal of everything, in words that say what to do."""
    found = frozenset(reasons(error.value))
    if found & _QUOTA:
        return used_up("YouTube gives no more today: the quota of your project is used up", now)
    said = f"(HTTP {error.status})"
    if found & _WRONG_KEY:
        words = f"YouTube does not accept api_key; check or renew it {said}"
        return CollectorError(words, kind=Trouble.CREDENTIALS)
    if found & _BLOCKED:
        words = (
            f"YouTube does not take this API key from here, or not for this API; {RIGHTS} {said}"
        )
        return CollectorError(words, kind=Trouble.CREDENTIALS)
    return explained(error, "YouTube", rights=RIGHTS, unknown=UNKNOWN)


def used_up(words: str, now: datetime | None) -> CollectorError:
    """Nothing more before the next day of the quota."""
    wait = next_day(now) - now if now is not None else None
    return CollectorError(words, kind=Trouble.QUOTA, retry_after=wait)


def day_of(now: datetime) -> str:
    """The day of the quota: "2026-11-22", in Pacific time."""
    return f"{now.astimezone(ZoneInfo(_BILLED_IN)):%Y-%m-%d}"


def next_day(now: datetime) -> datetime:
    """When the next day of the quota begins."""
    zone = ZoneInfo(_BILLED_IN)
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), zone).astimezone(now.tzinfo)
