"""The site attacked as from outside: a table of what was tried, how often, and what happened.

    python -m bench.acceptance.attacks [FAMILY ...]

`listener run` is a process of its own with its pages on loopback, people of three roles, tokens of
three scopes, mentions and an incident. Every address is taken from the site itself, so that a new
one is attacked too. In the order of the issue: CSRF, sessions, roles, path traversal, SQL and FTS
injection, bodies, slow clients, and what headers may do.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from bench.acceptance import (
    _attack_bodies,
    _attack_forged,
    _attack_headers,
    _attack_paths,
    _attack_queries,
    _attack_roles,
    _attack_sessions,
    _attack_slow,
)
from bench.acceptance._attack_target import Target, standing
from bench.acceptance.verdicts import Verdicts
from listener.clock import monotonic

FAMILIES = {
    "csrf": _attack_forged.attack,
    "roles": _attack_roles.attack,
    "paths": _attack_paths.attack,
    "queries": _attack_queries.attack,
    "bodies": _attack_bodies.attack,
    "slow": _attack_slow.attack,
    "headers": _attack_headers.attack,
    "sessions": _attack_sessions.attack,  # last: it uses up the tries to sign in
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.acceptance.attacks")
    parser.add_argument("families", nargs="*", metavar="FAMILY", help=", ".join(FAMILIES))
    wanted = parser.parse_args().families or list(FAMILIES)
    if strange := set(wanted) - set(FAMILIES):
        parser.error(f"there is no family {', '.join(strange)}")
    verdicts = Verdicts()
    began = monotonic()
    with tempfile.TemporaryDirectory() as folder, standing(Path(folder)) as target:
        for name in FAMILIES:
            if name in wanted:
                FAMILIES[name](target, verdicts)
                print(f"({name}: after {monotonic() - began:.0f} s)", file=sys.stderr, flush=True)
        _whole(target, verdicts)
    return verdicts.status()


def _whole(target: Target, verdicts: Verdicts) -> None:
    verdicts.claim(target.daemon.alive, "the daemon lives")
    said = target.daemon.text()
    odd = [one[:300] for one in said.splitlines() if " failed:" in one or one[:1] not in "{n"]
    verdicts.claim(
        not odd, f"its log is whole lines, and names no page that failed {odd[:4] or ''}"
    )
    secrets = [*target.tokens.values(), *(one.session for one in target.people.values())]
    verdicts.claim(not any(one in said for one in secrets), "its log holds no session and no token")


if __name__ == "__main__":
    raise SystemExit(main())
