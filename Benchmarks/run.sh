#!/bin/sh
# Measures Netwright beside what the same work costs at the least, and writes docs/benchmarks.md: make bench
#
#   NETWRIGHT=PATH    the binary; without it, a release build is made
#   ROUNDS=3          how often each network is built
#   RUNS=9            how often each shorter command is run
#   OUTPUT=FILE       where the report goes
#
# What is compared runs in turn, not one after the other, so that a busy moment meets both. Figures are medians, and the
# ratios are those of the medians.
set -eu
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
LC_ALL=C
export PATH LC_ALL

rounds=${ROUNDS:-3}
runs=${RUNS:-9}
output=${OUTPUT:-docs/benchmarks.md}
if [ -z "${NETWRIGHT-}" ]; then
  make --silent release
  NETWRIGHT=$PWD/.build-release/release/netwright
fi
bench=$PWD/Benchmarks
tools=$PWD/.build/bench
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$tools"
compiler=${CC:-cc}
"$compiler" -std=c11 -O2 -o "$tools/peak" "$bench/peak.c"
"$compiler" -std=c11 -O2 -o "$tools/netlink-floor" "$bench/netlink-floor.c"
# shellcheck disable=SC2046  # the flags are several words
"$compiler" -std=c11 -O2 -o "$tools/yaml-scan" "$bench/yaml-scan.c" $(pkg-config --cflags --libs yaml-0.1)

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "run.sh: $*"
  exit 1
}

# timed NAME COMMAND...: runs it, and keeps time and memory under the name.
timed() {
  name=$1
  shift
  "$tools/peak" "$work/$name.txt" timeout 300 "$@" >"$work/out" 2>"$work/errors" || {
    cat "$work/errors" >&2
    fail "$name: $* failed"
  }
}

