"""Near-copies: how many edited ones are found, how many others are taken for one, and a flood.

    python -m bench.copies [--half tune|report] [--seed N] [--show]

- 10,000 texts of many languages, 3,000 of them copies of others that a program edited: words
  changed, added or taken away, something put before or behind, cut off with …, other punctuation
  and emoji, an article under another headline. They go through the database and the measure stage
  in a random order; what counts is `match.copy_of`.
- signatures alone, in texts per CPU second
- 50,000 copies in an hour, half of them edited, and 50,000 posts of one form that say different
  things: how fast, and how much memory

Texts are told apart into halves by a hash: thresholds were chosen on `tune`, the figures are those
of `report`. Without ../shared the texts are made up, which tells little of precision.
"""

import argparse
import gzip
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory

from listener.domain.copies import read, signatures
from listener.domain.label import Sentiment
from listener.domain.mention import Batch, Mention
from listener.domain.subject import Matcher, Role, Subject
from listener.domain.text import UNSPACED_RUN, fold
from listener.stages.classify import take_given
from listener.stages.collect import take_in
from listener.stages.measure import Promises, measure
from listener.store import subjects
from listener.store.connection import Store

SHARED = Path(__file__).parents[2] / "shared" / "data"
SETS = (
    "airline_us/dev", "semeval_tweets_en/train", "trustpilot_us_banks_en/dev",
    "netflix_reviews_en/dev", "husst/train", "potts_tweets_de/dev",
    "germeval2017/dev", "meia2025_reviews_es/dev",
    "nubank_reviews_pt/dev", "apetiz_reviews_fr/dev", "sentirueval2016/tkk_test_etalon",
    "semeval_tweets_ar/train", "amazon_reviews_hi/train", "smsa_id/train", "wisesight_th/dev",
    "weibo_senti_100k_sample/dev", "chnsenticorp_htl/dev", "online_shopping_10_cats/dev",
    "taiwan_google_maps_reviews_zh_hant/dev", "jrte_hotel_ja/train", "avo_app_reviews_ko/dev",
)  # fmt: skip
TEXTS, COPIES, ARTICLES = 10_000, 3_000, 300
LEAST_EDITED, LEAST_EDITED_DENSE = 40, 18  # letters: a word of less is most of what is said
FLOOD = 50_000
PAGE = 500
NOW = datetime(2026, 3, 1, tzinfo=UTC)
PREFIXES = ("BREAKING: ", "RT @newsdesk: ", "ICYMI: ", "Update: ", "via @friend ", "🔥🔥 ")
TAILS = (
    " #fail", " #news #today", " — sent from my phone", " (via @somebody)", " 😡😡", " !!!",
    " https://t.co/a1b2c3", " #unbelievable @somebody https://t.co/xyz", " Please share!",
)  # fmt: skip
EMOJI = "😀😡🙄👍🔥✈💔"


@dataclass(frozen=True)
class Said:
    text: str
    cluster: int
    edit: str = ""
    origin: str = ""


def half_of(text: str) -> str:
    return ("tune", "report")[blake2b(text.encode(), digest_size=1).digest()[0] & 1]


def texts_of(name: str, half: str) -> list[str]:
    path = SHARED / f"{name}.jsonl.gz"
    if not path.is_file():
        return []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        said = dict.fromkeys(json.loads(line)["text"].strip() for line in lines)
    return [text for text in said if half_of(text) == half and fold(text) is not None]


def made_up(half: str) -> list[str]:
    from bench import texts

    said = (json.loads(line)["text"] for line in texts.lines(None, 10_000))
    return [text for text in said if half_of(text) == half and fold(text) is not None]


def words_of(text: str) -> list[str]:
    """Words with the space behind them; pairs of characters where there are no spaces."""
    parts: list[str] = []
    for word in text.replace("\n", " \n").split(" "):
        runs = UNSPACED_RUN.split(word)
        if len(runs) > 1 and len(word) > 4:
            parts += [word[at : at + 2] for at in range(0, len(word), 2)]
            parts[-1] += " "
        else:
            parts.append(word + " ")
    return parts


