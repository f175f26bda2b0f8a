"""When to worry: rules that look at numbers and say what they see; pure."""

from typing import Any, Final

from listener.rules.spike.rule import SpikeRule

RULES: Final[dict[str, type[Any]]] = {"spike": SpikeRule}
