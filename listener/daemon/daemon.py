"""The daemon: a few readers of sources, one loop that thinks, one for each way out, for reports."""

import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from listener import cycle
from listener.app import App, open_app, plugins, rewired
from listener.clock import Clock, WallClock, monotonic
from listener.collectors.translations import asked_by
from listener.config import Config, changed, check_queries, load
from listener.config.writing import Content
from listener.daemon import log, memory, systemd
from listener.daemon.loops import PAUSE_AFTER_FAULT, Loop, Readers
from listener.daemon.reloads import Reloads
from listener.domain.wording import Wording
from listener.errors import ConfigError, ListenerError
from listener.http import Http
from listener.settings import Taken

READERS = 4  # sources that are read at once
TICK_SECONDS = 1.0
LABEL_SECONDS = 2.0  # at a time, so that what is due does not wait for the end of a backlog
THINK_AT_LEAST = 60.0  # the thinking loop shows that it lives, also when nothing comes
REPORT_EVERY = 30.0
DRAW_EVERY = 30.0
SWEEP_EVERY = timedelta(hours=6)
GIVE_BACK_EVERY = timedelta(hours=1)
RECHECK_SECONDS = 20.0  # after a source was read: then it has its next turn
STUCK_AFTER = 180.0  # seconds: a loop that has not succeeded by then is shown as a problem
THINKER_STUCK_AFTER = 240.0  # a model that looks for the text that kills it takes minutes
STOP_WITHIN = 4.0
BEAT_EVERY = 60.0  # at the most
BEAT_WITHIN = 10.0
TAKE_UP_WITHIN = 10.0  # for whoever waits for it at a page


class Server(Protocol):
    """The pages of a daemon, served beside it."""

    @property
    def url(self) -> str: ...

    def start(self) -> int: ...

    def stop(self, timeout_seconds: float = ...) -> None: ...


class Chat(Protocol):
    """A door that is open until it is closed."""

    def close(self) -> None: ...


Pages = Callable[[App, "Daemon"], Server]  # another door; whoever runs us knows it
Chats = Callable[[Callable[[], App]], Sequence[Chat]]  # opened for the settings as they are


