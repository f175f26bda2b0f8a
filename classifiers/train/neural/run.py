"""Training `default` from end to end: base, vocabulary, fine-tuning, calibration, packing, card.

What takes long is kept in the working folder, and found there when the same command is given again.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from classifiers.beside import Powers
from classifiers.evaluate import Score
from classifiers.train.card import LEAST_ROWS, table
from classifiers.train.datasets import Row, read_origins, read_rows, read_unlabelled
from classifiers.train.neural import (
    adapt,
    card,
    exits,
    feed,
    mixed,
    model,
    score,
    sets,
    teacher,
    tokenizer,
    verify,
    vocabulary,
)
from classifiers.train.neural.base import Base, find_base, read_base
from classifiers.train.neural.calibrate import MOST_ERROR, Calibration, calibrate
from classifiers.train.neural.finetune import Material, finetune
from classifiers.train.neural.pack import pack
from classifiers.train.neural.recipe import Recipe

Say = Callable[[str], None]
GROWTH_TEXTS: Final = 3000


@dataclass(frozen=True, slots=True)
class Outcome:
    """The figures of the packed directory, each as (set, score)."""

    held_out: list[tuple[str, Score]]
    reported: list[tuple[str, Score]]
    size: int


@dataclass(frozen=True, slots=True)
class Job:
    """What a run is given."""

    data: Path
    work: Path
    out: Path
    recipe: Recipe
    say: Say
    teacher: Path | None = None  # probabilities of an ensemble, from `teacher.write`


@dataclass(frozen=True, slots=True)
class Fitted:
    """A trained model; way, leave: its exit, and the tensors of that, where it is worth having.

    beside: how it is mixed with `fast`, if it is.
    """

    network: Any
    calibration: Calibration
    way: exits.Way | None = None
    leave: dict[str, Any] | None = None
    beside: Powers | None = None


def train(job: Job) -> Outcome:
    """Do all of it; go on where an earlier run with the same settings and data stopped."""
    base = read_base(find_base())
    cosine, tokens = verify.verify(base)
    job.say(f"base weights: cosine at least {cosine:.4f}, {tokens} tokens cut as the package does")
    return train_from(base, job)


def train_from(base: Base, job: Job) -> Outcome:
    """Do what follows once the base weights are there."""
    job.work.mkdir(parents=True, exist_ok=True)
    rows = sets.wanted(read_rows(job.data, job.recipe.split), job.recipe)
    job.say(f"{len(rows)} texts of {len({row.source for row in rows})} sets")
    ids = kept_pieces(base, rows, job)
    cutter = tokenizer.build(base, ids)
    fitted = _fitted(base, ids, cutter, rows, job)
    size = pack(
        fitted.network,
        cutter,
        job.out,
        temperature=fitted.calibration.common,
        settings=_settings(job.recipe, fitted),
        leave=fitted.leave,
    )
    job.say(f"{job.out}: {size / 1e6:.1f} MB")
    return _measured(rows, fitted, size, job)


def kept_pieces(base: Base, rows: Sequence[Row], job: Job) -> list[int]:
    """Choose the vocabulary, or read which one was chosen before, and say what it costs."""
    unlabelled = read_unlabelled(job.data, job.recipe.split) if not job.recipe.languages else []
    texts: dict[str, list[str]] = {}
    for row in rows:
        if row.part == "train":
            texts.setdefault(row.language, []).append(row.text)
    for text, language in unlabelled:
        texts.setdefault(language, []).append(text)
    sizes = {language: len(each) for language, each in texts.items()}
    path = job.work / "pieces.json"
    key = {"pieces": job.recipe.pieces, "texts": sizes}
    if path.is_file() and (found := json.loads(path.read_text("utf-8")))["of"] == key:
        return [int(at) for at in found["ids"]]
    whole = tokenizer.build(base)
    counted = vocabulary.count_pieces(whole, texts)
    ids = vocabulary.choose(
        base, counted, sizes, job.recipe.pieces, every_script=not job.recipe.languages
    )
    sample = [(row.text, row.language) for row in rows if row.part == "held_out"]
    sample = sample[:: max(1, len(sample) // GROWTH_TEXTS)]
    for language, (growth, odd) in sorted(
        vocabulary.growth(whole, tokenizer.build(base, ids), sample).items()
    ):
        job.say(f"  {language}: {100 * (growth - 1):.1f} % more tokens, {100 * odd:.2f} % unknown")
    path.write_text(json.dumps({"of": key, "ids": ids}), "utf-8")
    return ids


def _fitted(base: Base, ids: list[int], cutter: Any, rows: Sequence[Row], job: Job) -> Fitted:
    """Fine-tune; of last and average weights take those that the held-out rows like better."""
    recipe = job.recipe
    network = model.classifier(
        base, ids, recipe.layers, mean_pooling=recipe.mean_pooling, seed=recipe.seed
    )
    if recipe.adapt_minutes:
        _adapt(network, cutter, rows, job)
    model.freeze(
        network,
        embeddings=recipe.frozen_embeddings,
        lowest=recipe.frozen_layers,
        mean_pooling=recipe.mean_pooling,
    )
    material = _material(cutter, rows, job)
    learner = exits.with_exit(network, recipe) if recipe.exit_layer else network
    path = job.work / "finetune.pt"
    ends = finetune(learner, material, recipe, path, _fingerprint(job, material), job.say)
    aside = score.held_out(rows, score.MOST_CHOSEN_BY)
    encoded = feed.encode(cutter, [row.text for row in aside], recipe.longest)
    best: tuple[float, score.Judged, score.Judged | None] | None = None
    for name, state in ends.items():
        learner.load_state_dict(state)
        if recipe.exit_layer:
            judged, early = exits.judge(learner, aside, encoded)
        else:
            judged, early = score.Judged(aside, score.logits(network, encoded)), None
        loss = score.log_loss(judged)
        f1 = score.macro_f1(score.by_set(judged, LEAST_ROWS), "umsab")
        job.say(f"{name} weights: held-out loss {loss:.4f}, UMSAB {100 * f1:.1f}")
        if best is None or loss < best[0]:
            best = loss, judged, early
            chosen = state
    assert best is not None
    learner.load_state_dict(chosen)
    calibration = calibrate(best[1])
    job.say(f"calibration: {calibration}")
    whole = score.Judged(aside, best[1].logits / calibration.common)
    fitted = Fitted(network, calibration)
    if best[2] is not None:
        way = exits.choose(whole, best[2], [len(each) for each in encoded], recipe, LEAST_ROWS)
        worth = way.saved >= exits.LEAST_SAVED
        job.say(f"leaving early: {exits.told(way)}{'' if worth else '; too little, left out'}")
        if worth:
            leave = exits.tensors_of(learner, way.temperature)
            fitted = replace(fitted, way=way, leave=leave)
            early = score.Judged(aside, best[2].logits / way.temperature)
            whole = exits.left_at(whole, early, way.threshold)
    return _beside_fast(fitted, whole, job) if recipe.beside_fast else fitted


def _beside_fast(fitted: Fitted, judged: score.Judged, job: Job) -> Fitted:
    """Mix it with `fast`; where that calibrates each family, no family needs its own factor."""
    powers, errors = mixed.choose(judged)
    told = ", ".join(f"{family} {100 * error:.1f}" for family, error in errors.items())
    job.say(f"beside `fast`: {powers}; calibration error {told}")
    good = all(error <= MOST_ERROR for error in errors.values())
    factors = {} if good else fitted.calibration.factors
    calibration = replace(fitted.calibration, factors=factors, errors=errors)
    return replace(fitted, calibration=calibration, beside=powers)


def _adapt(network: Any, cutter: Any, rows: Sequence[Row], job: Job) -> None:
    recipe = job.recipe
    posts = adapt.posts(rows, read_unlabelled(job.data, recipe.split))
    encoded = feed.encode(cutter, [row.text for row in posts], recipe.longest)
    job.say(f"guessing masked words in {len(posts)} posts")
    key = f"{recipe.adapt_key()}:{len(posts)}"
    adapt.adapt(network, posts, encoded, recipe, job.work / "adapt.pt", key, job.say)


def _material(cutter: Any, rows: Sequence[Row], job: Job) -> Material:
    recipe = job.recipe
    inside = [row for row in rows if row.part == "train"]
    taught = teacher.read(job.teacher) if job.teacher is not None else {}
    if taught:
        more = sets.without_label(read_unlabelled(job.data, recipe.split))
        inside += [row for row in more if teacher.key_of(row.text) in taught]
    wanted = teacher.mixed(inside, sets.targets(inside, recipe), taught, recipe.taught)
    encoded = feed.encode(cutter, [row.text for row in inside], recipe.longest)
    return Material.of(inside, encoded, wanted, sets.row_weights(inside, recipe))


def _fingerprint(job: Job, material: Material) -> str:
    """Name the settings and what is trained on, so that no run goes on from another's."""
    digest = hashlib.sha256(job.recipe.fingerprint().encode())
    for row, wanted in zip(material.rows, material.targets, strict=True):
        digest.update(f"{row.source}{row.language}{len(row.text)}".encode())
        digest.update(wanted.tobytes())
    return digest.hexdigest()


