#!/usr/bin/env bash
# Runs every Show of "Understanding" and prints its figures; about an hour. Data sets are looked for
# beside the checkout (../shared/data); what needs them says so if absent.
# Usage: bench/acceptance/understanding.sh [TORCH_INDEX]      ONLY="themes topics" picks some.
# KEEP names a folder outside the work tree for what may be gone on with after a stop.
set -uo pipefail
. "$(dirname "$0")/shows.sh"
keep=${KEEP:-$(mktemp -d)}
data=${DATA:-../shared/data}

show topics $python -m bench.topics
show towards $python -m bench.towards   # and the comparative sentences
show intents $python -m bench.intents
show themes $python -m bench.themes --work "$keep/themes"
show corrected_share $python -m bench.corrected_share --data "$data" --work "$keep/shares"
show corrections $python -m bench.corrections --work "$keep/corrections"
show irony $python -m bench.ironies
show measures .venv/bin/pytest -q tests/domain/measures
show airlines $python -m bench.acceptance.airlines_teams
all_shows
