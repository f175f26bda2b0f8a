"""How well single severe mentions are told: our own sentences, and the sets with nothing severe.

Run `python -m bench.severe`; with files of labelled data it says how often it fires on each, and
`--show N` prints so many of what it fired on.
"""

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import classifiers
from listener.domain.voice import Voice
from listener.rules.severe.rule import SevereRule
from listener.rules.severe.telling import Grave
from tests.rules.severe_sentences import HELD_OUT, TUNED_ON, Sentence

RULE = SevereRule()
AT = datetime(2026, 11, 22, tzinfo=UTC)


def voices(texts: Sequence[tuple[str, str | None]]) -> list[Voice]:
    """Texts, each with its language, labelled by the shipped model."""
    labels = classifiers.load().predict([text for text, _ in texts])
    return [
        Voice(
            id=number,
            name=f"x:{number}",
            channel="social",
            said_at=AT,
            text=text,
            language=language,
            sentiment=label.label,
            confidence=max(label.negative, label.neutral, label.positive),
        )
        for number, ((text, language), label) in enumerate(zip(texts, labels, strict=True), 1)
    ]


def on_sentences(name: str, sentences: Sequence[Sentence], *, show: bool) -> None:
    heard = voices([(one.text, one.language) for one in sentences])
    said = [RULE.why(voice) for voice in heard]
    told = sum(why is not None for why in said)
    right = sum(
        why is not None and bool(one.kind) for one, why in zip(sentences, said, strict=True)
    )
    kinds = sum(
        why is not None and why[0].value == one.kind
        for one, why in zip(sentences, said, strict=True)
    )
    severe = sum(bool(one.kind) for one in sentences)
    print(
        f"{name:<12} {len(sentences):>5} {severe:>7} {right / max(told, 1):>10.2f}"
        f" {right / severe:>7.2f} {kinds / severe:>11.2f}"
    )
    if show:
        for one, why, voice in zip(sentences, said, heard, strict=True):
            if (why is not None) != bool(one.kind) or (why and why[0] != one.kind):
                print("   ", one.kind or "-", why, voice.sentiment, voice.confidence, one.text)


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def on_file(path: Path, limit: int, show: int) -> None:
    rows = [row for row in rows_of(path) if row.get("text")][:limit]
    heard = voices([(row["text"], row.get("lang")) for row in rows])
    fired = [(voice, why) for voice in heard if (why := RULE.why(voice)) is not None]
    kinds = Counter(why[0].value for _, why in fired)
    counts = " ".join(
        f"{kinds[kind]:>7}" for kind in Grave if kind not in (Grave.WORDS, Grave.REACH)
    )
    name = f"{path.parent.name}/{path.name.partition('.')[0]}"
    print(f"{name:<44} {len(heard):>6} {len(fired) / max(len(heard), 1):>7.2%} {counts}")
    for voice, (kind, terms) in fired[:: max(len(fired) // show, 1)][:show] if show else ():
        print(f"    [{kind} {terms} {voice.sentiment} {voice.confidence:.2f}] {voice.text[:260]!r}")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("files", nargs="*", type=Path)
    asked.add_argument("--limit", type=int, default=3000)
    asked.add_argument("--show", type=int, default=0)
    given = asked.parse_args()
    if not given.files:
        print(
            f"{'sentences':<12} {'':>5} {'severe':>7} {'precision':>10} {'recall':>7}"
            f" {'right kind':>11}"
        )
        on_sentences("tuned on", TUNED_ON, show=given.show > 0)
        on_sentences("held out", HELD_OUT, show=False)
        return
    print(
        f"{'set':<44} {'texts':>6} {'told':>7} "
        + " ".join(f"{k.value:>7}" for k in list(Grave)[:4])
    )
    for path in given.files:
        on_file(path, given.limit, given.show)


if __name__ == "__main__":
    main()
