"""Other settings for rules than the file has, as `--set rules.NAME.KEY=VALUE` names them."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from listener.config.load import Plugins, document_of, from_document
from listener.config.tables import Config
from listener.config.words import quoted, suggestion
from listener.errors import UsageError

OPTION: Final = "--set"
EXAMPLE: Final = "rules.spike.sensitivity=sensitive"


def with_rules(
    path: Path, plugins: Plugins, pairs: Iterable[str], aside: Mapping[str, str]
) -> Config:
    """Read a file that is known to be right with other settings for its rules.

    `aside`: rules that nothing can be set of, and why. Raises UsageError for a pair that cannot be
    read, ConfigError for a setting that there is not, or that has no such value; both name the
    option.
    """
    document = document_of(path)
    for pair in pairs:
        rule, key, value = _read(pair, plugins.rules, aside)
        rules = document["rules"] = dict(document.get("rules", {}))
        rules[rule] = {**rules.get(rule, {}), key: value}
    return from_document(document, path.with_name(OPTION), plugins, secrets=False)


def _read(pair: str, known: Mapping[str, Any], aside: Mapping[str, str]) -> tuple[str, str, Any]:
    """The rule, its key and the value that a pair names."""
    name, equals, value = pair.partition("=")
    parts = [part.strip() for part in name.split(".")]
    if not equals or len(parts) != 3 or parts[0] != "rules" or not all(parts):
        raise UsageError(
            f"{OPTION} {quoted(pair)}: name a key of a rule and its value, such as {EXAMPLE};"
            " only rules can be set."
        )
    _, rule, key = parts
    if rule in aside:
        raise UsageError(
            f"{OPTION} {quoted(pair)}: this rule does not run here, for {aside[rule]}."
        )
    if rule not in known:
        others = sorted(set(known) - set(aside))
        raise UsageError(
            f"{OPTION} {quoted(pair)}: the rule {quoted(rule)} is unknown{suggestion(rule, others)}"
        )
    return rule, key, _value(value.strip())


def _value(text: str) -> Any:
    """A value as TOML writes it; what is none is a text that lacks its quotes."""
    try:
        found = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return found["value"] if found.keys() == {"value"} else text
