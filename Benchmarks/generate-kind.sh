#!/bin/sh
# Prints a file with many things of a kind: `generate-kind.sh KIND COUNT`. Looking at each of them once for each other
# would not show among a few.
set -eu
kind=$1
count=$2
# each FORMAT: a line for each number. In it N is the number, M the next, A and B the number as two bytes, and L the
# number of the network that a node is on.
each() {
  awk -v count="$count" -v format="$1" 'BEGIN {
    for (n = 0; n < count; n++) {
      line = format
      gsub(/N/, n, line); gsub(/M/, n + 1, line); gsub(/A/, int(n / 256), line); gsub(/B/, n % 256, line)
      gsub(/L/, int(n / 900), line)
      print line
    }
  }'
}
# lans: networks for as many nodes, of which a bridge has room for a thousand.
lans() {
  count=$((count / 900 + 1))
  echo 'networks:'
  each '  lanN: { ipam: { config: [{ subnet: 10.N.0.0/16 }] } }'
}
echo "name: $kind"
case $kind in
  firewalls)
    echo 'services:'
    each '  sN: { networks: [lanL], firewall: { input: { policy: drop, rules: [{ protocol: tcp, ports: [80], action: accept }] } } }'
    lans
    ;;
  rules)
    printf 'services:\n  s:\n    network_mode: none\n    firewall:\n      input:\n        rules:\n'
    each '          - { from: 20.A.B.0/24, protocol: tcp, ports: [80], action: accept }'
    ;;
  ports)
    echo 'services:'
    each "  sN: { networks: [lanL], ports: ['80'] }"
    lans
    ;;
  networks)
    echo 'services:'
    each '  sN: { networks: [nN] }'
    echo 'networks:'
    each '  nN: { enable_ipv4: false, enable_ipv6: true }'
    ;;
  links)
    echo 'routers:'
    count=$((count + 1))
    each '  rN: {}'
    count=$((count - 1))
    echo 'links:'
    each '  - { endpoints: [rN, rM] }'
    ;;
  routes)
    printf 'services:\n  s:\n    networks: [lan0]\n    routes:\n'
    each '      - { to: 20.A.B.0/24, via: 10.0.0.1 }'
    count=1
    lans
    ;;
  vlans)
    printf 'routers:\n  r:\n    interfaces:\n      up: { type: dummy }\n'
    each '      vN: { type: vlan, parent: up, id: M, addresses: [10.A.B.1/24] }'
    ;;
  dependencies)
    echo 'services:'
    each '  sN: { network_mode: none, depends_on: [sM] }'
    echo "  s$count: { network_mode: none }"
    ;;
  *)
    echo "$kind is no kind" >&2
    exit 2
    ;;
esac