class Editor:
    """Edits of one text, as people and programs make them."""

    def __init__(self, rng: random.Random, others: Sequence[str]) -> None:
        self._rng, self._others = rng, others

    def edited(self, text: str, article: bool) -> tuple[str, str]:
        kinds: dict[str, Callable[[str], str]] = {
            "changed": self.changed, "removed": self.removed, "added": self.added,
            "before": self.before, "behind": self.behind, "cut": self.cut,
            "marks": self.marks,
        }  # fmt: skip
        if article and self._rng.random() < 0.5:
            return "headline", self.headline(text)
        name = self._rng.choice(list(kinds))
        made = kinds[name](text)
        if self._rng.random() < 0.3:
            second = self._rng.choice(["before", "behind", "changed", "marks"])
            name, made = f"{name}+{second}", kinds[second](made)
        return name, made

    def _foreign(self) -> str:
        return self._rng.choice(words_of(self._rng.choice(self._others))).strip() or "so"

    def _some(self, words: Sequence[str]) -> list[int]:
        most = 1 if len(words) < 15 else max(1, round(len(words) * 0.08))
        return self._rng.sample(range(len(words)), min(len(words), self._rng.randint(1, most)))

    def changed(self, text: str) -> str:
        words = words_of(text)
        for at in self._some(words):
            tail = " " if words[at].endswith(" ") else ""
            words[at] = self._foreign() + tail
        return "".join(words).strip()

    def removed(self, text: str) -> str:
        words = words_of(text)
        gone = set(self._some(words))
        return "".join(word for at, word in enumerate(words) if at not in gone).strip()

    def added(self, text: str) -> str:
        words = words_of(text)
        for at in sorted(self._some(words), reverse=True):
            words.insert(at, self._foreign() + (" " if " " in text else ""))
        return "".join(words).strip()

    def before(self, text: str) -> str:
        return self._rng.choice(PREFIXES) + text

    def behind(self, text: str) -> str:
        return text + self._rng.choice(TAILS)

    def cut(self, text: str) -> str:
        kept = round(len(text) * self._rng.uniform(0.5, 0.9))
        return text[: max(kept, 40 if text.isascii() else 25)].rstrip() + "…"

    def marks(self, text: str) -> str:
        marks = self._rng.choice(["!", "!!", "...", ""])
        text = text.replace(".", marks).replace(",", self._rng.choice(["", " -", ";"]))
        return f"{text.upper() if self._rng.random() < 0.2 else text} {self._rng.choice(EMOJI)}"

    def headline(self, text: str) -> str:
        _, _, rest = text.partition("\n")
        return self._rng.choice(self._others)[:90] + "\n" + rest


