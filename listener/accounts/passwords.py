"""Passwords: what makes one good enough, and hashes that are dear to guess (argon2id, RFC 9106)."""

import unicodedata
from functools import cache, cached_property
from typing import TYPE_CHECKING, Final

from listener.errors import UsageError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST: Final = 12  # characters
LONGEST: Final = 200
# 46 MiB, twice, on one core: a sign-in takes about 0.1 s and leaves the daemon its memory.
_MEMORY_KIB, _PASSES, _LANES = 47_104, 2, 1


class Passwords:
    """Makes hashes and compares with them. `hasher`: another one, in a test."""

    def __init__(self, hasher: "PasswordHasher | None" = None) -> None:
        self._given = hasher

    @cached_property
    def _hasher(self) -> "PasswordHasher":
        if self._given is not None:
            return self._given
        from argon2 import PasswordHasher  # noqa: PLC0415  # nobody else needs it

        return PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=_LANES)

    @cached_property
    def _nobodys(self) -> str:
        """The hash that is compared with where there is none, so that it takes as long."""
        return self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        return self._hasher.hash(_normal(password))

    def match(self, stored: str | None, given: str) -> bool:
        """Whether it is the password of this hash. Without one it is not, and takes as long."""
        from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415

        nobodys = self._nobodys  # made the first time, whether or not it is needed
        try:
            self._hasher.verify(stored or nobodys, _normal(given))
            return bool(stored)
        except (VerificationError, InvalidHashError):
            return False

    def is_dated(self, stored: str) -> bool:
        """Whether a hash was made with other settings than ours, and should be made again."""
        return self._hasher.check_needs_rehash(stored)


@cache
def passwords() -> Passwords:
    return Passwords()


def check(password: str, name: str) -> None:
    """Raises UsageError for one that is too easily guessed, or cannot be typed again."""
    length = len(_normal(password))
    if length < SHORTEST:
        raise UsageError(f"the password has {length} characters; take {SHORTEST} or more.")
    if length > LONGEST:
        raise UsageError(f"the password has {length} characters; {LONGEST} are enough.")
    if len(set(password)) < 4 or name.casefold() in password.casefold().split():
        raise UsageError("the password is easily guessed; take some words that have no connexion.")
    if not password.isprintable():
        raise UsageError("the password holds a character that cannot be typed; take another one.")


def _normal(password: str) -> str:
    """The same password from every keyboard: some write é as one character, others as two."""
    return unicodedata.normalize("NFKC", password)
