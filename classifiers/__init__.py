"""Text in, labels out: the classifiers, which know nothing of mentions, stores or alerts.

`load("fast").predict(["..."])` gives predictions, `detect(["..."])` languages. Importing this
loads no model and no numpy.
"""

from classifiers.base import LABELS, Classifier, ClassifierError, Prediction
from classifiers.language import detect
from classifiers.registry import CLASSIFIERS, load
from classifiers.supervised import Poison, Supervised

__all__ = [
    "CLASSIFIERS",
    "LABELS",
    "Classifier",
    "ClassifierError",
    "Poison",
    "Prediction",
    "Supervised",
    "detect",
    "load",
]
