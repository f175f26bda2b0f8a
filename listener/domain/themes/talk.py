"""What people say to keep a conversation going; a theme made of it tells nobody anything."""

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from listener.domain.vector import Vector

IS_TALK: Final = 0.38  # cosine of a theme's middle to one of the phrases, both made apart
PHRASES: Final = (
    "thank you so much for the quick reply",
    "great, thanks for your help",
    "I love you guys, you are the best",
    "I have sent you a direct message",
    "please check your private messages",
    "ok, will do",
    "good morning, how are you",
    "köszönöm a gyors választ",
    "küldtem privát üzenetet",
    "谢谢你们的回复",
    "我已经私信你们了",
    "謝謝你們的回覆",
    "danke für die schnelle Antwort",
    "merci pour votre réponse, je vous ai envoyé un message privé",
    "gracias por la respuesta, les mandé un mensaje directo",
)


def is_talk(
    middles: "Sequence[Vector]", phrases: "Sequence[Vector]", texts: "Sequence[Vector]"
) -> list[bool]:
    """Say of each middle whether it is mere talk.

    phrases: the vectors of PHRASES. texts: those of the window, of which what they share is taken
    away, as it is from the middles.
    """
    import numpy as np  # noqa: PLC0415

    if not len(middles) or not len(phrases) or not len(texts):
        return [False] * len(middles)
    apart: Any = np.array(phrases, np.float32) - np.mean(np.array(texts), axis=0)
    apart /= np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-9)
    near = np.array(middles, np.float32) @ apart.T
    return [bool(one) for one in near.max(axis=1) >= IS_TALK]
