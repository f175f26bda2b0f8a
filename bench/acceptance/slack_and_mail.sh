#!/usr/bin/env bash
# Runs the Shows of "Slack and mail" that there are, and prints their figures; an hour and a half,
# most of it the thousand kills.
# Usage: bench/acceptance/slack_and_mail.sh [TORCH_INDEX]      ONLY="outage presses" picks some.
set -uo pipefail
. "$(dirname "$0")/shows.sh"

show kill9 $python -m bench.acceptance.kill9 --kills 1000 --minutes 180 --fresh
show kill9_control $python -m bench.acceptance.kill9 --kills 40 --no-look-up --fresh
show outage $python -m bench.acceptance.slack_outage
show payloads $python -m bench.acceptance.slack_payloads
show six_messages $python -m bench.pictures_slack --show
show payload_goldens .venv/bin/pytest -q tests/notifiers/test_slack_text.py tests/notifiers/test_slack.py
show presses .venv/bin/pytest -q tests/chat
show presses_at_once $python -m bench.acceptance.slack_presses
show windows .venv/bin/pytest -q tests/texts/test_slack_windows.py
show ways_out .venv/bin/pytest -q tests/notifiers/test_webhook.py tests/notifiers/test_apprise.py \
    tests/notifiers/test_slack_webhook.py tests/cli/test_outlets.py
show digests_year $python -m bench.acceptance.digests_year
show digest_mail $python -m bench.acceptance.digest_mail
show digest_time $python -m bench.digests
show languages $python -m bench.acceptance.languages
show preview .venv/bin/pytest -q tests/cli/test_preview.py tests/replay/test_sample.py
show masking .venv/bin/pytest -q tests/domain/test_masking.py tests/stages/test_masking.py
all_shows
