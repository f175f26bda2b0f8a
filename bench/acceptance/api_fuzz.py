"""Schemathesis over the API for as long as you like: python -m bench.acceptance.api_fuzz.

The site is served with a story in it; the whole output is printed. Ends with 0 where nothing is
wrong: no fault of ours, no answer that is not as the document says, nothing wrong that is taken.
"""

import argparse
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

from listener.domain.role import Scope
from listener.store import api_tokens
from listener.store.connection import Store
from listener.web.serve import SiteServer
from listener.web.site import make_site
from tests.builders import NOW
from tests.web.api.fuzzing import fuzz
from tests.web.api.told import tell
from tests.web.conftest import HandClock


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.acceptance.api_fuzz")
    parser.add_argument("--examples", type=int, default=400, help="of each address")
    parser.add_argument("--phases", default="examples,coverage,fuzzing")
    parser.add_argument("more", nargs="*", help="passed on, after --")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "listener.db").open(NOW)
        with closing(store):
            tell(store, HandClock())
            with store.write() as db:
                token = api_tokens.add(db, "fuzz", (Scope.ACT,), NOW, None)
            site = make_site(store, lambda: NOW, None, "127.0.0.1", ZoneInfo("UTC"))
            server = SiteServer(site, host="127.0.0.1", port=0)
            try:
                done = fuzz(
                    server.start(),
                    token,
                    Path(folder),
                    *("--max-examples", str(options.examples), "--phases", options.phases),
                    *options.more,
                )
            finally:
                server.stop()
    print(done.stdout[-20_000:])
    print(done.stderr[-5_000:], file=sys.stderr)
    return done.returncode


if __name__ == "__main__":
    raise SystemExit(main())
