"""Who lives in the demo: an airline, its rival, a traveller with many followers, and the public."""

from collections.abc import Mapping
from random import Random
from typing import Any, Final

from listener.collectors.demo.phrasebook import Phrasebook, Slots
from listener.collectors.demo.texts_en import ENGLISH
from listener.collectors.demo.texts_hu import HUNGARIAN
from listener.collectors.demo.texts_zh import CHINESE
from listener.collectors.demo.texts_zh_hant import TRADITIONAL

BRAND: Final = "Norvelune"
RIVAL: Final = "Quillaire"
INFLUENCER: Final = "Windowseat Wanda"
SUPPORT: Final = "norvelune_help"
RIVAL_SUPPORT: Final = "quillaire_care"
INFLUENCER_HANDLE: Final = "windowseat_wanda"

# Names, roles, queries and accounts for the default configuration.
SUBJECTS: Final[tuple[Mapping[str, Any], ...]] = (
    {
        "name": BRAND,
        "role": "brand",
        "query": f"norvelune OR @{SUPPORT} OR 诺维伦 OR 諾維倫",
        "accounts": {"demo": [SUPPORT]},
        "about": "an invented airline; the demo is about it",
        "must_match": ["Flying Norvelune to Lisbon", "坐诺维伦去里斯本", "諾維倫又延誤"],
        "must_not_match": ["Flying to Lisbon", "norvelunetics"],
    },
    {
        "name": RIVAL,
        "role": "competitor",
        "query": f"quillaire OR @{RIVAL_SUPPORT} OR 奎莱尔 OR 奎萊爾",
        "accounts": {"demo": [RIVAL_SUPPORT]},
        "about": "an invented airline, the rival of the first",
    },
    {
        "name": INFLUENCER,
        "role": "influencer",
        "query": f"@{INFLUENCER_HANDLE}",
        "accounts": {"demo": [INFLUENCER_HANDLE]},
        "about": "an invented traveller with many followers",
    },
)

BOOKS: Final = {book.language: book for book in (ENGLISH, CHINESE, TRADITIONAL, HUNGARIAN)}
_SPOKEN: Final = {"en": 45, "zh": 17, "zh-Hant": 9, "hu": 29}  # percent of the public

# How the public writes a name; the plain name is the most usual.
_LATIN: Final[Mapping[str, tuple[str, ...]]] = {
    BRAND: ("Norvelune", "Norvelune", "Norvelune", "norvelune", "@norvelune_help"),
    RIVAL: ("Quillaire", "Quillaire", "quillaire", "@quillaire_care"),
}
_SIMPLIFIED: Final[Mapping[str, tuple[str, ...]]] = {
    BRAND: ("诺维伦", "诺维伦", "诺维伦航空"),
    RIVAL: ("奎莱尔", "奎莱尔", "奎莱尔航空"),
}
_TRADITIONAL: Final[Mapping[str, tuple[str, ...]]] = {
    BRAND: ("諾維倫", "諾維倫", "諾維倫航空"),
    RIVAL: ("奎萊爾", "奎萊爾", "奎萊爾航空"),
}
_WRITTEN: Final = {"zh": _SIMPLIFIED, "zh-Hant": _TRADITIONAL}


def _handles(first: str, second: str, between: str = "_") -> tuple[str, ...]:
    return tuple(f"{a}{between}{b}" for a in first.split() for b in second.split())


PEOPLE: Final[Mapping[str, tuple[str, ...]]] = {
    "en": _handles(
        "quiet sunny paper maple copper misty amber velvet lucky silver northern little rusty",
        "harbor otter lantern bicycle teapot meadow compass sparrow kettle pebble atlas orchard"
        " violin magpie thimble",
    ),
    "zh": _handles(
        "爱喝茶的 赶飞机的 想睡觉的 看云的 慢半拍的 爱吃橘子的 会做饭的 不加班的 走路带风的",
        "小熊 大刘 阿宁 老周 企鹅 松鼠 小满 土豆 青柠 栗子",
        "",
    ),
    "zh-Hant": _handles(
        "愛旅行的 打瞌睡的 收集車票的 喝奶茶的 追夕陽的 背包裡的 週末的",
        "阿凱 小柚 貓頭鷹 芋圓 阿哲 豆花 小燈 海獺",
        "",
    ),
    "hu": _handles(
        "kis vidam utazo reggeli budai borsos sarga felho csendes tavaszi morgos kerekes",
        "bagoly dinnye marci zsofi talicska sundi kata gomboc peti szilva villamos",
    ),
}


def spoken(rng: Random) -> Phrasebook:
    """The language of somebody from the public."""
    (language,) = rng.choices(list(_SPOKEN), weights=list(_SPOKEN.values()))
    return BOOKS[language]


def names(book: Phrasebook, subject: str) -> Slots:
    """What {brand} and {rival} stand for when a text in this language is about a subject."""
    written = _WRITTEN.get(book.language, _LATIN)
    other = RIVAL if subject == BRAND else BRAND
    return {"brand": written[subject], "rival": written[other][:1]}
