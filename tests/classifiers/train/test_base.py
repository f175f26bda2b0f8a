"""Reading the base weights, out of a file made here, and out of the real one where it is."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from classifiers.base import ClassifierError
from classifiers.train.neural.base import PACKAGE, find_base, read_base
from classifiers.train.neural.verify import LEAST_COSINE, verify
from tests.classifiers.train.tiny import tiny_base, write_file


def test_what_was_written_is_read(tmp_path: Path) -> None:
    base = tiny_base()
    write_file(base, tmp_path / "base.bin")
    read = read_base(tmp_path / "base.bin", sha256=None)
    assert read.pieces == base.pieces
    assert read.shape.pieces == len(base.pieces) + 3
    np.testing.assert_allclose(read.scores, base.scores)
    assert set(read.tensors) == set(base.tensors)
    for name, values in base.tensors.items():
        np.testing.assert_array_equal(read.tensors[name], values, err_msg=name)


def test_another_file_is_refused_by_its_hash(tmp_path: Path) -> None:
    write_file(tiny_base(), tmp_path / "base.bin")
    with pytest.raises(ClassifierError, match=r"SHA-256 .* constraints\.txt"):
        read_base(tmp_path / "base.bin")


def test_what_is_no_base_is_refused(tmp_path: Path) -> None:
    (tmp_path / "base.bin").write_bytes(b"something else")
    with pytest.raises(ClassifierError, match="does not begin"):
        read_base(tmp_path / "base.bin", sha256=None)


@pytest.mark.skipif(find_spec(PACKAGE) is None, reason=f"{PACKAGE} is not installed")
def test_the_real_weights_embed_as_the_package_does() -> None:
    cosine, tokens = verify(read_base(find_base()))
    assert cosine >= LEAST_COSINE
    assert tokens > 200