# The median of a column (1: milliseconds, 2: KiB) of what was kept under a name.
median() {
  awk -v column="$2" '{ print $column }' "$work/$1.txt" | sort -n |
    awk '{ v[NR] = $1 } END { printf "%.3f\n", NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

milliseconds() { median "$1" 1; }

# ratio A B [DIGITS]: how many times B fits in A.
ratio() { awk -v a="$1" -v b="$2" -v digits="${3:-1}" 'BEGIN { printf "%.*f", digits, a / b }'; }

# repeat COUNT FUNCTION [ARGUMENT]...
repeat() {
  left=$1
  shift
  while [ "$left" -gt 0 ]; do
    left=$((left - 1))
    "$@"
  done
}

line() { printf '%s\n' "$*" >>"$work/report"; }

compile_round() {
  for count in 10 100 1000 10000; do
    timed "scan-$count" "$tools/yaml-scan" "$work/$count.yaml"
    timed "compile-$count" "$NETWRIGHT" compile -f "$work/$count.yaml"
  done
}

measure_compile() {
  say 'compile, beside a bare scan of the same bytes'
  for count in 10 100 1000 10000; do "$bench/generate.sh" "$count" >"$work/$count.yaml"; done
  repeat "$runs" compile_round
  line '## Compiling'
  line
  line "\`netwright compile -f FILE\`, a whole process, beside a scan of the same file's YAML events with libyaml that does"
  line "nothing else (\`Benchmarks/yaml-scan.c\`). The files have N services with static addresses on one network"
  line "(\`Benchmarks/generate.sh N\`). The goal: at most 5 times the scan at 10 000 services, growing linearly."
  line
  line '| services | scan (ms) | compile (ms) | ratio | compile per service (µs) |'
  line '|---:|---:|---:|---:|---:|'
  for count in 10 100 1000 10000; do
    scan=$(milliseconds "scan-$count")
    compile=$(milliseconds "compile-$count")
    each=$(awk -v ms="$compile" -v n="$count" 'BEGIN { printf "%.1f", ms * 1000 / n }')
    line "| $count | $(ratio "$scan" 1) | $(ratio "$compile" 1) | $(ratio "$compile" "$scan") | $each |"
  done
  line
}

docker_round() {
  timed docker docker-compose -f "$work/1000.yaml" config -q
  timed own "$NETWRIGHT" compile -f "$work/1000.yaml"
}

measure_docker_compose() {
  line '## Beside docker-compose'
  line
  if ! command -v docker-compose >/dev/null 2>&1; then
    line 'docker-compose was not installed where this was measured.'
    line
    return
  fi
  say 'compile, beside docker-compose config'
  repeat "$rounds" docker_round
  line "\`docker-compose -f FILE config -q\` ($(docker-compose version --short)) only reads and checks the file of 1000"
  line "services; \`netwright compile\` also writes the script. The goal: at least 100 times faster."
  line
  line '| docker-compose (ms) | compile (ms) | ratio |'
  line '|---:|---:|---:|'
  docker=$(milliseconds docker)
  own=$(milliseconds own)
  line "| $(ratio "$docker" 1) | $(ratio "$own" 1) | $(ratio "$docker" "$own") |"
  line
}

measure_validate() {
  say 'validate, from start to exit'
  "$bench/generate.sh" 2 >"$work/small.yaml"
  lines=$(wc -l <"$work/small.yaml")
  repeat "$((runs * 3))" timed validate "$NETWRIGHT" validate -f "$work/small.yaml"
  line '## Start to exit'
  line
  line "\`netwright validate -f FILE\` of a file of $lines lines: **$(ratio "$(milliseconds validate)" 1) ms** as a whole process."
  line 'The goal: at most 10 ms.'
  line
}

# built NAME COMMAND...: builds the network of 500 in a sandbox of its own; only the command is timed.
built() {
  name=$1
  shift
  # shellcheck disable=SC2016  # for the shell in the sandbox
  "$bench/sandbox.sh" 280 sh -euc '
    times=$1 peak=$2 drain=$3
    shift 3
    "$peak" "$times" "$@" </dev/null >/run/out 2>&1 || { cat /run/out >&2; exit 1; }
    ports=$(ip -o link show type veth up | wc -l)
    [ "$ports" = 500 ] || { echo "$ports ports are up instead of 500" >&2; exit 1; }
    "$drain"' up "$work/$name.txt" "$tools/peak" "$bench/drain.sh" "$@" || fail "$name: $* failed"
}

up_round() {
  built floor "$tools/netlink-floor" 500
  built fast sh "$work/fast.sh"
  built plain sh "$work/plain.sh"
}

measure_up() {
  say 'up of 500 containers, beside a netlink program and beside one command a line'
  "$bench/generate.sh" 500 >"$work/500.yaml"
  "$NETWRIGHT" compile -f "$work/500.yaml" >"$work/fast.sh"
  "$NETWRIGHT" compile --style plain -f "$work/500.yaml" >"$work/plain.sh"
  repeat "$rounds" up_round
  line '## Building'
  line
  line "\`up\` of 500 containers on one bridge, each time in a fresh sandbox: a program that knows nothing but netlink"
  line "(\`Benchmarks/netlink-floor.c\`), the script of \`netwright compile\`, and that of \`netwright compile --style plain\`,"
  line 'which has one command a line. The scripts also write the hosts and resolv.conf of every namespace and keep a journal for'
  line "\`down\`. The goal: at most 2 times the floor, and at least 10 times faster than one command a line."
  line
  line '| way | seconds | times the floor |'
  line '|---|---:|---:|'
  floor=$(milliseconds floor)
  for name in floor fast plain; do
    line "| $name | $(ratio "$(milliseconds "$name")" 1000 2) | $(ratio "$(milliseconds "$name")" "$floor" 2) |"
  done
  line
  line "One command a line takes $(ratio "$(milliseconds plain)" "$(milliseconds fast)") times as long as the script."
  line
}

measure_memory() {
  line '## Memory'
  line
  line "\`netwright compile\` of 10 000 services takes $(ratio "$(median compile-10000 2)" 1024) MiB at its peak (\`ru_maxrss\`),"
  line "the bare scan $(ratio "$(median scan-10000 2)" 1024) MiB. The goal: below 200 MB."
}

: >"$work/report"
processor=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
line '# Benchmarks'
line
line "Written by \`make bench\` (\`Benchmarks/run.sh\`): \`ROUNDS=$rounds RUNS=$runs make bench\`."
line
line "Measured on ${processor:-an unnamed processor}, $(nproc) processors, Linux $(uname -r), $(ip -V | sed 's/.*\(iproute2-[0-9.]*\).*/\1/')."
line 'Medians of runs in turn. Times differ from machine to machine; the ratios are what to look at.'
line
measure_compile
measure_docker_compose
measure_validate
measure_up
measure_memory
mkdir -p "$(dirname "$output")"
cp "$work/report" "$output"
say "wrote $output"
