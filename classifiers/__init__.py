"""Text in, labels out: the classifiers, which know nothing of mentions, stores or alerts.

`load().predict(["..."])` gives predictions, `detect(["..."])` languages, `embed(["..."])` vectors;
`towards(load(), [Named(...)])` of `classifiers.towards` what a text says of each name in it.
Importing this loads no model and no numpy.
"""

from classifiers.base import LABELS, Classifier, ClassifierError, Prediction
from classifiers.confusions import known_error
from classifiers.embeddings import embed
from classifiers.language import detect
from classifiers.naming import Named, Towards
from classifiers.registry import CLASSIFIERS, load
from classifiers.supervised import Poison, Supervised

__all__ = [
    "CLASSIFIERS",
    "LABELS",
    "Classifier",
    "ClassifierError",
    "Named",
    "Poison",
    "Prediction",
    "Supervised",
    "Towards",
    "detect",
    "embed",
    "known_error",
    "load",
]
