#!/bin/sh
# Prints a Python that can validate JSON Schema 2020-12, for NETWRIGHT_PYTHON; fails where there is none.
cd "$(dirname "$0")/.." || exit 1
for python in "${NETWRIGHT_PYTHON:-}" /usr/bin/python3 python3 .build/venv/bin/python; do
  [ -n "$python" ] || continue
  found=$(command -v "$python") || continue
  case $found in
  /*) ;;
  *) found=$PWD/$found ;;
  esac
  if "$found" -c 'from jsonschema import Draft202012Validator' >/dev/null 2>&1; then
    printf '%s\n' "$found"
    exit 0
  fi
done
exit 1
