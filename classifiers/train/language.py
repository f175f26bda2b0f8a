"""Train the second voice of the language detector: read, cut short, fit, drop noise, fit, pack."""

import gzip
import hashlib
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from classifiers.language import cld2, readable
from classifiers.letters import (
    CONFIG_FILE,
    FORMAT,
    NGRAMS_FILE,
    WEIGHTS_FILE,
    ZERO,
    Letters,
    ngrams,
)
from classifiers.train.datasets import Origin, read_origins

LANGUAGES: Final = (
    "en",
    "es",
    "fr",
    "de",
    "it",
    "pt",
    "nl",
    "hu",
    "da",
    "sv",
    "hr",
    "sk",
    "tr",
    "vi",
    "id",
    "jv",
    "su",
    "min",
    "sw",
    "ha",
    "ig",
    "yo",
    "hi",
    "ar",
)
LEFT_OUT: Final = frozenset({"sentimix_spanglish_norm", "twcs", "timeseries"})  # mixed, or guessed
HELD_OUT_TENTHS: Final = 2
MOST_TEXTS: Final = 4000  # of a language in a set
KEPT: Final = 30_000  # n-grams
LEAST_TEXTS: Final = 6  # with an n-gram
RATE: Final = 0.3
PASSES: Final = 4
BATCH_ROWS: Final = 512
DOUBTED: Final = 0.1  # of a row's own language, by a model that did not see it

SHORT_CHARACTERS: Final = 20

_CARD: Final = """\
# language: which language a text in Latin letters is in

A linear model over 30,000 n-grams (characters 1 to 4, and words), weights as bytes, run in plain
Python. `classifiers.detect` asks it where CLD2 is in doubt, and lets both vote; alone it is not a
language detector, for it gives texts in languages that it never met to a neighbour. Made by
`python -m classifiers.train language --data DIR`; the same data and seed give the same file.

## How good it is, alone

On a fifth of the texts of each set, by a hash of the normalised text, which was never fitted on.
The truth is the set's own language. For the detector as a whole see `python -m bench.language`.

| language | up to 20 characters | right, % | over 20 | right, % |
|---|---|---|---|---|
{figures}

## Limits

- `hi` and `ar` stand for Hindi and Moroccan Arabic in Latin letters: Hindi is learnt from one set,
  of which a quarter is English, and Arabic from tweets of one country.
- The sets name the language of a collection, not of each text. Before fitting, texts that CLD2 is
  sure are in another language were dropped, and those that a model fitted on the other half gave
  less than a tenth of a chance.
- Croatian, Danish, Dutch, Slovak, Swedish, Turkish and Vietnamese come from some 500 reviews each,
  translated; Javanese, Sundanese and Minangkabau from as many.
- Names of products and places weigh for the languages of the sets that speak of them.

## Training data

Texts belong to those who wrote them; many sets state no licence. No text is in the model: of words
it holds those that occur in six texts or more, each by itself.

| set | languages | from | licence |
|---|---|---|---|
{sets}
"""
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_LETTER = re.compile(r"[^\W\d_]")
_SPACES = re.compile(r"[\W_]+")

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Row:
    """A text with the language that its set gives it."""

    text: str
    language: str
    source: str
    held_out: bool


def tag(language: str) -> str:
    """Write a set's own tag as `classifiers.detect` would: without country, `zh` by script."""
    if language in ("yue-Hant", "zh-Hant"):
        return "zh-Hant"
    return language.partition("-")[0] if language != "es-en" else language


