#!/usr/bin/env bash
# Runs the Shows of "The web inbox and pages" that there are, and prints their figures; an hour, most
# of it the database of a million mentions, which is kept in KEEP and made once.
# Usage: bench/acceptance/inbox.sh [TORCH_INDEX]      ONLY="stored load" picks some.
set -uo pipefail
. "$(dirname "$0")/shows.sh"
keep=${KEEP:-$(mktemp -d)}

show pages .venv/bin/pytest -q tests/web
show stored $python -m bench.acceptance.pages_stored
show pictures $python -m bench.acceptance.pages_pictures --folder "$keep/pictures"
show load $python -m bench.acceptance.pages_load
show api_fuzz $python -m bench.acceptance.api_fuzz
show attacks $python -m bench.acceptance.attacks
show million $python -m bench.pages --folder "$keep" --paint
all_shows
