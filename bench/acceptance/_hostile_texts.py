"""Texts that people could write to break a message: made by a seed, family by family."""

import random
from collections.abc import Callable, Iterator
from typing import Final

# Where texts are cut in Slack: options, quotes in lists, headers, fallbacks, reasons, sections.
CUTS: Final = (40, 60, 75, 90, 120, 140, 150, 160, 200, 300, 400, 600, 800, 2_900)
LONG: Final = 50_000

MENTIONS: Final = (
    "<!channel>", "<!here>", "<!everyone>", "<!here|here>", "<!subteam^S012AB|@care>", "<@U012345>",
    "<@W012345|jo>", "<#C012345|general>", "<!date^1392734382^{date}^https://evil.example|x>",
    "@channel", "@here", "@everyone", "＜!channel＞", "&lt;!channel&gt;", "<!chan\u200bnel>",
)  # fmt: skip
LINKS: Final = (
    "<https://evil.example|acme.com>", "<http://x|y>", "<mailto:a@evil.example|write us>",
    "https://evil.example/a|b>c<d", "https://bank.example@evil.example/", "www.evil.example",
    "javascript:alert(1)", "<javascript:alert(1)|open>", "https://еxample.com/", "tel:+3612345678",
    "[acme.com](https://evil.example)", "https://evil.example/\u202egnp.exe", "data:text/html,<b>",
)  # fmt: skip
MARKUP: Final = (
    "*bold*", "_slanted_", "~struck~", "`code`", "```\nfence\n```", "> quoted", ">>> all quoted",
    "• item", "1. item", "# title", ":tada:", ":skin-tone-4:", ":not_an_emoji:", "***", "``",
    "&amp;",     "&#60;!channel&#62;", "\\<!here\\>",
    "{date_num}", "%3C!here%3E", '"}]}', "</script>",
)  # fmt: skip
ENTITIES: Final = ("&", "<", ">", "&amp;", "&lt;", "&gt;", "&amp;lt;", "&#x3c;")
CLUSTERS: Final = (
    "👨‍👩‍👧‍👦", "👩🏽‍🚀", "🏳️‍🌈", "🇭🇺", "🇹🇼", "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "1️⃣",
    "é", "ก็", "한", "क्षि", "👍🏿", "🧑🏻‍🤝‍🧑🏿", "ế",
)  # fmt: skip
UNSEEN: Final = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u034f\u115f\u3164\u2800"
BIDI: Final = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
BREAKS: Final = ("\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\t")
RIGHT_TO_LEFT: Final = (
    "أين طردي؟ ٣ أسابيع", "המזוודה שלי אבדה (שוב)", "پرواز ۱۲ لغو شد", "توصيل 5.7", "שָׁלוֹם",
)  # fmt: skip
PLAIN: Final = (
    "Where is my parcel?", "Hol a csomagom?", "我的行李在哪裡？", "快递又丢了", "荷物が届かない",
    "Wo bleibt mein Paket", "Où est mon colis ?",
    "กระเป๋าหายอีกแล้ว", "मेरा सामान कहाँ है", "수하물이 없어졌어요",
)  # fmt: skip


