"""Matrices in four bits: blocks of 32 weights, a scale in fp16 and 32 nibbles (Q4_0 of ggml).

A weight is (nibble - 8) times the scale of its block. A matrix `NAME` lies in a safetensors file as
`NAME.nibbles`, bytes [rows, columns / 2] in which a block's first 16 weights are the low nibbles,
and `NAME.scales`, fp16 [rows, columns / 32]; all else lies there as it is.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

BLOCK: Final = 32
NIBBLES: Final = ".nibbles"
SCALES: Final = ".scales"


class Widened(Mapping[str, Any]):
    """The tensors of such a file by their own names; a matrix is widened each time it is asked."""

    def __init__(self, kept: Mapping[str, Any]) -> None:
        self._kept = kept

    def __getitem__(self, name: str) -> Any:
        if name in self._kept:
            return self._kept[name]
        return widened(self._kept[name + NIBBLES], self._kept[name + SCALES])

    def __iter__(self) -> Iterator[str]:
        return (n.removesuffix(NIBBLES) for n in self._kept if not n.endswith(SCALES))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def widened(nibbles: Any, scales: Any) -> Any:
    """Give the matrix in float32, exactly: [rows, columns]."""
    import torch  # noqa: PLC0415

    rows = len(nibbles)
    pairs = nibbles.view(rows, -1, BLOCK // 2)
    values = torch.cat([pairs & 15, pairs >> 4], dim=2).float()
    values -= 8
    return (values * scales.float()[:, :, None]).view(rows, -1)


def narrowed(matrix: Any) -> tuple[Any, Any]:
    """Give the nibbles and scales of a float32 matrix that was made of such blocks.

    Raises ValueError if it was not: nothing is rounded here.
    """
    import torch  # noqa: PLC0415

    rows = len(matrix)
    blocks = matrix.float().reshape(rows, -1, BLOCK)
    largest = blocks.gather(2, blocks.abs().argmax(dim=2, keepdim=True))
    scales = torch.zeros_like(largest)
    codes = torch.full_like(blocks, 8)
    done = largest == 0
    for steps in (-8, 7, 6, 5, 4, 3, 2, 1):  # how many scales the largest may be
        tried = (largest / steps).half().float()
        rounded = (blocks / torch.where(tried == 0, 1, tried)).round()
        fits = (rounded * tried == blocks).all(dim=2, keepdim=True)
        fits &= ((rounded >= -8) & (rounded <= 7)).all(dim=2, keepdim=True) & (tried != 0) & ~done
        scales = torch.where(fits, tried, scales)
        codes = torch.where(fits, rounded + 8, codes)
        done |= fits
    if not done.all():
        raise ValueError(f"{int((~done).sum())} blocks were not made of four bits")
    nibbles = codes.to(torch.uint8)
    packed = nibbles[:, :, : BLOCK // 2] | (nibbles[:, :, BLOCK // 2 :] << 4)
    return packed.reshape(rows, -1).contiguous(), scales.squeeze(2).half().contiguous()
