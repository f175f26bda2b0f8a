"""Praise that may not be meant, by how it is worded."""

import pytest

from classifiers.irony import may_be_ironic


@pytest.mark.parametrize(
    "text",
    [
        "Thanks for ruining my weekend",
        "THANKS  FOR NOTHING",
        "Great job cancelling my flight, guys",
        "Congrats, you broke the login again",
        "Köszi a semmit",
        "Gratulálok, megint kétszer vontátok le",
        "Vielen Dank, dass ihr meinen Termin vergessen habt",
        "Gracias por perder mi paquete",
        "Merci de m'avoir raccroché au nez",
        "Grazie per aver perso il mio pacco",
        "Obrigado por nada",
        "Спасибо, что потеряли мою посылку",
        "谢谢你们把包裹弄丢了",
        "恭喜，又崩溃了",
        "謝謝你們把包裹弄丟了",
        "lovely weather in the cabin #sarcasm",
    ],
)
def test_praise_of_what_does_harm_may_be_irony(text: str) -> None:
    assert may_be_ironic(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thanks so much for your help",
        "Great job on the new app",
        "Congrats on ten years!",
        "Köszönöm a gyors segítséget",
        "Danke für alles",
        "Gracias por todo",
        "Merci pour votre aide",
        "谢谢你们的帮助",
        "not #nothing",
    ],
)
def test_plain_praise_is_taken_at_its_word(text: str) -> None:
    assert not may_be_ironic(text)
