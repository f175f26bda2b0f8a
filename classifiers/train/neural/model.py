"""The network: a `BertForSequenceClassification` as transformers has it, begun from the base.

With `mean_pooling` one more encoder layer follows, made so that it begins as a mean over the text:
no queries and no keys (they stay nought), so that each token attends to all alike; values passed
on as they are, four times as strong as what the first token was itself; no feed-forward. The first
token, of which the classifier makes its label, then sees all, and the model is still a plain BERT.
"""

from collections.abc import Sequence
from typing import Any, Final

from classifiers.base import LABELS
from classifiers.train.neural.base import Base

POOL_STRENGTH: Final = 4.0

State = dict[str, Any]


def config_of(base: Base, pieces: int, layers: int) -> Any:
    """Make the settings: no dropout (training masks tokens instead), attention written out.

    The flash attention of torch spends half of a training step on its backward pass in bf16.
    """
    from transformers import BertConfig  # noqa: PLC0415

    shape = base.shape
    config: Any = BertConfig(
        vocab_size=pieces,
        hidden_size=shape.hidden,
        num_hidden_layers=layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.feed_forward,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.types,
        layer_norm_eps=shape.epsilon,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
        id2label=dict(enumerate(LABELS)),
        label2id={label: at for at, label in enumerate(LABELS)},
    )
    config._attn_implementation = "eager"
    return config


def encoder(base: Base) -> Any:
    """Make the base itself, a `BertModel` without a pooler, in float32."""
    from transformers import BertModel  # noqa: PLC0415

    config = config_of(base, base.shape.pieces, base.shape.layers)
    model: Any = BertModel(config, add_pooling_layer=False)
    _fill(model, _as_tensors(base.tensors))
    return model.eval()


def classifier(
    base: Base, ids: Sequence[int], layers: Sequence[int], *, mean_pooling: bool, seed: int
) -> Any:
    """Make the model to train: these pieces, these layers of the base, in this order.

    Only the classifier's own weights are left to chance.
    """
    import torch  # noqa: PLC0415
    from transformers import BertForSequenceClassification  # noqa: PLC0415

    torch.manual_seed(seed)
    config = config_of(base, len(ids), len(layers) + mean_pooling)
    model = BertForSequenceClassification(config)
    source = _as_tensors(base.tensors)
    words = "embeddings.word_embeddings.weight"
    state = {name: value for name, value in source.items() if name.startswith("embeddings.")}
    state[words] = source[words][torch.as_tensor(list(ids))].clone()
    for at, layer in enumerate(layers):
        prefix = f"encoder.layer.{layer}."
        for name, value in source.items():
            if name.startswith(prefix):
                state[f"encoder.layer.{at}.{name.removeprefix(prefix)}"] = value
    if mean_pooling:
        template = model.bert.encoder.layer[len(layers)].state_dict()
        for name, value in _mean_layer(template).items():
            state[f"encoder.layer.{len(layers)}.{name}"] = value
    state["pooler.dense.weight"] = torch.eye(base.shape.hidden)
    state["pooler.dense.bias"] = torch.zeros(base.shape.hidden)
    _fill(model.bert, state)
    return model


def freeze(model: Any, *, embeddings: bool, lowest: int, mean_pooling: bool) -> None:
    """Keep the embeddings, or the lowest layers, as they are; the mean layer gets no queries."""
    bert = model.bert
    still = [bert.embeddings] if embeddings else []
    still += bert.encoder.layer[:lowest]
    if mean_pooling:
        attention = bert.encoder.layer[-1].attention.self
        still += [attention.query, attention.key]
    for part in still:
        for weights in part.parameters():
            weights.requires_grad_(requires_grad=False)


def _mean_layer(template: State) -> State:
    import torch  # noqa: PLC0415

    state = {name: torch.zeros_like(value) for name, value in template.items()}
    hidden = state["attention.self.value.weight"].shape[0]
    state["attention.self.value.weight"] = torch.eye(hidden)
    state["attention.output.dense.weight"] = POOL_STRENGTH * torch.eye(hidden)
    for name in ("attention.output.LayerNorm.weight", "output.LayerNorm.weight"):
        state[name] = torch.ones(hidden)
    return state


def _as_tensors(arrays: dict[str, Any]) -> State:
    import torch  # noqa: PLC0415

    return {name: torch.from_numpy(values) for name, values in arrays.items()}


def _fill(model: Any, state: State) -> None:
    """Put weights in; all that the model has, and nothing else."""
    import torch  # noqa: PLC0415

    own = dict(model.named_parameters())
    if odd := set(own) ^ set(state):
        raise ValueError(f"weights that fit nowhere, or are missing: {sorted(odd)[:5]}")
    with torch.no_grad():
        for name, weights in own.items():
            weights.copy_(state[name])
