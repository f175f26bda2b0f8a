"""The rounds: which two people press what, where, and what came of it."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bench.acceptance._press_judge import KINDS, Kind, Round, judge
from bench.acceptance._press_world import DOORS, Answer, Handed, World
from bench.acceptance._texts import NEGATIVE, a_mention
from tests.daemon.processes import TookTooLongError, wait_for
from tests.servers import presses

PEOPLE = ("anna", "bela", "cili", "dani")
MANY = ("acknowledge", "snooze", "assign", "wrong", "each their own", "answered", "not_us")
ALONE = ("assign", "answered", "after the end")  # of an incident of one mention: no window asks
ABOUT = (0, 0, 0, 0, 1, 2, 3)  # which of its mentions each round of MANY is about; one is left
SAID = timedelta(hours=2, minutes=5)  # ago: past half of the four hours that are promised
SPANS = ("4h", "1d")
PATIENCE = 20.0


@dataclass(frozen=True)
class Brand:
    """One whose promise is an incident of its own, and the rounds that are played on it."""

    name: str
    rounds: tuple[str, ...]

    @property
    def mentions(self) -> tuple[str, ...]:
        count = max(ABOUT) + 2 if self.rounds == MANY else 1
        return tuple(f"{self.name}-{n}" for n in range(count))


def brands(rounds: int) -> list[Brand]:
    """As many as so many rounds need: of one mention every third."""
    made: list[Brand] = []
    while sum(len(one.rounds) for one in made) < rounds:
        number = len(made)
        made.append(Brand(f"Brand{number:03}", ALONE if number % 3 == 2 else MANY))
    return made


def said(world: World, all_of_them: Sequence[Brand]) -> None:
    """Put into the folder what their customers say."""
    at = world.now() - SAID
    lines = [
        a_mention(name, one.name, NEGATIVE[(n + number) % len(NEGATIVE)], at, f"guest-{name}")
        for number, one in enumerate(all_of_them)
        for n, name in enumerate(one.mentions)
    ]
    world.writer.write("said.jsonl", lines)


def incidents(world: World, all_of_them: Sequence[Brand]) -> dict[str, int]:
    """The incident of each brand's promise, once all are told."""
    sql = (
        "SELECT s.name, i.id FROM incident AS i JOIN subject AS s ON s.id = i.subject_id"
        " JOIN incident_post AS p ON p.incident_id = i.id WHERE i.rule = 'response'"
    )
    names = {one.name for one in all_of_them}

    def told() -> dict[str, int] | None:
        found = dict(world.ask(sql))
        return found if found.keys() >= names else None

    found = wait_for("a message of each brand", told, 60 + 3 * len(names), every=0.5)
    world.settle()
    return found