class Daemon:
    """Runs until SIGTERM or SIGINT; SIGHUP reads the settings again.

    It holds no state of its own that would be missed: kill it at any moment, and the next one goes
    on from the rows.
    """

    def __init__(
        self,
        path: Path,
        config: Config,
        database: Path | None,
        *,
        pages: Pages | None = None,
        chats: Chats | None = None,
        clock: Clock | None = None,
        verbose: bool = False,
    ) -> None:
        self.path, self._database, self._pages = path, database, pages
        self._chats = chats
        self._opened: Sequence[Chat] = ()
        self._verbose = verbose
        self._clock = clock or WallClock()
        self._stop = threading.Event()
        self._reloads = Reloads()
        self.taken = Taken(at=self._clock.now(), mark=_mark(path))
        self.app: App = open_app(config, self._clock)
        self._readers = Readers(READERS, self._read, self._stop)
        self._thinker = Loop("think", self._think, self._stop)
        self._reporter = Loop("report", self._report, self._stop)
        self._beater = Loop("beat", self._beat, self._stop)
        self._artist = Loop("draw", self._draw, self._stop)
        self._tellers: dict[str, Loop] = {}
        self._seen_version = -1
        self._ticked_at: float | None = None
        self.last_tick: datetime | None = None
        self._told_ready = False
        self._swept_at: datetime | None = None
        self._gave_back_at: datetime | None = None
        self._thought = threading.Event()  # a step of thinking was done since the last beat
        self._beat_at: float | None = None
        self._http = Http()

    def run(self) -> int:
        """Run until told to stop; returns the exit status."""
        log.set_up(self.app.config.secrets, verbose=self._verbose)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())
        signal.signal(signal.SIGHUP, lambda *_: self._reloads.wish())
        cycle.start(self.app, self._clock.now())
        ticker = self._ticker()
        server = self._serve()  # first: it may refuse, and then nothing has begun
        self._thinker.start()
        self._reporter.start()
        self._beater.start()
        self._artist.start()
        self._tell_outlets()
        self._open_chats()
        ticker.start()
        self._told_ready = systemd.tell("READY=1")
        log.logger().info(
            "started",
            database=str(self.app.store.path),
            sources=list(self.app.collectors),
            outlets=self.app.outlets,
            page=server.url if server else None,
        )
        for name, pace in cycle.paces(self.app).items():
            log.logger().info("source pace", source=name, pace=pace)
        self._tell_searches()
        while not self._stop.wait(0.2):
            self._reloads.carry_out(self._read_settings)
        self._end(ticker, server)
        return 0

    def _tell_searches(self) -> None:
        """Say of what a source can find less than a query, or nothing: it must not look empty."""
        for one in asked_by(self.app.collectors):
            found, about = one.translation, {"source": one.source, "subject": one.subject}
            if found.impossible is not None:
                log.logger().warning("cannot be searched for", **about, why=found.impossible)
            elif found.missed:
                log.logger().info("not all is found", **about, why="; ".join(found.missed))

    def _ticker(self) -> Any:
        """APScheduler as a ticker only: what is due are rows, so that nothing due is ever lost."""
        from apscheduler.schedulers.background import BackgroundScheduler  # noqa: PLC0415

        ticker = BackgroundScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        ticker.add_job(self._tick, "interval", seconds=TICK_SECONDS, id="tick")
        return ticker

    def _serve(self) -> Server | None:
        if self._pages is None:
            return None
        server = self._pages(self.app, self)
        server.start()
        return server

    def _open_chats(self) -> None:
        if self._chats is not None:
            self._opened = self._chats(lambda: self.app)

    def _close_chats(self) -> None:
        for chat in self._opened:
            chat.close()
        self._opened = ()

    # What each loop does

    def _tick(self) -> None:
        """Once a second: start what is due, wake whom it concerns, tell systemd that we live."""
        now = self._clock.now()
        self._start_due_sources(now)
        version = self.app.store.version()
        due = cycle.next_due(self.app, now)
        if version != self._seen_version or (due is not None and due <= now):
            self._seen_version = version
            self._wake()
        self.last_tick, self._ticked_at = now, monotonic()
        if not self._told_ready:
            self._told_ready = systemd.tell("READY=1")  # without it, systemd would end us
        if not self.problems(now):
            systemd.tell("WATCHDOG=1")

    def _start_due_sources(self, now: datetime) -> None:
        for name in cycle.due_sources(self.app, now):
            self._readers.ask(name)

    def _read(self, name: str) -> None:
        app = self.app  # a reload meanwhile makes another one
        if name not in app.collectors:
            return
        try:
            page = cycle.read_source(app, name)
            if page.error is None:
                page = page.plus(cycle.recheck_source(app, name, seconds=RECHECK_SECONDS))
        except Exception as error:
            log.logger().error("fault", source=name, error=type(error).__name__, exc_info=True)
            self._stop.wait(PAUSE_AFTER_FAULT)  # the database could not even take that it failed
            return
        if page.error is not None:
            log.logger().warning("source failed", source=name, error=str(page.error))
        elif page.accepted or page.updated or page.rejected or page.responses or page.gone:
            log.logger().info(
                "source read",
                source=name,
                accepted=page.accepted,
                updated=page.updated,
                rejected=page.rejected,
                responses=page.responses,
                gone=page.gone,
            )
        else:
            log.logger().debug("source read, nothing new", source=name)
        self._wake()

    def _think(self) -> float:
        began = monotonic()

        def enough() -> bool:
            return self._stop.is_set() or monotonic() - began > LABEL_SECONDS

        done = cycle.think(self.app, self._clock.now(), enough)
        self._wake_tellers()
        self._thought.set()  # also while a backlog lasts
        self._beater.wake.set()
        log.logger().debug("thought", rows=done)
        return 0.0 if done else THINK_AT_LEAST

    def _report(self) -> float:
        now = self._clock.now()
        cycle.note_gaps(self.app, now)
        if self._gave_back_at is None or abs(now - self._gave_back_at) >= GIVE_BACK_EVERY:
            memory.give_back()
            self._gave_back_at = now
        cycle.make_reports(self.app, now)
        while cycle.mail_report(self.app, self._clock.now()) and not self._stop.is_set():
            log.logger().info("digest tried")
        if self._swept_at is None or now - self._swept_at >= SWEEP_EVERY:
            self._swept_at = now
            if gone := cycle.sweep(self.app, now):
                log.logger().info("swept", mentions=gone)
        return REPORT_EVERY

    def _teller(self, outlet: str) -> Loop:
        def step() -> float:
            if outlet not in self.app.notifiers:
                return THINK_AT_LEAST
            tried = cycle.tell(self.app, outlet, self._clock.now())
            apart = self.app.notifiers[outlet].at_least_seconds_apart
            if tried:
                self._stop.wait(apart)
                return 0.0
            return 1.0 if cycle.waits_to_tell(self.app, outlet) else THINK_AT_LEAST

        return Loop(f"tell {outlet}", step, self._stop)

    def _tell_outlets(self) -> None:
        for outlet in self.app.outlets:
            if outlet not in self._tellers:
                self._tellers[outlet] = self._teller(outlet).start()

    def _draw(self) -> float:
        """Draw the charts of what people were told; alone, for no message waits for one."""
        for outlet in self.app.outlets:
            while not self._stop.is_set() and cycle.draw_chart(self.app, outlet, self._clock.now()):
                log.logger().debug("chart tried", outlet=outlet)
        return DRAW_EVERY

    def _wake(self) -> None:
        self._thinker.wake.set()
        self._artist.wake.set()
        self._wake_tellers()

    def _wake_tellers(self) -> None:
        for teller in self._tellers.values():
            teller.wake.set()

    def _beat(self) -> float:
        """Tell the dead man's switch that thinking gets on; alone, for the switch may hang."""
        url = self.app.config.listener.dead_man_url
        if not url or not self._thought.is_set():
            return BEAT_EVERY
        if self._beat_at is not None and monotonic() - self._beat_at < BEAT_EVERY:
            return BEAT_EVERY - (monotonic() - self._beat_at)
        self._thought.clear()
        self._beat_at = monotonic()
        try:
            self._http.get(url, deadline_seconds=BEAT_WITHIN, public_only=False)
        except ListenerError as error:
            log.logger().warning("dead man's switch not reached", error=str(error))
        return BEAT_EVERY

    # How it fares, and how it changes

    def problems(self, now: datetime) -> list[str]:
        """What keeps it from its work, in words; empty while the loops move."""
        found: list[str] = []
        if self._ticked_at is not None and monotonic() - self._ticked_at > STUCK_AFTER:
            found.append(Wording("the tick has stopped"))
        loops = [(self._thinker, THINKER_STUCK_AFTER), (self._reporter, STUCK_AFTER)]
        loops += [(teller, STUCK_AFTER) for teller in list(self._tellers.values())]
        return found + [
            Wording("the loop %(name)s does not move", name=repr(loop.name))
            for loop, patience in loops
            if loop.stuck_for() > patience
        ]

    def take_up(self) -> Taken | None:
        """Have the settings read again, by the thread that a signal would have; None: not yet."""
        return self._reloads.wait(TAKE_UP_WITHIN)

    def _read_settings(self) -> Taken:
        """Read the settings again; if they are wrong, if a query fails its tests, or if they cannot
        be kept, the old ones go on.
        """
        mark, now = _mark(self.path), self._clock.now()
        mistakes, waiting, differences = self._read_again()
        if mistakes:
            self.taken = replace(self.taken, at=now, mark=mark, mistakes=mistakes)
            return self.taken
        log.set_up(self.app.config.secrets, verbose=self._verbose)
        self._tell_outlets()
        self._close_chats()
        self._open_chats()
        self._wake()
        log.logger().info("settings taken up", changed=differences)
        if waiting:
            log.logger().warning("needs a restart", keys=waiting)
        self.taken = Taken(at=now, mark=mark, changed=tuple(differences), waiting=tuple(waiting))
        return self.taken

    def _read_again(self) -> tuple[tuple[str, ...], list[str], list[str]]:
        """Set up what the file says. Returns the mistakes that kept us from it, the keys that wait
        for a restart, and those that changed.
        """
        try:
            config = load(self.path, plugins(self._clock))
            check_queries(config)
            if self._database is not None:
                config = replace(
                    config, listener=replace(config.listener, database=self._database.absolute())
                )
            wanted, config = config, _running_on(self.app.config, config)
            waiting = changed(config, wanted)
            differences = changed(self.app.config, config)
            self.app = rewired(self.app, config)
        except ListenerError as error:
            mistakes = str(error).splitlines()
            log.logger().error("settings not taken up", mistakes=mistakes)
            return tuple(mistakes), [], []
        except Exception as error:
            name = type(error).__name__
            log.logger().error("settings not taken up", error=name, exc_info=True)
            return (name,), [], []
        return (), waiting, differences

    def _end(self, ticker: Any, server: Server | None) -> None:
        """Stop within five seconds; what is cut off is taken up by the next start."""
        until = monotonic() + STOP_WITHIN
        systemd.tell("STOPPING=1")
        ticker.shutdown(wait=False)
        self._close_chats()
        loops = [*self._tellers.values(), self._thinker, self._reporter, self._artist]
        for loop in loops:
            loop.wake.set()
        ended = [loop.join(until - monotonic()) for loop in loops] + [self._readers.idle()]
        if server is not None:
            server.stop(max(0.1, until - monotonic()))
        self.app.close_model()
        if all(ended):
            self.app.close()
        log.logger().info("stopped", clean=all(ended))


def _running_on(old: Config, new: Config) -> Config:
    """The new settings, with what cannot change while we run left as it is."""
    return replace(
        new,
        listener=replace(new.listener, database=old.listener.database),
        web=replace(new.web, host=old.web.host, port=old.web.port),
    )


def _mark(path: Path) -> str:
    """What tells the file as it is now from others; none where it cannot be read."""
    try:
        return Content.of(path).mark
    except ConfigError:
        return ""
