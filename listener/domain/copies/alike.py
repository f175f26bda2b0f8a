"""Whether one of two texts is an edited copy of the other."""

from typing import Final

from listener.domain.copies.words import Words, shingled

SHARED: Final = 0.66  # of the longer one's shingles
SHARED_SHORT: Final = 0.86  # a word of few may be all that tells two people's troubles apart
HELD: Final = 0.9  # of the shorter one's: something was only put in, or left out
SHORT, LONG = 48, 74  # letters; between them it takes something between
DENSE: Final = 2.3  # letters that a character stands for, in a script whose characters say much
FORM: Final = 160  # letters; longer texts are seldom a form that many people fill in
LEAST_OF_LONGER: Final = 0.5  # letters; else it cannot share so many
SHARED_BY_A_CUT: Final = 0.85  # of a shortened one, in the beginning of the whole
SLACK: Final = 40  # letters that somebody may have put before it
OWN, OWN_DENSE = 12, 5  # letters beside a quotation from which on somebody says something
OWN_SHARED: Final = 0.5


def alike(one: Words, other: Words) -> bool:
    """Whether they are edits of one text: few words changed, added, taken away, or cut off.

    Two that quote the same and say something else of it are not, nor is a quotation a copy of
    what it is part of.
    """
    short, long = sorted((one, other), key=lambda words: len(words.letters))
    if short.dense is not long.dense:
        return False
    if short.cut and _begins(short, long):
        return True
    if len(short.letters) < LEAST_OF_LONGER * len(long.letters):
        return False
    common = len(short.shingles & long.shingles)
    fewer, more = sorted((len(short.shingles), len(long.shingles)))
    enough = SHARED if common >= HELD * fewer else _enough(long)
    if common < enough * more or _name_others(one, other):
        return False
    return _own_words_agree(one, other)


def _name_others(one: Words, other: Words) -> bool:
    """Whether each of two short texts names what the other does not: one form, other contents.

    In a long one a name may stand in what was edited, as in another headline.
    """
    if max(len(one.letters), len(other.letters)) > FORM:
        return False
    return bool(one.names - other.names) and bool(other.names - one.names)


def _enough(words: Words) -> float:
    """The share that two texts must have in common of which neither holds the other."""
    size = len(words.letters) * (DENSE if words.dense else 1)
    longer = min(max(size - SHORT, 0) / (LONG - SHORT), 1)
    return SHARED_SHORT - longer * (SHARED_SHORT - SHARED)


def _begins(short: Words, long: Words) -> bool:
    """Whether a text that was cut off is the beginning of another."""
    head = long.shingles_to(len(short.letters) + SLACK)
    return len(short.shingles & head) >= SHARED_BY_A_CUT * len(short.shingles)


def _own_words_agree(one: Words, other: Words) -> bool:
    if one.own is None and other.own is None:
        return True
    mine = one.letters if one.own is None else one.own
    theirs = other.letters if other.own is None else other.own
    least = OWN_DENSE if one.dense else OWN
    if min(len(mine), len(theirs)) < least:
        return max(len(mine), len(theirs)) < 3 * least or one.own is None or other.own is None
    first, second = shingled(mine, dense=one.dense), shingled(theirs, dense=one.dense)
    return len(first & second) >= OWN_SHARED * min(len(first), len(second))
