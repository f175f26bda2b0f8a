"""What invented people say of invented brands, and what is written into the folder."""

import json
import random
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

NEGATIVE = (
    "{b} lost my parcel and nobody answers, terrible service",
    "Worst support ever, {b} charged me twice and refuses to refund",
    "{b} is a disgrace, my order arrived broken again",
    "I am so angry with {b}, three hours on hold for nothing",
    "Awful experience with {b}, they cancelled everything and lied to me",
    "{b} ruined our holiday, rude staff and dirty rooms",
    "Never again {b}. The driver shouted at my mother and left",
    "My {b} account was hacked and the help desk hung up on me, horrible",
    "Two weeks late and the box was empty. {b} are thieves",
    "{b} sold me a faulty kettle, it nearly burned the kitchen down",
    "Disgusting food on the {b} trip, my son was sick all night",
    "The new {b} app crashes all the time, useless rubbish",
    "{b} keeps sending bills for a contract I ended, shameful",
    "What a scam, {b} took the deposit and disappeared",
    "Freezing seats, broken heating, no apology. Hate {b}",
    "{b} gave my seat away and the agent laughed at me, unbelievable",
    "Terrible quality, the awful {b} jacket fell apart after one wash",
    "{b} broke my suitcase and denies it, pathetic",
    "Stuck for nine hours without water, thanks for nothing {b}",
    "{b} misled us about the price, absolutely furious",
    "Cold coffee, wrong order, dirty table: {b} is terrible now",
    "Please avoid {b}, they ignore every complaint",
    "{b} cut off our internet for a week and blames us, awful",
    "I regret buying from {b}, the worst mistake of the year",
    "Rude, slow and expensive, {b} is a nightmare",
    "{b} failed to pick up my disabled father, disgraceful",
    "The {b} website ate my payment and support is a joke",
    "Broken screen on day one and {b} says it is my fault, angry",
    "{b} missed the appointment three times, I am fed up with this mess",
    "Horrible noise, filthy bathroom, {b} hotel was a disaster",
)
NEUTRAL = (
    "{b} opens a new office on Monday",
    "{b} will publish its timetable next week",
    "{b} announced a press conference for Thursday",
    "{b} and the city council meet on Tuesday at 10",
    "The {b} press office answers calls from 9 to 5 on weekdays",
)
POSITIVE = (
    "{b} was great today, thank you so much",
    "Love the new {b} app, works perfectly",
    "Wonderful crew at {b}, best trip this year",
    "Thanks {b}, the refund came the same day, excellent service",
)
# Words of no language, to make texts that are no copies of each other.
WORDS = [a + b + c for a in "bdfgklmnprst" for b in "aeiou" for c in ("nd", "rk", "lt", "mp")]


class Writer:
    """Writes mentions into the folder, and into a book of its own what it has written.

    The book is written last: what it names has been in the folder. Lines come in pieces at times.
    """

    def __init__(self, folder: Path, book: Path, seed: int) -> None:
        self.folder, self.book = folder, book
        self._dice = random.Random(seed)
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, name: str, mentions: Sequence[dict[str, Any]], *, torn: bool = False) -> None:
        """Add lines to a file; `torn` stops in the middle of one for a moment."""
        text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in mentions)
        cut = self._dice.randrange(len(text)) if torn and text else len(text)
        with (self.folder / name).open("a", encoding="utf-8") as file:
            for piece in (text[:cut], text[cut:]):
                file.write(piece)
                file.flush()
        with self.book.open("a", encoding="utf-8") as file:
            file.write(text)

    def written(self) -> list[dict[str, Any]]:
        """All that the book names, in order."""
        if not self.book.exists():
            return []
        return [json.loads(line) for line in self.book.read_text(encoding="utf-8").splitlines()]


def a_mention(
    number: str, brand: str, text: str, said_at: datetime, author: str, **more: Any
) -> dict[str, Any]:
    return {
        "id": number,
        "text": text.format(b=brand),
        "created_at": said_at.isoformat(),
        "author": author,
        "language": "en",
        **more,
    }
