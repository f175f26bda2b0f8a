"""What `[notify]` says for all ways out: how often people are interrupted, and when not."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from listener.config.table import Check, read_table
from listener.config.values import Reading
from listener.config.words import key_text, meant, suggestion, what_was_found
from listener.domain.manners import Breaks, Manners
from listener.domain.quiet import Quiet, read_quiet


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyKeys:
    """The keys of `[notify]` itself; its tables are the ways out."""

    shadow: timedelta = timedelta(0)
    shadow_to: str = ""
    group_wait: timedelta = field(
        default=timedelta(seconds=30), metadata={"between": (timedelta(0), timedelta(hours=1))}
    )
    group_interval: timedelta = field(
        default=timedelta(minutes=5), metadata={"between": (timedelta(0), timedelta(days=1))}
    )
    repeat_every: timedelta = field(
        default=timedelta(hours=4),
        metadata={"between": (timedelta(minutes=10), timedelta(days=365))},
    )
    interrupts_a_day: int = field(default=12, metadata={"between": (0, 1000)})
    quiet_hours: tuple[str, ...] = ()
    quiet_but: tuple[Breaks, ...] = (Breaks.CRITICAL,)
    mask: bool = True  # e-mail addresses, phone, card and account numbers in people's words


KEYS: Final = frozenset(key.name for key in fields(NotifyKeys))


def manners(document: Mapping[str, Any], zone: ZoneInfo, reading: Reading) -> Manners:
    """How people are told; what is wrong with a key is noted."""
    notify = document.get("notify")
    table = notify if isinstance(notify, dict) else {}
    own = {key: value for key, value in table.items() if _is_key(key, value)}
    keys = read_table(NotifyKeys, own, reading, "[notify]", checks=_CHECKS) or NotifyKeys()
    _check_outlet(keys, table, reading)
    return Manners(
        shadow=keys.shadow,
        shadow_to=keys.shadow_to,
        group_wait=keys.group_wait,
        group_interval=keys.group_interval,
        repeat_every=keys.repeat_every,
        interrupts_a_day=keys.interrupts_a_day,
        quiet_hours=_quiet(keys.quiet_hours),
        quiet_but=keys.quiet_but,
        zone=zone,
        mask=keys.mask,
    )


def ways_out(document: Mapping[str, Any]) -> Any:
    """What stands under `[notify]` beside its own keys."""
    notify = document.get("notify", {})
    if not isinstance(notify, dict):
        return notify
    return {key: value for key, value in notify.items() if not _is_key(key, value)}


def _is_key(key: str, value: Any) -> bool:
    """A key of ours, or one that was probably meant to be one."""
    return key in KEYS or (not isinstance(value, dict) and meant(key, KEYS) is not None)


def _quiet(texts: tuple[str, ...]) -> Quiet:
    try:
        return read_quiet(texts)
    except ValueError:  # it was noted
        return Quiet()


def _why_no_hours(texts: tuple[str, ...]) -> str | None:
    try:
        read_quiet(texts)
    except ValueError as error:
        return f"must hold hours of the day: {error}"
    return None


def _check_outlet(keys: NotifyKeys, table: Mapping[str, Any], reading: Reading) -> None:
    named = [name for name, value in table.items() if isinstance(value, dict)]
    if keys.shadow_to and keys.shadow_to not in named:
        found = what_was_found(keys.shadow_to)
        hint = suggestion(keys.shadow_to, named) or f"; add [notify.{key_text(keys.shadow_to)}]"
        reading.mistake(f"[notify] shadow_to {found} is none of the ways out{hint}")


_CHECKS: Final[Mapping[str, Check]] = {"quiet_hours": _why_no_hours}
