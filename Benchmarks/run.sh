#!/usr/bin/env bash
# Measures side by side, in one run, and writes docs/benchmarks.md. Everything that makes devices does so in a sandbox.
#
# A row whose other side isn't installed says so. The whole takes some minutes, the release build not counted.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
build=.build/bench
mkdir -p "$build"
make --no-print-directory release
make --no-print-directory release PRODUCT=netwright-benchmark
# As it is installed: what a linker has just written lies in the page cache in small pieces, and starts 0.5 ms later.
netwright=$build/netwright
install -m 755 .build-release/release/netwright "$netwright"
simulator=.build-release/release/netwright-benchmark
cc -O2 -o "$build/yaml-scan" Benchmarks/yaml-scan.c -lyaml
cc -O2 -o "$build/netlink-floor" Benchmarks/netlink-floor.c
cc -O2 -o "$build/ping-pairs" Benchmarks/ping-pairs.c
cc -O2 -o "$build/peak" Benchmarks/peak.c
report=$build/report.md
: >"$report"

# seconds COMMAND…: how long a command takes, as a whole process. A disk has no part in it: its output goes nowhere, or
# where `sink` says.
sink=/dev/null
seconds() {
  timeout 300 "$build/peak" "$build/usage" "$@" >"$sink" 2>"$build/errors" || { cat "$build/errors" >&2; return 1; }
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
megabytes() { echo "$(($(cut -d' ' -f2 "$build/usage") / 1024)) MB"; }

say '| what | Netwright | beside | ratio | aim |'
say '| --- | --- | --- | --- | --- |'

# The compiler.
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
else
  say '| compile 1000 services | | docker-compose config -q: not installed | | at most 1/100 |'
fi
seconds "$netwright" compile -f "$build/10000.yaml" >/dev/null
say "| compile 10000 services, peak memory | $(megabytes) | | | below 200 MB |"
for kind in networks ports firewalls rules links routes vlans dependencies; do
  sh Benchmarks/generate-kind.sh "$kind" 1000 >"$build/few.yaml"
  sh Benchmarks/generate-kind.sh "$kind" 4000 >"$build/many.yaml"
  few() { seconds "$netwright" compile -f "$build/few.yaml"; }
  many() { seconds "$netwright" compile -f "$build/many.yaml"; }
  both 5 many few
  say "| compile 4000 $kind | $(ms "$one") ms | 1000 of them, $(ms "$other") ms | $(ratio "$one" "$other") | linear: about 4 |"
done
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

# The script, in the kernel.
sh Benchmarks/generate.sh 500 >"$build/500.yaml"
"$netwright" compile -f "$build/500.yaml" >"$build/fast.sh"
"$netwright" compile --style plain -f "$build/500.yaml" >"$build/plain.sh"
# One command a line, as tutorials have it, and as the plain style does without the runtime's nsenter.
sh Benchmarks/one-command-a-line.sh 500 >"$build/line.sh"
sed 's/command -v nsenter/false/' "$build/plain.sh" >"$build/bare.sh"
# in_sandbox COMMANDS: runs commands of a shell inside a fresh sandbox.
# shellcheck disable=SC2016 # what is quoted is for the sandbox's shell
in_sandbox() {
  timeout 120 unshare --user --map-root-user --net --mount --pid --fork --kill-child bash -c '
    mount -t proc proc /proc; mount -t tmpfs tmpfs /run; mkdir -p /run/netns /run/u /run/w
    mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/u,workdir=/run/w /etc
    '"$1"
}
# sandboxed COMMAND: how long it takes inside a fresh sandbox.
# shellcheck disable=SC2016 # as above
sandboxed() {
  in_sandbox 'start=$EPOCHREALTIME; '"$1"' >/dev/null || exit 1
    awk -v a="$start" -v b="$EPOCHREALTIME" "BEGIN { printf \"%.6f\n\", b - a }"'
}
if in_sandbox true 2>/dev/null; then
  up() { sandboxed "sh $build/fast.sh"; }
  floor() { sandboxed "NETWRIGHT_SANDBOX=1 $build/netlink-floor 500"; }
  plain() { sandboxed "sh $build/plain.sh"; }
  line() { sandboxed "sh -e $build/line.sh"; }
  bare() { sandboxed "sh $build/bare.sh"; }
  both 5 up floor
  fast=$one
  say "| up of 500 containers | $(ms "$fast") ms | netlink alone, $(ms "$other") ms | $(ratio "$fast" "$other") | at most 2 |"
  both 3 line up
  say "| up of 500 containers | $(ms "$other") ms | one command a line, $(ms "$one") ms | 1/$(ratio "$one" "$other") | at most 1/10 |"
  both 3 bare plain
  say "| up of 500 containers | $(ms "$fast") ms | the plain style, \`ip -n\`, $(ms "$one") ms | 1/$(ratio "$one" "$fast") | |"
  say "| up of 500 containers | $(ms "$fast") ms | the plain style, nsenter(1), $(ms "$other") ms | 1/$(ratio "$other" "$fast") | |"
else
  say '| up of 500 containers | | no sandbox can be made here | | at most 2 |'
fi

# The simulator.
sh Benchmarks/generate.sh 200 >"$build/200.yaml"
sh Benchmarks/generate-routed.sh 1000 10 >"$build/routed.yaml"
apply() { "$simulator" apply "$build/10000.yaml"; }
pairs() { "$simulator" pairs "$build/200.yaml" >"$build/pairs"; cut -d' ' -f1 "$build/pairs"; }
both 5 apply pairs
read -r _ sent answered frames <"$build/pairs"
pinging=$other
say "| apply a plan of 10000 containers in the simulator | $(ms "$one") ms | | | below 1 s |"
say "| all pairs of 200 containers on a bridge, $answered of $sent pings answered | $(ms "$pinging") ms | | | below 1 s |"
say "| device hops a second, in those pings | $(awk -v f="$frames" -v s="$pinging" 'BEGIN { printf "%.0f", f / s }') | | | at least 1000000 |"
# beside NAME SECONDS: a row for the same pings elsewhere.
beside() { say "| those pings | $(ms "$pinging") ms | $1, $(ms "$2") ms | 1/$(ratio "$2" "$pinging") | |"; }
if in_sandbox true 2>/dev/null; then
  "$netwright" compile -f "$build/200.yaml" >"$build/200.sh"
  in_sandbox "sh $build/200.sh >/dev/null && NETWRIGHT_SANDBOX=1 $build/ping-pairs 200" >"$build/kernel"
  beside 'the kernel' "$(cut -d' ' -f1 "$build/kernel")"
else
  say '| those pings | | the kernel: no sandbox can be made here | | |'
fi
if [ -e /usr/include/ns3/core-module.h ] &&
  g++ -O2 -o "$build/ns3-lan" Benchmarks/ns3-lan.cc -lns3-core -lns3-network -lns3-internet -lns3-csma -lns3-bridge; then
  timeout 300 "$build/ns3-lan" 200 >"$build/ns3"
  beside "ns-3 $(dpkg-query -W -f '${Version}' libns3-dev 2>/dev/null)" "$(cut -d' ' -f1 "$build/ns3")"
else
  say '| those pings | | ns-3: libns3-dev and g++ are not installed | | |'
fi
sink=$build/output
seconds "$simulator" pairs "$build/routed.yaml" >"$build/one"
read -r _ sent answered _ <"$build/output"
say "| all pairs of 1000 containers on ten routed networks, $answered of $sent | $(cat "$build/one") s, $(megabytes) | | | below 60 s, 1 GB |"

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

Compiling 10000 services misses its aim by little: from 5 to 6.1 scans have been seen, by how quiet the machine is in
either half of the comparison. Of its instructions a fifth is libyaml's, a sixth builds the tree, a twelfth reads the
project from it, a sixth resolves names and addresses, a twentieth checks rules, a fourteenth makes the plan, and a
quarter writes the script, of seven megabytes. The plan isn't freed: nothing large comes after it. Files from 64 KiB on
have the heap grow in large pages: without them a seventh of the time was the kernel's, for eleven thousand pages of
memory. Of 1000 services a fifth is the start, two thirds of that the reading of the command line; from 1/98 to 1/122 of
docker-compose's time has been seen. What doesn't help: checking the rules in a thread beside the plan and the script (a
twentieth less at 10000 services, nothing at 1000), libyaml in a thread of its own ahead of the tree (a twelfth less at
10000, a sixteenth more at 1000), never freeing the tree (a seventieth of the instructions less, for 7 MB), touching the
memory ahead in a thread (nothing), counting references without atomic instructions (a thirtieth less, for a program
that could have no threads), link-time optimisation (a fourteenth of the instructions less, for twice the time to
build), other allocators, optimisation across modules or for size (within the noise, or worse).

The commands, for N services by `Benchmarks/generate.sh N >N.yaml`:

- compile: `netwright compile -f N.yaml`, beside `yaml-scan N.yaml` (Benchmarks/yaml-scan.c), whole processes, what
  they print thrown away
- of a kind: `Benchmarks/generate-kind.sh KIND N` (automatic networks, published ports, nodes with a firewall, rules of one,
  links in a chain, routes of a node, VLANs of a device, a chain of depends_on), compiled in the same way
- docker-compose: `docker-compose -f 1000.yaml config -q`
- memory: the peak of the resident set, as Benchmarks/peak.c reads it
- validate: `netwright validate -f small.yaml`
- up: `netwright compile -f 500.yaml | sh`, each in a fresh network namespace, beside `netlink-floor 500`
  (Benchmarks/netlink-floor.c), the commands of `Benchmarks/one-command-a-line.sh 500`, as tutorials have them, and the
  script of `compile --style plain`, where nsenter(1) is missing (so that it runs `ip -n`) and where it isn't
- simulator: `netwright-benchmark apply 10000.yaml` and `netwright-benchmark pairs 200.yaml`, on one core and by its own
  clock; a hop is a frame that a device sends. For 1000 containers (`Benchmarks/generate-routed.sh 1000 10`) the whole
  process. The same pings in the kernel are those of Benchmarks/ping-pairs.c in a sandbox with what the script of 200.yaml
  built, and in ns-3 those of Benchmarks/ns3-lan.cc (Debian's libns3-dev), where each ping asks for the address anew:
  ns-3's hosts learn nothing from a request
TEXT
} >docs/benchmarks.md
echo 'written to docs/benchmarks.md'
