"""Which language a text is in.

Three voices, the cheapest first. Rules of script decide alone wherever a script has one language,
and tell the two ways of writing Chinese apart by the characters that only one of them has; CLD2
(Sites, 2013) knows 83 languages by their letters in fours; and where it is in doubt over Latin
letters, as it is over a third of short reviews, the n-grams of `classifiers.letters`, fitted on
posts and reviews, vote with it. Where languages share a script (Cyrillic, Arabic, Devanagari),
CLD2 is held to the letters that a language has.

Measured by `python -m bench.language` on texts that nothing was fitted on: 97 % right up to 20
characters, 99 % over it, the script of Chinese 99.9 %. Why no other library: lingua's wheel has
96 MB or more, and its small models read 2,200 texts per CPU second; py3langid 0.4 reads 18,000 and
is right in 67 of 100 short texts in Latin letters, where CLD2 alone is in 79 and the vote in 91;
gcld3 has had no release since 2020.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable
from typing import Final, NamedTuple

from classifiers.letters import shipped

UNKNOWN: Final = "und"
READ_CHARACTERS: Final = 2000
LEAST_CONFIDENCE: Final = 0.5  # below it a text in Latin letters is "und"
SURE: Final = 0.99
LEAST_LETTERS: Final = 3  # "ok" is said everywhere
LEAST_CHANCE: Final = 0.3
VOTE: Final = 4.0  # by how much CLD2's word makes a language likelier
STRANGE: Final = 0.9  # the chance above which the n-grams overrule a language they do not have
SURE_SCORE: Final = 800  # of CLD2, per 1024 bytes: noise and slang have less
SURE_LENGTH: Final = 40  # bytes

# In scripts without spaces a link, an address or a handle may touch the text: none eats Han.
_LINK = re.compile(r"https?://[!-~]+|www\.[!-~]+|\bhttps?\b")
_ADDRESS = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+\.[A-Za-z.]+")
_IN_ADDRESS = re.compile(r"(?<=[A-Za-z0-9._+-])@[A-Za-z0-9-]+\.[A-Za-z.]")
_HANDLE = re.compile(r"@[A-Za-z0-9_]+|@[^\W_][\w-]{0,15}")
_REPOST = re.compile(r"\bRT\b")
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|nbsp|[rl]aquo);")
_UNREADABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202f\ud800-\udfff\ufffe\uffff]")
_LETTER = re.compile(r"[^\W\d_]")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_KANA = re.compile("[\u3041-\u30fa\u30fd-\u30ff\uff66-\uff9d]")
_GRAMMAR = re.compile("[でにはがをもとだなくいるすし]")  # Chinese too has の and the face of ツ
_SCRIPTS: Final = (
    (re.compile("[\uac00-\ud7a3\u1100-\u11ff\u3130-\u318f]"), "ko"),
    (re.compile("[\u0e00-\u0e7f]"), "th"),
    (re.compile("[\u0370-\u03ff\u1f00-\u1fff]"), "el"),
    (re.compile("[\u0530-\u058f]"), "hy"),
    (re.compile("[\u10a0-\u10ff]"), "ka"),
    (re.compile("[\u0b80-\u0bff]"), "ta"),
    (re.compile("[\u0c00-\u0c7f]"), "te"),
    (re.compile("[\u0c80-\u0cff]"), "kn"),
    (re.compile("[\u0d00-\u0d7f]"), "ml"),
    (re.compile("[\u0a80-\u0aff]"), "gu"),
    (re.compile("[\u0a00-\u0a7f]"), "pa"),
    (re.compile("[\u0d80-\u0dff]"), "si"),
    (re.compile("[\u1780-\u17ff]"), "km"),
    (re.compile("[\u0e80-\u0eff]"), "lo"),
    (re.compile("[\u1000-\u109f]"), "my"),
)
_CANTONESE = re.compile("[嘅咗啲冇喺嚟佢哋唔噉嗰咁乜]")

_BEYOND_LATIN = re.compile(
    "[\u0370-\u1dff\u1f00-\u1fff\u2e80-\ud7ff\uf900-\ufdff\uff66-\uffdc]|[^\x00-\uffff]"
)
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_ACCENTED = re.compile("[\u00c0-\u024f]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_ONLY_RUSSIAN = re.compile("[ыэё]", re.I)  # among those that have no other letters
_NOT_RUSSIAN = re.compile("[^\x00-\u03ffа-яёА-ЯЁ\u0530-\U0010ffff]")
_LIKE_RUSSIAN: Final = frozenset({"bg", "uk"})  # a sentence may do without letters of its own
_ARABIC = re.compile("[\u0600-\u06ff]")
_NOT_ARABIC = re.compile("[\u0671-\u06d3]")
_ONLY_ARABIC = re.compile("[ةأإ]")
_DEVANAGARI = re.compile("[\u0900-\u097f]")
_MALAY = re.compile(  # words that Indonesian has not, or spells otherwise
    r"\b(?:awak|nak|taknak|sahaja|kerana|perkhidmatan|syarikat|pejabat|penghantaran|teruk|selesa"
    r"|telefon|wang|akaun|kereta|kaunter|tolonglah|korang|xde|takde|takda|dapatkan|jawapan|cuba|ialah)\b",
    re.I,
)

# Languages that only CLD2 knows, and the one that the n-grams would take each of them for.
_NEIGHBOURS: Final = {
    "ms": "id", "bs": "hr", "sr": "hr", "sl": "hr", "nb": "da", "nn": "da", "is": "da",
    "cs": "sk", "pl": "sk", "af": "nl", "gl": "pt", "ca": "es", "ro": "it", "az": "tr",
}  # fmt: skip

# Languages that CLD2 sees in slang and in misspelt words far more often than people write them.
_UNLIKELY: Final = frozenset(
    re.findall(
        r"\S+",
        "aa ab ak ay bi co crs eo fo fy gd gv ia ie iu kl la lg ln mfe mg mi na nr nso om qu rm rn"
        " rw sa sco sg sm sn ss st tlh tn to ts tum ve vo wo xh xx-Qaai za zzp",
    )
)
_RENAMED: Final = {"iw": "he", "no": "nb", "jw": "jv", "sh": "sr", "mo": "ro", "zh-TW": "zh-Hant"}


def detect(texts: Iterable[str]) -> list[tuple[str, float]]:
    """Name the language of each text, in their order, with a confidence from 0 to 1.

    A language is a BCP 47 tag ("en", "hu", "zh" for simplified or undecided Chinese, "zh-Hant"),
    or "und" with 0 where there is nothing to read, or too little to tell. Any `str` will do. The
    confidence is no probability: it grows with the length of the text and with the share of it
    that the language explains.
    """
    return [_detect(text) for text in texts]


def readable(text: str) -> str:
    """Give a text as it is looked at: its beginning, without links, handles and marks."""
    text = text[:READ_CHARACTERS]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if not text.isprintable():
        text = _UNREADABLE.sub(" ", text)
    return _without_noise(text)


def _without_noise(text: str) -> str:
    """Take out links, addresses, handles and marks.

    Each is looked for only where there is a sign of it: half the time of one expression for all.
    """
    if "http" in text or "www." in text:
        text = _LINK.sub(" ", text)
    if "@" in text:
        if _IN_ADDRESS.search(text):
            text = _ADDRESS.sub(" ", text)
        text = _HANDLE.sub(" ", text)
    if "#" in text:
        text = text.replace("#", " ")
    if "RT" in text:
        text = _REPOST.sub(" ", text)
    return _ENTITY.sub(" ", text) if "&" in text else text


def _detect(text: str) -> tuple[str, float]:
    text = readable(text)
    if text.isascii() or not _BEYOND_LATIN.search(text):
        return _by_letters(text)
    return _by_script(text)


def _by_script(text: str) -> tuple[str, float]:
    """Decide by script where one is enough, else by letters."""
    letters = len(_LETTER.findall(text))
    if not letters:
        return UNKNOWN, 0.0
    kana = len(_KANA.findall(text))
    han = len(_HAN.findall(text))
    if kana + han >= 0.3 * letters:
        if kana > 0.05 * (kana + han) and (kana > 1 or _GRAMMAR.search(text)):
            return "ja", SURE
        if han:
            return _by_han(text, han, letters)
    for pattern, language in _SCRIPTS:
        if len(pattern.findall(text)) >= 0.3 * letters:
            return language, SURE
    return _by_letters(text)


def _by_han(text: str, han: int, letters: int) -> tuple[str, float]:
    """Tell the scripts apart by the characters that only one national standard has."""
    simplified, traditional, japanese = _one_script_only()
    only_simple = sum(character in simplified for character in text)
    only_traditional = sum(character in traditional for character in text)
    confidence = min(SURE, 0.5 + 0.1 * han) * min(1.0, 0.4 + han / letters)
    only_japanese = sum(character in japanese for character in text)
    if only_japanese > only_simple + only_traditional:
        return "ja", confidence
    if only_traditional > only_simple or (not only_simple and _CANTONESE.search(text)):
        return "zh-Hant", confidence
    return "zh", confidence


@functools.cache
def _one_script_only() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Give what GB 2312 has and Big5 lacks, the other way round, and what only Shift JIS has."""
    every = "".join(map(chr, range(0x4E00, 0xA000)))
    simplified, traditional, japanese = (
        frozenset(every.encode(encoding, "ignore").decode(encoding))
        for encoding in ("gb2312", "big5", "shift_jis")
    )
    return (
        simplified - traditional,
        traditional - simplified,
        japanese - simplified - traditional,
    )


