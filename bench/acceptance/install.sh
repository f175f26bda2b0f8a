#!/usr/bin/env bash
# Show 1: a fresh clone sets itself up; the wheel alone, without a network, runs init, check, demo.
# Usage: bench/acceptance/install.sh [TORCH_INDEX]
set -euo pipefail
here=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "== a fresh clone"
git clone -q "$here" "$work/clone"
cd "$work/clone"
began=$(date +%s)
make --silent setup TORCH_INDEX="${1:-}"
echo "make setup: $(($(date +%s) - began)) s, $(du -sm .venv | cut -f1) MB"
.venv/bin/python -m pip list 2>/dev/null | grep -ciE '^(nvidia|cuda)' && { echo "FAIL: CUDA was installed"; exit 1; }

alone="unshare --net --map-root-user"
$alone true 2>/dev/null || { echo "no network namespace here: the next steps run with a network"; alone=""; }
# shellcheck disable=SC2086
$alone timeout 300 make --silent -n demo >/dev/null
began=$(date +%s)
# shellcheck disable=SC2086
$alone .venv/bin/listener demo demo --no-serve >story.txt
echo "demo without a network: $(($(date +%s) - began)) s, $(grep -c spike story.txt) lines of spikes"
ls -l demo | awk 'NR > 1 {print "  " $9, $5}'

echo "== the wheel, alone"
make --silent dev TORCH_INDEX="${1:-}"
.venv/bin/python -m build --wheel --outdir "$work/dist" . >/dev/null
ls -l "$work"/dist | awk 'NR > 1 {print "  " $9, $5}'
python3 -m venv "$work/venv"
"$work/venv/bin/python" deploy/get_torch.py "$(sed -n 's/^\(torch==.*\)/\1/p' constraints.txt)" "${1:-}"
"$work/venv/bin/python" -m pip install --quiet --constraint constraints.txt "$work"/dist/*.whl
mkdir "$work/empty"
cd "$work/empty"
# shellcheck disable=SC2086
printf 'Acme\nx:acme\n\nen\nUTC\ninbox\n\n\n\n' | $alone "$work/venv/bin/listener" init >init.txt
tail -1 init.txt
# shellcheck disable=SC2086
$alone "$work/venv/bin/listener" check
# shellcheck disable=SC2086
$alone "$work/venv/bin/listener" demo out --no-serve | grep -E 'spike\.|crisis|praise'
echo "PASS install"
