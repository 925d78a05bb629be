#!/bin/sh
# Writes a file of COUNT services spread over NETWORKS networks, and one router between them.
set -eu
count=$1
networks=$2
echo 'name: routed'
echo 'services:'
i=0
while [ "$i" -lt "$count" ]; do
  echo "  service-$i: { networks: [lan-$((i % networks))] }"
  i=$((i + 1))
done
echo 'routers:'
echo '  router:'
echo '    networks:'
i=0
while [ "$i" -lt "$networks" ]; do
  echo "      lan-$i: { ipv4_address: 10.$i.0.1 }"
  i=$((i + 1))
done
echo 'networks:'
i=0
while [ "$i" -lt "$networks" ]; do
  echo "  lan-$i: { ipam: { config: [{ subnet: 10.$i.0.0/16, gateway: 10.$i.0.1 }] } }"
  i=$((i + 1))
done
