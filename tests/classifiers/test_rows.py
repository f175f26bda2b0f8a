"""Texts in rows: each once, none too wide, little left empty."""

from hypothesis import given
from hypothesis import strategies as st

from classifiers.rows import NARROWEST, STEP, lay

LENGTHS = st.lists(st.integers(1, 300), max_size=200)


@given(lengths=LENGTHS, most=st.integers(1, 2000))
def test_each_text_lies_in_one_row_that_holds_it(lengths: list[int], most: int) -> None:
    batches = lay(lengths, most)
    texts = [at for batch in batches for row in batch for at in row.texts]
    assert sorted(texts) == list(range(len(lengths)))
    for batch in batches:
        assert len({row.width for row in batch}) == 1
        assert len(batch) == 1 or len(batch) * batch[0].width <= most
        for row in batch:
            taken = sum(lengths[at] for at in row.texts)
            assert 0 < taken <= row.width
            assert row.width % STEP == 0
            assert row.width <= max(NARROWEST, max(lengths[at] for at in row.texts) + STEP)


def test_a_text_alone_lies_in_no_wider_row_than_it_needs() -> None:
    (((row),),) = lay([9], 512)
    assert row.width == STEP


def test_short_texts_fill_up_the_rows_of_longer_ones() -> None:
    lengths = [70, 60, *[7] * 20]
    batches = lay(lengths, 512)
    widths = [row.width for batch in batches for row in batch]
    assert widths[0] == 96
    assert sum(widths) <= 96 + 4 * NARROWEST  # 270 tokens


def test_of_many_tweets_one_token_in_twenty_is_padding_at_most() -> None:
    lengths = [8 + at * 7919 % 50 for at in range(2000)]
    cells = sum(row.width for batch in lay(lengths, 512) for row in batch)
    assert sum(lengths) / cells > 0.95
