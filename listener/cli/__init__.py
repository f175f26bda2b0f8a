"""The shell's door: `listener COMMAND`. A command's module is read when the command is called."""

import importlib
import sys
import traceback
from pathlib import Path

import click

from listener import __version__
from listener.cli.context import Call
from listener.errors import ConfigError, ListenerError, QueryError, StoreError, UsageError
from listener.garbage import look_seldom

MODULES = {
    "init": ("setup", "Ask a few questions and write a config."),
    "check": ("setup", "Check config, database, model, and queries."),
    "run": ("running", "Run the daemon: collect, classify, alert, report."),
    "collect": ("running", "Read sources once."),
    "sweep": ("running", "Look whether stored posts are still there."),
    "demo": ("playing", "Play two weeks of an invented brand, then show them."),
    "replay": ("playing", "Play dated mentions through everything, in virtual time."),
    "backtest": ("backtesting", "Let the rules look at the past with other settings."),
    "import": ("data", "Bring in mentions from CSV or JSONL."),
    "export": ("data", "Write out mentions, clocks, incidents, corrections or issues."),
    "backup": ("data", "Copy the database while it is in use."),
    "restore": ("data", "Put a backup in the database's place."),
    "forget": ("data", "Erase a person."),
    "classify": ("reading", "Label lines of text; needs no database."),
    "evaluate": ("reading", "Measure labels against people's."),
    "query": ("querying", "Show what a query matches, nearly matches, and why."),
    "search": ("searching", "Find stored mentions by a query."),
    "inbox": ("people", "List what waits for an answer."),
    "measures": ("measuring", "Show share of voice, negative share, NPS and the like."),
    "responses": ("responding", "Show how soon questions are answered."),
    "answer": ("people", "Mark a mention as answered."),
    "dismiss": ("people", "Say that a mention needs no answer."),
    "assign": ("people", "Say who answers a mention."),
    "snooze": ("people", "Say nothing of a mention for a while."),
    "correct": ("people", "Correct a mention's label, or whom it is about."),
    "aside": ("people", "List what is kept aside, and why."),
    "link": ("closing", "Tie a mention to an issue."),
    "fixed": ("closing", "Say that an issue is fixed; list whom to go back to."),
    "issues": ("closing", "List the issues that mentions are tied to."),
    "ack": ("people", "Say that you look after an incident."),
    "resolve": ("people", "Say that an incident is over."),
    "retry": ("people", "Try again what was set aside."),
    "people": ("authors", "List who spoke, and what influencers said."),
    "themes": ("themes", "List what many people talk about though nobody defined it."),
    "explain": ("noticing", "Show an incident's receipt."),
    "mark": ("noticing", "Say that an alert, or a day, was real or a false alarm."),
    "incidents": ("showing", "List incidents."),
    "sources": ("showing", "List sources and how they fare."),
    "digest": ("showing", "Build, show or send a digest."),
    "deliveries": ("delivering", "List what outlets were told; send again what was given up."),
    "send-test": ("showing", "Send a test message."),
    "user": ("users", "Say who may sign in to the pages."),
    "token": ("users", "Make and end the tokens of programs."),
}


class Commands(click.Group):
    """Knows its commands by name, so that each call reads one module only."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in MODULES:
            return None
        module = importlib.import_module(f"listener.cli.{MODULES[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, short) for name, (_, short) in MODULES.items()])


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    envvar="LISTENER_CONFIG",
    help="The settings; ./config.toml if not named.",
)
@click.option(
    "--db", type=click.Path(path_type=Path), help="The database, in place of the config's."
)
@click.option("-v", "--verbose", is_flag=True, help="Say more, and show where a fault came from.")
@click.version_option(__version__, prog_name="listener")
@click.pass_context
def group(ctx: click.Context, config: Path | None, db: Path | None, verbose: bool) -> None:
    """Self-hosted social listening and review sentiment monitoring."""
    ctx.obj = Call(config_path=config, database=db, verbose=verbose)


def main() -> None:
    """Run a command and end with its status: 0 done, 1 our fault, 2 usage, 3 done in part."""
    look_seldom()
    try:
        status = group.main(prog_name="listener", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("stopped.", err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except Exception as error:
        sys.exit(_explained(error))
    sys.exit(status if isinstance(status, int) else 0)


def _explained(error: Exception) -> int:
    """Say on stderr what went wrong; returns the status to end with."""
    if isinstance(error, ListenerError):
        _say(str(error))
        return 2 if isinstance(error, (ConfigError, UsageError, StoreError, QueryError)) else 1
    if isinstance(error, OSError) and error.filename is not None:
        _say(f"{error.filename}: {error.strerror}.")  # a file that was named, and cannot be had
        return 2
    _fault(error)
    return 1


def _say(message: str) -> None:
    for line in message.splitlines():
        click.echo(f"listener: {line}", err=True)


def _fault(error: Exception) -> None:
    _say(f"a fault of ours: {type(error).__name__}: {error}. Please report it; -v shows where.")
    if "-v" in sys.argv or "--verbose" in sys.argv:
        traceback.print_exception(error)