class Player:
    """Plays rounds, and keeps what was handed over, to hand it over again."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._number = 0
        self._stamps = 0
        self._late: dict[int, presses.Payload] = {}  # what could be pressed before the end
        self.handed: dict[int, list[Handed]] = {}  # by round

    def play(self, brand: Brand, incident: int, limit: int) -> Iterator[Round]:
        for place, name in enumerate(brand.rounds):
            if self._number >= limit:
                return
            it = brand.mentions[ABOUT[place] if brand.rounds == MANY else 0]
            yield self._round(KINDS[name], incident, it)

    def _round(self, kind: Kind, incident: int, it: str) -> Round:
        self._number += 1
        number = self._number
        first, second = number % len(PEOPLE), (number + 1 + number // 4 % 3) % len(PEOPLE)
        one = Round(
            number=number,
            kind=kind,
            incident=f"incident {incident}",
            it=f"drop:{it}",
            people=(f"@{PEOPLE[first]}", f"@{PEOPLE[second]}"),
            doors=(DOORS[number % 2], DOORS[number // 2 % 2]),
        )
        if not kind.once:
            over = "SELECT 1 FROM incident WHERE id = ? AND resolved_at NOTNULL"
            wait_for("the end of it", lambda: self._world.ask(over, incident), PATIENCE)
        pressed = self._presses(one, incident)
        one = self._forged(one, pressed[0])
        before, whispers = self._world.newest_act(), len(self._world.slack.whispers)
        answers = self._world.at_once(pressed)
        handed, told = list(pressed), self._windows(one, pressed, answers)
        handed += told[1]
        self.handed[number] = handed
        one = self._outcome(one, before, whispers, told[0], incident)
        shut = [f"{a.status} {a.body}" for a in (*answers, *told[2]) if a.status != 200]
        return self.again(replace(one, shut=tuple(shut)), number)

    def _presses(self, one: Round, incident: int) -> list[Handed]:
        message = self._world.message(incident)
        below = presses.elements(message.shown)
        if "listener.snooze" in below:
            self._late[incident] = below["listener.snooze"]
        else:
            below["listener.snooze"] = dict(self._late[incident])
        made = []
        for who, door, act, span in zip(one.people, one.doors, one.kind.acts, SPANS, strict=True):
            self._stamps += 1
            action = presses.an_action(
                below[f"listener.{act}"], f"{one.number}.{self._stamps}", span
            )
            payload = presses.a_press(action, who.lstrip("@"), message.channel)
            made.append(Handed(who, door, payload))
        return made

    def _forged(self, one: Round, press: Handed) -> Round:
        """Hand over what Slack has not signed, before anything else."""
        before, sights = self._world.state(), self._sights()
        statuses = self._world.forge(press.payload)
        return replace(one, forged=statuses, from_forged=self._changes(before, sights))

    def _windows(
        self, one: Round, pressed: Sequence[Handed], answers: Sequence[Answer]
    ) -> tuple[dict[str, list[str]], list[Handed], list[Answer]]:
        """Fill in the windows that have opened, and save them at the same moment.

        Returns what was wrong with them, by whom, what was handed over, and the answers.
        """
        saved = []
        for press, sentiment in zip(pressed, one.kind.sentiments, strict=True):
            view = self._world.slack.opened.get(press.payload["trigger_id"])
            if view is None:
                continue
            self._stamps += 1
            chosen = [o for o in presses.choices(view) if o["value"] == one.it]
            window = presses.a_saved_window(
                view, press.who.lstrip("@"), chosen, str(self._stamps), sentiment
            )
            saved.append(Handed(press.who, press.door, window))
        told: dict[str, list[str]] = {}
        got = self._world.at_once(saved) if saved else []
        for window, answer in zip(saved, got, strict=True):
            errors = answer.body.get("errors", {}) if answer.body else {}
            if errors:
                told.setdefault(window.who, []).extend(map(str, errors.values()))
        return told, saved, got

    def _outcome(
        self, one: Round, before: int, whispers: int, told: dict[str, list[str]], incident: int
    ) -> Round:
        """Look again until all that is due has come, or it never will."""

        def look() -> Round | None:
            words = {who: list(said) for who, said in told.items()}
            for whisper in self._world.slack.whispers[whispers:]:
                who = "@" + str(whisper["user"])[1:]
                words.setdefault(who, []).append(str(whisper["text"]))
            nonlocal last
            last = replace(
                one,
                acts=self._world.acts(before),
                told={who: tuple(said) for who, said in words.items()},
                shown=self._world.words(incident),
            )
            return None if judge([last]) else last

        last = one
        with suppress(TookTooLongError):  # the judge says what is missing
            wait_for("the end of a round", look, PATIENCE, every=0.1)
        return last

    def again(self, one: Round, number: int) -> Round:
        """Hand all of a round over again, several times at once and by both doors."""
        before, count = self._world.state(), 0
        for press in self.handed[number]:
            copies = [replace(press, door=door) for door in (*DOORS, *DOORS)]
            self._world.at_once(copies)
            count += len(copies)
        came = self._changes(before, None)
        return replace(one, replays=one.replays + count, replayed=(*one.replayed, *came))

    def _sights(self) -> tuple[int, int]:
        """How much people were shown."""
        return len(self._world.slack.windows), len(self._world.slack.whispers)

    def _changes(self, before: list[Any], sights: tuple[int, int] | None) -> tuple[str, ...]:
        after = self._world.state()
        found = [f"{a} after {b}" for b, a in zip(before, after, strict=True) if a != b]
        if sights is not None and self._sights() != sights:
            found.append("somebody was shown something")
        return tuple(one[-300:] for one in found)
