"""Which texts an epoch is made of: how often each set is seen, and how much it is believed.

Texts lift their own language and kind: so the languages of UMSAB are seen several times in an
epoch, the huge sets in part, with a fresh sample each time. A row of the table says how often a
text is seen in an epoch, and how many draws a language of that set gets at most.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from zlib import crc32

from classifiers.train.datasets import Row
from classifiers.train.neural.recipe import Recipe

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SOCIAL, REVIEW = "social", "review"


@dataclass(frozen=True, slots=True)
class Share:
    """What a set gives to an epoch."""

    family: str
    passes: float = 1.0  # how often a text is seen
    most: int = 2500  # draws for a language
    by_language: Mapping[str, float] | None = None  # other passes for some languages

    def draws(self, texts: int, language: str) -> int:
        """How many draws a language with so many texts gets in an epoch."""
        passes = (self.by_language or {}).get(language, self.passes)
        return min(self.most, round(passes * texts))


SHARES: Final[dict[str, Share]] = {
    # posts
    "umsab": Share(SOCIAL, 3, 6000, {"hi": 5}),
    "semeval_tweets_en": Share(SOCIAL, 0.5, 20_000),
    "semeval_tweets_ar": Share(SOCIAL, 3, 6000),
    "semeval_topics_en": Share(SOCIAL, 1),
    "potts_tweets_de": Share(SOCIAL, 1.5, 8000),
    "sentimix_spanglish_norm": Share(SOCIAL, 1, 6000),
    "afrisenti": Share(SOCIAL, 0.3, 1500, {"pt-MZ": 1, "ar-DZ": 1, "ar-MA": 1, "pcm": 1}),
    "airline_us": Share(SOCIAL, 1.5, 10_000),
    "acl14_twitter_target": Share(SOCIAL, 0.5, 3000),
    "crowdflower_brands_sxsw": Share(SOCIAL, 0.5, 3000),
    "sanders_brands": Share(SOCIAL, 1),
    "sentirueval2016": Share(SOCIAL, 2, 4000),
    "wisesight_th": Share(SOCIAL, 0.5, 6000),
    "weibo_senti_100k_sample": Share(SOCIAL, 1, 2500),
    "smp2020_weibo_covid": Share(SOCIAL, 1.5, 8000),
    "germeval2017": Share(SOCIAL, 2, 5000),
    "twcs": Share(SOCIAL, 1, 20_000),  # all that has no label: for `adapt`, and if one teaches
    # reviews
    "husst": Share(REVIEW, 1, 9000),
    "openrice_senti_yue": Share(REVIEW, 2, 2500),
    "taiwan_google_maps_reviews_zh_hant": Share(REVIEW, 1, 4500),
    "chnsenticorp_htl": Share(REVIEW, 1, 4000),
    "online_shopping_10_cats": Share(REVIEW, 1, 9000),
    "waimai_10k": Share(REVIEW, 1, 7000),
    "smsa_id": Share(REVIEW, 0.4, 4000),
    "indonlu_absa_id": Share(REVIEW, 0.5),
    "nusax": Share(REVIEW, 0.5, 300, {"id": 1}),
    "m_absa": Share(REVIEW, 0.5, 250),
    "jrte_hotel_ja": Share(REVIEW, 1.5, 7000),
    "arabic_reviews": Share(REVIEW, 0.5, 2500),
    "amazon_reviews_hi": Share(REVIEW, 0.7, 2500),
    "avo_app_reviews_ko": Share(REVIEW, 1, 6000),
    "laftel_reviews_ko": Share(REVIEW, 1, 2000),
    "nubank_reviews_pt": Share(REVIEW, 2, 2500),
    "eon_app_reviews_de": Share(REVIEW, 1, 3500),
    "meia2025_reviews_es": Share(REVIEW, 1, 3500),
}
OTHERS: Final = Share(REVIEW, 0.7)


def share_of(source: str) -> Share:
    """Give the row of the table for a set, or what holds for those that it does not name."""
    return SHARES.get(source, OTHERS)


def family_of(source: str) -> str:
    """Say whether a set holds posts or reviews."""
    return share_of(source).family


def wanted(rows: Sequence[Row], recipe: Recipe) -> list[Row]:
    """Leave out languages that the recipe does not name, if it names any, and what is too many."""
    kept = [row for row in rows if not recipe.languages or row.language in recipe.languages]
    return some(kept, recipe.most_rows) if recipe.most_rows else kept


def some(rows: Sequence[Row], most: int) -> list[Row]:
    """Keep at most so many rows of a set, language and part, in their order.

    Which ones a hash of the text says: some files are sorted by label.
    """
    groups: dict[tuple[str, str, str], list[int]] = {}
    for at, row in enumerate(rows):
        groups.setdefault((row.source, row.language, row.part), []).append(at)
    kept: list[int] = []
    for members in groups.values():
        members.sort(key=lambda at: (crc32(rows[at].text.encode("utf-8", "replace")), at))
        kept += members[:most]
    return [rows[at] for at in sorted(kept)]


def draw(rows: Sequence[Row], recipe: Recipe, epoch: int) -> "NDArray[np.int64]":
    """Draw the texts of an epoch, by their positions in `rows`, in an order of chance.

    The same recipe and epoch give the same ones. Each text of a set and language is drawn equally
    often, but for one.
    """
    import numpy as np  # noqa: PLC0415

    chance = np.random.default_rng([recipe.seed, epoch])
    groups: dict[tuple[str, str], list[int]] = {}
    for at, row in enumerate(rows):
        groups.setdefault((row.source, row.language), []).append(at)
    drawn = []
    for (source, language), members in sorted(groups.items()):
        count = share_of(source).draws(len(members), language)
        whole, rest = divmod(count, len(members))
        drawn += [np.array(members)] * whole
        drawn.append(chance.choice(np.array(members), rest, replace=False))
    return chance.permutation(np.concatenate(drawn).astype(np.int64))


def without_label(texts: Sequence[tuple[str, str]]) -> list[Row]:
    """Make rows of (text, language); their label says nothing."""
    return [Row(text, 1, language, "twcs", "train") for text, language in texts]


def targets(rows: Sequence[Row], recipe: Recipe) -> "NDArray[np.float32]":
    """Give what the model should say of each row, float32 [rows, 3], each with the sum 1.

    Of noisy rows a part is spread over the labels that their annotators could give; those of two
    labels say nothing of neutral.
    """
    import numpy as np  # noqa: PLC0415

    gold = np.eye(3, dtype=np.float32)[[row.label for row in rows]]
    open_to = np.ones_like(gold)
    open_to[[row.two_class for row in rows], 1] = 0
    open_to /= open_to.sum(axis=1, keepdims=True)
    noisy = np.array([row.noisy for row in rows])
    spread = np.where(noisy, recipe.noisy_smoothing, recipe.smoothing)[:, None]
    made: NDArray[np.float32] = ((1 - spread) * gold + spread * open_to).astype(np.float32)
    return made


def row_weights(rows: Sequence[Row], recipe: Recipe) -> "NDArray[np.float32]":
    """Give how much each row counts in the loss, float32 [rows]."""
    import numpy as np  # noqa: PLC0415

    noisy = np.array([row.noisy for row in rows])
    return np.where(noisy, recipe.noisy_weight, 1.0).astype(np.float32)
