#!/bin/sh
# Runs a command in network, mount and process namespaces of its own, with an empty /run and an /etc of which nothing that
# is written reaches the machine's: sandbox.sh SECONDS COMMAND [ARGUMENT]...
#
# The command and all that it started are killed after SECONDS.
set -eu

seconds=$1
shift
# shellcheck disable=SC2016  # for the shell in the sandbox
set -- timeout -s KILL "$seconds" unshare --net --mount --pid --fork --kill-child --mount-proc sh -euc '
  mount -t tmpfs tmpfs /run
  mount -t sysfs sysfs /sys
  mkdir /run/overlay
  mount -t tmpfs tmpfs /run/overlay
  mkdir /run/overlay/upper /run/overlay/work
  mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/overlay/upper,workdir=/run/overlay/work /etc
  NETWRIGHT_SANDBOX=1 PATH=$PATH:/usr/sbin:/sbin exec "$@"' sandbox "$@"
if [ "$(id -u)" != 0 ]; then
  # unshare is the fourth word after timeout's own.
  shift 5
  set -- timeout -s KILL "$seconds" unshare --user --map-root-user "$@"
fi
exec "$@"
