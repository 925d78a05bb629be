#!/usr/bin/env bash
# Runs the built tests: all of them, or those that arguments for `swift test` name. What failed is said once more at the
# end, where a log that was cut still shows it.
set -euo pipefail
cd "$(dirname "$0")/.."
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

# This waits for the kernel most of the time, and so has a process of its own: in that of the others it would hold one of
# the few threads that they have, and each of its parts would wait until all others had had their turn.
waits='SimulatorTests\.KernelComparisonTests'
# The second kernel has one processor, and other tests beside it would leave it too little to be compared whole.
alone='SecondKernelComparisonTests'

# tests LOG ARGUMENT…
tests() {
  local log=$logs/$1
  shift
  swift test --skip-build --ignore-lock --disable-xctest "$@" 2>&1 | tee "$log"
}

status=0
if [ $# -gt 0 ]; then
  tests some "$@" || status=$?
else
  tests waiting --filter "$waits" >/dev/null &
  tests most --skip "$waits" --skip "$alone" || status=$?
  wait $! || status=$?
  cat "$logs/waiting"
  tests alone --filter "$alone" || status=$?
fi
if [ "$status" != 0 ]; then
  printf '\n=== What failed:\n'
  # A failure, and the lines that explain it: up to the next line that tells of a test.
  awk 'index($0, "✘ ") == 1 { failed = 1 } index($0, "✔ ") == 1 || index($0, "◇ ") == 1 { failed = 0 } failed' \
    "$logs"/* | cut -c1-2000 | tail -n 300
fi
exit "$status"
