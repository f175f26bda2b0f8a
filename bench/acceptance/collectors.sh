#!/usr/bin/env bash
# Runs every Show of "Collectors for the places where people talk" and prints its figures; about
# forty minutes, half of which is the simulated day. Conversations are looked for beside the
# checkout (../shared/data); what needs them says so if absent.
# Usage: bench/acceptance/collectors.sh [TORCH_INDEX]      ONLY="day check_online" picks some.
set -uo pipefail
. "$(dirname "$0")/shows.sh"

show contract .venv/bin/pytest -q tests/collectors tests/test_http.py tests/test_http2.py \
    tests/test_sessions.py tests/test_api.py
show again .venv/bin/pytest -q tests/stages/test_again.py tests/stages/test_collect.py \
    tests/stages/test_canary.py tests/stages/test_budgets.py tests/stages/test_notify.py \
    tests/stages/test_redraw.py
show first_response $python -m bench.acceptance.first_response
show check_online $python -m bench.acceptance.check_online
show no_keys .venv/bin/pytest -q tests/test_no_keys.py
show day $python -m bench.acceptance.simulated_day
all_shows