def _by_letters(text: str) -> tuple[str, float]:
    """Ask CLD2; where it is in doubt, the letters themselves have a second voice."""
    opinion = cld2(text)
    if not text.isascii() and 2 * len(_LATIN.findall(text)) < len(_LETTER.findall(text)):
        return _by_alphabet(text, opinion)
    if opinion.sure and not (opinion.language == "en" and _ACCENTED.search(text)):
        return opinion.language, opinion.confidence
    return _by_both(text, opinion)


class Opinion(NamedTuple):
    """What CLD2 says; `sure` where it was right in 99 of 100 held-out texts."""

    language: str
    confidence: float
    reliable: bool
    sure: bool


def cld2(text: str) -> Opinion:
    """Of its answers take the first that people are likely to write."""
    import pycld2  # noqa: PLC0415

    try:
        reliable, length, found = pycld2.detect(text, isPlainText=True, bestEffort=True)
    except pycld2.error:  # characters it cannot place
        return Opinion(UNKNOWN, 0.0, False, False)
    for _, code, percent, score in found:
        if code != "un" and code not in _UNLIKELY:
            confidence = percent / 100 * length / (length + (4 if reliable else 12))
            language = _RENAMED.get(code, code)
            sure = (
                reliable
                and percent >= 90
                and score >= SURE_SCORE
                and length >= SURE_LENGTH
                and language not in _NEIGHBOURS
            )
            return Opinion(language, min(SURE, confidence), reliable, sure)
    return Opinion(UNKNOWN, 0.0, False, False)


