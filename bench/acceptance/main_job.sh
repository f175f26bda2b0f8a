#!/usr/bin/env bash
# Runs every Show of "The main job, end to end" and prints its figures; about forty minutes.
# Data sets are looked for beside the checkout (../shared/data); what needs them says so if absent.
# Usage: bench/acceptance/main_job.sh [TORCH_INDEX]      ONLY="demo_seeds kill9" picks some.
set -uo pipefail
. "$(dirname "$0")/shows.sh"

show install bash bench/acceptance/install.sh "${1:-}"
show demo_seeds $python -m bench.acceptance.demo_seeds --seeds 20
show replays $python -m bench.acceptance.replays
show live_daemon $python -m bench.acceptance.live_daemon
show malformed $python -m bench.acceptance.malformed
show kill9 $python -m bench.acceptance.kill9 --kills 200 --fresh
show kill9_control $python -m bench.acceptance.kill9 --kills 40 --no-look-up --fresh
show bench $python -m bench
show spikes $python -m bench.spikes.report --only known
all_shows
