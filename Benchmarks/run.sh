#!/usr/bin/env bash
# Measures side by side, in one run, and writes docs/benchmarks.md. Everything that makes devices does so in a sandbox.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C
build=.build/bench
mkdir -p "$build"
cc -O2 -o "$build/yaml-scan" Benchmarks/yaml-scan.c -lyaml
cc -O2 -o "$build/netlink-floor" Benchmarks/netlink-floor.c
netwright=${NETWRIGHT:-.build-release/release/netwright}
[ -x "$netwright" ] || make release
report=$build/report.md
: >"$report"

# seconds COMMAND…: how long a command takes, as a whole process.
seconds() {
  local start=$EPOCHREALTIME
  "$@" >"$build/output" 2>"$build/errors" || { cat "$build/errors" >&2; return 1; }
  awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.6f\n", b - a }'
}
median() { sort -n | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
# both ROUNDS ONE OTHER: the medians of two functions run in turn.
both() {
  : >"$build/one"; : >"$build/other"
  for ((round = 0; round < $1; round++)); do "$2" >>"$build/one"; "$3" >>"$build/other"; done
  one=$(median <"$build/one"); other=$(median <"$build/other")
}
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", a / b }'; }
ms() { awk -v a="$1" 'BEGIN { printf "%.1f", a * 1000 }'; }
say() { printf '%s\n' "$*" | tee -a "$report"; }

say '| what | Netwright | beside | ratio | aim |'
say '| --- | --- | --- | --- | --- |'
for count in 10 100 1000 10000; do
  file=$build/$count.yaml
  sh Benchmarks/generate.sh "$count" >"$file"
  compile() { seconds "$netwright" compile -f "$file"; }
  scan() { seconds "$build/yaml-scan" "$file"; }
  both 9 compile scan
  aim=$([ "$count" = 10000 ] && echo 'at most 5' || echo '')
  say "| compile $count services | $(ms "$one") ms | libyaml event scan, $(ms "$other") ms | $(ratio "$one" "$other") | $aim |"
done
if command -v docker-compose >/dev/null; then
  { echo "version: '3'"; sed '/^name:/d' "$build/1000.yaml"; } >"$build/legacy.yaml"
  compile() { seconds "$netwright" compile -f "$build/1000.yaml"; }
  compose() { seconds docker-compose -f "$build/legacy.yaml" config -q; }
  both 3 compile compose
  say "| compile 1000 services | $(ms "$one") ms | docker-compose config -q, $(ms "$other") ms | 1/$(ratio "$other" "$one") | at most 1/100 |"
fi
head -c 0 /dev/null >"$build/small.yaml"
printf 'services:\n  web:\n    image: nginx\n    ports: ["8080:80"]\n    networks:\n      - front\n      - back\n  db:\n    image: postgres\n    expose: ["5432"]\n    networks:\n      - back\nnetworks:\n  front:\n    ipam:\n      config:\n        - subnet: 172.30.0.0/24\n  back:\n    internal: true\n' >"$build/small.yaml"
validate() { seconds "$netwright" validate -f "$build/small.yaml"; }
nothing() { seconds true; }
both 21 validate nothing
say "| validate 20 lines, start to exit | $(ms "$one") ms | \`true\`, $(ms "$other") ms | | at most 10 ms |"

sh Benchmarks/generate.sh 500 >"$build/500.yaml"
"$netwright" compile -f "$build/500.yaml" >"$build/fast.sh"
"$netwright" compile --style plain -f "$build/500.yaml" >"$build/plain.sh"
# One command a line as people write it: without the speed-ups of the runtime, which look for nsenter.
sed 's/command -v nsenter/false/' "$build/plain.sh" >"$build/line.sh"
# sandboxed COMMAND: how long it takes inside a fresh sandbox.
# shellcheck disable=SC2016 # what is quoted is for the sandbox's shell
sandboxed() {
  unshare --user --map-root-user --net --mount --pid --fork --kill-child bash -c '
    mount -t proc proc /proc; mount -t tmpfs tmpfs /run; mkdir -p /run/netns /run/u /run/w
    mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/u,workdir=/run/w /etc
    start=$EPOCHREALTIME; '"$1"' >/dev/null || exit 1
    awk -v a="$start" -v b="$EPOCHREALTIME" "BEGIN { printf \"%.6f\n\", b - a }"'
}
up() { sandboxed "sh $build/fast.sh"; }
floor() { sandboxed "NETWRIGHT_SANDBOX=1 $build/netlink-floor 500"; }
line() { sandboxed "sh $build/line.sh"; }
both 5 up floor
fast=$one
say "| up of 500 containers | $(ms "$one") ms | netlink alone, $(ms "$other") ms | $(ratio "$one" "$other") | at most 2 |"
both 1 line nothing
say "| up of 500 containers | $(ms "$fast") ms | one command a line, $(ms "$one") ms | 1/$(ratio "$one" "$fast") | at most 1/10 |"
peak=$(awk '/VmHWM/ { print $2 }' <(python3 - "$netwright" "$build/10000.yaml" <<'PY'
import resource, subprocess, sys
subprocess.run([sys.argv[1], "compile", "-f", sys.argv[2]], stdout=subprocess.DEVNULL, check=True)
print("VmHWM:", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, "kB")
PY
))
say "| compile 10000 services, peak memory | $((peak / 1024)) MB | | | below 200 MB |"

{
  echo '# Benchmarks'
  echo
  echo "Made by \`make bench\`: medians of several runs in turn (one command a line: a single run of the plain style without nsenter), on $(nproc) cores, Linux $(uname -r)."
  echo 'The ratios are what counts; the times are this machine'"'"'s.'
  echo
  cat "$report"
} >docs/benchmarks.md
echo 'written to docs/benchmarks.md'
