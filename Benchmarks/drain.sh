#!/bin/sh
# Takes a sandbox's namespaces away and waits until the kernel has done so: it does that in the background, and whatever
# is measured next would share its locks.
set -eu

for name in /run/netns/*; do
  [ -e "$name" ] || continue
  umount "$name" && rm -f "$name"
done
# A veth goes with its peer, so the last one here says that the last namespace is gone.
tries=0
while [ -n "$(ip -o link show type veth)" ]; do
  tries=$((tries + 1))
  [ "$tries" -le 150 ] || exit 1
  sleep 0.2
done