def corpus(half: str, seed: int) -> list[Said]:
    rng = random.Random(f"{seed}-{half}")
    sets = [found for name in SETS if (found := texts_of(name, half))] or [made_up(half)]
    originals, set_of = _originals(rng, sets)
    said = [Said(text, at) for at, text in enumerate(originals)]
    fit = [at for at, text in enumerate(originals) if _may_be_edited(text)]
    chosen = rng.sample(fit, min(len(fit), COPIES // 2))
    for number in range(COPIES):
        at = chosen[number % len(chosen)] if number < len(chosen) else rng.choice(chosen)
        editor = Editor(rng, sets[set_of[at]])
        origin = originals[at]
        kind, text = editor.edited(origin, "\n" in origin and len(origin) > 600)
        said.append(Said(text, at, kind, origin))
    rng.shuffle(said)
    return said


def _originals(rng: random.Random, sets: Sequence[Sequence[str]]) -> tuple[list[str], list[int]]:
    found: dict[str, int] = {}
    folds: set[int | None] = set()
    for number in range(ARTICLES):
        at = number % len(sets)
        lines = [" ".join(t.split()) for t in rng.sample(list(sets[at]), min(8, len(sets[at])))]
        found["\n".join(lines)] = at
    pools = [rng.sample(list(one), len(one)) for one in sets]
    turn = 0
    while len(found) < TEXTS - COPIES and any(pools):
        at = turn % len(pools)
        turn += 1
        if pools[at] and fold(text := pools[at].pop()) not in folds:
            folds.add(fold(text))
            found.setdefault(text, at)
    return list(found), list(found.values())


def _may_be_edited(text: str) -> bool:
    words = read(text)
    if words is None:
        return False
    return len(words.letters) >= (LEAST_EDITED_DENSE if words.dense else LEAST_EDITED)


class House:
    """A database with one brand, into which mentions come that name it."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder / "copies.db").open(NOW)
        with self.store.write() as db:
            brand = Subject(name="Acme", role=Role.BRAND, query=None, accounts={})
            self._subjects = subjects.keep(db, [brand])
        self._matcher = Matcher(self._subjects)
        self._promises = Promises({}, frozenset(s.id for s in self._subjects))

    def hear(self, texts: Sequence[str], first: int, every: timedelta) -> None:
        said = tuple(
            Mention(
                source="bench", source_id=str(first + at), text=text, brand="Acme",
                author=f"person{first + at}", language="en", label=Sentiment.NEGATIVE,
                said_at=NOW + (first + at) * every,
            )
            for at, text in enumerate(texts)
        )  # fmt: skip
        with self.store.write() as db:
            take_in(db, Batch(mentions=said), "bench", "bench", self._matcher, NOW)
        while take_given(self.store, {"acme": self._subjects[0].id}, NOW):
            pass

    def measure(self) -> float:
        began = time.perf_counter()
        while measure(self.store, self._promises, NOW):
            pass
        return time.perf_counter() - began

    def copy_of(self) -> dict[int, int | None]:
        with self.store.read() as db:
            rows = db.execute(
                "SELECT m.source_id, f.source_id AS first FROM match AS x"
                " JOIN mention AS m ON m.id = x.mention_id"
                " LEFT JOIN mention AS f ON f.id = x.copy_of"
            )
            return {int(r[0]): None if r[1] is None else int(r[1]) for r in rows}


def found(half: str, seed: int, show: bool) -> Iterator[tuple[bool, str]]:
    said = corpus(half, seed)
    with TemporaryDirectory() as folder:
        house = House(Path(folder))
        began, spent = time.perf_counter(), 0.0
        for first in range(0, len(said), PAGE):
            house.hear([s.text for s in said[first : first + PAGE]], first, timedelta(seconds=7))
            spent += house.measure()
        whole = time.perf_counter() - began
        copy_of = house.copy_of()
        house.store.close()
    taken = {at: first for at, first in copy_of.items() if first is not None}
    wrong = [at for at, first in taken.items() if said[at].cluster != said[first].cluster]
    right, missed = _recall(said, taken)
    precision = (len(taken) - len(wrong)) / max(1, len(taken))
    recall = right / max(1, right + len(missed))
    if show:
        _show(said, taken, wrong, missed)
    yield precision >= 0.98, f"precision {precision:.4f} (at least .98): {len(taken)} were folded"
    yield recall >= 0.90, f"recall {recall:.4f} (at least .90): {right} of {right + len(missed)}"
    yield True, f"{len(said)} texts in {whole:.1f} s, {spent:.1f} s of it to measure"


def _recall(said: Sequence[Said], taken: dict[int, int]) -> tuple[int, list[int]]:
    """How many of each cluster but one were folded within it, and which were not."""
    heads: dict[int, list[int]] = {}
    for at, one in enumerate(said):
        first = taken.get(at)
        if first is None or said[first].cluster != one.cluster:
            heads.setdefault(one.cluster, []).append(at)
    missed = [at for members in heads.values() for at in members[1:]]
    clusters = len({one.cluster for one in said})
    return len(said) - clusters - len(missed), missed


def _show(
    said: Sequence[Said], taken: dict[int, int], wrong: Sequence[int], missed: Sequence[int]
) -> None:
    every = Counter(kind for s in said for kind in s.edit.split("+") if kind)
    lost = Counter(kind for at in missed for kind in said[at].edit.split("+") if kind)
    print("missed, of each kind:", {k: f"{lost[k]}/{n}" for k, n in sorted(every.items())})
    for at in wrong[:60]:
        print(f"WRONG  {said[at].text[:300]!r}\n       {said[taken[at]].text[:300]!r}")
    for at in missed[:40]:
        print(f"MISSED {said[at].edit}: {said[at].text[:200]!r}\n       {said[at].origin[:200]!r}")


def signing(half: str, seed: int) -> Iterator[tuple[bool, str]]:
    said = [one.text for one in corpus(half, seed)]
    began = time.process_time()
    for first in range(0, len(said), PAGE):
        signatures([w for t in said[first : first + PAGE] if (w := read(t)) is not None])
    rate = len(said) / (time.process_time() - began)
    yield rate >= 5_000, f"signatures: {rate:,.0f} texts per CPU second (at least 5,000)"


BASE = (
    "Acme has cancelled all flights from the island for the third day, hundreds of families sleep"
    " on the floor of the terminal and nobody at the desk can say when they will be home again"
)
CITIES = ("Lisbon", "Porto", "Budapest", "Vienna", "Taipei", "Osaka", "Lima", "Quito", "Nairobi")


def flood_of_copies(rng: random.Random, number: int) -> str:
    if number % 2 == 0:
        return BASE
    return Editor(rng, [BASE[::-1], "what a mess this is for everybody here"]).edited(BASE, False)[
        1
    ]


def flood_of_one_form(rng: random.Random, number: int) -> str:
    other = " ".join("".join(rng.choices("abcdefghijklmnoprstuvz", k=6)) for _ in range(9))
    return f"Price alert by Acme for {rng.choice(CITIES)}: {other}, see all offers of this week"


def flooded(name: str, make: Callable[[random.Random, int], str]) -> Iterator[tuple[bool, str]]:
    rng = random.Random(name)
    with TemporaryDirectory() as folder:
        house = House(Path(folder))
        house.hear([f"{n} people wait for the late bus of Acme {n}" for n in range(PAGE)], 0,
                   timedelta(seconds=1))  # fmt: skip
        house.measure()
        before, began, spent = _memory(), time.perf_counter(), 0.0
        every = timedelta(hours=1) / FLOOD
        for first in range(PAGE, PAGE + FLOOD, PAGE):
            house.hear([make(rng, n) for n in range(first, first + PAGE)], first, every)
            spent += house.measure()
        whole = time.perf_counter() - began
        added = _memory() - before
        folded = sum(first is not None for at, first in house.copy_of().items() if at >= PAGE)
        house.store.close()
    yield added <= 300, f"{name}: {added:.0f} MB more (at most 300)"
    yield (
        FLOOD / whole >= 200,
        (
            f"{name}: {FLOOD / whole:,.0f} texts a second (at least 200),"
            f" {FLOOD / spent:,.0f} to measure; {folded:,} of {FLOOD:,} folded"
        ),
    )


def _memory() -> float:
    """Resident memory in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if "VmRSS" in line)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.copies", description=__doc__)
    parser.add_argument("--half", choices=("tune", "report"), default="report")
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--show", action="store_true", help="what was wrong, and what was missed")
    parser.add_argument("--no-flood", action="store_true")
    options = parser.parse_args()
    results = [
        *found(options.half, options.seed, options.show),
        *signing(options.half, options.seed),
    ]
    if not options.no_flood:
        results += flooded("a flood of copies", flood_of_copies)
        results += flooded("a flood of one form", flood_of_one_form)
    for good, line in results:
        print("PASS" if good else "FAIL", line)
    return 0 if all(good for good, _ in results) else 1


if __name__ == "__main__":
    raise SystemExit(main())
