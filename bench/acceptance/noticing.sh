#!/usr/bin/env bash
# Runs every Show of "Noticing" and prints its figures; about an hour and a half, a third of which
# are the 10,000 brands. Data sets are looked for beside the checkout (../shared/data); what needs
# them says so if absent.
# Usage: bench/acceptance/noticing.sh [TORCH_INDEX]      ONLY="spikes storm" picks some.
# KEEP names a folder outside the work tree for what may be gone on with after a stop.
set -uo pipefail
. "$(dirname "$0")/shows.sh"
keep=${KEEP:-$(mktemp -d)}

show spikes $python -m bench.spikes.report --only known quiet rivals --keep "$keep/spikes"
show first_weeks $python -m bench.spikes.report --only new --keep "$keep/spikes"
show real $python -m bench.spikes.report --only nab crisislex airlines
show airlines $python -m bench.acceptance.airlines_noticed
show many_brands $python -m bench.many_brands --folder "$keep/brands"
show clocks_year $python -m bench.acceptance.clocks_year
show storm $python -m bench.acceptance.storm
show slack_day $python -m bench.acceptance.slack_day
show looked_back $python -m bench.acceptance.looked_back
show severe $python -m bench.severe
show quiet_rules $python -m bench.quiet_rules
show competitor $python -m bench.competitor
show influencer $python -m bench.influencer
show ratings $python -m bench.ratings --years 4
all_shows
