"""The door for text: made regular once, then folded and shortened."""

import functools
import itertools
import re
import unicodedata
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

# Scripts written without spaces, as the body of a regular expression's character class:
# Thai, Lao, Burmese, Khmer, Hangul (spaced, but its words grow endings), Han, kana, bopomofo.
UNSPACED: Final = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ecd\u1000-\u103f\u1050-\u108f\u1100-\u11ff\u1780-\u17d3"
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3041-\u3096\u3099\u309a\u309d-\u309f"
    "\u30a1-\u30fa\u30fc-\u30ff\u3105-\u318e\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua960-\ua97c\uac00-\ud7fb\uf900-\ufaff\uff66-\uff9f\uffa1-\uffdc"
    "\U0001aff0-\U0001b16f\U00020000-\U000323af"
)

UNSPACED_RUN: Final = re.compile(f"([{UNSPACED}]+)")
_LINE_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNWANTED = re.compile(  # controls, embeddings and isolates of direction, a stray BOM, surrogates
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)

# Of folded texts. A link ends where ASCII does: 看www.acme.com吧.
_LINK = re.compile("https?://[!-~]+")
_BARE_LINK = re.compile("www\\.[!-~]+")
_HANDLE = re.compile(r"@[a-z0-9_]+|@\w+")
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_NOT_LETTERS_ASCII = {code: None for code in range(128) if not chr(code).isalpha()}
_COPY_LETTERS = 25
_COPY_LETTERS_UNSPACED = 12  # a character of Chinese says about as much as two letters

_QUESTION_MARKS = ("?", "？", "؟")
_CLOSING = frozenset("\"'”’»›“‘)]}>）］｝」』】》〉\u200d\u200e\u200f\ufe0e\ufe0f\u20e3")
_EMOJI = re.compile(
    "[\u2190-\u21ff\u2300-\u2bff\u3030\u303d\u3297\u3299\xa9\xae"
    "\U0001f000-\U0001faff\U000e0020-\U000e007f]"
)
_LINK_AT_END = re.compile(r"(?:https?://|www\.)[!-~]+\Z", re.IGNORECASE)

_LEADS = re.compile("[\u1100-\u115f\ua960-\ua97c]")  # consonants that begin a Hangul syllable
# Signs that write the next letter into the one before, in scripts of South and Southeast Asia.
_STACKING = frozenset(
    "\u094d\u09cd\u0acd\u0b4d\u0c4d\u0d4d\u1039\u17d2\u1a60\u1b44\u1bab\ua9c0\uaaf6"
    "\U00010a3f\U00011133\U0001193e\U00011a47\U00011a99"
)
_FLAG_LETTERS = "".join(map(chr, range(0x1F1E6, 0x1F200)))
_JOINED = re.compile(  # joiners, skin tones, the tags of regional flags, vowels of old Hangul
    "[\u200c\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\u1160-\u11ff]"
)
_LONGEST_CLUSTER = 64  # beyond it somebody stacks marks on purpose


@dataclass(frozen=True, slots=True)
class Normal:
    """A text as we keep it; `changed` says that what came in differs, and is worth keeping."""

    text: str
    truncated: bool
    changed: bool


def normalise(raw: str, limit: int = 20_000) -> Normal:
    """Make a text regular: NFC, lines ended by \\n, nothing invisible that reorders or breaks.

    Control characters but \\n and tab, lone surrogates, and the controls that embed, override or
    isolate a direction go out; joiners and the plain direction marks stay, for emoji and right-to-
    left scripts need them. At most `limit` characters are kept, and no cluster is cut in half.
    Doing it twice changes nothing more.
    """
    text = raw
    if _UNWANTED.search(text):
        text = _UNWANTED.sub("", _LINE_BREAK.sub("\n", text))
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    text = text.strip()
    truncated = len(text) > limit
    if truncated:
        text = _cut(text, limit).rstrip()
    return Normal(text, truncated, text != raw)


