#!/usr/bin/env bash
# Runs every Show of "The model that ships" and prints its figures; an hour the first time, when
# the baselines are fitted. Data sets are looked for beside the checkout (../shared/data).
# Usage: bench/acceptance/default_model.sh [TORCH_INDEX]      ONLY="labels language" picks some.
#        WORK=DIR keeps what the baselines said.
set -uo pipefail
. "$(dirname "$0")/shows.sh"
data=${DATA:-../shared/data}
work=${WORK:-$(mktemp -d)}

show compare $python -m classifiers.train compare --data "$data" --work "$work" --model default
show plain $python -m bench.acceptance.plain_load
show throughput $python -m bench.throughput
show start $python -m bench --only start
show quick .venv/bin/pytest -q tests/classifiers/train/test_quick.py
show labels $python -m bench.acceptance.labels --data "$data"
show language $python -m bench.language --data "$data"
all_shows