def held_out(text: str) -> bool:
    """Whether a text is kept for measuring, by a hash of what is the same in near-duplicates."""
    key = _SPACES.sub(" ", text.lower()).strip() or text
    digest = hashlib.sha256(f"language:{key}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:4], "big") % 10 < HELD_OUT_TENTHS


def read_rows(data: Path) -> Iterator[Row]:
    """Read every text that has a language, each once for a language and set."""
    seen = set()
    for path in sorted(data.glob("*/*.jsonl.gz")):
        if path.parent.name == "timeseries":
            continue
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                text, language = row.get("text"), row.get("lang")
                key = (text, language, path.parent.name)
                if not text or not language or key in seen:
                    continue
                seen.add(key)
                yield Row(text, tag(language), path.parent.name, held_out(text))


def train(data: Path, out: Path, seed: int, say: Say) -> None:
    """Fit on the rows that are not held out; drop what a half doubts of the other; fit again."""
    chance = random.Random(seed)  # noqa: S311
    texts, labels, groups = _samples(data, chance)
    say(f"{len(texts)} texts and cuttings in {len(set(labels))} languages")
    vocabulary = _vocabulary(texts)
    say(f"{len(vocabulary)} n-grams in {LEAST_TEXTS} texts or more")
    import numpy as np  # noqa: PLC0415

    features = _features(texts, vocabulary)
    gold = np.array([LANGUAGES.index(label) for label in labels])
    group = np.array(groups)
    sure = np.ones(len(gold), dtype=bool)
    for half in (0, 1):
        other = np.flatnonzero(group % 2 == half)
        weights, bias = _fit(features, gold, np.flatnonzero(group % 2 != half), 2, seed)
        chances = _softmax(features[other] @ weights + bias)
        sure[other] = chances[np.arange(len(other)), gold[other]] >= DOUBTED
    dropped = Counter(label for label, kept in zip(labels, sure, strict=True) if not kept)
    say(f"dropped as not of their language: {dict(dropped.most_common())}")
    rows = np.flatnonzero(sure)
    weights, bias = _fit(features, gold, rows, 2, seed)
    spread = weights - weights.mean(axis=1, keepdims=True)
    often = np.sqrt(np.asarray((features[rows] != 0).sum(axis=0)).ravel())
    kept = np.sort(np.argsort(-np.abs(spread).max(axis=1) * often, kind="stable")[:KEPT])
    vocabulary = [vocabulary[at] for at in kept]
    features = _features(texts, vocabulary)
    weights, bias = _fit(features, gold, rows, PASSES, seed)
    _pack(out, vocabulary, weights, bias)
    say(f"{len(vocabulary)} n-grams kept")
    _write_card(data, out, say)


def _known(row: Row) -> str | None:
    """Give a row as the n-grams see it; None if they would never be asked about it."""
    if row.source in LEFT_OUT or row.language not in LANGUAGES:
        return None
    text = readable(row.text)
    latin, letters = len(_LATIN.findall(text)), len(_LETTER.findall(text))
    return text if latin >= max(2, 0.7 * letters) else None


def _samples(data: Path, chance: random.Random) -> tuple[list[str], list[str], list[int]]:
    """Give texts, and of each a cutting of one to five words, for short ones are the hard ones."""
    groups: dict[tuple[str, str], list[str]] = {}
    for row in read_rows(data):
        if row.held_out or (text := _known(row)) is None:
            continue
        said = cld2(text)
        if said.sure and said.language in LANGUAGES and said.language != row.language:
            continue  # an English text among the Hindi ones
        groups.setdefault((row.source, row.language), []).append(text)
    texts, labels, numbers = [], [], []
    number = 0
    for (_, language), every in sorted(groups.items()):
        chance.shuffle(every)
        for text in every[:MOST_TEXTS]:
            number += 1
            words = text.split()
            cuttings = [text]
            if len(words) > 3:
                for _ in range(2):
                    length = chance.randint(1, 5)
                    start = chance.randrange(max(1, len(words) - length + 1))
                    cuttings.append(" ".join(words[start : start + length]))
            texts += cuttings
            labels += [language] * len(cuttings)
            numbers += [number] * len(cuttings)
    return texts, labels, numbers


def _vocabulary(texts: Sequence[str]) -> list[str]:
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(set(ngrams(text)))
    return sorted(gram for gram, count in counts.items() if count >= LEAST_TEXTS)


def _features(texts: Sequence[str], vocabulary: Sequence[str]) -> Any:
    """CSR float32 [texts, n-grams]: counts over the root of their sum."""
    import numpy as np  # noqa: PLC0415
    from scipy import sparse  # noqa: PLC0415

    at = {gram: number for number, gram in enumerate(vocabulary)}
    columns, values, starts = [], [], [0]
    for text in texts:
        known = [at[gram] for gram in ngrams(text) if gram in at]
        columns.append(np.array(known, dtype=np.int32))
        values.append(np.full(len(known), 1 / max(1, len(known)) ** 0.5, dtype=np.float32))
        starts.append(starts[-1] + len(known))
    made = sparse.csr_matrix(
        (np.concatenate(values), np.concatenate(columns), starts),
        shape=(len(texts), len(vocabulary)),
    )
    made.sum_duplicates()
    return made


def _fit(features: Any, gold: Any, rows: Any, passes: int, seed: int) -> tuple[Any, Any]:
    """AdaGrad in small batches (Duchi et al., 2011); a language counts by the root of its rows."""
    import numpy as np  # noqa: PLC0415

    chance = np.random.default_rng(seed)
    counts = np.maximum(np.bincount(gold[rows], minlength=len(LANGUAGES)), 1)
    share = (counts.mean() / counts) ** 0.5
    weights = np.zeros((features.shape[1], len(LANGUAGES)), dtype=np.float32)
    squares = np.full_like(weights, 1e-8)
    bias = np.zeros(len(LANGUAGES), dtype=np.float32)
    bias_squares = np.full_like(bias, 0.01)
    for _ in range(passes):
        order = chance.permutation(rows)
        for start in range(0, len(order), BATCH_ROWS):
            batch = order[start : start + BATCH_ROWS]
            chosen = features[batch]
            errors = _softmax(chosen @ weights + bias)
            errors[np.arange(len(batch)), gold[batch]] -= 1
            errors *= share[gold[batch]][:, None].astype(np.float32) / len(batch)
            used = np.unique(chosen.indices)
            slope = np.asarray(chosen[:, used].T @ errors)
            squares[used] += slope**2
            weights[used] -= RATE * slope / np.sqrt(squares[used])
            slope = errors.sum(axis=0)
            bias_squares += slope**2
            bias -= RATE * slope / np.sqrt(bias_squares)
    return weights, bias


def _softmax(logits: Any) -> Any:
    import numpy as np  # noqa: PLC0415

    made = np.exp(logits - logits.max(axis=1, keepdims=True))
    return made / made.sum(axis=1, keepdims=True)


def _pack(out: Path, vocabulary: Sequence[str], weights: Any, bias: Any) -> None:
    import numpy as np  # noqa: PLC0415
    from safetensors.numpy import save  # noqa: PLC0415

    centred = weights - weights.mean(axis=1, keepdims=True)
    largest = float(np.quantile(np.abs(centred), 0.9995))
    levels = np.rint(np.clip(centred / largest, -1, 1) * 127) + ZERO
    out.mkdir(parents=True, exist_ok=True)
    packed = np.ascontiguousarray(levels.astype(np.uint8))
    (out / WEIGHTS_FILE).write_bytes(save({"weights": packed}))
    (out / NGRAMS_FILE).write_text("\n".join(vocabulary), "utf-8")
    config = {
        "format": FORMAT,
        "languages": list(LANGUAGES),
        "bias": [round(float(each), 4) for each in bias - bias.mean()],
        "scale": largest / 127,
    }
    (out / CONFIG_FILE).write_text(json.dumps(config, indent=2) + "\n", "utf-8")


def _write_card(data: Path, out: Path, say: Say) -> None:
    """Write README.md beside the model, with its figures on the texts that were held out."""
    model = Letters(out)
    tallies: dict[str, list[int]] = {name: [0, 0, 0, 0] for name in LANGUAGES}
    sources: dict[str, set[str]] = {}
    for row in read_rows(data):
        text = _known(row)
        if text is None:
            continue
        sources.setdefault(row.source, set()).add(row.language)
        if row.held_out:
            chances = model.chances(text)
            tally = tallies[row.language]
            long = 2 * (len(row.text) > SHORT_CHARACTERS)
            tally[long] += 1
            tally[long + 1] += bool(chances) and max(chances, key=chances.get) == row.language  # type: ignore[arg-type]
    lines = [
        f"| {name} | {short} | {_percent(right, short)} | {long} | {_percent(also, long)} |"
        for name, (short, right, long, also) in tallies.items()
    ]
    origins = read_origins(data)
    sets = []
    for source, languages in sorted(sources.items()):
        origin = origins.get(source, Origin("not stated", "not stated"))
        names = ", ".join(sorted(languages))
        sets.append(f"| {source} | {names} | {origin.source} | {origin.licence} |")
    card = _CARD.format(figures="\n".join(lines), sets="\n".join(sets))
    (out / "README.md").write_text(card, "utf-8")
    say("\n".join(lines))


def _percent(right: int, texts: int) -> str:
    return f"{100 * right / texts:.1f}" if texts else "-"