def texts(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """(family, text), so many; each family in turn, so that none is rare."""
    dice = random.Random(seed)
    names = list(FAMILIES)
    for number in range(count):
        family = names[number % len(names)]
        yield family, FAMILIES[family](dice)


def _some(dice: random.Random, of: tuple[str, ...]) -> str:
    """Some of them among plain words."""
    parts = [dice.choice(of) for _ in range(dice.randint(1, 6))]
    parts += [dice.choice(PLAIN) for _ in range(dice.randint(0, 3))]
    dice.shuffle(parts)
    return dice.choice((" ", "", "\n")).join(parts)


def _at_a_cut(dice: random.Random, of: tuple[str, ...], filler: str = "a") -> str:
    """One of them across a place where some message is cut, give or take a few."""
    one = dice.choice(of)
    before = max(dice.choice(CUTS) - dice.randint(0, len(one) + 6), 0)
    return filler * before + one * dice.choice((1, 1, 2, 40)) + " " + dice.choice(PLAIN)


def _long(dice: random.Random) -> str:
    word = dice.choice((*PLAIN, "ő", "漢", "&", "<", "😀", *CLUSTERS, *RIGHT_TO_LEFT))
    joint = dice.choice(("", " ", "\n"))
    return (joint.join([word] * (LONG // (len(word) + len(joint)) + 1)))[:LONG]


def _stacked(dice: random.Random) -> str:
    marks = "".join(dice.choice("\u0300\u0301\u0308\u0489\u20dd") for _ in range(10_000))
    return dice.choice(("", "Z", "Hello ")) + marks + dice.choice(("", " end"))


def _strewn(dice: random.Random, signs: str) -> str:
    words = dice.choice((*PLAIN, *RIGHT_TO_LEFT, *MENTIONS)) * dice.randint(1, 20)
    return "".join(char + (dice.choice(signs) if dice.random() < 0.4 else "") for char in words)


def _controls(dice: random.Random) -> str:
    signs = [chr(code) for code in (*range(32), 0x7F, *range(0x80, 0xA0), 0xD800, 0xDBFF, 0xDFFF)]
    signs += ["\ufffe", "\uffff", "\U0010ffff", "\ue000"]
    return _strewn(dice, "".join(signs))


def _lines(dice: random.Random) -> str:
    break_ = dice.choice(BREAKS)
    return (dice.choice(("", ">", "- ", dice.choice(PLAIN))) + break_) * dice.randint(500, 4_000)


def _right_to_left(dice: random.Random) -> str:
    parts = [dice.choice((*RIGHT_TO_LEFT, *PLAIN, "12:30", "(5.7)", "!", "Acme")) for _ in range(9)]
    return " ".join([dice.choice(RIGHT_TO_LEFT), *parts])


def _nothing(dice: random.Random) -> str:
    """Nothing that is seen, or nearly."""
    return "".join(
        dice.choice([*UNSEEN, *BIDI, " ", "\n", "\x00"]) for _ in range(dice.randint(0, 9))
    )


def _any(dice: random.Random) -> str:
    """Any code points at all, surrogates too."""
    return "".join(chr(dice.randrange(0x110000)) for _ in range(dice.randint(1, 700)))


FAMILIES: Final[dict[str, Callable[[random.Random], str]]] = {
    "mentions": lambda dice: _some(dice, MENTIONS),
    "links": lambda dice: _some(dice, LINKS),
    "markup": lambda dice: _some(dice, MARKUP),
    "entities": lambda dice: dice.choice(ENTITIES) * dice.choice((1, 50, 75, 150, 3_000)),
    "entity at a cut": lambda dice: _at_a_cut(dice, ENTITIES),
    "mention at a cut": lambda dice: _at_a_cut(dice, MENTIONS, dice.choice(("a", "a ", "漢"))),
    "emoji at a cut": lambda dice: _at_a_cut(dice, CLUSTERS, dice.choice(("a", "漢", "😀"))),
    "emoji": lambda dice: _some(dice, CLUSTERS) * dice.choice((1, 30)),
    "50,000 characters": _long,
    "10,000 marks": _stacked,
    "unseen": lambda dice: _strewn(dice, UNSEEN),
    "bidi controls": lambda dice: _strewn(dice, BIDI),
    "controls and surrogates": _controls,
    "thousands of lines": _lines,
    "right to left": _right_to_left,
    "a single word": lambda dice: dice.choice("aőж漢ก") * dice.choice((76, 151, 301, 3_001)),
    "nothing": _nothing,
    "any code points": _any,
    "plain": lambda dice: _some(dice, PLAIN),
}  # fmt: skip
