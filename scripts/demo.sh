#!/usr/bin/env bash
# Shows the main job on Examples/: a plan, the script, the network built in sandboxes of its own, a refused file.
#
#   scripts/demo.sh PATH-OF-NETWRIGHT
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

netwright=$(realpath "${1:-.build/debug/netwright}")
limit=60

# The devices and namespaces of this machine, to be the same before and after.
network_state() {
  ip -o link show | cut -d: -f2
  ip netns list
}
before=$(network_state)

title() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[ -t 1 ] || title() { printf '\n## %s\n' "$*"; }

# Shows a command as one would type it, and runs it with a time limit.
show() {
  printf '$ %s\n' "$*"
  timeout "$limit" "${@/#netwright/$netwright}"
}

title 'Two busybox containers on docker0: what will be built'
show netwright plan --no-steps -f Examples/docker0/compose.yaml

title 'The same as a shell script; it needs iproute2 and nothing of Netwright'
printf '$ netwright compile --style plain -f Examples/docker0/compose.yaml | grep -n "^ *ip " | head -n 20\n'
script=$("$netwright" compile --style plain -f Examples/docker0/compose.yaml)
grep -nE '(^|[[:space:]])(ip|bridge) ' <<<"$script" | head -n 20

title 'Built for real in a sandbox: one pings the other, and the bridge has learnt where both are'
# shellcheck disable=SC2016  # the text is for the shell inside the sandbox
show netwright run Examples/docker0/compose.yaml -- sh -ec '
  ip netns exec busybox1 ping -c 2 -i 0.2 -W 2 172.17.0.3
  echo; echo "# the forwarding table of docker0"
  bridge fdb show br docker0 | grep 02:42'

title 'A web shop from an ordinary compose file: names resolve, and the database is out of reach for the proxy'
show netwright run Examples/web-db/compose.yaml -- sh -ec '
  ip netns exec web ping -c 1 -W 2 db
  if ip netns exec proxy ping -c 1 -W 1 172.30.1.2 >/dev/null 2>&1; then echo "proxy reaches db"; exit 1; fi
  echo "proxy does not reach db"'

title 'A packet through three routers'
show netwright run Examples/router-chain/netwright.yaml -- sh -ec '
  ip netns exec alice ping -c 1 -W 2 10.2.0.10
  ip netns exec alice traceroute -n -q 1 -w 1 10.2.0.10'

title 'Nothing of it is left on this machine'
if ! diff <(printf '%s\n' "$before") <(network_state); then
  echo 'the machine has other devices or namespaces than before' >&2
  exit 1
fi
echo 'the same devices and namespaces as before'

title 'A file with mistakes is refused, each at its place'
refused=$(mktemp --suffix=.yaml)
trap 'rm -f "$refused"' EXIT
cat >"$refused" <<'YAML'
name: refused
services:
  web:
    network: front
    networks:
      front: { ipv4_address: 10.0.1.300 }
  db:
    networks:
      front: { ipv4_address: 10.0.2.9 }
      bakc: {}
networks:
  front:
    ipam:
      config:
        - subnet: 10.0.1.5/24
YAML
printf '$ netwright validate -f refused.yaml\n'
status=0
(cd "${refused%/*}" && timeout "$limit" "$netwright" validate -f "${refused##*/}") || status=$?
printf 'exit status %d\n' "$status"
[ "$status" -eq 1 ]
