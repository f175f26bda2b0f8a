"""What became of posts that were read before, as X tells by their ids. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from listener.collectors.x.answers import dicts, users_of
from listener.collectors.x.posts import Post, Users, to_mention
from listener.domain.mention import Batch, Mention, Tombstone
from listener.errors import CollectorError, Trouble

GONE: Final = "no longer at X"
_NOT_FOUND: Final = ("Not Found Error", "resource-not-found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Posts as they are now, and the ids of those that X does not find any more."""

    posts: tuple[Post, ...]
    users: Users
    gone: tuple[str, ...]


def to_found(value: Any, asked: Sequence[str]) -> Found:
    """Read an answer. Raises CollectorError where it is of another shape.

    Where no post is found there is no `data`. Of a suspended or a protected account X says that we
    are not allowed to see its posts: they may come back, and are not gone.
    """
    posts = value.get("data", []) if isinstance(value, dict) else None
    if not isinstance(posts, list) or not ("data" in value or "errors" in value):
        raise CollectorError("X answered something that is no list of posts", kind=Trouble.SHAPE)
    given = dicts(posts)
    there = {post.get("id") for post in given}
    named = [_not_found(error) for error in dicts(value.get("errors"))]
    return Found(
        posts=tuple(given),
        users=users_of(value.get("includes")),
        gone=tuple(one for one in asked if one in named and one not in there),
    )


def to_batch(found: Found, source: str) -> Batch:
    """The same for the store. An old version of an edited post says nothing of the new one."""
    made = [to_mention(post, found.users, source) for post in found.posts]
    return Batch(
        mentions=tuple(one for one in made if isinstance(one, Mention)),
        tombstones=tuple(
            Tombstone(source=source, source_id=one, reason=GONE) for one in found.gone
        ),
    )


def _not_found(error: Mapping[str, Any]) -> Any:
    """The id of a post that is not found; None for an error that says something else."""
    kind = str(error.get("type")).rpartition("/")[2]
    is_post = error.get("resource_type") == "tweet" and error.get("parameter") == "ids"
    if not is_post or (error.get("title"), kind) != _NOT_FOUND:
        return None
    return error.get("resource_id") or error.get("value")
