"""Commands that do the daily work: `run` and `collect`."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from listener import views
from listener.cli.context import Call
from listener.cli.data import counter
from listener.cli.shown import plain
from listener.domain.when import since_when
from listener.errors import UsageError

if TYPE_CHECKING:
    from listener.app import App
    from listener.chat import Door
    from listener.config import Config
    from listener.daemon import Daemon
    from listener.stages.collect import Page
    from listener.store.overview import SetAside
    from listener.web.presses import Receive
    from listener.web.serve import Server


@click.command("run")
@click.option("--once", is_flag=True, help="Everything that is due, once, then end.")
@click.option("--no-web", is_flag=True, help="Without the pages.")
@click.pass_obj
def run_command(call: Call, once: bool, no_web: bool) -> int:
    """Run the daemon: collect, classify, alert, report, and show the pages."""
    from listener.config import check_queries  # noqa: PLC0415
    from listener.store.lock import DaemonLock  # noqa: PLC0415

    config = call.config(secrets=True)
    check_queries(config)
    with DaemonLock(config.listener.database) as lock:
        lock.take("run --once" if once else "run")
        if once:
            return _once(call)
        from listener.daemon import Daemon  # noqa: PLC0415

        pages = None if no_web else partial(_pages, call.who())
        daemon = Daemon(
            call.path, config, call.database, pages=pages, chats=_chats, verbose=call.verbose
        )
        return daemon.run()


def _pages(who: str, app: "App", daemon: "Daemon") -> "Server":
    """The pages; the doors do not know each other."""
    from listener import cycle  # noqa: PLC0415
    from listener.web.serve import Server  # noqa: PLC0415

    def deliver(name: str, body: bytes, headers: "Mapping[str, str]") -> "Page | None":
        return cycle.deliver(daemon.app, name, body, headers)  # of the settings as they are now

    def receiving() -> "Receive | None":
        if not _any_has(daemon.app, "signing_secret"):
            return None
        from listener import chat  # noqa: PLC0415

        return partial(chat.receive, lambda: daemon.app)

    table = app.config.web
    return Server(
        app,
        daemon,
        host=table.host,
        port=table.port,
        who=who,
        settings=lambda: daemon.app,
        deliver=deliver,
        receiving=receiving,
        desk=daemon,
    )


def _chats(app: "Callable[[], App]") -> "Sequence[Door]":
    """Where presses in chats are heard; what nobody wants is not even imported."""
    if not _any_has(app(), "app_token"):
        return ()
    from listener.chat import doors  # noqa: PLC0415

    return [door.start() for door in doors(app)]


def _any_has(app: "App", key: str) -> bool:
    """Whether an outlet has such a secret."""
    return any(getattr(one, key, "") for one in app.notifiers.values())


def _once(call: Call) -> int:
    from listener import cycle  # noqa: PLC0415

    app = call.app(create=True)
    try:
        before = set(_set_aside(app))
        cycle.start(app, call.clock.now())
        pages = cycle.once(app, call.clock.now())
        poison = [one for one in _set_aside(app) if one not in before]
    finally:
        app.close()
    return max(_told(pages), _told_poison(poison))


def _set_aside(app: "App") -> "list[SetAside]":
    return views.standing(app.store, app.clock.now()).quarantined


def _told_poison(poison: "list[SetAside]") -> int:
    """Name the texts that this run has set aside; those of earlier runs were named by them."""
    for one in poison:
        click.echo(
            f"listener: {plain(one.name)}: the model could not bear this text: {plain(one.reason)}",
            err=True,
        )
    if poison:
        click.echo(
            f"listener: {len(poison)} texts were set aside without a label; `listener sources`"
            " shows them, and `listener retry` has them tried again.",
            err=True,
        )
    return 3 if poison else 0


def _told(pages: Mapping[str, "Page"]) -> int:
    failed = 0
    for name, page in pages.items():
        if page.error is not None:
            failed += 1
            click.echo(f"listener: {name}: {page.error}", err=True)
        else:
            click.echo(
                f"{name}: {page.accepted} new, {page.updated} changed, {page.rejected} rejected,"
                f" {page.responses} answers{f', {page.gone} gone' if page.gone else ''}"
            )
    return 3 if failed else 0


@click.command("collect")
@click.argument("sources", nargs=-1)
@click.option("--since", help="Read their history back to then instead: 90d, or 2026-09-01.")
@click.pass_obj
def collect_command(call: Call, sources: tuple[str, ...], since: str | None) -> int:
    """Read SOURCES (or all) once, now."""
    from listener import cycle  # noqa: PLC0415
    from listener.collectors.base import Reaches  # noqa: PLC0415
    from listener.store.lock import DaemonLock  # noqa: PLC0415

    begin = None if since is None else since_when(since, call.clock.now())

    def read(app: "App", name: str) -> "Page":
        if begin is None:
            return cycle.read_source(app, name)
        with counter(f"{name}: reading back to {begin:%Y-%m-%d}") as told:
            return cycle.backfill_source(app, name, begin, lambda page: told(page.accepted))

    config = call.config(secrets=True)

    def able(collector: object) -> bool:
        return begin is None or isinstance(collector, Reaches)

    names = _chosen(config, sources, able, "be read back to a date")
    with DaemonLock(config.listener.database) as lock:
        lock.take("collect")
        return _each_source(call, names, read)


@click.command("sweep")
@click.argument("sources", nargs=-1)
@click.pass_obj
def sweep_command(call: Call, sources: tuple[str, ...]) -> int:
    """Look whether what is stored of SOURCES (or all) is still there; blank what is gone.

    Of X this is paid for, and is done where its table says `see_deletions = true`.
    """
    from listener import cycle  # noqa: PLC0415
    from listener.collectors.base import Rechecks  # noqa: PLC0415

    def look(app: "App", name: str) -> "Page":
        return cycle.recheck_source(app, name, seconds=float("inf"))

    config = call.config(secrets=True)

    def able(collector: object) -> bool:
        return isinstance(collector, Rechecks) and collector.recheck_most > 0

    names = _chosen(config, sources, able, "tell what was deleted")
    return _each_source(call, names, look)


def _chosen(
    config: "Config", sources: tuple[str, ...], able: "Callable[[object], bool]", to: str
) -> list[str]:
    """The sources that are named, or all; of all only those that are able `to` do it.

    Raises UsageError for one that is named and is not there, or is not able.
    """
    unknown = [name for name in sources if name not in config.collectors]
    if unknown:
        known = ", ".join(config.collectors) or "none"
        raise UsageError(f"there is no source {unknown[0]!r}; [collectors] names: {known}.")
    wanted = sources or tuple(config.collectors)
    unable = [name for name in wanted if not able(config.collectors[name])]
    if unable and sources:
        raise UsageError(f"{unable[0]} cannot {to}.")
    if unable:
        click.echo(f"left out, for they cannot {to}: {', '.join(unable)}", err=True)
    return [name for name in wanted if name not in unable]


def _each_source(call: Call, names: list[str], read: "Callable[[App, str], Page]") -> int:
    """Do something with each of these sources, and tell at once what came of it."""
    app = call.app(create=True)
    try:
        return max((_told({name: read(app, name)}) for name in names), default=0)
    finally:
        app.close()
