"""Which texts are spam, by rules that one can read. Pure.

What is spam is kept aside: it can be seen and counted, and alerts nobody. So a rule has to be sure:
a text must offer something and ask for something, and one that complains is no spam, whatever
words it holds.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MOST_REPEATS: Final = 5  # times in a day that one author may say the same; more is a machine
MANY_TAGS, MANY_HANDLES = 8, 10
FEW_LETTERS: Final = 12  # beside so many tags or handles

_LINK = re.compile(r"(?:https?://|www\.|t\.me/|wa\.me/|bit\.ly/)[!-~]+", re.IGNORECASE)
_TAG = re.compile(r"[#＃]\w+")
_HANDLE = re.compile(r"@\w+")
_WORD = re.compile(r"[^\W\d_]+")
_HAN = re.compile("[\u4e00-\u9fff]")  # each says as much as three letters

# Whoever says one of these speaks of a bad experience, or for herself: precision first. As in
# queries, * stands for the rest of a word.
COMPLAINTS: Final = (
    "never", "nobody", "no one", "why", "scam*", "fake", "fraud", "refund", "complain*",
    "disappoint*", "terrible", "worst", "awful", "unfair", "useless", "broken", "expired",
    "doesn't work", "does not work", "didn't", "did not", "won't", "can't", "cannot", "not working",
    "not accepted", "not valid", "invalid", "reject*", "refus*", "denied", "declin*", "ignor*",
    "charged", "overcharg*", "rude", "rigged", "counterfeit", "leaked", "drained", "illegal*",
    "lawsuit*", "sued", "regulator*", "investigat*", "strike", "strikes", "striking", "layoff*",
    "laid off", "report finds",
    "érvénytelen*", "elutasít*", "hibás", "sztrájk*",
    "nem", "miért", "panasz*", "átver*", "csaló*", "csalás*", "rossz", "soha", "senki", "lejárt",
    "nunca", "nadie", "estafa*", "fraude", "queja*", "mal", "malo", "mala", "pésimo", "pésima",
    "caducado", "caducada", "porqué", "falla", "fallan", "rechaza*", "despid*", "despedid*",
    "huelga*", "amañad*", "ilegal*",
    "nie", "niemand", "kein*", "nicht", "warum", "betrug", "abzocke", "schlecht*", "abgelaufen",
    "abgelehnt", "ungültig*", "streik*", "entlass*", "enttäusch*",
    "骗", "投诉", "投訴", "垃圾", "太差", "差评", "差評", "失望", "过期", "過期", "没用", "沒用",
    "为什么", "為什麼", "无法使用", "無法使用", "不退", "不回", "闪退", "閃退",
    "歧视", "歧視", "造假", "裁员", "裁員", "罢工", "罷工",
)  # fmt: skip
SPEAKERS: Final = (
    "i", "i'm", "i've", "my", "me", "we've", "nekem", "engem", "no", "mi", "mis", "ich", "mir",
    "mich", "mein*", "我", "俺", "咱",
)  # fmt: skip


def _any_of(words: Collection[str]) -> re.Pattern[str]:
    """What finds one of these words, each as a whole where its script puts spaces."""
    parts = [re.escape(word).replace(r"\*", r"\w*").replace("'", "['’]") for word in words]
    spaced = "|".join(part for part, word in zip(parts, words, strict=True) if word[0] < "\u2e80")
    unspaced = "|".join(word for word in words if word[0] >= "\u2e80")
    return re.compile(rf"\b(?:{spaced})\b|{unspaced}")


_COMPLAINS = _any_of(COMPLAINTS + SPEAKERS)


class SpamRule(StrEnum):
    """What the rules are called in settings, and where what they caught is shown."""

    JOBS = "jobs"
    GIVEAWAYS = "giveaways"
    COUPONS = "coupons"
    BOTS = "bots"
    HASHTAGS = "hashtags"
    HANDLES = "handles"
    REPEATS = "repeats"  # told by copies, not by a text


@dataclass(frozen=True, slots=True)
class Offer:
    """Texts that offer one of these things, and ask for one of those."""

    offers: tuple[str, ...]  # in small letters, whole words
    asks: tuple[str, ...]
    link: bool = False  # whether a link asks too

    def __call__(self, text: str) -> bool:
        if not any(words in text for words in self.offers):
            return False
        asked = [words for words in self.asks if words in text]
        if not asked and not (self.link and _LINK.search(text)):
            return False
        rest = _LINK.sub(" ", text)
        for words in (*asked, *self.offers):  # "message me" is nobody's complaint
            rest = rest.replace(words, " ")
        return _COMPLAINS.search(rest) is None


def _is_wall(text: str, what: re.Pattern[str], many: int) -> bool:
    """Whether a text is many of these, and little beside them."""
    if len(what.findall(text)) < many:
        return False
    rest = _LINK.sub(" ", _HANDLE.sub(" ", _TAG.sub(" ", text)))
    letters = sum(map(len, _WORD.findall(rest))) + 2 * len(_HAN.findall(rest))
    return letters <= FEW_LETTERS


def _wall_of_hashtags(text: str) -> bool:
    return text.count("#") >= MANY_TAGS and _is_wall(text, _TAG, MANY_TAGS)


def _wall_of_handles(text: str) -> bool:
    return text.count("@") >= MANY_HANDLES and _is_wall(text, _HANDLE, MANY_HANDLES)


JOBS: Final = Offer(
    offers=(
        "we're hiring", "we’re hiring", "we are hiring", "now hiring", "is hiring", "#hiring",
        "job opening", "job openings", "job alert", "#jobalert", "vacancy:",
        "job vacancy", "want to work at",
        "join our team", "latest job", "#nowhiring",
        "招聘", "诚聘", "誠聘", "急聘", "高薪", "徵才", "兼职", "兼職",
        "állásajánlat", "állást hirdet", "felvételre keres", "munkatársat keres",
        "munkatársakat keres", "csatlakozz csapatunkhoz", "#állás",
        "oferta de empleo", "ofertas de empleo", "estamos contratando", "buscamos personal",
        "vacante",
        "vacantes", "#empleo", "únete a nuestro equipo",
        "wir stellen ein", "stellenangebot", "wir suchen verstärkung", "jobangebot",
    ),
    asks=(
        "apply now", "apply here", "apply today", "apply at", "apply online", "send your cv",
        "send your resume", "send cv", "#jobs", "#careers", "#job ",
        "简历", "簡歷", "履历", "履歷", "投递", "投遞", "月薪", "薪资", "薪資", "日结", "日結",
        "微信",
        "jelentkezz", "jelentkezés", "önéletrajz",
        "envía tu cv", "envíanos tu cv", "postúlate", "inscríbete", "aplica aquí", "aplica ahora",
        "jetzt bewerben", "bewirb dich", "bewerbung an", "lebenslauf",
    ),
    link=True,
)  # fmt: skip

GIVEAWAYS: Final = Offer(
    offers=(
        "giveaway", "giveaways", "give away", "chance to win", "for a chance to", "win a free",
        "win an ", "to be won", "sweepstakes",
        "抽奖", "抽獎", "抽取", "抽一位", "抽1位", "送出", "转发有奖", "轉發有獎",
        "nyereményjáték", "nyerj", "kisorsol", "kisorsolunk",
        "sorteo", "sorteamos", "gana un", "concurso",
        "gewinnspiel", "gewinnspiele", "verlosen", "verlosung", "zu gewinnen",
    ),
    asks=(
        "enter to win", "rt to enter", "how to enter", "to enter:", "to enter,", "to enter -",
        "enter here", "enter now", "follow and retweet", "follow & retweet",
        "follow + rt", "rt + follow", "rt to win", "retweet to win", "like and share",
        "like & share", "tag a friend", "tag two friends", "tag 2 friends", "tag 3 friends",
        "follow us and", "comment below to",
        "关注并转发", "關注並轉發", "转发并关注", "轉發並關注", "转发此", "轉發此", "转发这条",
        "关注+转发",
        "转发+关注", "转评赞", "評論區抽", "评论区抽", "分享並標註", "標註",
        "kövesd be", "kövesd az oldalt", "kövesd az oldalunkat",
        "lájkold", "oszd meg", "jelöld meg", "játssz velünk", "megosztók között",
        "sigue la cuenta", "síguenos y", "comparte y", "etiqueta a", "para participar",
        "participa en",
        "dale like", "haz rt",
        "folgt uns", "folge uns", "markiert", "markiere", "teilt den", "teile den", "mitmachen",
        "kommentiert",
    ),
)  # fmt: skip

COUPONS: Final = Offer(
    offers=(
        "promo code", "promocode", "coupon code", "discount code", "voucher code",
        "% off with code",
        "use code", "coupon:", "referral code", "free coupons", "coupon codes",
        "优惠码", "優惠碼", "优惠券", "優惠券", "折扣码", "折扣碼", "邀请码", "邀請碼",
        "领券", "領券",
        "kuponkód", "kuponkódok", "kedvezménykód", "promóciós kód",
        "código de descuento", "código promocional", "cupón de descuento", "cupones",
        "gutscheincode", "rabattcode", "gutscheine für",
    ),
    asks=(
        "at checkout", "use coupon code", "use promo code", "use discount code",
        "shop now", "order now", "buy now", "get it here", "grab it", "click here",
        "sign up here", "limited time", "hurry", "link in bio", "save up to",
        "点击", "點擊", "领取", "領取", "复制", "複製", "立即下单", "立即下單", "立即抢", "立即搶",
        "kattints", "rendelj most", "csak ma", "vásárolj most",
        "compra ahora", "haz clic", "solo hoy", "pincha aquí", "aprovecha",
        "sichern", "jetzt bestellen", "hier klicken", "nur heute", "sichere dir",
    ),
    link=True,
)  # fmt: skip

BOTS: Final = Offer(
    offers=(
        "airdrop", "free crypto", "bitcoin giveaway", "double your bitcoin", "guaranteed profit",
        "guaranteed returns", "passive income", "forex signals", "crypto signals", "pump signal",
        "100x gem", "earn $", "earn money from home", "onlyfans", "hot girls", "nudes",
        "sexy girls",
        "hookup", "escort", "recover your funds", "recovered all their", "hack any account",
        "空投", "稳赚", "穩賺", "日赚", "日賺", "包赚", "带单", "帶單", "裸聊", "约炮", "約炮",
        "色情",
        "刷单", "刷單",
        "garantált hozam", "ingyen bitcoin", "passzív jövedelem", "szexpartner", "forró lányok",
        "ganancias garantizadas", "ingresos pasivos", "chicas calientes", "gana dinero desde casa",
        "garantierte rendite", "passives einkommen", "heiße girls", "geld verdienen von zuhause",
    ),
    asks=(
        "dm me", "dm us", "dm now", "message me", "whatsapp", "telegram", "click the link",
        "link in bio", "join now", "join here", "claim", "sign up", "subscribe", "inbox",
        "加微信", "加我", "私信", "私聊", "扫码", "掃碼", "点击", "點擊", "加群", "qq群",
        "írj rám", "kattints", "csatlakozz", "regisztrálj",
        "escríbeme", "únete", "regístrate", "haz clic", "enlace en",
        "schreib mir", "jetzt beitreten", "melde dich an", "hier klicken", "link in der bio",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule looks at, and what holds of a text in small letters that it catches."""

    why: str
    holds: Callable[[str], bool]


