"""Commands for who may sign in, and for the tokens of programs."""

import sys
from datetime import timedelta

import click

from listener.accounts import tokens, users
from listener.accounts.passwords import SHORTEST, passwords
from listener.cli.context import Call
from listener.cli.shown import format_option, show
from listener.domain.role import Role, Scope
from listener.errors import UsageError

USERS = ("name", "role", "signs_in", "made_at", "disabled_at")
TOKENS = ("name", "state", "scopes", "user", "made_at", "used_at", "expires_at", "revoked_at")

role_option = click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    required=True,
    help="reader reads; agent works with mentions and incidents; admin changes settings too.",
)


@click.group("user")
def user_command() -> None:
    """Say who may sign in to the pages, and what they may do there."""


@user_command.command("add")
@click.argument("name")
@role_option
@click.option("--no-password", is_flag=True, help="They sign in by [web.oidc] or a proxy alone.")
@click.pass_obj
def add_user(call: Call, name: str, role: str, no_password: bool) -> None:
    """Let NAME sign in. The password is asked for, or is the first line of stdin."""
    password = None if no_password else _password()
    store, who, now = call.store(create=True), call.who(), call.clock.now()
    users.add(store, name, Role(role), password, who, now, passwords())
    click.echo(f"{name} may sign in, as {role}.", err=True)


@user_command.command("list")
@format_option
@click.pass_obj
def list_users(call: Call, form: str) -> None:
    """List who may sign in."""
    none = "there is no user; `listener user add NAME --role admin` adds one."
    show(users.listed(call.store()), form, USERS, none)


@user_command.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.pass_obj
def role_of_user(call: Call, name: str, role: str) -> None:
    """Give NAME another ROLE; it holds at once."""
    users.set_role(call.store(), name, Role(role), call.who(), call.clock.now())
    click.echo(f"{name} is {role} from now on.", err=True)


@user_command.command("password")
@click.argument("name")
@click.pass_obj
def password_of_user(call: Call, name: str) -> None:
    """Give NAME another password, and sign them out everywhere."""
    store = call.store()
    users.must_be_there(store, name)
    ended = users.set_password(store, name, _password(), call.who(), call.clock.now(), passwords())
    click.echo(f"{name} has another password; {_browsers(ended)} signed out.", err=True)


@user_command.command("disable")
@click.argument("name")
@click.pass_obj
def disable_user(call: Call, name: str) -> None:
    """Let NAME sign in no more, nor use tokens; sign them out everywhere."""
    ended = users.disable(call.store(), name, call.who(), call.clock.now())
    click.echo(f"{name} cannot sign in; {_browsers(ended)} signed out.", err=True)


@user_command.command("enable")
@click.argument("name")
@click.pass_obj
def enable_user(call: Call, name: str) -> None:
    """Let NAME sign in again."""
    users.enable(call.store(), name, call.who(), call.clock.now())
    click.echo(f"{name} may sign in again.", err=True)


@user_command.command("remove")
@click.argument("name")
@click.pass_obj
def remove_user(call: Call, name: str) -> None:
    """Remove NAME with their tokens; what they did stays on the record."""
    store = call.store()
    users.remove(store, name, call.who(), call.clock.now())
    click.echo(f"{name} is removed.", err=True)
    if not users.listed(store):
        click.echo(
            "nobody is left who signs in with a password: whoever sits at this machine need not"
            ' sign in now, unless [web] has auth = "always".',
            err=True,
        )


@click.group("token")
def token_command() -> None:
    """Make and end the tokens that programs bear: `Authorization: Bearer TOKEN`."""


@token_command.command("add")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice([scope.value for scope in Scope]),
    help="What it is good for; several may be named.",
)
@click.option("--user", help="In whose name it acts, with no more than their role.")
@click.option("--days", type=click.IntRange(1, 3650), help="It is over after so many.")
@click.pass_obj
def add_token(
    call: Call, name: str, scopes: tuple[str, ...], user: str | None, days: int | None
) -> None:
    """Make a token called NAME and print it, this once."""
    now = call.clock.now()
    until = None if days is None else now + timedelta(days=days)
    wanted = frozenset(Scope(scope) for scope in scopes)
    made = tokens.add(call.store(create=True), name, wanted, user, until, call.who(), now)
    click.echo(made)
    ends = f", until {until:%Y-%m-%d %H:%M} UTC" if until else ""
    click.echo(f"this is the token {name}{ends}; it cannot be shown again.", err=True)


@token_command.command("list")
@format_option
@click.pass_obj
def list_tokens(call: Call, form: str) -> None:
    """List tokens, also those that are over."""
    none = "there is no token; `listener token add NAME --scope read` makes one."
    show(tokens.listed(call.store(), call.clock.now()), form, TOKENS, none)


@token_command.command("revoke")
@click.argument("name")
@click.pass_obj
def revoke_token(call: Call, name: str) -> None:
    """End the token NAME at once."""
    tokens.revoke(call.store(), name, call.who(), call.clock.now())
    click.echo(f"the token {name} opens nothing any more.", err=True)


def _password() -> str:
    """Asked for twice at a terminal, else the first line of stdin."""
    if sys.stdin.isatty():
        words = f"Password ({SHORTEST} characters or more)"
        return str(click.prompt(words, hide_input=True, confirmation_prompt=True, err=True))
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise UsageError("no password came on stdin; send one line, or use a terminal.")
    return line


def _browsers(count: int) -> str:
    return "1 browser is" if count == 1 else f"{count} browsers are"
