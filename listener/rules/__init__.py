"""When to worry: rules that look at numbers and say what they see; pure."""

from typing import Any, Final

from listener.rules.competitor import CompetitorRule
from listener.rules.creeping import CreepingRule
from listener.rules.flood import FloodRule
from listener.rules.floor import FloorRule
from listener.rules.influencer import InfluencerRule
from listener.rules.quiet_source.rule import QuietSourceRule
from listener.rules.rating_drop.rule import RatingDropRule
from listener.rules.severe.rule import SevereRule
from listener.rules.spike.rule import SpikeRule

RULES: Final[dict[str, type[Any]]] = {
    "spike": SpikeRule,
    "severe": SevereRule,
    "flood": FloodRule,
    "floor": FloorRule,
    "creeping": CreepingRule,
    "influencer": InfluencerRule,
    "competitor": CompetitorRule,
    "quiet_source": QuietSourceRule,
    "rating_drop": RatingDropRule,
}
