#!/bin/sh
# one-command-a-line.sh COUNT: prints the commands, one a line, by which tutorials put COUNT containers on a bridge.
#
# They lead to the same network as what Netwright makes of `generate.sh COUNT`, without its names, owners and way back.
set -eu
count=$1
echo 'ip link add lan type bridge'
echo 'ip address add 10.0.0.1/16 dev lan'
echo 'ip link set lan up'
index=0
while [ "$index" -lt "$count" ]; do
  space=service-$index
  address=10.0.$(((index + 2) / 256)).$(((index + 2) % 256))
  cat <<END
ip netns add $space
ip link add v$index type veth peer name p$index
ip link set p$index netns $space
ip link set v$index master lan
ip link set v$index up
ip netns exec $space ip link set p$index name eth0
ip netns exec $space ip link set lo up
ip netns exec $space ip address add $address/16 dev eth0
ip netns exec $space ip link set eth0 up
ip netns exec $space ip route add default via 10.0.0.1
END
  index=$((index + 1))
done
