"""What people now complain of more than before: words that rose, where there are no topics."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

PRIOR_SHARE = 0.1  # the prior weighs a tenth of the words seen
CERTAIN_Z = 1.96
TEXTS_AT_LEAST = 3
SAME_TEXTS = 0.6  # two terms that mostly occur in the same texts are one
GROWN_IN = 0.7
LONGEST_GROWN = 6
EXAMPLES = 5

_CJK = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_NOISE = re.compile(r"https?://\S+|www\.\S+|[@＠][\w.\-]+|&\w+;|\.?\w+…")
_TOKENS = re.compile(rf"[{_CJK}]+|(?:(?![{_CJK}])[^\W\d_])+(?:['’\-](?:(?![{_CJK}])[^\W\d_])+)*")
_IS_CJK = re.compile(rf"[{_CJK}]")


# The prior keeps the common words of any language down; in a week when nothing rose, chance still
# picks among the commonest, and these of the languages we speak say nothing.
_COMMON = """
    a about after again all also am an and another any are as at back be because been before being
    but by can can't could did didn't do does doesn't doing don't dont else even ever every for from
    get getting give go going got had has have haven't having he her here him his how i i'd i'll i'm
    i've if im in into is isn't it it's its just let like made make many me more most much my myself
    need never no not now of off on one only or other our out over own please really said same say
    see she should so some still such take tell than thank thanks that that's the their them then
    there these they they're thing things think this those through to today told too two under until
    up us use very want was wasn't way we we're well were what when where which while who why will
    with without won't would yes yet you you're your
    az azt be ben csak de egy egyik el ez ezt ha hanem hogy hogyan igen is itt ki kell le lesz már
    még meg mert mi mint mit más most nagyon nekem nem nincs ott pedig sem sok soha s szerint
    több van vagy vagyok vannak volt voltak és én ő te ti úgy új aki amely ami amikor annyi arra
    什么 這個 这个 一个 一個 我们 我們 你们 你們 他们 他們 没有 沒有 不是 就是 还是 還是 真的
    因为 因為 所以 但是 可以 知道 现在 現在 时候 時候 怎么 怎麼 自己 已经 已經 的时 的時 了一
    是一 我的 你的
"""
_SAY_NOTHING = frozenset(_COMMON.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word that rose. Counts are of texts that hold it; `examples` are positions in `now`."""

    word: str
    texts: int
    texts_before: int
    z: float
    examples: tuple[int, ...]


def risen_terms(
    now: Sequence[str], before: Sequence[str], *, names: Collection[str] = (), k: int = 5
) -> tuple[Term, ...]:
    """The k terms that tell the negative texts of now from those of before, strongest first.

    Log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi and Quinn, 2008,
    "Fightin' Words", Political Analysis 16), the prior being the words of both together: what is
    common in both, as stop-words are, comes out near zero. A term counts once in a text, and
    copies of a text rank as one. Terms are words; in Chinese, Japanese and Korean they are pairs
    of characters, grown to the longer string that mostly holds them. `names` (of subjects) and
    handles and links are no terms.

    With nothing in `before` there is nothing to compare with, and no term: in a first week, hand
    in the texts that are not negative.
    """
    drop = _names_pattern(names)
    held = _texts_by_term(now, drop)
    held_before = _texts_by_term(before, drop)
    seen, seen_before = _distinct(now), _distinct(before)
    rises = _rises(
        {term: sum(i in seen for i in texts) for term, texts in held.items()},
        {term: sum(i in seen_before for i in texts) for term, texts in held_before.items()},
    )
    chosen: list[Term] = []
    taken: list[set[int]] = []
    for z, term in rises:
        texts = held[term]
        if len(chosen) == k:
            break
        if any(len(texts & other) >= SAME_TEXTS * min(len(texts), len(other)) for other in taken):
            continue
        taken.append(texts)
        chosen.append(
            Term(
                word=_grown(term, [now[i] for i in sorted(texts)]),
                texts=len(texts),
                texts_before=len(held_before.get(term, ())),
                z=z,
                examples=tuple([i for i in sorted(texts) if i in seen][:EXAMPLES]),
            )
        )
    return tuple(chosen)


