"""The figures as Markdown: a table of all sets, the targets, neutral, and what each one costs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from classifiers.base import LABELS
from classifiers.evaluate import Score, f1
from classifiers.train.compare_figures import (
    AT_CHANCE,
    Contender,
    Difference,
    Group,
    difference,
    family_errors,
    predictions,
    score,
)
from classifiers.train.datasets import HELD_OUT_THIRD, Row

BETTER_BY: Final = 2.0  # points of macro-F1 over TF-IDF
MOST_ERROR: Final = 5.0
ENGLISH_TWEETS: Final = "semeval_tweets_en"
CHINESE: Final = {"chnsenticorp_htl": 88.0, "waimai_10k": 89.0, "online_shopping_10_cats": 92.0}
BEATEN: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "Traditional Chinese": (
        ("taiwan_google_maps_reviews_zh_hant", "zh-Hant"),
        ("openrice_senti_yue", "yue-Hant"),
    ),
    "Hungarian": (("husst", "hu"),),
    "German feedback": (("germeval2017", "de"), ("eon_app_reviews_de", "de")),
    "Spanish": (("meia2025_reviews_es", "es"),),
    "Portuguese": (("nubank_reviews_pt", "pt"),),
    "French": (("apetiz_reviews_fr", "fr"),),
    "Japanese": (("jrte_hotel_ja", "ja"),),
    "Korean": (
        ("avo_app_reviews_ko", "ko"),
        ("laftel_reviews_ko", "ko"),
        ("korean_bank_app_reviews", "ko"),
    ),
}
WITH_NEUTRAL: Final = (
    ("smp2020_weibo_covid", "zh"),
    ("taiwan_google_maps_reviews_zh_hant", "zh-Hant"),
    ("openrice_senti_yue", "yue-Hant"),
)


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that the issue asks for; `met` is None where there was nothing to measure."""

    name: str
    wanted: str
    value: str
    met: bool | None

    def line(self) -> str:
        """Give its row of the table."""
        verdict = {True: "pass", False: "**miss**", None: "-"}[self.met]
        return f"| {self.name} | {self.wanted} | {self.value} | {verdict} |"


@dataclass(frozen=True, slots=True)
class Ring:
    """The rows, what is scored, and who is: the first is the one that the targets are for."""

    rows: Sequence[Row]
    groups: Sequence[Group]
    contenders: Sequence[Contender]
    tfidf: Contender

    def find(self, source: str, language: str, part: str = "held_out") -> Group | None:
        """Find a set's group: on two classes, where it is scored on two."""
        found = [
            each
            for each in self.groups
            if (each.source, each.language, each.part) == (source, language, part)
        ]
        return max(found, key=lambda each: each.two_class, default=None)


def figures(ring: Ring) -> list[str]:
    """Give all sets and languages: macro-F1, macro-recall, negative F1, calibration error."""
    lines = _head(["set", "language", "n", *[each.name for each in ring.contenders]])
    for group in ring.groups:
        mark = "* (two classes)" if group.two_class else ""
        part = " val" if group.part == "reported" else ""
        cells = [_cell(each, group, ring.rows) for each in ring.contenders]
        name = f"{group.source}{part}{mark}"
        lines.append(_line([name, group.language, str(len(group.rows)), *cells]))
    return lines


def _cell(contender: Contender, group: Group, rows: Sequence[Row]) -> str:
    if not contender.asked(group):
        return "-"
    made = score(contender, group, rows)
    error = f"{100 * made.ece:.1f}" if contender.honest else "-"
    return (
        f"**{100 * made.macro_f1:.1f}** {100 * made.macro_recall:.1f}"
        f" {100 * made.negative_f1:.1f} {error}"
    )


def umsab(ring: Ring, contender: Contender) -> tuple[float, float]:
    """Give the average macro-F1 over UMSAB's val, with Hindi and without, in percent."""
    every = [each for each in ring.groups if (each.source, each.part) == ("umsab", "reported")]
    scores = [score(contender, each, ring.rows) for each in every if contender.asked(each)]
    others = [each for each in scores if each.language != AT_CHANCE[1]]
    return _mean_f1(scores), _mean_f1(others)


def _mean_f1(scores: Sequence[Score]) -> float:
    return 100 * sum(each.macro_f1 for each in scores) / len(scores) if scores else float("nan")


