"""The labelled sets under a folder: one gzip'd JSONL file per set and split, and a README.md."""

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from classifiers.base import LABELS
from classifiers.ngrams import mask

REPORTED: Final = "umsab/val.jsonl.gz"  # what the figures are made on: never trained on
FIRST: Final = ("umsab", "semeval_tweets_en")  # of equal texts the first is kept, so these win
UNLABELLED: Final = frozenset({"twcs", "ibm_customer_care", "timeseries"})
TWO_CLASS: Final = frozenset(  # sets in which nobody could say neutral
    {
        "chnsenticorp_htl",
        "indonlu_absa_id",
        "online_shopping_10_cats",
        "semeval_topics_en",
        "waimai_10k",
        "weibo_senti_100k_sample",
    }
)
CHANCE_LABELS: Final = re.compile(r"umsab-hi-train-\d{1,3}")
"""Ids of rows whose labels agree with no model: of UMSAB's Hindi the first thousand."""
SURE_ENOUGH: Final = 0.65  # where a set states how far its annotators agreed
NOT_POSTED: Final = frozenset({"timeseries"})  # counts, no texts
HELD_OUT_PERCENT: Final = 8
HELD_OUT_THIRD: Final = "airline_us"  # a third of it is held out: it is the one customer-care set

_NOT_A_LETTER = re.compile(r"@user|http|[\W_]+")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text; `part` is train, held_out or reported."""

    text: str
    label: int  # of LABELS
    language: str
    source: str
    part: str
    noisy: bool = False  # told from stars or an emoticon, or by annotators who hardly agreed

    @property
    def two_class(self) -> bool:
        """Whether its annotators had no neutral to give, so that it says nothing of neutral."""
        return self.source in TWO_CLASS and LABELS[self.label] != "neutral"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a set came from, in the words of the README."""

    source: str
    licence: str


def read_rows(data: Path, seed: int) -> list[Row]:
    """Read all labelled sets, without repeated texts and without those that are reported on.

    The parts are decided by a hash of the normalised text, so that near-duplicates stay together.
    """
    reported = list(_read(data / REPORTED))
    kept_out = {_normalised(text) for text, *_ in reported}
    rows = [Row(text, label, lang, "umsab", "reported") for text, label, lang, _ in reported]
    labels_seen: set[tuple[str, int]] = set()
    seen_first: set[str] = set()
    for path in _files(data):
        source = path.parent.name
        for text, label, language, noisy in _read(path):
            key = _normalised(text)
            if key in kept_out or (key, label) in labels_seen:
                continue
            if source == "semeval_topics_en" and key in seen_first:
                continue  # the same tweets, judged towards a topic
            labels_seen.add((key, label))
            if source in FIRST:
                seen_first.add(key)
            rows.append(Row(text, label, language, source, _part(source, key, seed), noisy))
    return rows


def read_unlabelled(data: Path, seed: int) -> list[tuple[str, str]]:
    """Read the texts without a label, once each, as (text, language).

    None of them is equal to a text of the same seed's held-out or reported part.
    """
    seen = {_normalised(text) for text, *_ in _read(data / REPORTED)}
    texts = []
    for path in sorted(data.glob("*/*.jsonl.gz")):
        if path.parent.name in NOT_POSTED:
            continue
        for row in _json_rows(path):
            if row.get("label") in LABELS or not row.get("text"):
                continue
            key = _normalised(row["text"])
            if key not in seen and _part(path.parent.name, key, seed) == "train":
                seen.add(key)
                texts.append((row["text"], row.get("lang") or "und"))
    return texts


def read_origins(data: Path) -> dict[str, Origin]:
    """Read from the README where each set came from and under which licence."""
    fields: dict[str, dict[str, str]] = {}
    name = ""
    for line in (data / "README.md").read_text("utf-8").splitlines():
        if line.startswith("### "):
            name = line[4:].strip()
            fields[name] = {}
        elif name and (match := re.match(r"- (from|licence): (.*)", line)):
            fields[name][match[1]] = match[2].strip()
    stated = {
        each["from"]: each["licence"]
        for each in fields.values()
        if "from" in each and each.get("licence", "as above") != "as above"
    }
    return {
        name: Origin(
            each.get("from", "not stated"),
            stated.get(each.get("from", ""), each.get("licence", "not stated")),
        )
        for name, each in fields.items()
    }


def _files(data: Path) -> list[Path]:
    every = [
        path
        for path in data.glob("*/*.jsonl.gz")
        if path.parent.name not in UNLABELLED and path != data / REPORTED
    ]
    return sorted(every, key=lambda path: (*(path.parent.name != name for name in FIRST), path))


def _read(path: Path) -> Iterator[tuple[str, int, str, bool]]:
    for row in _json_rows(path):
        if CHANCE_LABELS.fullmatch(str(row.get("id", ""))):
            continue
        if row.get("label") in LABELS and row["text"]:
            label = LABELS.index(row["label"])
            yield row["text"], label, row.get("lang") or "und", _noisy(row)


def _json_rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _noisy(row: dict[str, Any]) -> bool:
    told_from = row.get("label_source")
    agreement = float(row.get("confidence") or 1)
    return told_from in ("stars", "emoticon") or agreement < SURE_ENOUGH


def _normalised(text: str) -> str:
    return _NOT_A_LETTER.sub("", mask(_SPACES.sub(" ", text.lower()))) or text.strip()


def _part(source: str, key: str, seed: int) -> str:
    digest = hashlib.sha256(f"{seed}:{key}".encode("utf-8", "surrogatepass")).digest()
    number = int.from_bytes(digest[:6], "big")
    if source == HELD_OUT_THIRD:
        return "held_out" if number % 3 == 0 else "train"
    return "held_out" if number % 100 < HELD_OUT_PERCENT else "train"
