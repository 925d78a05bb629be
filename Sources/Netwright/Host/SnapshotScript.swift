/// The script that writes down a machine's network state, as `netwright snapshot` runs it.
///
/// It needs a POSIX shell, its usual programs and iproute2, so that it can be sent to a machine without Netwright, and
/// reads only. Where docker(1) is, that is asked for its networks.
public let snapshotScript = #"""
  #!/bin/sh
  # Prints the network state of this machine as one JSON document: devices, addresses, routes, rules, neighbors, bridges
  # and forwarding of every network namespace. It changes nothing. As root it sees all; otherwise what it may.
  LC_ALL=C PATH=$PATH:/usr/sbin:/sbin
  export LC_ALL PATH
  command -v ip >/dev/null || { echo 'snapshot: there is no ip(8) here: install iproute2' >&2; exit 3; }

  # list COMMAND...: the JSON array that a program prints; an empty one where it prints none.
  list() {
    out=$("$@" 2>/dev/null) || out=
    case $out in '['*']') printf '%s' "$out" ;; *) printf '[]' ;; esac
  }

  # The parameters that decide who forwards and who answers.
  parameters() {
    printf 'cd /proc/sys && grep -s . net/ipv4/ip_forward net/ipv4/ip_default_ttl net/ipv4/icmp_echo_ignore_all'
    for key in forwarding rp_filter arp_ignore arp_announce arp_filter proxy_arp send_redirects accept_redirects; do
      printf ' net/ipv4/conf/*/%s' "$key"
    done
    for key in forwarding disable_ipv6 accept_dad accept_ra accept_redirects hop_limit; do
      printf ' net/ipv6/conf/*/%s' "$key"
    done
  }

  # space NAME [COMMAND...]: one namespace; the command runs another in it.
  space() {
    printf '{"name":%s,\n' "$1"
    shift
    printf '"devices":' && list "$@" ip -j -d address show
    printf ',\n"routes":' && list "$@" ip -4 -j route show table all
    printf ',\n"routes6":' && list "$@" ip -6 -j route show table all
    printf ',\n"rules":' && list "$@" ip -4 -j rule show
    printf ',\n"rules6":' && list "$@" ip -6 -j rule show
    printf ',\n"neighbors":' && list "$@" ip -j neighbor show
    printf ',\n"forwarding":' && list "$@" bridge -j fdb show
    printf ',\n"vlans":' && list "$@" bridge -j vlan show
    printf ',\n"sysctls":{'
    # In a key, a dot in a device's name stands as a slash.
    "$@" sh -c "$(parameters)" 2>/dev/null | sed 'y#./#/.#; s/^\([^:]*\):\(.*\)$/"\1":\2/; $!s/$/,/'
    printf '}}'
  }

  # What Docker says of its networks, where it is and answers.
  networks() {
    command -v docker >/dev/null || return 0
    limit=
    if command -v timeout >/dev/null; then limit='timeout 10'; fi
    out=$($limit docker network ls -q --no-trunc 2>/dev/null) || return 0
    [ -n "$out" ] || return 0
    # shellcheck disable=SC2086
    out=$($limit docker network inspect $out 2>/dev/null)
    case $out in '['*']') printf ',\n"docker":%s' "$out" ;; esac
  }

  printf '{"version":1,\n"kernel":"%s",\n"namespaces":[\n' "$(uname -r)"
  space null
  for file in /run/netns/*; do
    name=${file##*/}
    case $name in '*' | *[!A-Za-z0-9._-]*) continue ;; esac
    printf ',\n'
    space "\"$name\"" ip netns exec "$name"
  done
  printf '\n]'
  networks
  printf '}\n'
  """#