def _settings(recipe: Recipe, fitted: Fitted) -> dict[str, Any]:
    settings: dict[str, Any] = {"longest": recipe.longest, "recipe": recipe.fingerprint()}
    if fitted.calibration.factors:
        settings["temperatures"] = fitted.calibration.factors
    if fitted.way is not None:
        settings["exit"] = {"layer": fitted.way.layer, "threshold": fitted.way.threshold}
    if fitted.beside is not None:
        settings["beside"] = asdict(fitted.beside)
    return settings


def _measured(rows: Sequence[Row], fitted: Fitted, size: int, job: Job) -> Outcome:
    """Let the packed directory read what it was not trained on, and write the card."""
    aside = score.held_out(rows)
    reported = [row for row in rows if row.part == "reported"]
    every = [*aside, *reported]
    if fitted.way is None and fitted.beside is None:
        judged = score.judge_directory(job.out, every, job.recipe.longest)
    else:
        judged = score.judge_as_run(job.out, every)
    parts = [
        score.by_set(judged.where([row.part == part for row in judged.rows]), LEAST_ROWS)
        for part in ("held_out", "reported")
    ]
    outcome = Outcome(parts[0], parts[1], size)
    card.write(
        job.out,
        rows,
        read_origins(job.data),
        job.recipe,
        fitted.calibration,
        leaving=exits.told(fitted.way) if fitted.way is not None else "",
        beside=fitted.beside,
        size=size,
        held_out=outcome.held_out,
        reported=outcome.reported,
    )
    for scores in parts:
        for line in table(scores) if scores else []:
            job.say(line)
    return outcome


def against_majority(rows: Sequence[Row], scores: Sequence[tuple[str, Score]]) -> dict[str, float]:
    """Say for each language by how much the macro-F1 of its sets beats naming the commonest label.

    Both are means over the sets of the language that were scored; the gain is from -1 to 1.
    """
    gains: dict[str, list[float]] = {}
    aside = score.held_out(rows)
    for source, made in scores:
        labels = Counter(
            row.label for row in aside if (row.source, row.language) == (source, made.language)
        )
        share = max(labels.values()) / sum(labels.values())
        majority = 2 * share / (1 + share) / len(labels)
        gains.setdefault(made.language, []).append(made.macro_f1 - majority)
    return {language: sum(each) / len(each) for language, each in sorted(gains.items())}
