#!/usr/bin/env bash
# Runs the built tests, with arguments for `swift test`; what failed is said once more at the end, where a log that was
# cut still shows it.
set -euo pipefail
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT

status=0
swift test --skip-build --disable-xctest "$@" 2>&1 | tee "$log" || status=$?
if [ "$status" != 0 ]; then
  printf '\n=== What failed:\n'
  # A failure, and the lines that explain it: up to the next line that tells of a test.
  awk 'index($0, "✘ ") == 1 { failed = 1 } index($0, "✔ ") == 1 || index($0, "◇ ") == 1 { failed = 0 } failed' "$log" |
    cut -c1-2000 | tail -n 300
fi
exit "$status"
