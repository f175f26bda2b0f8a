"""Words are looked up once, and those that say nothing are passed over."""

from classifiers.telling import LONGEST, REMEMBERED, Telling


def test_each_word_is_looked_up_once() -> None:
    asked: list[str] = []

    def first_letter(word: str) -> tuple[str, ...]:
        asked.append(word)
        return () if word.startswith("x") else (word[0],)

    telling = Telling(first_letter)
    assert telling.of({"late", "lost", "bag", "xylem"}) == {"l", "b"}
    assert telling.of({"late", "xylem"}) == {"l"}
    assert sorted(asked) == ["bag", "late", "lost", "xylem"]


def test_a_long_word_says_what_it_says_and_is_not_remembered() -> None:
    asked: list[str] = []

    def first_letter(word: str) -> tuple[str, ...]:
        asked.append(word)
        return (word[0],)

    telling = Telling(first_letter)
    word = "l" * (LONGEST + 1)
    assert telling.of({word}) == telling.of({word}) == {"l"}
    assert asked == [word, word]


def test_ever_new_words_that_say_nothing_do_not_pile_up() -> None:
    telling: Telling[str] = Telling(lambda word: ())
    for number in range(2 * REMEMBERED + 5):
        assert telling.of({str(number)}) == set()
    assert len(telling._silent) <= REMEMBERED
