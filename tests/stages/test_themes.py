"""Themes over stored mentions: found once a day, named, compared, and told of where many spoke."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from listener import inbox, insights
from listener.domain.vector import packed
from listener.errors import UsageError
from listener.stages.themes import Finder, find_due
from tests.builders import DAY, HOUR, MINUTE, NOW, a_mention
from tests.stages.world import World

WIDTH = 32
SUBJECTS = {  # words by what texts are about, three of each text
    "parcel": "parcel courier doorstep torn",
    "login": "login password locked account",
    "battery": "battery drains overnight hot",
    "refund": "refund voucher cash week",
    "thanks": "grateful reply cheers support",
}


@dataclass
class Directions:
    """An Embedder for which a text points to what it is about, by its words."""

    version: str | None = "directions@1"

    def embed(self, texts: Sequence[str]) -> "list[np.ndarray | None]":
        return [self.vector(text) for text in texts]

    def vector(self, text: str) -> np.ndarray:
        made = np.full(WIDTH, 0.02)
        made[0] = 1.0
        if text.startswith("thank"):
            text = "grateful reply cheers"
        for at, words in enumerate(SUBJECTS.values(), 1):
            made[at] = sum(word in text for word in words.split())
        if made[1:6].max() < 1:  # about something else: each its own way
            made[6 + zlib.crc32(text.encode()) % (WIDTH - 6)] = 3
        return np.asarray(made / np.linalg.norm(made), np.float32)


@dataclass
class Talk:
    """People who talk about Acme, and what looks for themes in it."""

    world: World
    number: int = 0
    embedder: Directions = field(default_factory=Directions)

    @property
    def finder(self) -> Finder:
        return Finder(
            subjects=self.world.subjects, embedder=self.embedder, zone=ZoneInfo("Europe/Budapest")
        )

    def say(self, about: str, count: int, at: datetime, **more: Any) -> None:
        words = SUBJECTS[about].split()
        said = []
        for n in range(count):
            self.number += 1
            kept = [word for at, word in enumerate(words) if at != n % 4]
            text = " ".join(("Acme", *kept, *own_words(self.number)))
            mention = {"text": text, "said_at": at + n * MINUTE, **more}
            said.append(a_mention(self.number, **mention))
        self.world.hear(*said, now=at + HOUR)
        self.world.think(at + HOUR)
        with self.world.store.write() as db:
            db.executemany(
                "INSERT OR IGNORE INTO embedding (mention_id, model, vector) VALUES (?, ?, ?)",
                [
                    (r["id"], self.embedder.version, packed(self.embedder.vector(r["text"])))
                    for r in db.execute("SELECT id, text FROM mention").fetchall()
                ],
            )

    def week(self, at: datetime, **counts: int) -> None:
        for about, count in counts.items():
            self.say(about, count, at)

    def found(self, **asked: Any) -> dict[str, dict[str, Any]]:
        rows = insights.themes_of(self.world.store, asked.get("subject"), asked.get("day"))
        return {next(a for a, w in SUBJECTS.items() if _of(r["theme"], w)): r for r in rows}


def own_words(number: int) -> list[str]:
    """Words that nobody else says, so that no text is taken for a copy of another."""
    letters = str(number).translate(str.maketrans("0123456789", "qwzxjkvyup"))
    return [
        f"{start}{letters}"
        for start in ("bra", "cle", "dri", "flo", "gru", "ska", "ten", "umo", "lir", "mop")
    ]


def _of(name: str, words: str) -> bool:
    return any(word in words.split() for word in name.split(" · "))


@pytest.fixture
def talk(world: World) -> Talk:
    return Talk(world)


def test_what_five_people_say_is_a_theme_named_with_their_words(talk: Talk) -> None:
    talk.week(NOW, parcel=12, login=8, battery=6, refund=4)
    assert find_due(talk.world.store, talk.finder, NOW + DAY) == 1
    found = talk.found()
    assert {about: (r["mentions"], r["people"]) for about, r in found.items()} == {
        "parcel": (12, 12),
        "login": (8, 8),
        "battery": (6, 6),
    }
    assert set(found["parcel"]["theme"].split(" · ")) <= set(SUBJECTS["parcel"].split())
    assert (found["parcel"]["negative"], found["parcel"]["move"]) == (12, "unknown")
    assert found["parcel"]["examples"][0].startswith("x:")
    assert "parcel" in found["parcel"]["text"] or "courier" in found["parcel"]["text"]


def test_what_one_person_says_again_and_again_is_none(talk: Talk) -> None:
    talk.week(NOW, parcel=12, login=8)
    talk.say("battery", 9, NOW, author="one", author_id="1")
    find_due(talk.world.store, talk.finder, NOW + DAY)
    assert talk.found().keys() == {"parcel", "login"}


def test_it_is_looked_once_a_day(talk: Talk) -> None:
    talk.week(NOW, parcel=12, login=8)
    assert find_due(talk.world.store, talk.finder, NOW + DAY) == 1
    assert find_due(talk.world.store, talk.finder, NOW + DAY + HOUR) == 0
    assert find_due(talk.world.store, talk.finder, NOW + 2 * DAY) == 1


def test_a_theme_keeps_its_number_and_name_and_rises(talk: Talk) -> None:
    talk.week(NOW, parcel=10, login=30, battery=30, refund=30)
    find_due(talk.world.store, talk.finder, NOW + DAY)
    before = talk.found()
    talk.week(NOW + 7 * DAY, parcel=40, login=30, battery=30)
    find_due(talk.world.store, talk.finder, NOW + 8 * DAY)
    after = talk.found()
    assert {a: (r["id"], r["theme"]) for a, r in after.items()} == {
        a: (r["id"], r["theme"]) for a, r in before.items() if a != "refund"
    }
    assert {a: r["move"] for a, r in after.items()} == {
        "parcel": "rising",
        "login": "steady",
        "battery": "steady",
    }
    assert after["parcel"]["before"] == 10
    assert talk.found(day=(NOW + DAY).date().isoformat())["parcel"]["mentions"] == 10


def test_history_that_is_there_at_the_start_is_compared_with(talk: Talk) -> None:
    for week in range(3):
        talk.week(NOW - 7 * week * DAY, login=20, battery=20, **({} if week else {"parcel": 15}))
    assert find_due(talk.world.store, talk.finder, NOW + DAY) == 3
    assert {a: r["move"] for a, r in talk.found().items()} == {
        "parcel": "new",
        "login": "steady",
        "battery": "steady",
    }


def test_mere_talk_is_no_theme(talk: Talk) -> None:
    talk.week(NOW, parcel=12, login=8, thanks=12)
    find_due(talk.world.store, talk.finder, NOW + DAY)
    assert talk.found().keys() == {"parcel", "login"}


def test_no_topic_covers_what_nobody_defined(talk: Talk) -> None:
    talk.say("parcel", 12, NOW, topics=("delivery",))
    talk.say("login", 8, NOW)
    find_due(talk.world.store, talk.finder, NOW + DAY)
    assert {a: r["defined"] for a, r in talk.found().items()} == {"parcel": True, "login": False}


def test_what_is_erased_is_quoted_no_more(talk: Talk) -> None:
    talk.week(NOW, parcel=6, login=6)
    find_due(talk.world.store, talk.finder, NOW + DAY)
    first = talk.found()["parcel"]["examples"][0]
    author = f"person{first.partition(':')[2]}"
    inbox.forget(talk.world.store, f"x:{author}", "agent", NOW + DAY)
    again = talk.found()["parcel"]
    assert first not in again["examples"] or author not in (again["text"] or "")


def test_without_vectors_there_are_none(talk: Talk) -> None:
    talk.week(NOW, parcel=12)
    talk.embedder = Directions(version=None)
    assert find_due(talk.world.store, talk.finder, NOW + DAY) == 0


def test_a_day_that_is_none_is_wrong_usage(talk: Talk) -> None:
    with pytest.raises(UsageError, match="is no day"):
        talk.found(day="yesterday")
