#!/usr/bin/env bash
# Measures side by side, in one run, and writes docs/benchmarks.md. Everything that makes devices does so in a sandbox.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C
build=.build/bench
mkdir -p "$build"
cc -O2 -o "$build/yaml-scan" Benchmarks/yaml-scan.c -lyaml
cc -O2 -o "$build/netlink-floor" Benchmarks/netlink-floor.c
cc -O2 -o "$build/peak" Benchmarks/peak.c
netwright=${NETWRIGHT:-.build-release/release/netwright}
[ -x "$netwright" ] || make release
report=$build/report.md
: >"$report"

# seconds COMMAND…: how long a command takes, as a whole process.
seconds() {
  timeout 120 "$build/peak" "$build/usage" "$@" >"$build/output" 2>"$build/errors" || { cat "$build/errors" >&2; return 1; }
  cut -d' ' -f1 "$build/usage"
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
took=()
for count in 10 100 1000 10000; do
  file=$build/$count.yaml
  sh Benchmarks/generate.sh "$count" >"$file"
  compile() { seconds "$netwright" compile -f "$file"; }
  scan() { seconds "$build/yaml-scan" "$file"; }
  both 9 compile scan
  took[count]=$one
  aim=$([ "$count" = 10000 ] && echo 'at most 5' || echo '')
  say "| compile $count services | $(ms "$one") ms | libyaml event scan, $(ms "$other") ms | $(ratio "$one" "$other") | $aim |"
done
# each FEWER MORE: what each further service costs, in microseconds.
each() { awk -v a="${took[$1]}" -v b="${took[$2]}" -v n="$(($2 - $1))" 'BEGIN { printf "%.1f", (b - a) * 1000000 / n }'; }
say "| a further service, 1000 to 10000 | $(each 1000 10000) µs | 100 to 1000, $(each 100 1000) µs | $(ratio "$(each 1000 10000)" "$(each 100 1000)") | linear: about 1 |"
if command -v docker-compose >/dev/null; then
  { echo "version: '3'"; sed '/^name:/d' "$build/1000.yaml"; } >"$build/legacy.yaml"
  compile() { seconds "$netwright" compile -f "$build/1000.yaml"; }
  compose() { seconds docker-compose -f "$build/legacy.yaml" config -q; }
  both 5 compile compose
  say "| compile 1000 services | $(ms "$one") ms | docker-compose config -q, $(ms "$other") ms | 1/$(ratio "$other" "$one") | at most 1/100 |"
fi
cat >"$build/small.yaml" <<'YAML'
# Twenty lines, as people write them.
services:
  web:
    image: nginx
    networks:
      front: { ipv4_address: 172.30.0.10 }
      back:
  db:
    image: postgres
    expose: ["5432"]
    networks:
      - back
networks:
  front:
    ipam:
      config:
        - subnet: 172.30.0.0/24
          gateway: 172.30.0.1
  back:
    internal: true
YAML
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
  timeout 120 unshare --user --map-root-user --net --mount --pid --fork --kill-child bash -c '
    mount -t proc proc /proc; mount -t tmpfs tmpfs /run; mkdir -p /run/netns /run/u /run/w
    mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/u,workdir=/run/w /etc
    start=$EPOCHREALTIME; '"$1"' >/dev/null || exit 1
    awk -v a="$start" -v b="$EPOCHREALTIME" "BEGIN { printf \"%.6f\n\", b - a }"'
}
up() { sandboxed "sh $build/fast.sh"; }
floor() { sandboxed "NETWRIGHT_SANDBOX=1 $build/netlink-floor 500"; }
plain() { sandboxed "sh $build/plain.sh"; }
line() { sandboxed "sh $build/line.sh"; }
both 5 up floor
fast=$one
say "| up of 500 containers | $(ms "$fast") ms | netlink alone, $(ms "$other") ms | $(ratio "$fast" "$other") | at most 2 |"
both 3 plain line
say "| up of 500 containers | $(ms "$fast") ms | one command a line, $(ms "$other") ms | 1/$(ratio "$other" "$fast") | at most 1/10 |"
say "| up of 500 containers | $(ms "$fast") ms | the plain style with nsenter(1), $(ms "$one") ms | 1/$(ratio "$one" "$fast") | |"
seconds "$netwright" compile -f "$build/10000.yaml" >"$build/one"
say "| compile 10000 services, peak memory | $(($(cut -d' ' -f2 "$build/usage") / 1024)) MB | | | below 200 MB |"

# The simulator, timed from within: what it applies, and all pairs of a network's pings, ARP included.
swift build --configuration release --static-swift-stdlib --scratch-path .build-release --product netwright-benchmark
simulator=.build-release/release/netwright-benchmark
# field FILE N: the Nth number of what the benchmark prints, the median of five runs.
field() { for round in 1 2 3 4 5; do "$simulator" "$1" | tr -c '0-9.e-' ' ' | tr -s ' ' '\n' | grep '[0-9]' | sed -n "$2p"; done | median; }
sh Benchmarks/generate.sh 200 >"$build/200.yaml"
sh Benchmarks/generate-routed.sh 1000 10 >"$build/routed.yaml"
say "| apply a plan of 10000 containers in the simulator | $(ms "$("$simulator" --apply "$build/10000.yaml")") ms | | | below 1 s |"
say "| all pairs of 200 containers on a bridge, 39800 pings | $(ms "$(field "$build/200.yaml" 6)") ms | | | below 1 s |"
say "| device hops a second, those pings | $(field "$build/200.yaml" 7) | | | at least 1000000 |"
seconds "$simulator" "$build/routed.yaml" >"$build/one"
say "| all pairs of 1000 containers on ten routed networks | $(cat "$build/one") s, $(($(cut -d' ' -f2 "$build/usage") / 1024)) MB | | | below 60 s, 1 GB |"

{
  echo '# Benchmarks'
  echo
  echo "Made by \`make bench\`: medians of several runs in turn, on $(nproc) cores, Linux $(uname -r | cut -d- -f1)."
  echo 'The ratios are what counts; the times are this machine'"'"'s.'
  echo
  cat "$report"
  cat <<'TEXT'

A bridge has 1023 ports, so N services are on as many networks as that takes. On a machine that does other things
besides, `chrt -r 5 make bench` keeps them out of the times.

Compiling misses its aim. Of its instructions at 10000 services, as `valgrind --tool=callgrind` counts them, a seventh are
libyaml's, a tenth build the tree, a thirteenth read the project from it, a fifth resolve names and addresses, a twentieth
check rules, and two fifths make the plan and the script. What is left in each is spread evenly: copies of many small
values, and counts of who refers to them.

The commands, for N services by `Benchmarks/generate.sh N >N.yaml`:

- compile: `netwright compile -f N.yaml`, beside `yaml-scan N.yaml` (Benchmarks/yaml-scan.c), whole processes
- docker-compose: `docker-compose -f 1000.yaml config -q`
- validate: `netwright validate -f small.yaml`
- up: `netwright compile -f 500.yaml | sh`, beside `netlink-floor 500` (Benchmarks/netlink-floor.c) and the script of
  `compile --style plain`, each in a fresh network namespace; "one command a line" is that script where nsenter(1) is
  missing, so that it runs `ip -n` as people write it
- simulator: `netwright-benchmark N.yaml`, by its own clock; for 1000 containers the whole process
- memory: the peak of the resident set, as Benchmarks/peak.c reads it
TEXT
} >docs/benchmarks.md
echo 'written to docs/benchmarks.md'
