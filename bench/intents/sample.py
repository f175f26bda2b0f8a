"""Draws the texts that are labelled: `python -m bench.intents.sample > FILE` prints them.

Three sets at random, the rest of each by words that hint at what is rare (a wish, buying, leaving,
a question), for at random there would be a handful of each. Texts of 3 to 600 characters; equal
ones once. What the labels then are is up to whoever reads them.
"""

import argparse
import json
import random
import re

from bench.intents.texts import Row, rows_of

SEED = 20
HINTS = {
    "wish": r"\b(wish|please add|should add|would be nice|would love|feature|option to"
    r"|add (?:a|the|an)|wäre (?:schön|gut|toll)|wünsch|sería (?:bueno|mejor)|faltaría"
    r"|poderia|seria bom|falta|manque|serait|jammer|graag)\b"
    r"|希望|建议|要是|たらいい|ほしい|欲しい|があれば|좋겠|추가|해주세요",
    "buy": r"\b(buy|purchase|upgrade|subscribe|sign(?:ing)? up|how much|price of|available in"
    r"|student|thinking of|kaufen|wechseln|anmelden|abonner|comprar|quero|contratar|cartão)\b"
    r"|想买|打算|购买|買いたい|購入|予約|가입|구매",
    "leave": r"\b(cancel\w*|switch\w* to|leaving|unsubscrib\w*|uninstall\w*|never again|goodbye"
    r"|moving to|kündig\w*|nie wieder|deinstallier\w*|résili\w*|plus jamais|désinstall\w*"
    r"|cancelar|desinstal\w*|nunca (?:más|mais)|no vuelvo|opzeg\w*|nooit meer)\b"
    r"|再也不|不会再|退货|二度と|もう利用|解約|삭제|해지|탈퇴|갈아",
    "ask": r"[?？]|\b(how do i|can i|is there|when will|wie kann|comment faire|cómo|como faço)\b"
    r"|吗|怎么",
    "before": r"\b(?:price|family plan|student|premium|trial|deal|offer|subscri\w+)\b[^.!]*\?"
    r"|\b(?:want to buy|will subscribe|going to subscribe|how much)\b",
}
BUYERS = {"twcs/spotify_inbound": 14}  # "before", which is rarest
PLAN = {  # the set: how many at random, and how many for each other hint
    "twcs/spotify_inbound": (56, 15),
    "ibm_customer_care/dev": (58, 8),
    "eon_app_reviews_de/dev": (14, 3),
    "keytrade_trustpilot/dev": (9, 2),
    "apetiz_reviews_fr/dev": (8, 2),
    "meia2025_reviews_es/dev": (8, 1),
    "nubank_reviews_pt/dev": (15, 2),
    "indian_app_reviews_en/dev": (8, 2),
    "netflix_reviews_en/dev": (4, 2),
    "online_shopping_10_cats/dev": (9, 2),
    "taiwan_google_maps_reviews_zh_hant/dev": (5, 1),
    "jrte_hotel_ja/train": (12, 1),
    "avo_app_reviews_ko/dev": (12, 2),
}


def drawn(seed: int = SEED) -> list[tuple[str, Row]]:
    """The texts in the order they are read in, with their sets; equal seeds, equal texts."""
    rng = random.Random(seed)
    chosen: list[tuple[str, Row]] = []
    seen: set[str] = set()

    def take(name: str, rows: list[Row], count: int) -> None:
        for row in rows:
            key = re.sub(r"\W+", "", row["text"].casefold())
            if count and key not in seen:
                seen.add(key)
                chosen.append((name, row))
                count -= 1

    for name, (plain, hinted) in PLAN.items():
        rows = [row for row in rows_of(name) if 3 <= len(row["text"].strip()) <= 600]
        rng.shuffle(rows)
        take(name, rows, plain)
        for what, pattern in HINTS.items():
            hint = re.compile(pattern, re.IGNORECASE)
            some = BUYERS.get(name, 0) if what == "before" else hinted
            take(name, [row for row in rows if hint.search(row["text"])], some)
    rng.shuffle(chosen)
    return chosen


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.intents.sample", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    for number, (name, row) in enumerate(drawn(parser.parse_args().seed)):
        shown = {"n": number, "set": name} | {k: row.get(k) for k in ("id", "stars", "text")}
        print(json.dumps(shown, ensure_ascii=False))


if __name__ == "__main__":
    main()
