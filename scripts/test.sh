#!/usr/bin/env bash
# Runs the built tests: all of them, or those that arguments for `swift test` name; with `--beside COMMAND…` all, of what
# a command builds meanwhile. What failed is said once more at the end, where a log that was cut still shows it.
set -euo pipefail
cd "$(dirname "$0")/.."
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

# These wait for the kernel much of the time, and so have processes of their own: a process has one thread for each
# processor, and what waits on it keeps it from the tests that compute.
compares='^SimulatorTests\.KernelComparisonTests'
applies='^KernelTests\.'
# The second kernel has one processor, and other tests beside it would leave it too little to be compared whole. It needs
# nothing that is built meanwhile.
alone='SecondKernelComparisonTests'

# tests LOG ARGUMENT…
tests() {
  local log=$logs/$1
  shift
  swift test --skip-build --ignore-lock --disable-xctest "$@" 2>&1 | tee "$log"
}

status=0
if [ $# -gt 0 ] && [ "$1" != --beside ]; then
  tests some "$@" || status=$?
else
  if [ $# -gt 0 ]; then shift; else set -- true; fi
  nice -n 5 "$@" &
  tests alone --filter "$alone" || status=$?
  wait $!
  tests comparing --filter "$compares" >/dev/null &
  comparing=$!
  tests applying --filter "$applies" >/dev/null &
  applying=$!
  tests most --skip "$compares" --skip "$applies" --skip "$alone" || status=$?
  wait $comparing || status=$?
  cat "$logs/comparing"
  wait $applying || status=$?
  cat "$logs/applying"
fi
if [ "$status" != 0 ]; then
  printf '\n=== What failed:\n'
  # A failure, and the lines that explain it: up to the next line that tells of a test.
  awk 'index($0, "✘ ") == 1 { failed = 1 } index($0, "✔ ") == 1 || index($0, "◇ ") == 1 { failed = 0 } failed' \
    "$logs"/* | cut -c1-2000 | tail -n 300
fi
exit "$status"
