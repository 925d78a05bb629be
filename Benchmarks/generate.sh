#!/bin/sh
# Prints a compose file of N services, each with a static address, on as many networks of a thousand as that takes.
set -eu
awk -v count="$1" 'BEGIN {
  print "name: bench\nservices:"
  for (i = 0; i < count; i++) {
    k = int(i / 1000)
    a = i % 1000 + 2
    printf "  service-%d:\n    image: nginx\n    networks:\n      lan-%d:\n        ipv4_address: 10.%d.%d.%d\n", i, k, k, int(a / 256), a % 256
  }
  print "networks:"
  for (k = 0; k * 1000 < count; k++)
    printf "  lan-%d:\n    ipam:\n      config:\n        - subnet: 10.%d.0.0/16\n", k, k
}'
