"""`listener check --online` tells apart what is wrong with a service, for every type of source.

    python -m bench.acceptance.check_online

One local server for each service; one config with all of them, and the command once for each
condition. Prints what a user reads, service by service; exit 1 where two conditions are told in the
same words, where the words do not fit, or where a secret is shown. Half a minute.
"""

import json
import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory
from typing import Any

from bench.acceptance import _check_shops, _check_social
from bench.acceptance._check_kinds import (
    SAYS_NOT,
    SECRET,
    Case,
    Condition,
    Service,
    always,
    secret,
)
from bench.acceptance.verdicts import Verdicts
from listener.collectors import COLLECTORS
from tests.daemon.processes import listener
from tests.servers.imap import Fault, imap_server
from tests.servers.web import Step, web_server

SERVICES = (*_check_social.SOCIAL, *_check_shops.SHOPS)
VARIABLES = {
    **_check_social.VARIABLES, **_check_shops.VARIABLES, "CHECK_IMAP": secret("imap"),
}  # fmt: skip
OWN = {"demo", "folder", "webhook"}  # these ask nobody
IMAP = "imap"
ALL_RIGHT, IN_PART = 0, 3  # exit status
HEAD = f"""
[listener]
database = "listener.db"
[classify]
sentiment = "fast"
[[subjects]]
name = "Acme"
role = "brand"
query = '"acme air" OR acmeair'
[subjects.accounts]
bluesky = "acme.example"
mastodon = "{_check_social.MASTODON}"
reddit = "acme_support"
stack_exchange = "stackoverflow/5"
x = "acmeair"
"""
IMAP_CASES: Mapping[Condition, Case] = {
    Condition.KEY: Case(words=("`username` and `password`",)),
    Condition.RIGHTS: Case(words=("folder 'INBOX'", "not let")),
    Condition.UNKNOWN: Case(words=("no folder 'Elsewhere'",)),
    Condition.RATE: Case(words=SAYS_NOT),
}
IMAP_FAULTS = {
    Condition.RIGHTS: {"EXAMINE": Fault(says="NO [NOPERM] not yours")},
    Condition.RATE: {"LOGIN": Fault(says="NO [LIMIT] later")},
}
Told = Mapping[str, str]  # type of a source -> what the user reads of it


def cases_of(kind: str) -> Mapping[Condition, Case | str]:
    found = (service.cases for service in SERVICES if service.type == kind)
    return next(found, IMAP_CASES)


@contextmanager
def standing(service: Service, condition: Condition) -> Iterator[dict[str, Any]]:
    """The service as it is under a condition; gives the keys of its source."""
    case = service.cases.get(condition)
    with web_server() as server:
        service.good(server)
        keys = dict(service.table)
        if isinstance(case, Case):
            keys |= case.table
            if isinstance(case.step, Step):
                server.failing = case.step
            else:
                server.routes |= {path: always(step) for path, step in case.step.items()}
        url = f"http://127.0.0.1:{closed_port()}" if condition is Condition.NETWORK else None
        yield {key: _filled(value, url or server.url("")) for key, value in keys.items()}


def _filled(value: Any, url: str) -> Any:
    if isinstance(value, list):
        return [_filled(one, url) for one in value]
    return value.replace("{url}", url) if isinstance(value, str) else value


@contextmanager
def mailbox(condition: Condition) -> Iterator[dict[str, Any]]:
    """The same for a mailbox."""
    with imap_server() as server:
        server.password = VARIABLES["CHECK_IMAP"]
        server.faults |= IMAP_FAULTS.get(condition, {})
        yield {
            "host": "127.0.0.1",
            "port": closed_port() if condition is Condition.NETWORK else server.port,
            "security": "none",
            "username": server.user,
            "password": f"env:CHECK_{'OTHER' if condition is Condition.KEY else 'IMAP'}",
            "folder": "Elsewhere" if condition is Condition.UNKNOWN else "INBOX",
            "sent": "",
            "brand": "Acme",
        }


