"""Queries made to hurt: by a seed, so that what hurts can be asked again."""

import random
from collections.abc import Callable, Iterator
from itertools import cycle

WORDS = ["acme", "air", "delay", "a", "ab", "航空", "ล่าช้า", "항공", "késő", "@acme", "#acme", "C++"]
PIECES = [
    *WORDS,
    *["AND", "OR", "NOT", "NEAR/3", "ONEAR/0", "NEAR", "NEAR/", "near/5", "-", "--", "(", ")"],
    *["()", '"', '""', "`", "``", '"acme air"', "`Acme`", "~1", "~", "~hu", "~plain", "~han"],
    *["*", "?", "acme*", "*ir", "d?lay", "acme~1", "lang:hu", "stars:<=2", "is:question", "lang:"],
    *["pack:jobs", "pack:", ":", "::", "+", "!", "|", "&&", ",", "[", "]", "\\", "'", "„", "”"],
    *[
        "（",
        "）",
        "　",
        "＊",
        "～1",
        "\u200b",
        "™",
        "\u202e",
        "\x00",
        "\ud800",
        "😡",
        "\u0301",
        " ",
    ],
]
SQL = [
    "'; DROP TABLE mention; --",
    '" OR 1=1 --',
    "acme' UNION SELECT token FROM source --",
    "acme%' ESCAPE '\\",
    "1; ATTACH DATABASE 'x' AS y",
    "acme\x00'; VACUUM; --",
    "x' AND randomblob(1000000000) --",
    "%%%", "____", "acme/**/OR/**/1", "CASE WHEN 1 THEN 2 END", "acme) OR (1=1",
]  # fmt: skip
FULL_TEXT = [
    'NEAR("acme" "air", 5)', "NEAR(acme air)", "acme ^air", "^acme", "{title text}: acme",
    "title: acme", "- title: acme", '"acme" + "air"', '"acme""air"', 'acme "" air', "acme* + air",
    "acme AND NOT NOT", "text:*", "rank MATCH 'bm25(1)'", "(acme) air*", '"acme air" *', "acme:*",
    "+acme -air", "acme^2", "acme~0.8", "[acme TO air]", "_exists_:acme", "acme\\*", "a1 OR | b1",
]  # fmt: skip
REGULAR = [
    "(a+)+$", ".*", "(.*)*acme", "[a-z]+", r"\bacme\b", "(?:acme)", "(?=a)(?=b)", "(a|aa)+",
    "a{1,99999}", "^(([a-z])+.)+[A-Z]([a-z])+$", r"\p{L}+", "acme(?#x)", "%s %d {0} {{}} ${x}",
    "<script>alert(1)</script>", "{{7*7}}", "../../etc/passwd", "\\u0000", "&#x41;",
]  # fmt: skip
VALUES = [
    "1e999", "NaN", "inf", "-1", "٣", "９", "1..", "..5", "5..1", "<<2", "><2", "=", ">=", "0x10",
    "9" * 400, "1_000", "*", "**", "(", "((((hu))))", "(hu OR (de OR fr))", "()", '""', '"', "`hu`",
    "0000-00-00", "9999-12-31", "2026-02-30", "2026-11-01T99:99Z", "10000-01-01", "NOT", "-hu",
    "\x00", "\ud800", "https://[::1", "acme.example/../x", "' OR 1=1", "hu~1", "hu*", "2026", "1.5",
]  # fmt: skip
NAMES = [
    "author", "site", "lang", "channel", "source", "kind", "stars", "followers", "likes", "since",
    "until", "is", "has", "sentiment", "label", "topic", "state", "team", "pack", "title", "rowid",
    "intent", "needs", "A-_-",
]  # fmt: skip
WAYS = [
    "1",
    "2",
    "0",
    "99",
    "hu",
    "hu+tr",
    "xx",
    "plain",
    "han",
    "hu+",
    "+hu",
    "~1",
    "1~1",
    "",
    "HU",
]


def hostile(count: int = 2_000, seed: int = 5) -> Iterator[str]:
    """So many different queries, of all kinds by turns."""
    chance = random.Random(seed)
    seen: set[str] = set()
    for make in cycle(MAKERS):
        query = make(chance)
        if query not in seen:
            seen.add(query)
            yield query
        if len(seen) == count:
            return


