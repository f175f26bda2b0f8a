#!/usr/bin/env bash
# Runs every Show of "The main job, end to end" and prints its figures; about forty minutes.
# Data sets are looked for beside the checkout (../shared/data); what needs them says so if absent.
# Usage: bench/acceptance/main_job.sh [TORCH_INDEX]      ONLY="demo_seeds kill9" picks some.
set -uo pipefail
cd "$(dirname "$0")/../.."
make --silent dev TORCH_INDEX="${1:-}" || exit 2
export PATH="$PWD/.venv/bin:$PATH"
python=.venv/bin/python
failed=()

show() { # NAME COMMAND...
    name=$1
    shift
    case " ${ONLY:-$name} " in *" $name "*) ;; *) return ;; esac
    printf '\n===== %s: %s\n' "$name" "$*"
    began=$(date +%s)
    "$@" || failed+=("$name")
    printf '===== %s took %s s\n' "$name" "$(($(date +%s) - began))"
}

show install bash bench/acceptance/install.sh "${1:-}"
show demo_seeds $python -m bench.acceptance.demo_seeds --seeds 20
show replays $python -m bench.acceptance.replays
show live_daemon $python -m bench.acceptance.live_daemon
show malformed $python -m bench.acceptance.malformed
show kill9 $python -m bench.acceptance.kill9 --kills 200
show kill9_control $python -m bench.acceptance.kill9 --kills 40 --no-look-up
show bench $python -m bench
show spikes $python -m bench.spikes.report --seeds 4

if [ ${#failed[@]} -gt 0 ]; then
    printf '\nFAILED: %s\n' "${failed[*]}"
    exit 1
fi
printf '\nAll shows hold.\n'
