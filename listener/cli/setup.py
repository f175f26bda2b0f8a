"""Commands to begin with: `init` writes a config, `check` tells what is wrong with one."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from listener.cli.context import DEFAULT, Call
from listener.domain.times import in_words
from listener.errors import CollectorError, ConfigError, ListenerError, Trouble, UsageError

if TYPE_CHECKING:
    from listener.app import App
    from listener.config import Config


@click.command("init")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.pass_obj
def init_command(call: Call, file: Path | None, force: bool) -> None:
    """Ask a few questions and write a commented config to FILE (./config.toml)."""
    from listener.config import Answers, write_config  # noqa: PLC0415

    target = file or call.config_path or DEFAULT
    if target.exists() and not force:
        raise UsageError(f"{target} is there already; name another file, or say --force.")
    brand = click.prompt("The brand you listen for")
    handles = _listed("Its handles, as service:name (x:acme, reddit:acme_help)")
    competitors = _listed("Its competitors")
    languages = _listed("Languages of your customers and of the digest (en, hu, zh-Hans, zh-Hant)")
    zone = click.prompt("Your time zone", default="UTC")
    folder = click.prompt("A folder where CSV and JSONL files will be dropped", default="")
    feeds = _listed("Addresses of RSS or Atom feeds (Google Alerts gives such)")
    channel = click.prompt("Slack channel for alerts, such as #cx-alerts", default="")
    email = _listed("Who gets the weekly digest by mail")
    host = click.prompt("Mail server", default="localhost") if email else ""
    answers = Answers(
        brand=brand,
        handles=_by_service(handles),
        competitors=competitors,
        languages=languages,
        timezone=zone,
        feeds=feeds,
        folder=folder,
        slack_token="env:SLACK_BOT_TOKEN" if channel else "",
        slack_channel=channel,
        email=email,
        smtp_host=host,
    )
    target.write_text(write_config(answers), encoding="utf-8")
    if folder:
        (target.parent / folder).mkdir(parents=True, exist_ok=True)
    click.echo(f"\n{target} is written.")
    if channel:
        click.echo("Put the Slack bot token into the environment as SLACK_BOT_TOKEN.")
    _show_matches(Call(config_path=target, clock=call.clock))
    click.echo(f"Next: listener --config {target} check")


def _listed(question: str) -> tuple[str, ...]:
    answer = click.prompt(f"{question}, with commas", default="")
    return tuple(part.strip() for part in answer.split(",") if part.strip())


def _by_service(handles: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for one in handles:
        service, colon, name = one.partition(":")
        if not colon:
            service, name = "x", one
        found[service.strip()] = (*found.get(service.strip(), ()), name.strip())
    return found


def _show_matches(call: Call) -> None:
    """What the queries look for, with a few texts that they would and would not find."""
    for table in call.config().subjects:
        subject = table.subject
        if subject.query is None:
            continue
        click.echo(
            f"\n{subject.name} ({subject.role.value}) is looked for as: {subject.query.text}"
        )
        for text in (f"I love {subject.name}!", f"{subject.name.lower()}'s app is down", "nothing"):
            terms = subject.query.match(text)
            click.echo(f"  {'found' if terms is not None else 'not  '}  {text}")


@click.command("check")
@click.option("--online", is_flag=True, help="Also try every source and every way out.")
@click.pass_obj
def check_command(call: Call, online: bool) -> int:
    """Check config, database, model and queries; with --online also sources and ways out."""
    from listener.app import open_app  # noqa: PLC0415
    from listener.config import check_queries  # noqa: PLC0415

    config = call.config(secrets=True)
    check_queries(config)
    click.echo(f"config    {call.path}: {len(config.subjects)} subjects, "
               f"{len(config.collectors)} sources, {len(config.notifiers)} ways out")  # fmt: skip
    if tests := sum(len(s.must_match) + len(s.must_not_match) for s in config.subjects):
        click.echo(f"queries   {tests} texts are found, or not, as they must be")
    app = open_app(config, call.clock)
    try:
        click.echo(f"database  {app.store.path}: sound, schema current")
        click.echo(f"model     {_model_of(config, call.path)}")
        _tell_searches(app, short=not call.verbose)
        _tell_shadow(app, call.clock.now())
        _tell_limits(app)
        failed = _told_relevance(app) + (_tried(app) if online else 0)
    finally:
        app.close()
    return 3 if failed else 0


def _tell_shadow(app: "App", now: datetime) -> None:
    """Say that people are not told yet, and until when: silence must not look like quiet."""
    from listener.store import notices  # noqa: PLC0415

    manners = app.config.manners
    if not manners.shadow:
        return
    with app.store.read() as db:
        until = notices.shadow_until(db, manners.shadow)
    if until is not None and until <= now:
        click.echo(f"shadow    is over since {until:%Y-%m-%d %H:%M} UTC; alerts are told")
        return
    who = f"only {manners.shadow_to} is told" if manners.shadow_to else "nobody is told"
    begins = f"{in_words(manners.shadow)} from the first `listener run` on"
    ends = f"until {until:%Y-%m-%d %H:%M} UTC" if until else begins
    click.echo(f"shadow    on, {ends}: of alerts {who}; the digest says what would have been")


def _tell_limits(app: "App") -> None:
    """Say of the ways out that promise less than Slack with a bot token what they cannot do."""
    from listener.notifiers.base import Limited  # noqa: PLC0415

    for name, one in app.notifiers.items():
        if isinstance(one, Limited):
            click.echo(f"way out   {name}: {one.limits}")


def _model_of(config: "Config", path: Path) -> str:
    """The version of the model, once it was started; a mistake in its name is one of the config."""
    from listener.stages.classify import started  # noqa: PLC0415

    try:
        with started(config.classify.sentiment) as model:
            return model.version
    except UsageError as error:
        raise ConfigError([f"{path.name}: [classify] sentiment: {error}"]) from None


def _told_relevance(app: "App") -> int:
    """Say who is judged by an `about` line; returns 1 where there is nothing to judge with."""
    watch = app.relevance
    named = {about.name: about.unwanted for about in watch.abouts.values()}
    if not named:
        return 0
    if watch.embedder.version is None:
        click.echo(
            f"listener: about of {', '.join(named)}: the vectors that judge by it are not"
            " installed, so everything counts; install listener anew.",
            err=True,
        )
        return 1
    for name, unwanted in named.items():
        what = ", ".join(unwanted) or "nothing, until you correct some"
        click.echo(f"relevance {name}: keeps aside {what}")
    return 0


def _tell_searches(app: "App", *, short: bool) -> None:
    """What each source asks for each subject, and what it does not; nobody is asked."""
    from listener.cli.translated import told  # noqa: PLC0415
    from listener.collectors.translations import asked_by  # noqa: PLC0415

    for one in asked_by(app.collectors):
        click.echo(f"search    {one.source} for {one.subject}:")
        for line in told(one.translation, short=short):
            click.echo(f"          {line}")


def _tried(app: "App") -> int:
    """Try every source and every way out; returns how many failed, each named on stderr."""
    failed = 0
    for kind, tried in (("source", app.collectors), ("way out", app.notifiers)):
        for name, one in tried.items():
            try:
                click.echo(f"{kind:9} {name}: {one.check()}")
            except ListenerError as error:
                failed += 1
                click.echo(f"listener: {kind} {name}: {error}{_goes_on(error)}", err=True)
    return failed


def _goes_on(error: ListenerError) -> str:
    """When what asked us to wait may be asked again."""
    if not isinstance(error, CollectorError):
        return ""
    if error.retry_after is not None:
        return f"; it may be asked again in {in_words(error.retry_after)}"
    return "; it does not say when it may be asked again" if error.kind is Trouble.RATE else ""
