"""The quick model, trained on the real sets where they are."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from classifiers.train.__main__ import main
from classifiers.train.neural.base import PACKAGE

DATA = Path(__file__).parents[4] / "shared" / "data"


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is not here")
@pytest.mark.skipif(find_spec(PACKAGE) is None, reason=f"{PACKAGE} is not installed")
def test_a_quick_model_beats_the_commonest_label_by_five_points(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["default", "--quick", "--data", str(DATA), "--work", str(tmp_path)])
    assert status == 0
    assert "zh: macro-F1 +" in capsys.readouterr().err
