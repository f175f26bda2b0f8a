"""The directory that ships, read by transformers alone, beside our own reading of it.

python -m bench.acceptance.plain_load [DIRECTORY]
"""

import sys
from pathlib import Path

from bench.acceptance.labels import SENTENCES
from bench.acceptance.verdicts import Verdicts
from classifiers.base import LABELS
from classifiers.neural import SHIPPED, NeuralClassifier

MOST_BYTES = 45_000_000


def main() -> int:
    import json

    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    directory = Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED
    verdicts = Verdicts()
    size = sum(each.stat().st_size for each in directory.iterdir() if each.name != "README.md")
    verdicts.claim(size <= MOST_BYTES, f"weights and tokenizer: {size:,} bytes")
    tokenizer = AutoTokenizer.from_pretrained(directory)
    model = AutoModelForSequenceClassification.from_pretrained(directory).eval()
    said = [json.loads(line)["text"] for line in SENTENCES.read_text("utf-8").splitlines()]
    with torch.inference_mode():
        likely = model(**tokenizer(said, padding=True, return_tensors="pt")).logits.softmax(1)
    plain = [LABELS[at] for at in likely.argmax(1).tolist()]
    ours = NeuralClassifier(directory, exits=False, precision="fp32").predict(said)
    names = {int(at): name for at, name in model.config.id2label.items()}
    verdicts.claim([names[at] for at in range(3)] == list(LABELS), f"its labels: {names}")
    same = sum(one == other.label for one, other in zip(plain, ours, strict=True))
    verdicts.claim(same == len(said), f"the same label as ours for {same} of {len(said)} sentences")
    return verdicts.status()


if __name__ == "__main__":
    sys.exit(main())
