#!/usr/bin/env bash
# Runs every Show of "Finding the right mentions" and prints its figures; about an hour where the
# million mentions of `search` have to be stored first. Texts are looked for beside the checkout
# (../shared/data).
# Usage: bench/acceptance/queries.sh [TORCH_INDEX]      ONLY="search copies" picks some.
set -uo pipefail
. "$(dirname "$0")/shows.sh"

show cases .venv/bin/pytest -q tests/domain/query tests/store/test_search.py \
    tests/store/test_search_agreement.py
show agreement $python -m bench.query_agreement
show many_subjects $python -m bench.many_subjects
show search $python -m bench.search
show airlines $python -m bench.airlines
show relevance $python -m bench.relevance
show copies $python -m bench.copies
show translations $python -m bench.acceptance.translations
show hostile $python -m bench.hostile_queries
all_shows
