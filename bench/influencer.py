"""How often a post that is told as praise or criticism is one: texts that the model never saw.

    python -m bench.influencer [--data ../shared/data] [--sets airline_us sanders_brands ...]

Of each set what training holds out, with the labels people gave. For several bounds of
`min_confidence`: of what is told, how much is right; of what there is, how much is told.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from bench.severe import voices
from classifiers.base import LABELS
from classifiers.train.datasets import read_rows
from listener.domain.voice import Voice
from listener.rules.influencer import SENTIMENTS, InfluencerRule, Post, Says

SEED = 0
SETS = ("airline_us", "crowdflower_brands_sxsw", "sanders_brands")
BOUNDS = tuple(sorted({0.34, 0.6, 0.8, 0.9, InfluencerRule().min_confidence}))


def report(name: str, heard: Sequence[Voice], meant: Sequence[Says | None], bound: float) -> None:
    rule = InfluencerRule(min_confidence=bound)
    said = [rule.says(Post(voice=voice, influencer="somebody")) for voice in heard]
    cells = []
    for kind in Says:
        told = sum(one is kind for one in said)
        right = sum(one is kind and true is kind for one, true in zip(said, meant, strict=True))
        there = sum(true is kind for true in meant)
        cells.append(f"{told:>10} {right / max(told, 1):>6.2f} {right / max(there, 1):>6.2f}")
    print(f"{name:<38} {bound:>5.2f}  {'   '.join(cells)}")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--data", type=Path, default=Path("../shared/data"))
    asked.add_argument("--sets", nargs="+", default=list(SETS))
    given = asked.parse_args()
    rows = [row for row in read_rows(given.data, SEED) if row.part == "held_out"]
    heads = "   ".join(f"{kind.value:>10}: right, found" for kind in Says)
    print(f"{'set':<38} bound  {heads}")
    for name in given.sets:
        mine = [row for row in rows if row.source == name]
        heard = voices([(row.text, row.language) for row in mine])
        meant = [SENTIMENTS.get(LABELS[row.label]) for row in mine]
        for bound in BOUNDS:
            report(f"{name}, {len(mine)} texts", heard, meant, bound)


if __name__ == "__main__":
    main()
