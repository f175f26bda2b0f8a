"""What the output layers of a model of ours read of texts, and the moments of that."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from classifiers import neural
from classifiers.base import ClassifierError
from classifiers.beside import LEAST, probabilities
from classifiers.exits import EXIT_FILE, HEAD
from classifiers.fast import FastClassifier
from classifiers.machine import cpu_flags, precision_of
from classifiers.near import EARLY, LATE, NEAR_FILE
from classifiers.reader import readable
from classifiers.train.corrected.fitting import Layer, Powers
from classifiers.windows import ENDS_COUNT, Windows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

USUAL_FILE: Final = "usual.safetensors"  # second moments of what each output layer reads
OUTPUT: Final = ("classifier.weight", "classifier.bias")
AT_ONCE: Final = 512


@dataclass(frozen=True, slots=True)
class Output:
    """An output layer of a model: which, the file it lies in, its names there, where it reads."""

    which: str
    file: str
    names: tuple[str, str]
    columns: slice


class Texts:
    """Reads texts as the model in a directory does; ClassifierError if it is none of ours."""

    def __init__(self, directory: Path) -> None:
        config = neural.read_config(directory)
        settings = config.get("listener")
        if not settings or "beside" not in settings or "exit" not in settings:
            raise ClassifierError(f"{directory}: not a model that `classifiers.train default` made")
        if (directory / NEAR_FILE).is_file():
            raise ClassifierError(
                f"{directory} is a corrected model; start from the one it was made of, with all"
                " corrections"
            )
        self.directory = directory
        self.powers = Powers(**settings["beside"])
        self.threshold = float(settings["exit"]["threshold"])  # of a text that leaves early
        self._windows = Windows(size=int(settings.get("longest", neural.LONGEST)))
        self._network = neural.read_network(directory, precision_of(cpu_flags()))
        self._tokenizer = neural.read_tokenizer(directory / neural.TOKENIZER_FILE)
        self._fast = FastClassifier()
        width = int(config["hidden_size"])
        self.outputs = (
            Output(EARLY, EXIT_FILE, (HEAD[2], HEAD[3]), slice(0, width)),
            Output(LATE, neural.WEIGHTS_FILE, OUTPUT, slice(width, 2 * width)),
        )

    def read(self, texts: Sequence[str]) -> "Array":
        """What both output layers read of each text, one behind the other, float64 [texts, ...].

        Of a text that is cut into windows it is their mean, weighted as the windows are.
        """
        import numpy as np  # noqa: PLC0415

        parts = []
        for start in range(0, len(texts), AT_ONCE):
            some = [readable(text) for text in texts[start : start + AT_ONCE]]
            pieces = [self._windows.cut(ids) for ids in neural.encode(self._tokenizer, some)]
            rows = np.array(self._network.hidden([cut for cuts in pieces for cut in cuts]))
            ends = np.cumsum([len(cuts) for cuts in pieces])
            parts += [_mean(one) for one in np.split(rows, ends[:-1])]
        made: Array = np.array(parts, np.float64)
        return made

    def fast(self, texts: Sequence[str]) -> "Array":
        """The log-probabilities of `fast`, [texts, 3]."""
        import numpy as np  # noqa: PLC0415

        made: Array = np.log(np.maximum(probabilities(self._fast.predict(texts)), LEAST))
        return made

    def layer(self, output: Output) -> Layer:
        """An output layer as it is, and what it reads of usual texts."""
        import numpy as np  # noqa: PLC0415

        tensors = neural.read_weights(self.directory / output.file)
        weight, bias = (tensors[name].float().numpy() for name in output.names)
        usual = neural.read_weights(self.directory / USUAL_FILE)[output.names[0]]
        weights = np.column_stack((weight, bias)).astype(np.float64)
        return Layer(weights, usual.double().numpy())


def _mean(windows: Any) -> Any:
    import numpy as np  # noqa: PLC0415

    if len(windows) == 1:
        return windows[0]
    weights = np.ones(len(windows))
    weights[[0, -1]] = ENDS_COUNT
    return np.average(windows, axis=0, weights=weights)


def with_bias(read: "Array") -> "Array":
    """With a 1 behind each row, which the bias is multiplied by."""
    import numpy as np  # noqa: PLC0415

    made: Array = np.column_stack((read, np.ones(len(read))))
    return made


def write_usual(texts: Texts, some: Sequence[str]) -> None:
    """Keep the moments of what the output layers read of texts, beside the model."""
    import torch  # noqa: PLC0415
    from safetensors.torch import save_file  # noqa: PLC0415

    read = texts.read(some)
    kept = {}
    for output in texts.outputs:
        rows = with_bias(read[:, output.columns])
        kept[output.names[0]] = torch.from_numpy(rows.T @ rows / len(rows)).half()
    save_file(kept, texts.directory / USUAL_FILE, metadata={"format": "pt"})