def slow_texts(size: int = 20_000) -> list[str]:
    """Texts that cost the most: long runs of one letter, of marks, tags, spaces and characters."""
    parts = [
        *[
            "a",
            "ab",
            "a ",
            "acme ",
            "a\u0301",
            "\u0301",
            "#Ab",
            "#AbCd1 ",
            "航空",
            "航 ",
            " ",
            "@a",
        ],
        *["acme air delay ", "a-", "İ", "ﷺ", "\u200b", "ก่", "각", "\u1100\u1161", "a😡", "#", "_a"],
        *["acme航空", '"', "https://acme.example/a ", "AcmeAir", "késő járatról "],
    ]
    mixed = random.Random(7)
    texts = [(part * (size // len(part) + 1))[:size] for part in parts]
    texts.append("".join(mixed.choice(parts) for _ in range(size))[:size])
    texts.append("#" + "Aa" * (size // 2))
    texts.append("".join(mixed.choice("abc ") for _ in range(size)))
    return texts


def _nested(chance: random.Random) -> str:
    deep = chance.choice([30, 49, 50, 51, 100, 500, 2_000])
    opening = chance.choice(["(", "( ", "NOT (", "-(", "(acme OR ", "((", "（"])
    closing = deep + chance.choice([0, 0, 0, -1, 1, -deep])
    return "acme " + opening * deep + "air" + ")" * closing


def _many_terms(chance: random.Random) -> str:
    joint = chance.choice([" ", " OR ", " AND ", " -", " OR NOT ", " NEAR/3 ", "\n"])
    words = (f"{chance.choice(WORDS)}{n}" for n in range(chance.choice([50, 499, 501, 10_000])))
    return joint.join(words)


def _quotes(chance: random.Random) -> str:
    signs = ['"', "“", "”", "„", "«", "»", "「", "』", "`", "'", " ", "acme", "air", "OR", "\n"]
    return "acme " + "".join(chance.choice(signs) for _ in range(chance.randint(1, 40)))


def _listed(examples: list[str]) -> Callable[[random.Random], str]:
    def make(chance: random.Random) -> str:
        before, after = chance.choice(["", "acme ", "acme OR "]), chance.choice(["", " air", '"'])
        return before + chance.choice(examples) + after

    return make


def _control(chance: random.Random) -> str:
    def char() -> str:
        return chr(chance.choice([*range(32), *range(127, 160)]))

    return "".join(chance.choice(["acme", " ", '"', "*", char(), char()]) for _ in range(12))


def _surrogates(chance: random.Random) -> str:
    lone = [chr(chance.randint(0xD800, 0xDFFF)) for _ in range(3)]
    return "".join(chance.choice([*lone, "acme", " ", '"', "`", "#", "~1"]) for _ in range(9))


def _near(chance: random.Random) -> str:
    far = chance.choice(
        ["0", "00", "100", "101", "9999", "99999", "9" * 300, "-1", "1.5", "٥", "５"]
    )
    sides = chance.choice([1, 2, 5, 100, 249])
    left = "(" + " OR ".join(chance.choice("abc") + "a" * n for n in range(1, sides + 1)) + ")"
    right = chance.choice([left, "acme", '"acme air"', "`A`", "NOT a", "(a b)", "lang:hu", "*"])
    return f"{left} {chance.choice(['NEAR', 'ONEAR'])}/{far} {right}"


def _wildcards(chance: random.Random) -> str:
    def word() -> str:
        return "".join(chance.choice("**?abc_1-@#航") for _ in range(chance.randint(1, 9)))

    whole = chance.choice(["*", "?", "***", "*" * 5_000, "?" * 300, "*a*a*a*", "aaa*" * 40])
    some = [word() for _ in range(chance.choice([1, 2, 51]))]
    open_words = " OR ".join(f"*{'a' * n}*" for n in range(3, chance.choice([4, 20, 53, 60])))
    return chance.choice([whole, " OR ".join(some), open_words, f"acme {whole}", f"acme -{whole}"])


def _nots(chance: random.Random) -> str:
    times = chance.choice([1, 2, 49, 50, 51, 3_000])
    return "acme " + chance.choice(["NOT ", "-", "NOT -", "NOT (", "- ", "-("]) * times + "air"


def _tildes(chance: random.Random) -> str:
    thing = chance.choice([*WORDS, '"acme air"', "(acme OR air)", "`A`", "acme*", "lang:hu", "()"])
    way = chance.choice(WAYS)
    space = chance.choice(["", "", "", " ", "\u200b"])
    return chance.choice(["", "acme ", "~"]) + f"{thing}{space}~{way}" + chance.choice(["", " air"])


def _directions(chance: random.Random) -> str:
    signs = ["\u202e", "\u202d", "\u202c", "\u2066", "\u2067", "\u2069", "\u200f", "\u061c"]
    parts = [*signs, "acme", "air", " ", '"', "(", ")", "مطار", "OR "]
    return "".join(chance.choice(parts) for _ in range(chance.randint(2, 30)))


def _nuls(chance: random.Random) -> str:
    signs = ["\0", "\0\0", "acme", "air", " ", '"', "`", "*", "~1", "OR", "@"]
    return "".join(chance.choice(signs) for _ in range(chance.randint(1, 12))) + "\0"


def _full_width(chance: random.Random) -> str:
    query = " ".join(chance.choice(PIECES) for _ in range(chance.randint(1, 8)))
    return "".join(
        chr(ord(char) + 0xFEE0) if "!" <= char <= "~" and chance.random() < 0.5 else char
        for char in query
    )


def _marks(chance: random.Random) -> str:
    mark = chance.choice(["\u0301", "\u0323", "่", "\u093c", "\u20e3", "\u034f", "\U0001f3fd"])
    times = chance.choice([1, 3, 300, 5_000, 9_990])
    around = chance.choice(["", "a", "航", '"', "`", "#"])
    return f"{around}{mark * times}{around}"


def _unseen(chance: random.Random) -> str:
    signs = ["\u200b", "\u200d", "\ufeff", "\u00ad", "\ufe0f", "™", "\u2060", "\u3164", "\u115f"]
    inside = "".join(chance.choice(signs) for _ in range(chance.choice([1, 5, 5_000])))
    frame = chance.choice(["{}", '"{}"', "`{}`", "acme {}", "@{}", "#{}", "-{}", "{}*", "{}~plain"])
    return frame.format(inside)


def _fields(chance: random.Random) -> str:
    some = (
        chance.choice(["", "-", "NOT "])
        + f"{chance.choice(NAMES)}:{chance.choice(['', '', ' ', '>', '<='])}{chance.choice(VALUES)}"
        for _ in range(chance.choice([1, 1, 2, 20]))
    )
    return chance.choice(["", "acme "]) + " ".join(some)


def _long(chance: random.Random) -> str:
    size = chance.choice([5_000, 9_990, 10_000, 10_001, 50_000])
    part = chance.choice(
        ["a", "航", "İ", " ", "a ", '"', "😡", "ﷺ", "@", "-", "\n", "_", "a-", "'"]
    )
    frame = chance.choice(["{}", '"{}"', "`{}`", "acme {}"])
    return frame.format((part * size)[:size])


def _soup(chance: random.Random) -> str:
    joint = chance.choice(["", " ", " "])
    return joint.join(chance.choice(PIECES) for _ in range(chance.randint(1, 25)))


def _unicode(chance: random.Random) -> str:
    top = chance.choice([0x250, 0x3000, 0xFFFF, 0x10FFFF])
    return "".join(chr(chance.randint(1, top)) for _ in range(chance.randint(1, 60)))


def _prefixes(chance: random.Random) -> str:
    letter = chance.choice("aA航1é")
    joint = chance.choice([" OR ", " OR #", " OR @", '" OR "'])
    longest = chance.choice([20, 130])
    query = joint.join(letter * size for size in range(1, longest))
    return f'"{query}"' if '"' in joint else query


def _inflected(chance: random.Random) -> str:
    every = "ar hy eu ca da nl en et fi fr de el hi hu id ga it lt ne no pt ro ru sr es sv ta tr"
    ways = "+".join(chance.sample(every.split(), chance.choice([1, 3, 28])))
    frames = [
        "acme",
        "acme{}",
        "a" * 3_000,
        '"késő járat{}"',
        "İ{}",
        "a_{}",
        '"a"',
        "uçakları",
        "a-b",
    ]
    frame, times = chance.choice(frames), chance.choice([1, 40, 400])
    return " OR ".join(f"{frame.format(number)}~{ways}" for number in range(times))


def _both_ways(chance: random.Random) -> str:
    inside = "".join(chance.choice("递遞发發髮机機") for _ in range(chance.choice([1, 9, 4_000])))
    return chance.choice(["{}~han", '"{}"~han', "({} OR acme)~han", "`{}`~han"]).format(inside)


def _alternating(chance: random.Random) -> str:
    query = "acme"
    for _ in range(chance.choice([5, 24, 25, 200])):
        query = f"(NOT ({query} {chance.choice(['OR', 'AND'])} air))"
    return f"delay {query}"


MAKERS = (
    _nested, _many_terms, _quotes, _listed(SQL), _listed(FULL_TEXT), _listed(REGULAR), _control,
    _surrogates, _near, _wildcards, _nots, _tildes, _directions, _nuls, _full_width, _marks,
    _unseen, _fields, _long, _soup, _unicode, _prefixes, _inflected, _both_ways, _alternating,
)  # fmt: skip