def excerpt(text: str, length: int) -> str:
    """Shorten to one line of at most `length` characters, … included, at a space if one is near."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    if length < 1:
        return ""
    head = _cut(line, length - 1)
    space = head.rfind(" ")
    if line[len(head)] != " " and space >= length * 2 // 3:
        head = head[:space]
    return head.rstrip() + "…"


def cluster_start(text: str, at: int) -> int:
    """The place of a character; of one that belongs to those before it, the place of the first."""
    return _cut_place(text, at) if 0 < at < len(text) else at


def whole_clusters(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a part of a text to all of the clusters that it begins and ends in."""
    if text.isascii():
        return start, end
    most = min(len(text), end + _LONGEST_CLUSTER)
    while end < most and _belongs_to_the_one_before(text, end):
        end += 1
    return cluster_start(text, start), end


def fold(text: str) -> int | None:
    """Hash what copies of a text share into 63 bits; None when too little is left to be a copy.

    Handles, links, digits, punctuation, emoji, case, spacing and a leading RT do not count. The
    hash is stable: it may be stored.
    """
    rest = letters(text)
    if rest.isascii():
        least = _COPY_LETTERS
    else:
        unspaced = sum(map(len, UNSPACED_RUN.findall(rest)))
        least = _COPY_LETTERS_UNSPACED if unspaced * 2 > len(rest) else _COPY_LETTERS
    if len(rest) < least:
        return None
    digest = blake2b(rest.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def letters(text: str) -> str:
    """What copies of a text share: its letters, without handles, links, case and a leading RT."""
    rest = text.removeprefix("RT ").casefold()
    if "://" in rest:
        rest = _LINK.sub(" ", rest)
    if "www." in rest:
        rest = _BARE_LINK.sub(" ", rest)
    if "@" in rest:
        rest = _HANDLE.sub(" ", rest)
    if rest.isascii():
        return rest.translate(_NOT_LETTERS_ASCII)
    return _NOT_LETTERS.sub("", rest)


def is_question(text: str) -> bool:
    """Say whether a text ends in ?, ？ or ؟, before closing quotes, brackets, emoji and links."""
    if not any(mark in text for mark in _QUESTION_MARKS):
        return False
    end = len(text)
    while end:
        end = _before_closing(text, end)
        if text.endswith(_QUESTION_MARKS, 0, end):
            return True
        last_word = max(text.rfind(" ", 0, end), text.rfind("\n", 0, end)) + 1
        link = _LINK_AT_END.search(text, last_word, end)
        if link is None:
            return False
        end = link.start()
    return False


def _before_closing(text: str, end: int) -> int:
    while end and (
        (last := text[end - 1]) in _CLOSING or last.isspace() or _EMOJI.match(last) is not None
    ):
        end -= 1
    return end


def _cut(text: str, length: int) -> str:
    """Cut after at most `length` characters, before a cluster that would be cut in half."""
    return text[: _cut_place(text, length)]


def _cut_place(text: str, length: int) -> int:
    for at in range(length, max(length - _LONGEST_CLUSTER, 0), -1):
        if not _belongs_to_the_one_before(text, at):
            return at
    return length


def _belongs_to_the_one_before(text: str, at: int) -> bool:
    char = text[at]
    if char in _FLAG_LETTERS:
        before = text[:at]
        return (len(before) - len(before.rstrip(_FLAG_LETTERS))) % 2 == 1
    before = text[at - 1]
    if "가" <= char <= "힣" and _LEADS.match(before):
        return True
    return before == "\u200d" or _extends(char) or _is_stacked(text, at)


def _extends(char: str) -> bool:
    """Whether a sign never begins a cluster."""
    return _is_mark(char) or _JOINED.match(char) is not None


def _is_stacked(text: str, at: int) -> bool:
    """Whether a letter is written into the one before, as in क्षि (UAX 29, rule GB9c)."""
    if unicodedata.category(text[at]) != "Lo":
        return False
    before = itertools.takewhile(
        lambda char: char == "\u200d" or _extends(char), reversed(text[max(at - 8, 0) : at])
    )
    return any(char in _STACKING for char in before)


@functools.lru_cache(maxsize=4096)
def _is_mark(char: str) -> bool:
    category = unicodedata.category(char)
    if category == "Cn":  # perhaps a sign that is younger than Python's tables
        import regex  # noqa: PLC0415

        return regex.match(r"\p{M}", char) is not None
    return category.startswith("M")