def shared_terms(
    texts: Sequence[str], *, names: Collection[str] = (), k: int = 3
) -> tuple[str, ...]:
    """The k words that most of these texts hold, each at least half of them."""
    held = _texts_by_term(texts, _names_pattern(names))
    common = [(len(where), term) for term, where in held.items() if 2 * len(where) >= len(texts)]
    common.sort(key=lambda pair: (-pair[0], pair[1]))
    return tuple(_grown(term, [texts[i] for i in sorted(held[term])]) for _, term in common[:k])


def informative(text: str) -> int:
    """How many different words of a text say something: no handle, link or common word does."""
    return len(set(_terms(text, None)))


def _rises(now: dict[str, int], before: dict[str, int]) -> list[tuple[float, str]]:
    """The terms that rose by more than chance, with their z, strongest first."""
    total_now, total_before = sum(now.values()), sum(before.values())
    if not total_now or not total_before:
        return []
    both = total_now + total_before
    risen: list[tuple[float, str]] = []
    for term, count in now.items():
        if count < TEXTS_AT_LEAST:
            continue
        count_before = before.get(term, 0)
        prior = PRIOR_SHARE * (count + count_before)
        rest = PRIOR_SHARE * both - prior
        odds_now = (count + prior) / (total_now - count + rest)
        odds_before = (count_before + prior) / (total_before - count_before + rest)
        spread = 1 / (count + prior) + 1 / (count_before + prior)
        z = math.log(odds_now / odds_before) / math.sqrt(spread)
        if z >= CERTAIN_Z:
            risen.append((z, term))
    return sorted(risen, key=lambda pair: (-pair[0], pair[1]))


def _texts_by_term(texts: Sequence[str], drop: re.Pattern[str] | None) -> dict[str, set[int]]:
    held: defaultdict[str, set[int]] = defaultdict(set)
    for index, text in enumerate(texts):
        for term in _terms(text, drop):
            held[term].add(index)
    return held


def _distinct(texts: Sequence[str]) -> set[int]:
    """The first of each text that is told again and again, word for word."""
    first: dict[str, int] = {}
    for index, text in enumerate(texts):
        first.setdefault(_NOISE.sub("", text).casefold().strip(), index)
    return set(first.values())


def _terms(text: str, drop: re.Pattern[str] | None) -> Iterator[str]:
    clean = _NOISE.sub(" ", text).casefold()
    if drop is not None:
        clean = drop.sub(" ", clean)
    for token in _TOKENS.findall(clean):
        if _IS_CJK.match(token):
            pairs = (token[i : i + 2] for i in range(len(token) - 1))
            yield from (pair for pair in pairs if pair not in _SAY_NOTHING)
        elif len(token) > 1 and token.replace("’", "'") not in _SAY_NOTHING:
            yield token


def _names_pattern(names: Collection[str]) -> re.Pattern[str] | None:
    """Any of the names: a whole word where it is written with spaces, anywhere where not."""
    written = sorted({n.casefold().strip() for n in names if n.strip()}, key=len, reverse=True)
    if not written:
        return None
    bounded = (
        re.escape(n) if _IS_CJK.search(n) else rf"(?<!\w){re.escape(n)}(?:['’]s)?(?!\w)"
        for n in written
    )
    return re.compile("|".join(bounded))


def _grown(term: str, texts: Sequence[str]) -> str:
    """A pair of characters as the longer string around it, if most of the texts have that."""
    if not _IS_CJK.match(term):
        return term
    while len(term) < LONGEST_GROWN:
        around: Counter[str] = Counter()
        for text in texts:
            around.update(set(_neighbours(term, text.casefold())))
        longer, count = max(around.items(), key=lambda pair: pair[1], default=("", 0))
        if count < GROWN_IN * len(texts):
            return term
        term = longer
    return term


def _neighbours(term: str, text: str) -> Iterator[str]:
    at = text.find(term)
    end = at + len(term)
    if at > 0 and _IS_CJK.match(text[at - 1]):
        yield text[at - 1] + term
    if at >= 0 and end < len(text) and _IS_CJK.match(text[end]):
        yield term + text[end]
