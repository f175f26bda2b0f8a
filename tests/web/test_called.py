"""What values are called: as the digest calls them, or as the pages do."""

import pytest

from listener.texts.words import MARKED
from listener.web.called import called


@pytest.mark.parametrize(
    ("value", "language", "word"),
    [
        ("review", "en", "review"),
        ("review", "hu", "Értékelések"),
        ("negative", "hu", "negatív"),
        ("high", "zh-Hant", "嚴重"),
        ("brand", MARKED, "⟦brand⟧"),
        ("nobody's", "hu", "nobody's"),
        ("", "hu", ""),
    ],
)
def test_a_value_has_a_word(value: str, language: str, word: str) -> None:
    assert called(value, language) == word
