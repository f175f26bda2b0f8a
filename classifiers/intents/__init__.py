"""What a text wants, and whether it needs an answer: `shipped().read(texts, sentiments, vectors)`.

A small model over cues of many languages, the shape of the text, its sentiment and, where there is
one, its vector. It reads single texts: what was said before in a talk it does not see.
"""

from classifiers.intents.reader import INTENTS, Reader, Wants, shipped
from classifiers.intents.reasons import NEEDED, NOT_NEEDED

__all__ = ["INTENTS", "NEEDED", "NOT_NEEDED", "Reader", "Wants", "shipped"]
