"""What texts want: cues of many languages, the model that ships, and the reasons it gives."""

from pathlib import Path

import numpy as np
import pytest

from classifiers import ClassifierError
from classifiers.intents import INTENTS, NEEDED, NOT_NEEDED, Reader, cues, shipped

ANGRY, EVEN, GLAD = (0.9, 0.07, 0.03), (0.1, 0.8, 0.1), (0.02, 0.08, 0.9)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The app CAN’T open, it keeps crashing", "defect"),
        ("Ich habe heute gekündigt", "leave"),
        ("Pourriez-vous ajouter un mode sombre", "wish"),
        ("¿Cuánto cuesta el plan?", "buy"),
        ("Két hete várok a válaszra", "waits"),
        ("退訂了，之後換別家", "leave"),
        ("アプリがすぐ落ちる", "defect"),
        ("다크 모드 추가해주세요", "wish"),
        ("เข้าไม่ได้เลย", "defect"),
        ("как мне поменять номер", "how"),
        ("شكرا لكم", "thanks"),
    ],
)
def test_a_cue_is_found_whatever_the_script(text: str, kind: str) -> None:
    assert kind in cues.found(cues.folded(text))


def test_a_cue_is_no_part_of_another_word() -> None:
    assert "wish" not in cues.found(cues.folded("swishes"))
    assert "danger" not in cues.found(cues.folded("they issued a lawn mower"))


@pytest.mark.parametrize(
    ("text", "sentiment", "intent"),
    [
        ("Great service, love it, thank you for the fast delivery!", GLAD, "praise"),
        ("The app crashes every time I open it since the update, please help", ANGRY, "defect"),
        ("Die App stürzt seit dem Update immer ab, bitte helfen Sie mir", ANGRY, "defect"),
        ("Please add a dark mode", EVEN, "wish"),
        ("请增加夜间模式，希望支持", EVEN, "wish"),
        ("Nunca más, cancelé mi suscripción y me cambio a otra compañía", ANGRY, "churn"),
        ("解約しました。二度と使いません。", ANGRY, "churn"),
        ("직원이 불친절하고 최악이에요", ANGRY, "complaint"),
        ("How do I change the address of my account?", EVEN, "question"),
    ],
)
def test_the_model_that_ships_reads_plain_cases(
    text: str, sentiment: tuple[float, float, float], intent: str
) -> None:
    (read,) = shipped().read([text], [sentiment])
    assert read.intent == intent
    if intent != "wish":  # some ask for nothing
        assert read.needs_answer is (intent != "praise")
    assert read.reason in (NEEDED if read.needs_answer else NOT_NEEDED)


def test_a_text_without_a_vector_is_read_by_its_words_and_order_is_kept() -> None:
    texts = ["Great, love it", "it crashes, help", "Great, love it"]
    vector = np.full(384, 384**-0.5, np.float32)
    alone = shipped().read(texts, [GLAD, ANGRY, GLAD])
    mixed = shipped().read(texts, [GLAD, ANGRY, GLAD], [None, vector, None])
    assert (mixed[0], mixed[2]) == (alone[0], alone[2])
    assert mixed[1].confidence != alone[1].confidence
    assert all(one.intent in (None, *INTENTS) and 0 < one.confidence <= 1 for one in mixed)


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "?" * 100_000, "🎉" * 3])
def test_any_text_will_do(text: str) -> None:
    (read,) = shipped().read([text], [EVEN])
    assert read.reason in (*NEEDED, *NOT_NEEDED)


def test_nothing_in_nothing_out() -> None:
    assert shipped().read([], []) == []


def test_a_model_that_is_not_there_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(ClassifierError, match="cannot be read"):
        Reader(tmp_path)
