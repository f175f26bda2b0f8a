"""Which language a text is in."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers import detect

SHARED = Path(__file__).parents[2].parent / "shared" / "data"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "@acme my flight is late again, can somebody help? http://t.co/x"),
        ("hu", "Két hete várok a csomagra, és senki sem válaszol"),
        ("de", "Der Zug war schon wieder zu spät"),
        ("fr", "Toujours pas de réponse du service client"),
        ("es", "Llevo dos horas esperando en el aeropuerto"),
        ("zh", "客服一直没有人回复"),
        ("zh", "快递还没到"),
        ("zh-Hant", "客服一直沒有人回覆"),
        ("zh-Hant", "餐廳的服務態度很差"),
        ("zh-Hant", "啲嘢好好食"),
        ("ja", "荷物がまだ届きません"),
        ("ja", "ありがとう"),
        ("ja", "駅前立地、広々客室"),
        ("ko", "배송이 너무 늦어요"),
        ("th", "บริการแย่มาก"),
        ("ru", "Посылка до сих пор не пришла"),
        ("ar", "الخدمة سيئة جدا ولا أحد يرد"),
        ("hi", "सेवा बहुत खराब है"),
        ("el", "Πολύ κακή εξυπηρέτηση"),
        ("he", "שירות גרוע מאוד"),
        ("de", "Läuft alles optimal"),
        ("fr", "Super facile à utiliser"),
        ("pt", "muito bom, adorei"),
        ("en", "very good app"),
        ("hi", "bahut acha kaam kar rahe ho bhai"),
        ("id", "barangnya belum sampai juga"),
        ("ms", "Bungkusan saya belum sampai, perkhidmatan yang teruk"),
        ("pl", "Paczka dalej nie dotarła, a infolinia nie odpowiada"),
        ("cs", "Zásilka pořád nedorazila a nikdo nezvedá telefon"),
        ("fi", "Sovellus kaatuu koko ajan"),
        ("ro", "Coletul nu a ajuns nici astăzi și nimeni nu răspunde"),
        ("uk", "Посилка досі не прийшла, і ніхто не відповідає"),
        ("bg", "Пратката още не е дошла и никой не отговаря"),
        ("sr", "Пакет још није стигао и нико се не јавља на телефон"),
        ("ru", "не ловит нигде"),
        ("fa", "بسته من هنوز نرسیده و هیچ کس جواب نمی دهد"),
        ("ur", "میرا پارسل ابھی تک نہیں پہنچا اور کوئی جواب نہیں دیتا"),
        ("mr", "माझे पार्सल अजून आले नाही आणि कोणी उत्तर देत नाही"),
        ("ja", "対応が残念。"),
        ("nb", "Pakken har fortsatt ikke kommet frem, og ingen svarer meg"),
    ],
)
def test_a_sentence_is_known(language: str, text: str) -> None:
    ((found, confidence),) = detect([text])
    assert found == language
    assert 0.5 <= confidence <= 1


@pytest.mark.parametrize(
    "text", ["", " ", "👍👍", "12:30", "@user http://t.co/x", "\x00", "\ud800", "ok", "!!!", "a"]
)
def test_too_little_is_undetermined(text: str) -> None:
    ((found, confidence),) = detect([text])
    assert found == "und"
    assert confidence == 0


def test_one_character_of_one_script_decides_between_the_two_of_chinese() -> None:
    assert detect(["好吃"])[0][0] == "zh"
    assert detect(["好吃嗎"])[0][0] == "zh-Hant"
    assert detect(["好吃吗"])[0][0] == "zh"


def test_a_handle_does_not_eat_the_chinese_that_touches_it() -> None:
    texts = ["回复@小明:还没收到快递//@客服:请稍等", "@acme服务太差了", "谢谢@acme,很快"]
    assert [language for language, _ in detect(texts)] == ["zh", "zh", "zh"]


def test_detecting_needs_no_numpy() -> None:
    script = (
        "import sys, classifiers; classifiers.detect(['muito bom', 'ok', 'nagyon jo']);"
        " print({'numpy', 'torch', 'scipy'} & set(sys.modules))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == "set()"


def test_order_is_kept() -> None:
    texts = ["Where is my parcel, please?", "我的包裹在哪里", "", "Hol van a csomagom, kérem?"]
    assert [language for language, _ in detect(texts)] == ["en", "zh", "und", "hu"]


def test_strange_characters_do_not_hide_the_language() -> None:
    texts = ["\x00\ud800 great service \ufffe today, thank you all", "x" * 1_000_000]
    assert detect(texts)[0][0] == "en"


@settings(max_examples=200, deadline=None)
@given(texts=st.lists(st.text(st.characters(codec=None, exclude_categories=())), max_size=5))
def test_any_text_has_a_language(texts: list[str]) -> None:
    found = detect(texts)
    assert len(found) == len(texts)
    assert all(language and 0 <= confidence <= 1 for language, confidence in found)


@pytest.mark.parametrize(
    ("path", "language", "least"),
    [
        ("airline_us/dev.jsonl.gz", "en", 0.95),
        ("husst/train.jsonl.gz", "hu", 0.93),
        ("waimai_10k/dev.jsonl.gz", "zh", 0.95),
        ("taiwan_google_maps_reviews_zh_hant/dev.jsonl.gz", "zh-Hant", 0.9),
        ("jrte_hotel_ja/train.jsonl.gz", "ja", 0.93),
    ],
)
def test_most_real_texts_are_known(path: str, language: str, least: float) -> None:
    if not (SHARED / path).exists():
        pytest.skip("needs the labelled sets of ../shared")
    with gzip.open(SHARED / path, "rt", encoding="utf-8") as lines:
        texts = [json.loads(next(lines))["text"] for _ in range(500)]
    found = [each for each, _ in detect(texts)]
    assert found.count(language) / len(found) >= least
