"""Secrets as the settings name them, in the environment or in a file: looked up, never shown."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

MOST_BYTES = 65_536
SHORTEST = 6  # a shorter one is no secret, and hiding it would hide innocent words
_ENDINGS = ("token", "password", "secret", "key")
_USUAL_NAME = re.compile(r"[A-Z_][A-Z0-9_]*")  # anything else may be the secret itself


class MissingSecretError(ValueError):
    """A reference leads nowhere; says what to do, and never what stood there."""


@dataclass(kw_only=True)
class SecretResolver:
    """Follows `"env:NAME"` and `"file:PATH"`, and remembers what it found, for the log to hide.

    With `resolve` False nothing is looked up, for commands that need no secret: every reference
    becomes "", and `left_out` counts them.
    """

    folder: Path
    environ: Mapping[str, str] = field(repr=False)
    resolve: bool = True
    found: set[str] = field(default_factory=set, repr=False)
    left_out: int = 0

    def read(self, text: str) -> str:
        """Follow a reference; any other text is the secret itself. Raises MissingSecretError."""
        if not is_reference(text):
            return self._keep(text)
        if not self.resolve:
            self.left_out += 1
            return ""
        kind, _, name = text.partition(":")
        return self._keep(self._from_env(name) if kind == "env" else self._from_file(name))

    def hide(self, text: str) -> str:
        """A text without the secrets found so far."""
        for secret in self.found:
            text = text.replace(secret, "***")
        return text

    def _keep(self, secret: str) -> str:
        if len(secret) >= SHORTEST:
            self.found.add(secret)
        return secret

    def _from_env(self, name: str) -> str:
        called = f"variable {name}" if _USUAL_NAME.fullmatch(name) else "variable it names"
        secret = self.environ.get(name, "").strip()
        if not secret:
            state = "empty" if name in self.environ else "not set"
            raise MissingSecretError(
                f'the environment {called} is {state}; set it, or use "file:PATH"'
            )
        return secret

    def _from_file(self, name: str) -> str:
        try:
            path = self.folder / Path(name).expanduser()
            if not path.is_file():
                raise MissingSecretError(
                    "there is no such file; put the secret into the file it names"
                )
            with path.open("rb") as file:
                secret = file.read(MOST_BYTES).decode("utf-8").strip()
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            raise MissingSecretError(f"the file it names cannot be read: {reason}") from None
        except MissingSecretError:
            raise
        except (ValueError, RuntimeError):
            raise MissingSecretError(
                "the file it names holds no text, or has no usable name"
            ) from None
        if not secret:
            raise MissingSecretError("the file it names is empty; put the secret into it")
        return secret


def is_reference(text: str) -> bool:
    return text.startswith(("env:", "file:"))


def is_secret(name: str, metadata: Mapping[str, object]) -> bool:
    """Whether a field holds a secret: it is marked, or its name says so."""
    return bool(metadata.get("secret", name.lower().endswith(_ENDINGS)))
