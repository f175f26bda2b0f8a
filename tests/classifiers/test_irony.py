"""Praise that may not be meant, by how it is worded."""

import pytest

from classifiers.irony import may_be_ironic


@pytest.mark.parametrize(
    "text",
    [
        "Thanks for ruining my weekend",
        "THANKS  FOR NOTHING",
        "Great job cancelling my flight, guys",
        "Congrats, you managed to lose it again",
        "Best courier ever, said nobody ever",
        "Köszi a semmit",
        "Gratulálok, sikerült kétszer levonni",
        "Vielen Dank, dass ihr meinen Termin vergessen habt",
        "Gracias por perder mi paquete",
        "Merci de m'avoir raccroché au nez",
        "Grazie per aver perso il mio pacco",
        "Obrigado por nada",
        "Спасибо, что потеряли мою посылку",
        "谢谢你们把包裹弄丢了",
        "恭喜你们，成功地扣了我两次钱",
        "Bedankt voor het kwijtraken van mijn pakje",
        "Dziękuję za nic",
        "Obrigada por perder minha mala",
        "what a day /s",
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
        "Thank you for finding my lost suitcase",
        "Great work, the crash is finally gone",
        "Thanks for nothing but the best service",
        "What a surprise! They upgraded us",
        "A harmadik hívásra minden megoldódott",
        "Szuper, megint működik az alkalmazás",
        "Danke, dass ihr mich nicht vergessen habt",
        "Respekt an Daniel",
        "Granada es imperdible, gracias por todo",
        "Merci pour cette belle expérience !",
        "Merci d'avoir retrouvé mon colis perdu",
        "Parabéns, um lugar imperdível!",
        "Complimenti, era in ritardo ma mi hanno rimborsato",
        "Brawo, aplikacja znowu działa!",
        "Спасибо, что не забыли",
        "不错，空间很大，真棒",
        "更新之后再也不闪退了，真棒！",
        "真是谢谢你",
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
