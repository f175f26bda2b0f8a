"""Writing the model small: matrices in eight bits, the rest in sixteen, as plain safetensors.

float8_e4m3fn has four significant bits and a range of 2^-9 to 448. Weights of a layer lie well in
it; embeddings are made 64 times as large first, which the LayerNorm right after them takes back.
transformers turns all of it into float32 or bfloat16 when it loads.
"""

import json
from pathlib import Path
from typing import Any, Final

from classifiers.base import ClassifierError
from classifiers.exits import EXIT_FILE
from classifiers.neural import WEIGHTS_FILE
from classifiers.train.neural import tokenizer

State = dict[str, Any]

EMBEDDING_SCALE: Final = 64.0
LARGEST: Final = 448.0
MOST_BYTES: Final = 45_000_000
EXACT: Final = ("classifier.weight", "bert.pooler.dense.weight")  # small, and last in line


def pack(
    model: Any,
    cutter: Any,
    out: Path,
    *,
    temperature: float,
    settings: dict[str, Any],
    leave: State | None = None,
) -> int:
    """Write weights, configuration and tokenizer; give their bytes.

    temperature: what the logits are divided by, in the weights. settings: what a reader of ours
    may want to know, as `listener` in config.json. leave: the tensors of an exit, if there is one,
    for a file of their own. Raises ClassifierError if it gets too large.
    """
    from safetensors.torch import save_file  # noqa: PLC0415

    out.mkdir(parents=True, exist_ok=True)
    tensors: State = {}
    for name, value in model.state_dict().items():
        if name.endswith("position_ids"):
            continue
        full = value.detach().float()
        if name.startswith("classifier."):
            full = full / temperature
        tensors[name] = small(name, full)
    (out / EXIT_FILE).unlink(missing_ok=True)
    for name, some in ((WEIGHTS_FILE, tensors), (EXIT_FILE, leave)):
        if some:
            new = out / f"{name}.new"
            save_file(some, new, metadata={"format": "pt"})
            new.chmod(0o644)  # others may read it too
            new.replace(out / name)  # the old one may be mapped into somebody's memory
    config = json.loads(model.config.to_json_string(use_diff=True))
    config |= {"architectures": [type(model).__name__], "dtype": "float32", "listener": settings}
    (out / "config.json").write_text(json.dumps(config, indent=1) + "\n", "utf-8")
    tokenizer.write(cutter, out)
    size = sum(path.stat().st_size for path in out.iterdir() if path.name != "README.md")
    if size > MOST_BYTES:
        raise ClassifierError(
            f"{out}: {size / 1e6:.1f} MB, more than {MOST_BYTES / 1e6:.0f}; set fewer `pieces`"
        )
    return size


def small(name: str, full: Any) -> Any:
    """Give a float32 tensor in the type that it is kept in."""
    import torch  # noqa: PLC0415

    if full.dim() < 2 or name in EXACT:
        return full.half().contiguous()
    if ".embeddings." in name:
        full = full * EMBEDDING_SCALE
    return full.clamp(-LARGEST, LARGEST).to(torch.float8_e4m3fn).contiguous()
