"""Texts per CPU second of `fast`, in process and supervised, beside VADER on the same texts.

    python -m bench.classify_speed [FILE.jsonl[.gz]] [--texts 20000]

Without a file the texts are made up here: of the length of tweets, in four languages.
"""

import argparse
import gzip
import json
import random
import resource
import time
from pathlib import Path

from classifiers import Supervised, detect, load

WORDS = (
    "the flight was late again and nobody answered my call thanks for nothing great service"
    " love it @user http please help why is this app so slow today",
    "a csomag nem érkezett meg időben és senki sem válaszolt köszönöm nagyon jó kiszolgálás",
    "der Zug war wieder zu spät und niemand hat geantwortet danke für den tollen Service",
    "快递 太慢 了 客服 没有 人 回复 东西 很好 谢谢 你们 再也 不来 了",
)


def made_up(count: int) -> list[str]:
    chance = random.Random(0)
    texts = []
    for _ in range(count):
        words = chance.choice(WORDS).split()
        texts.append(" ".join(chance.choice(words) for _ in range(chance.randint(4, 26))))
    return texts


def from_file(path: Path, count: int) -> list[str]:
    raw = path.read_bytes()
    lines = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode().splitlines()
    texts = [json.loads(line)["text"] for line in lines if line.strip()]
    return (texts * (count // len(texts) + 1))[:count]


def of_process(pid: int) -> float:
    """CPU seconds of a child that still runs."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--texts", type=int, default=40_000)
    options = parser.parse_args()
    texts = from_file(options.file, options.texts) if options.file else made_up(options.texts)
    print(f"{len(texts)} texts of {sum(map(len, texts)) / len(texts):.0f} characters")

    fast = load("fast")
    fast.predict(texts[:600])
    began = time.process_time()
    fast.predict(texts)
    alone = len(texts) / (time.process_time() - began)
    print(f"{'fast':24}{alone:10,.0f} texts per CPU second")

    with Supervised("fast") as supervised:
        supervised.predict(texts[:600])
        process = supervised._child._process
        assert process is not None
        began, child_began = time.process_time(), of_process(process.pid)
        supervised.predict(texts)
        spent = time.process_time() - began + of_process(process.pid) - child_began
    kept = len(texts) / spent
    print(f"{'fast, supervised':24}{kept:10,.0f}   ({kept / alone:.0%} of in process)")

    detect(texts[:600])
    began = time.process_time()
    detect(texts)
    print(f"{'language':24}{len(texts) / (time.process_time() - began):10,.0f}")

    try:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    except ImportError:
        print("VADER is not installed")
        return
    vader = SentimentIntensityAnalyzer()
    few = texts[:5000]
    began = time.process_time()
    for text in few:
        vader.polarity_scores(text)
    slow = len(few) / (time.process_time() - began)
    print(f"{'VADER':24}{slow:10,.0f}   (fast is {alone / slow:.1f} x)")
    print(
        f"{'peak memory':24}{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:10,.0f} MB"
    )


if __name__ == "__main__":
    main()
