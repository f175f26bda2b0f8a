"""The built-in entries of `[[actions]]`: what customer-experience teams do about a signal."""

from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Final

from listener.domain.actions import MENTION, Action, Pack, Standing
from listener.domain.intent import Intent
from listener.texts import actions_en, actions_hu, actions_zh_hans, actions_zh_hant
from listener.texts.words import MARKED, marked

TEXTS: Final = {
    "en": actions_en,
    "hu": actions_hu,
    "zh-Hans": actions_zh_hans,
    "zh-Hant": actions_zh_hant,
}
MANY: Final = 10_000  # may see it: whoever praises before so many is worth a conversation
BILLING: Final = ("billing", "price and billing", "price", "payment", "charge", "refund")

# In this order: the first that fits.
ALERTS: Final[Mapping[str, Mapping[str, object]]] = {
    "influencer.rival": {"on": ("influencer",), "role": ("competitor",)},
    **{
        name: {"on": (name,)}
        for name in actions_en.ACTIONS
        if name not in actions_en.MEANINGS and name != "influencer.rival"
    },
}
MENTIONS: Final[Mapping[str, Mapping[str, object]]] = {
    "churn": {"intent": (Intent.CHURN.value,)},
    "rival": {"role": ("competitor",), "sentiment": ("negative",)},
    "billing": {"topic": BILLING, "sentiment": ("negative", "neutral")},
    "defect": {"intent": (Intent.DEFECT.value,)},
    "feature": {"intent": (Intent.WISH.value,)},
    "purchase": {"intent": (Intent.PURCHASE.value,)},
    "reach": {"sentiment": ("positive",), "min_reach": MANY},
    "promoter": {"sentiment": ("positive",)},
    "critic": {"sentiment": ("negative",), "standing": (Standing.CRITIC.value,)},
    "review": {"sentiment": ("negative",), "channel": ("review",)},
    "question": {"intent": (Intent.QUESTION.value,)},
    "complaint": {"sentiment": ("negative",)},
    "mention": {},
}


def built_in(language: str) -> tuple[Action, ...]:
    """All of them, in one of our languages; another reads English."""
    texts = TEXTS.get(language, actions_en)
    alerts = [
        Action(action=texts.ACTIONS[name], **conditions)  # type: ignore[arg-type]
        for name, conditions in ALERTS.items()
    ]
    mentions = [
        Action(
            action=texts.ACTIONS[name],
            meaning=texts.MEANINGS[name],
            on=(MENTION,),
            **conditions,  # type: ignore[arg-type]
        )
        for name, conditions in MENTIONS.items()
    ]
    return (*alerts, *mentions)


@cache
def _names() -> Mapping[str, str]:
    """Of each built-in text, in whatever language, by what name it goes."""
    return {text: name for texts in TEXTS.values() for name, text in texts.ACTIONS.items()}


def advice(text: str, language: str) -> str:
    """What to do, in a language; what the user wrote stays as it is."""
    name = _names().get(text)
    if name is None:
        return text
    said: str = TEXTS.get(language, actions_en).ACTIONS[name]
    return marked(said) if language == MARKED else said


def pack(
    language: str,
    actions: Sequence[Action] = (),
    topic_teams: Mapping[str, str] = MappingProxyType({}),
    roles: Mapping[int, str] = MappingProxyType({}),
) -> Pack:
    """The user's entries, then those that are built in; roles: of subjects, by their number."""
    return Pack(actions=(*actions, *built_in(language)), topic_teams=topic_teams, roles=roles)
