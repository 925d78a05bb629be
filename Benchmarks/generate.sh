#!/bin/sh
# Prints a compose file of N services on one network, each with a static address.
set -eu
awk -v count="$1" 'BEGIN {
  print "name: bench\nservices:"
  for (i = 0; i < count; i++) {
    a = i + 2
    printf "  service-%d:\n    image: nginx\n    networks:\n      lan:\n        ipv4_address: 10.%d.%d.%d\n", i, int(a / 65536), int(a / 256) % 256, a % 256
  }
  print "networks:\n  lan:\n    ipam:\n      config:\n        - subnet: 10.0.0.0/8"
}'
