"""What Google's services mean when they refuse: they name a reason, and each has its remedy."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from listener.errors import CollectorError, Trouble
from listener.http.api import ApiError

_REASONS: Final[tuple[tuple[frozenset[str], Trouble, str], ...]] = (
    (
        frozenset({"SERVICE_DISABLED", "accessNotConfigured"}),
        Trouble.SETTINGS,
        "is not switched on in your Google Cloud project; enable this API there",
    ),
    (
        frozenset({"ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientScopes"}),
        Trouble.CREDENTIALS,
        "was asked with a token for something else; sign in once more and allow this too",
    ),
    (
        frozenset({"quotaExceeded", "dailyLimitExceeded"}),
        Trouble.QUOTA,
        "gives no more today: the quota of your project is used up",
    ),
    (
        frozenset({"RATE_LIMIT_EXCEEDED", "rateLimitExceeded", "userRateLimitExceeded"}),
        Trouble.RATE,
        "was asked too often",
    ),
)
_NO_QUOTA: Final = "gives your project no quota; access to this API has to be asked for first"
_RIGHTS: Final = frozenset({"PERMISSION_DENIED", "permissionDenied", "forbidden"})


def explained(error: ApiError, asked: str, *, rights: str, unknown: str) -> CollectorError:
    """A refusal in words that say what to do; nothing of the answer is repeated.

    asked: the service. rights: what to do where a right is missing; Google Play says so with a
    401 too. unknown: the whole sentence for what the service does not know.
    """
    found = frozenset(reasons(error.value))
    if error.status == 429 and _has_no_quota(error.value):
        return _again(error, f"{asked} {_NO_QUOTA}", Trouble.QUOTA)
    for named, kind, words in _REASONS:
        if named & found:
            return _again(error, f"{asked} {words}", kind)
    if error.status in (401, 403) and _RIGHTS & found:
        return _again(error, f"{asked} refuses us; {rights}", Trouble.CREDENTIALS)
    if error.status == 404:
        return _again(error, unknown, Trouble.SETTINGS)
    return error


def reasons(value: Any) -> Iterator[str]:
    """The words by which an error names itself: its status, and the reasons of both styles."""
    error = _error(value)
    parts = [error.get("status")]
    for name in ("errors", "details"):
        parts += [entry.get("reason") for entry in _entries(error, name)]
    yield from (part for part in parts if isinstance(part, str))


def _has_no_quota(value: Any) -> bool:
    """A limit of 0 is no haste of ours: waiting does not help."""
    known = (entry.get("metadata") for entry in _entries(_error(value), "details"))
    return any(isinstance(one, Mapping) and one.get("quota_limit_value") == "0" for one in known)


def _error(value: Any) -> Mapping[str, Any]:
    error = value.get("error") if isinstance(value, Mapping) else None
    return error if isinstance(error, Mapping) else {}


def _entries(error: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    listed = error.get(name)
    entries = listed if isinstance(listed, list) else []
    return [entry for entry in entries if isinstance(entry, Mapping)]


def _again(error: ApiError, words: str, kind: Trouble) -> CollectorError:
    said = f"{words} (HTTP {error.status})"
    return CollectorError(said, kind=kind, retry_after=error.retry_after)
