"""What X answers: a page of posts, a number, or why not. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from listener.collectors.streams import RefusedError
from listener.collectors.x.posts import Post, Users
from listener.collectors.x.snowflake import is_id
from listener.domain.mention import Reject
from listener.errors import CollectorError, Trouble

PAGE: Final = 100  # posts; the most that X gives


class NotAcceptedError(RefusedError):
    """X did not accept a question. `is_expired`: it is the id to go on from that it refuses."""

    def __init__(self, message: str, *, is_expired: bool) -> None:
        super().__init__(message, kind=Trouble.SETTINGS)
        self.is_expired = is_expired


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of a search, newest first."""

    posts: tuple[Post, ...]
    users: Users
    withheld: tuple[Reject, ...]
    newest: int  # the largest id; 0 for a page of nothing
    token: str | None  # of the next page


def to_page(value: Any) -> Page:
    """Read an answer. Raises CollectorError where it is of another shape.

    Errors beside the posts are of single posts and accounts: the rest of the page is good.
    """
    meta = value.get("meta") if isinstance(value, dict) else None
    posts = value.get("data", []) if isinstance(value, dict) else None
    if not isinstance(meta, dict) or not isinstance(posts, list):
        raise CollectorError("X answered something that is no page of posts", kind=Trouble.SHAPE)
    read = tuple(post if isinstance(post, dict) else {} for post in posts)
    ids = [int(post["id"]) for post in read if is_id(post.get("id"))]
    newest, token = meta.get("newest_id"), meta.get("next_token")
    return Page(
        posts=read,
        users=users_of(value.get("includes")),
        withheld=_withheld(value.get("errors"), ids),
        newest=int(newest) if is_id(newest) else max(ids, default=0),
        token=token if isinstance(token, str) and token else None,
    )


def to_count(value: Any) -> int:
    """How many posts a search would have found. Raises CollectorError for another shape."""
    meta = value.get("meta") if isinstance(value, dict) else None
    total = meta.get("total_tweet_count") if isinstance(meta, dict) else None
    if not isinstance(total, int):
        raise CollectorError("X answered something that is no count of posts", kind=Trouble.SHAPE)
    return total


def is_about_since_id(problem: Mapping[str, Any]) -> bool:
    """Whether an error is about the id to go on from: X takes none older than seven days."""
    return any(
        "'since_id'" in str(error.get("message"))
        or (isinstance(named := error.get("parameters"), dict) and "since_id" in named)
        for error in dicts(problem.get("errors"))
    )


def users_of(includes: Any) -> Users:
    """The accounts that came along, by their ids."""
    given = includes.get("users") if isinstance(includes, dict) else None
    return {user["id"]: user for user in dicts(given) if is_id(user.get("id"))}


def _withheld(errors: Any, ids: list[int]) -> tuple[Reject, ...]:
    """The posts that X names and does not give."""
    return tuple(
        Reject(place=f"post {number}", reason="X names it, but does not give it", content="")
        for error in dicts(errors)
        if error.get("resource_type") == "tweet"
        and is_id(number := error.get("resource_id"))
        and int(number) not in ids
    )


def dicts(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; none where it is no list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