def closed_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def asked(condition: Condition, folder: Path) -> CompletedProcess[str]:
    """Run the command while every service stands as the condition says."""
    config = folder / "config.toml"
    with ExitStack() as stack:
        tables = {one.type: stack.enter_context(standing(one, condition)) for one in SERVICES}
        tables[IMAP] = stack.enter_context(mailbox(condition))
        config.write_text(HEAD + "".join(_table(*one) for one in tables.items()), encoding="utf-8")
        return listener(config, "check", "--online", seconds=120, **VARIABLES)


def _table(name: str, keys: Mapping[str, Any]) -> str:
    lines = (f"{key} = {json.dumps(value)}\n" for key, value in keys.items())
    return f"[collectors.{name}]\n{''.join(lines)}"


def told(done: CompletedProcess[str]) -> Told:
    """What was said of each source, on either way out."""
    lines = re.findall(r"^(?:listener: )?source +(\w+): (.*)$", done.stdout + done.stderr, re.M)
    return dict(lines)


def secrets() -> tuple[str, ...]:
    """What must be in no line: what stands in most of the secrets, and the others whole."""
    keys = [json.loads(VARIABLES["CHECK_ACCOUNT"])["private_key"], VARIABLES["CHECK_APPLE"]]
    lines = [line for key in keys for line in key.splitlines() if line]
    return (SECRET, VARIABLES["CHECK_X"], *lines)


def judge(kind: str, read: Mapping[Condition, Told], verdicts: Verdicts) -> None:
    """Print a service's words, and claim that they tell its conditions apart."""
    cases = cases_of(kind)
    possible = [one for one in Condition if not isinstance(cases.get(one), str)]
    lines = {one: read[one].get(kind, "") for one in possible}
    print(f"\n{kind}")
    for condition in Condition:
        case = cases.get(condition)
        shown = f"not applicable: {case}" if isinstance(case, str) else lines[condition]
        print(f"  {condition:16} {shown}")
    bare = [re.sub(r"\d+", "", line) for line in lines.values()]
    verdicts.claim(all(bare), f"{kind}: each condition is told")
    verdicts.claim(len(set(bare)) == len(bare), f"{kind}: {len(bare)} conditions in other words")
    for condition, case in cases.items():
        if isinstance(case, Case):
            missing = [word for word in case.words if word not in lines[condition]]
            verdicts.claim(not missing, f"{kind}: {condition} names {missing or 'what to do'}")
    network = lines[Condition.NETWORK]
    verdicts.claim("could not be reached" in network, f"{kind}: no network is told as that")
    if isinstance(cases[Condition.KEY], str):
        speaks = [line for line in lines.values() if "credential" in line or "key" in line]
        verdicts.claim(not speaks, f"{kind}: no key is spoken of where there is none")


def main() -> int:
    verdicts = Verdicts()
    kinds = sorted(COLLECTORS.keys() - OWN)
    known = {*(service.type for service in SERVICES), IMAP}
    verdicts.claim(known == set(kinds), f"all {len(kinds)} types that ask a service are here")
    read: dict[Condition, Told] = {}
    for condition in Condition:
        with TemporaryDirectory() as name:
            done = asked(condition, Path(name))
        read[condition] = told(done)
        wanted = ALL_RIGHT if condition is Condition.RIGHT else IN_PART
        verdicts.claim(done.returncode == wanted, f"{condition}: exit status {done.returncode}")
        spilt = [one for one in secrets() if one in done.stdout + done.stderr]
        verdicts.claim(not spilt, f"{condition}: no secret is shown")
        if done.returncode != wanted:
            print(done.stdout, done.stderr)
    for kind in kinds:
        judge(kind, read, verdicts)
    return verdicts.status()


if __name__ == "__main__":
    raise SystemExit(main())
