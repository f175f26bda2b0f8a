"""Who wishes to have the settings read again is told what came of it, once they were."""

import threading

from listener.daemon.reloads import Reloads
from listener.settings import Taken
from tests.builders import NOW
from tests.daemon.processes import wait_for

TAKEN = Taken(at=NOW, mark="1")


def test_what_nobody_wished_for_is_not_done() -> None:
    reloads, read = Reloads(), list[int]()

    def reading() -> Taken:
        read.append(1)
        return TAKEN

    reloads.carry_out(reading)
    assert read == []
    reloads.wish()
    reloads.wish()
    for _ in range(2):
        reloads.carry_out(reading)
    assert read == [1]


def test_all_who_wait_are_told_of_one_reading() -> None:
    reloads = Reloads()
    told: list[Taken | None] = []
    waiting = [
        threading.Thread(target=lambda: told.append(reloads.wait(10)), daemon=True)
        for _ in range(5)
    ]
    for thread in waiting:
        thread.start()
    wait_for("all to wait", lambda: reloads._waiting.qsize() == 5, 5)
    reloads.carry_out(lambda: TAKEN)
    for thread in waiting:
        thread.join(5)
    assert told == [TAKEN] * 5


def test_who_waits_too_long_goes_on() -> None:
    reloads = Reloads()
    assert reloads.wait(0.01) is None
    reloads.carry_out(lambda: TAKEN)  # nobody is there any more, and that does no harm
