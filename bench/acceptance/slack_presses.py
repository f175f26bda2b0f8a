"""Two people press at the same moment, 200 times, at a real daemon; requests come twice, or forged.

    python -m bench.acceptance.slack_presses [--rounds 200] [--keep DIR]

The daemon is a process of its own, with a Slack that hands presses over by Socket Mode and by
signed requests. In each round two people press about the same incident: the same button, or each
another; by the same door, or each by another; in a window where one opens. First fifteen forgeries
of the press come, afterwards every request again and again by both doors. Three times it is killed
in between, and the last rounds come again. The record, what each was told, and the message are
judged; then one thing at a time is made wrong in what was found, which has to be noticed. At the
end a spike has to be told, and its message to show a chart. Ten minutes on a busy machine.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.acceptance import _press_chart as chart
from bench.acceptance._press_judge import FAULTS, KINDS, Round, doctored, judge
from bench.acceptance._press_rounds import Brand, Player, brands, incidents, said
from bench.acceptance._press_world import APP_TOKEN, SECRET, TOKEN, World
from bench.acceptance.verdicts import Verdicts
from listener.clock import monotonic

KILLS = 3
SINCE_KILL = 10  # rounds that come again


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.acceptance.slack_presses")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--keep", type=Path, help="an empty folder to work in, and leave")
    given = parser.parse_args()
    began = monotonic()
    with tempfile.TemporaryDirectory() as fresh:
        folder = given.keep or Path(fresh)
        folder.mkdir(parents=True, exist_ok=True)
        verdicts = Verdicts()
        all_of_them = brands(given.rounds)
        world = World(folder, [chart.BRAND, *(one.name for one in all_of_them)])
        with world.running(before=lambda: chart.history(world)):
            said(world, all_of_them)
            found = incidents(world, all_of_them)
            rounds = _played(world, Player(world), all_of_them, found, given.rounds)
            chart.watch(world, verdicts)
        _table(rounds)
        print(f"{(monotonic() - began) / 60:.1f} minutes")
        _judged(rounds, given.rounds, verdicts)
        log = (folder / "daemon.log").read_text(encoding="utf-8")
        spilt = sum(secret in log for secret in (TOKEN, APP_TOKEN, SECRET))
        verdicts.claim(spilt == 0, f"secrets in the daemon's log: {spilt}")
        faults = [line for line in log.splitlines() if '"error"' in line and "exc" in line]
        verdicts.claim(not faults, f"faults in its log: {len(faults)} {faults[:1]}")
    return verdicts.status()


def _played(
    world: World, player: Player, all_of_them: Sequence[Brand], found: dict[str, int], limit: int
) -> list[Round]:
    rounds: list[Round] = []
    for brand in all_of_them:
        for one in player.play(brand, found[brand.name], limit):
            rounds.append(one)
            if one.number % 20 == 0:
                print(f"{one.number} rounds, {len(judge(rounds))} faults", file=sys.stderr)
            if one.number % (limit // (KILLS + 1) or 1) == 0 and one.number < limit:
                _killed(world, player, rounds)
    return rounds


def _killed(world: World, player: Player, rounds: list[Round]) -> None:
    """kill -9, a new start, and the last rounds handed over once more."""
    world.settle()
    world.daemon.kill()
    world.start()
    for place in range(max(len(rounds) - SINCE_KILL, 0), len(rounds)):
        rounds[place] = player.again(rounds[place], rounds[place].number)


HEAD = ("round of", "rounds", "acts", "told", "replays", "forgeries", "wrong")


def _table(rounds: Sequence[Round]) -> None:
    row = "{:16} " + " {:>9}" * (len(HEAD) - 1)
    print(row.format(*HEAD))
    for kind in KINDS.values():
        mine = [one for one in rounds if one.kind is kind]
        figures = (
            len(mine),
            sum(len(one.acts) for one in mine),
            sum(len(said) for one in mine for said in one.told.values()),
            sum(one.replays for one in mine),
            sum(len(one.forged) for one in mine),
            sum(map(len, judge(mine).values())),
        )
        print(row.format(kind.name, *(f"{figure:,}" for figure in figures)))


def _judged(rounds: Sequence[Round], wanted: int, verdicts: Verdicts) -> None:
    verdicts.claim(len(rounds) >= wanted, f"{len(rounds)} rounds of {wanted}")
    pairs = {one.doors for one in rounds}
    verdicts.claim(len(pairs) == 4, f"pairs of doors by which the two pressed: {len(pairs)}")
    forged = sum(len(one.forged) for one in rounds)
    replays = sum(one.replays for one in rounds)
    verdicts.claim(
        forged >= 15 * len(rounds) and replays >= 8 * len(rounds),
        f"{forged:,} forgeries, and {replays:,} requests handed over again",
    )
    wrong = judge(rounds)
    for fault in FAULTS:
        found = wrong.get(fault, [])
        verdicts.claim(not found, f"{fault}: {len(found)}" + "".join(f"; {w}" for w in found[:3]))
    for fault, changed in doctored(rounds):
        seen = fault in judge(changed)
        verdicts.claim(seen, f"made wrong on purpose, and found: {fault}")


if __name__ == "__main__":
    sys.exit(main())