RULES: Final[Mapping[SpamRule, Rule]] = {
    SpamRule.JOBS: Rule("offers a job, and asks to apply", JOBS),
    SpamRule.GIVEAWAYS: Rule("offers a prize, and asks to follow, share or tag", GIVEAWAYS),
    SpamRule.COUPONS: Rule("offers a code, and asks to buy", COUPONS),
    SpamRule.BOTS: Rule("offers easy money or sex, and asks to write or to click", BOTS),
    SpamRule.HASHTAGS: Rule(
        f"{MANY_TAGS} hashtags or more, and hardly a word beside them", _wall_of_hashtags
    ),
    SpamRule.HANDLES: Rule(
        f"{MANY_HANDLES} people or more are called, and hardly a word is said", _wall_of_handles
    ),
}
ALL: Final = frozenset(SpamRule)

OFFERS: Final[Mapping[SpamRule, Offer]] = {
    SpamRule.JOBS: JOBS,
    SpamRule.GIVEAWAYS: GIVEAWAYS,
    SpamRule.COUPONS: COUPONS,
    SpamRule.BOTS: BOTS,
}
_PHRASES: Final = tuple(phrase for offer in OFFERS.values() for phrase in offer.offers)
_ANY_WORD = re.compile(r"\w+")
_TELLING: Final = frozenset(  # of each phrase its longest word
    sorted(_ANY_WORD.findall(phrase), key=len)[-1] for phrase in _PHRASES if not _HAN.search(phrase)
)
_HAN_PHRASES: Final = tuple(phrase for phrase in _PHRASES if _HAN.search(phrase))


def spam(text: str, rules: Collection[SpamRule] = ALL) -> SpamRule | None:
    """The name of the first of these rules by which a text is spam; None: by none."""
    small = text.casefold()
    if not _may_be(small):
        return None
    for name, rule in RULES.items():
        if name in rules and rule.holds(small):
            return name
    return None


def _may_be(text: str) -> bool:
    """Whether it is worth while to ask the rules; quick, and false of most texts."""
    return (
        not _TELLING.isdisjoint(_ANY_WORD.findall(text))
        or text.count("#") >= MANY_TAGS
        or text.count("@") >= MANY_HANDLES
        or (not text.isascii() and _HAN.search(text) is not None and _has_han_phrase(text))
    )


def _has_han_phrase(text: str) -> bool:
    return any(phrase in text for phrase in _HAN_PHRASES)
