#!/bin/sh
# Prints a compose file of COUNT services with static addresses on one network: generate.sh COUNT
set -eu

case ${1-} in
  '' | *[!0-9]*)
    echo 'usage: generate.sh COUNT' >&2
    exit 2
    ;;
esac
awk -v count="$1" 'BEGIN {
  print "name: bench\nservices:"
  for (i = 0; i < count; i++) {
    host = i + 2
    printf "  c%d:\n    image: busybox\n    networks:\n      net:\n        ipv4_address: 10.%d.%d.%d\n", \
      i, host / 65536, host / 256 % 256, host % 256
  }
  print "networks:\n  net:\n    ipam:\n      config:\n        - subnet: 10.0.0.0/8\n          gateway: 10.0.0.1"
}'
