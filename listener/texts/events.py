"""What a notice is about, in words."""

from collections.abc import Mapping
from typing import Final

from listener.domain.incident import Event
from listener.domain.wording import Wording, listed

_WORDS: Final[Mapping[str, Wording]] = {
    Event.SPIKE_OPENED: Wording("a spike began"),
    Event.SPIKE_ESCALATED: Wording("a spike became graver"),
    Event.SPIKE_RESOLVED: Wording("a spike is over"),
    Event.SPIKE_REOPENED: Wording("a spike is back"),
    Event.RESPONSE_DUE_SOON: Wording("an answer is due soon"),
    Event.RESPONSE_OVERDUE: Wording("an answer is overdue"),
    Event.RESPONSE_ESCALATED: Wording("an answer is still overdue"),
    Event.RESPONSE_MET: Wording("nobody waits any more"),
    Event.RATING_DROPPED: Wording("a rating dropped"),
    Event.MENTION_SEVERE: Wording("a grave mention"),
    Event.INFLUENCER_PRAISE: Wording("praise that many hear"),
    Event.INFLUENCER_CRITICISM: Wording("criticism that many hear"),
    Event.COMPETITOR_TROUBLE: Wording("a competitor has trouble"),
    Event.FLOOD_OPENED: Wording("a flood of mentions began"),
    Event.SHARE_CREEPING: Wording("the share of negatives creeps up"),
    Event.FLOOR_CROSSED: Wording("a bound was crossed"),
    Event.INCIDENT_ESCALATED: Wording("the incident became graver"),
    Event.INCIDENT_RESOLVED: Wording("the incident is over"),
    Event.INCIDENT_REOPENED: Wording("the incident is back"),
    Event.INCIDENT_REPEATED: Wording("a reminder"),
    Event.INCIDENT_UPDATED: Wording("the message was brought up to date"),
    Event.SUMMARY_TOLD: Wording("a summary"),
    Event.SOURCE_QUIET: Wording("a source is quiet"),
    Event.SOURCE_RECOVERED: Wording("a source is back"),
    Event.BUDGET_SPENT: Wording("a budget is spent"),
    Event.DELIVERY_FAILED: Wording("a delivery failed"),
    Event.DELIVERY_RESTORED: Wording("deliveries arrive again"),
    Event.DIGEST_SENT: Wording("a digest"),
}


def told_of(event: str) -> Wording:
    """An event of a plug-in stands as it is called."""
    return _WORDS.get(event) or listed([event])
