"""What `default` is measured beside: TF-IDF with logistic regression, VADER, and `fast`.

TF-IDF is what a user would try first with labels of their own: n-grams of two to five characters
within words, one and two words, each block of unit length, and an L2-regularised multinomial
logistic regression. What it is fitted on decides how good it is, and so does whether rare labels
weigh more: so there is one for all sets of a language and one for each set alone, each with and
without. Which of the four answers for a set is chosen on a tenth of the train part.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from classifiers.base import LABELS, ClassifierError
from classifiers.beside import probabilities
from classifiers.fast import FastClassifier
from classifiers.train.compare_cache import Said, ask, fingerprint
from classifiers.train.datasets import Row
from classifiers.train.neural.teacher import key_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CHARACTER_BITS: Final = 22
WORD_BITS: Final = 21
LEAST_TEXTS: Final = 2  # an n-gram that one text alone has says nothing of others
PENALTY: Final = 4.0  # C of scikit-learn
MOST_STEPS: Final = 100
TFIDF_SETTINGS: Final = f"{CHARACTER_BITS} {WORD_BITS} {LEAST_TEXTS} {PENALTY} {MOST_STEPS} 1"
WEIGHTINGS: Final = (None, "balanced")  # class_weight of scikit-learn
CHOSEN_ON: Final = 10  # one train row in so many
VADER_SURE: Final = 0.05  # beyond this compound score its authors say positive or negative

ALONE: Final = "umsab"  # its languages make one model, as in the notes, and no other reads it

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Scope:
    """What one TF-IDF model is fitted on, and which rows it is asked about."""

    name: str
    kind: str  # language, set
    rows: tuple[int, ...]  # of the train part
    judged: tuple[int, ...]
    weighting: str | None = None

    @property
    def variant(self) -> str:
        """What it is one of four of."""
        return f"{self.kind}, {self.weighting or 'plain'}"


def scopes(rows: Sequence[Row]) -> list[Scope]:
    """List the TF-IDF models that the rows make, the largest last."""
    wanted: dict[tuple[str, str], list[int]] = {}
    for at, row in enumerate(rows):
        if row.source == ALONE:
            wanted.setdefault(("set", ALONE), []).append(at)
        else:
            wanted.setdefault(("set", row.source), []).append(at)
            wanted.setdefault(("language", row.language), []).append(at)
    for at, row in enumerate(rows):  # the others may learn from it
        if row.source == ALONE and row.part == "train":
            wanted.setdefault(("language", row.language), []).append(at)
    made = [_scope(kind, name, members, rows) for (kind, name), members in wanted.items()]
    fit_for_use = [
        each for each in made if each.judged and len({rows[at].label for at in each.rows}) > 1
    ]
    by_rows: dict[frozenset[int], Scope] = {}
    for each in sorted(fit_for_use, key=lambda scope: (len(scope.rows), scope.kind)):
        by_rows.setdefault(frozenset(each.rows), each)
    return list(by_rows.values())


def _scope(kind: str, name: str, members: Sequence[int], rows: Sequence[Row]) -> Scope:
    train = tuple(sorted(at for at in members if rows[at].part == "train"))
    judged = tuple(at for at in members if rows[at].part != "train")
    return Scope(name, kind, train, judged)


def choosing(scope: Scope, rows: Sequence[Row]) -> Scope | None:
    """Give the same scope without a tenth of its rows, to be judged by them, if that can be."""
    tenth = {at for at in scope.rows if key_of(rows[at].text) % CHOSEN_ON == 0}
    rest = tuple(at for at in scope.rows if at not in tenth)
    if not tenth or len({rows[at].label for at in rest}) < len(
        {rows[at].label for at in scope.rows}
    ):
        return None
    return replace(scope, rows=rest, judged=tuple(sorted(tenth)))


class TfIdf:
    """The TF-IDF models of all scopes, their answers kept under `work`."""

    def __init__(self, rows: Sequence[Row], work: Path, say: Say) -> None:
        self._rows, self._work, self._say = rows, work, say
        self._blocks: list[Any] = []

    def ask_all(self) -> Iterator[tuple[Scope, Said]]:
        """Ask every model about its judged rows; fit those that no file answers for.

        Of each scope there are two for each weighting: one for what is held out, and one that is
        fitted on nine tenths, for the last tenth.
        """
        for whole in scopes(self._rows):
            for weighting in WEIGHTINGS:
                scope = replace(whole, weighting=weighting)
                for each in (scope, choosing(scope, self._rows)):
                    if each is not None:
                        yield each, self._ask(each)

    def _ask(self, scope: Scope) -> Said:
        settings = f"{TFIDF_SETTINGS} {scope.weighting}"
        name = fingerprint([self._rows[at] for at in scope.rows], settings)
        path = self._work / "tfidf" / f"{scope.kind}-{scope.name}-{name}.npz"
        texts = [self._rows[at].text for at in scope.judged]
        return ask(path, texts, self._fitted(scope), self._say, len(texts))

    def _fitted(self, scope: Scope) -> "Callable[[list[str]], NDArray[np.float32]]":
        def predict(texts: list[str]) -> "NDArray[np.float32]":
            if not self._blocks:
                self._say(f"counting the n-grams of {len(self._rows)} texts")
                self._blocks = counted([row.text for row in self._rows])
            where = {self._rows[at].text: at for at in scope.judged}
            labels = [self._rows[at].label for at in scope.rows]
            self._say(f"  TF-IDF of {scope.name} ({scope.variant}): {len(labels)} texts")
            return fit_and_ask(
                [block[list(scope.rows)] for block in self._blocks],
                labels,
                [block[[where[text] for text in texts]] for block in self._blocks],
                scope.weighting,
            )

        return predict


def counted(texts: Sequence[str]) -> list[Any]:
    """Count n-grams: of characters, and of words; a CSR matrix float32 [texts, buckets] each."""
    from sklearn.feature_extraction.text import HashingVectorizer  # noqa: PLC0415

    settings: dict[str, Any] = {"alternate_sign": False, "norm": None, "dtype": "float32"}
    kinds = (("char_wb", (2, 5), CHARACTER_BITS), ("word", (1, 2), WORD_BITS))
    readable = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
    return [
        HashingVectorizer(
            analyzer=analyzer, ngram_range=reach, n_features=1 << bits, **settings
        ).transform(readable)
        for analyzer, reach, bits in kinds
    ]


def fit_and_ask(
    blocks: Sequence[Any],
    labels: Sequence[int],
    asked: Sequence[Any],
    weighting: str | None = None,
) -> "NDArray[np.float32]":
    """Fit TF-IDF and logistic regression on counts; give probabilities float32 [asked, 3]."""
    import numpy as np  # noqa: PLC0415
    from scipy import sparse  # noqa: PLC0415
    from sklearn.feature_extraction.text import TfidfTransformer  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    train, test = [], []
    for block, other in zip(blocks, asked, strict=True):
        kept = np.flatnonzero(np.bincount(block.indices, minlength=block.shape[1]) >= LEAST_TEXTS)
        new = np.full(block.shape[1], -1, dtype=np.int32)
        new[kept] = np.arange(len(kept), dtype=np.int32)
        weigh = TfidfTransformer(sublinear_tf=True)
        train.append(weigh.fit_transform(_narrowed(block, new, len(kept))))
        test.append(weigh.transform(_narrowed(other, new, len(kept))))
    model = LogisticRegression(C=PENALTY, max_iter=MOST_STEPS, tol=1e-3, class_weight=weighting)
    model.fit(sparse.hstack(train, format="csr"), labels)
    made = np.zeros((test[0].shape[0], len(LABELS)), dtype=np.float32)
    made[:, model.classes_] = model.predict_proba(sparse.hstack(test, format="csr"))
    return made


def _narrowed(block: Any, new: Any, columns: int) -> Any:
    """Keep the columns that have a new number; `block[:, kept]` would take minutes."""
    import numpy as np  # noqa: PLC0415
    from scipy import sparse  # noqa: PLC0415

    numbers = new[block.indices]
    stay = numbers >= 0
    ends = np.concatenate([[0], np.cumsum(stay)])[block.indptr]
    return sparse.csr_matrix(
        (block.data[stay], numbers[stay], ends), shape=(block.shape[0], columns)
    )


def ask_vader(texts: Sequence[str], work: Path, say: Say) -> Said:
    """Let VADER (Hutto and Gilbert, 2014) read texts; it is made for English posts.

    Its answer is no probability: four fifths stand for the label by its authors' thresholds, one
    fifth for the sign of its score, which decides where there are two classes only.
    """
    import numpy as np  # noqa: PLC0415

    try:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # noqa: PLC0415
    except ImportError:
        raise ClassifierError("compare needs vaderSentiment: pip install '.[dev,train]'") from None
    analyzer = SentimentIntensityAnalyzer()

    def predict(texts: list[str]) -> "NDArray[np.float32]":
        made = np.zeros((len(texts), 3), dtype=np.float32)
        for at, text in enumerate(texts):
            score = analyzer.polarity_scores(text)["compound"]
            made[at] = 0.2 * np.array([(1 - score) / 2, 0, (1 + score) / 2])
            made[at, 1 + (score >= VADER_SURE) - (score <= -VADER_SURE)] += 0.8
        return made

    return ask(work / "vader.npz", texts, predict, say)


def ask_fast(texts: Sequence[str], work: Path, say: Say) -> Said:
    """Ask the `fast` that ships, which was not fitted on what is held out."""
    model = FastClassifier()

    def predict(texts: list[str]) -> "NDArray[np.float32]":
        import numpy as np  # noqa: PLC0415

        return np.array(probabilities(model.predict(texts)), dtype=np.float32)

    return ask(work / f"{model.version}.npz", texts, predict, say, max(1, len(texts)))