def averages(ring: Ring) -> list[str]:
    """Give UMSAB's averages for all, and each one's speed."""
    head = [
        "",
        "UMSAB val",
        "without Hindi",
        "calibration, posts",
        "reviews",
        "texts per second of CPU",
    ]
    lines = _head(head)
    for each in ring.contenders:
        both = umsab(ring, each)
        errors = family_errors(each, ring.rows) if each.honest else {}
        told = [
            f"{100 * errors[name][0]:.1f}" if name in errors else "-"
            for name in ("social", "review")
        ]
        speed = f"{each.per_second:,.0f}" if each.per_second else "-"
        cells = [each.name, *[f"{value:.1f}" for value in both], *told, speed]
        lines.append(_line(cells))
    return lines


def targets(ring: Ring) -> list[str]:
    """Give what the issue asks of the first contender, and whether it is met."""
    made = [*_levels(ring), *_beaten(ring), *_calibrated(ring)]
    return [*_head(["target", "wanted", "value", ""]), *[each.line() for each in made]]


def _levels(ring: Ring) -> Iterable[Target]:
    first = ring.contenders[0]
    names = ("UMSAB val, average macro-F1", "the same without Hindi")
    for name, value in zip(names, umsab(ring, first), strict=True):
        yield _at_least(name, 66, value, "at least 66, aim 70")
    wanted = [
        (ENGLISH_TWEETS, "en", "macro_recall", 70.0),
        (HELD_OUT_THIRD, "en", "macro_f1", 78.0),
    ]
    wanted += [(source, "zh", "macro_f1", least) for source, least in CHINESE.items()]
    for source, language, figure, least in wanted:
        group = ring.find(source, language)
        value = float("nan")
        if group and first.asked(group):
            value = 100 * getattr(score(first, group, ring.rows), figure)
        title = f"{source}, {figure.replace('_', '-').replace('f1', 'F1')}"
        yield _at_least(
            f"{title}{', two classes' if group and group.two_class else ''}", least, value
        )


def _at_least(name: str, least: float, value: float, wanted: str = "") -> Target:
    nothing = value != value  # NaN
    met = None if nothing else round(value, 1) >= least
    return Target(name, wanted or f"at least {least:g}", "-" if nothing else f"{value:.1f}", met)


def _beaten(ring: Ring) -> Iterable[Target]:
    """Compare with TF-IDF: each set, and, where a language has several, their mean."""
    for name, members in BEATEN.items():
        found = [each for source, lang in members if (each := ring.find(source, lang))]
        if len(found) > 1:
            yield _against(ring, f"{name}, mean of {len(found)} sets", found)
        for group in found:
            yield _against(ring, f"{name}: {group.source}, n {len(group.rows)}", [group])


def _against(ring: Ring, name: str, found: Sequence[Group]) -> Target:
    first, other = ring.contenders[0], ring.tfidf
    wanted = f"TF-IDF + {BETTER_BY:g}, interval above 0"
    if not all(each.asked(group) for each in (first, other) for group in found):
        return Target(name, wanted, "-", None)
    made = difference(first, other, found, ring.rows)
    base = _mean_f1([score(other, group, ring.rows) for group in found])
    met = round(100 * made.value, 1) >= BETTER_BY and made.low > 0
    return Target(name, wanted, f"{base:.1f} {_told(made)}", met)


def _told(made: Difference) -> str:
    return f"{100 * made.value:+.1f} ({100 * made.low:+.1f} to {100 * made.high:+.1f})"


def _calibrated(ring: Ring) -> Iterable[Target]:
    for family, (error, count) in family_errors(ring.contenders[0], ring.rows).items():
        name = f"calibration error, {family}, n {count}"
        value = 100 * error
        wanted = f"at most {MOST_ERROR:g}"
        yield Target(name, wanted, f"{value:.1f}", round(value, 1) <= MOST_ERROR)


def neutral(ring: Ring) -> list[str]:
    """Show whether neutral works in Chinese: how often it is told, and its F1."""
    names = [each.name for each in ring.contenders]
    lines = _head(["set", "n", "gold share", *[f"{name}: share, F1" for name in names]])
    for source, language in WITH_NEUTRAL:
        group = ring.find(source, language)
        if not group:
            continue
        gold = [LABELS[ring.rows[at].label] for at in group.rows]
        share = f"{100 * gold.count('neutral') / len(gold):.1f}"
        cells = [_neutral_cell(each, group, gold) for each in ring.contenders]
        lines.append(_line([f"{source}", str(len(gold)), share, *cells]))
    return lines


def _neutral_cell(contender: Contender, group: Group, gold: Sequence[str]) -> str:
    if not contender.asked(group):
        return "-"
    made = [each.label for each in predictions(contender, group)]
    share = made.count("neutral") / len(made)
    return f"{100 * share:.1f}, {100 * f1(list(zip(gold, made, strict=True)), 'neutral'):.1f}"


def _head(cells: Sequence[str]) -> list[str]:
    return [_line(cells), "|" + "---|" * len(cells)]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