def _by_both(text: str, opinion: Opinion) -> tuple[str, float]:
    """Let the n-grams and CLD2 vote; a language that only CLD2 knows needs it to be reliable."""
    letters = len(_LETTER.findall(text))
    chances = shipped().chances(text) if letters >= LEAST_LETTERS else {}
    if not chances:
        return _alone(opinion)
    said = opinion.language
    if said == "bs" or (said == "ms" and not _MALAY.search(text)):
        said = _NEIGHBOURS[said]
    if said in chances:
        chances[said] *= VOTE
    best = max(chances, key=chances.__getitem__)
    if said != UNKNOWN and said not in chances:
        near = _NEIGHBOURS.get(said) == best
        if near or (opinion.reliable and chances[best] < STRANGE):
            return _alone(opinion)
    confidence = chances[best] / sum(chances.values()) * letters / (letters + 1)
    if confidence < LEAST_CHANCE:
        return UNKNOWN, 0.0
    return best, min(SURE, confidence)


def _alone(opinion: Opinion) -> tuple[str, float]:
    if opinion.confidence < LEAST_CONFIDENCE:
        return UNKNOWN, 0.0
    return opinion.language, opinion.confidence


def _by_alphabet(text: str, opinion: Opinion) -> tuple[str, float]:
    """Where many languages share a script: hold CLD2 to the letters that a language has."""
    said, letters = opinion.language, len(_LETTER.findall(text))
    confidence = max(opinion.confidence, min(SURE, letters / (letters + 2)))
    if letters < LEAST_LETTERS:
        return _alone(opinion)
    if _CYRILLIC.search(text):
        russian = not _NOT_RUSSIAN.search(text) and (
            said not in _LIKE_RUSSIAN or _ONLY_RUSSIAN.search(text)
        )
        return ("ru", confidence) if russian else _alone(opinion)
    if _ARABIC.search(text):
        strange = len(_NOT_ARABIC.findall(text))
        persian = said == "fa" and opinion.reliable and letters > 20
        if not (strange or persian) or (_ONLY_ARABIC.search(text) and strange < 0.1 * letters):
            return "ar", confidence
        return _alone(opinion)
    if _DEVANAGARI.search(text) and not (said in ("mr", "ne") and opinion.reliable):
        return "hi", confidence
    return _alone(opinion)
