/// What tells, in a sandbox, who reaches whom and as whom.
enum Reach {
  /// Shell functions.
  ///
  /// `beyond`: gives the host an uplink eth0 and a machine `outside` at its other end, which sends everything by way of
  /// the host. `listen_everywhere`: something listens on ports 80 and 81, and on 53 of UDP, in every namespace but the
  /// host's. `answers WHAT FILE`: each line `WHO TARGET PORT -> OUTCOME` of the file comes out so.
  static let functions = #"""
    # beyond OWN4 OUTSIDE4 OWN6 OUTSIDE6
    beyond() {
      ip link set lo up
      ip netns add outside
      ip link add eth0 type veth peer name eth0 netns outside
      ip -n outside link set lo up
      ip link set eth0 addrgenmode none
      ip -n outside link set eth0 addrgenmode none
      ip address add "$1" dev eth0
      ip address add "$3" dev eth0 nodad
      ip -n outside address add "$2" dev eth0
      ip -n outside address add "$4" dev eth0 nodad
      ip link set eth0 up
      ip -n outside link set eth0 up
      sleep 0.3
      ip route add default via "${2%/*}"
      ip -6 route add default via "${4%/*}"
      ip -n outside route add default via "${1%/*}"
      ip -n outside -6 route add default via "${3%/*}"
    }
    in_space() {
      if [ "$1" = host ]; then shift; "$@"; else ip netns exec "$@"; fi
    }
    listeners=
    listen_everywhere() {
      local space
      rm -rf listening && mkdir listening
      for space in $(ls /run/netns); do
        ip netns exec "$space" python3 reach.py listen "listening/$space" &
        listeners="$listeners $!"
      done
      for space in $(ls /run/netns); do awaits [ -e "listening/$space" ]; done
    }
    stop_listening() {
      kill $listeners
      wait $listeners 2>/dev/null
      listeners=
    }
    answers() {
      local who target port arrow outcome number=0
      mkdir -p outcomes
      # Those that wait for an answer which never comes wait together.
      while read -r who target port arrow outcome; do
        number=$((number + 1))
        in_space "$who" python3 reach.py try "$target" "$port" >"outcomes/$number" </dev/null &
        if [ $((number % 8)) = 0 ]; then wait $(jobs -p | grep -v -x -F "$(printf '%s\n' $listeners)"); fi
      done <"$2"
      wait $(jobs -p | grep -v -x -F "$(printf '%s\n' $listeners)")
      number=0
      while read -r who target port arrow outcome; do
        number=$((number + 1))
        same "$1: $who to $target $port" "$outcome" "$(cat "outcomes/$number")"
      done <"$2"
    }

    """#

  /// A listener that tells who asks, and somebody who asks.
  static let program = #"""
    import socket, sys, threading, time

    def tcp(family, address, port):
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((address, port))
        listener.listen(16)
        def serve():
            while True:
                connection, peer = listener.accept()
                connection.sendall(peer[0].encode())
                connection.close()
        threading.Thread(target=serve, daemon=True).start()

    def udp(port):
        listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        listener.bind(("0.0.0.0", port))
        def serve():
            while True:
                _, peer = listener.recvfrom(100)
                listener.sendto(peer[0].encode(), peer)
        threading.Thread(target=serve, daemon=True).start()

    # Makes a file as soon as it listens.
    def listen(ready):
        for port in (80, 81):
            tcp(socket.AF_INET, "0.0.0.0", port)
            tcp(socket.AF_INET6, "::", port)
        udp(53)
        open(ready, "w").close()
        time.sleep(290)

    def attempt(target, port):
        number, _, protocol = port.partition("/")
        family = socket.AF_INET6 if ":" in target else socket.AF_INET
        kind = socket.SOCK_DGRAM if protocol == "udp" else socket.SOCK_STREAM
        with socket.socket(family, kind) as connection:
            connection.settimeout(2.5)
            try:
                connection.connect((target, int(number)))
                if protocol == "udp":
                    connection.send(b"?")
                return "ok " + connection.recv(100).decode()
            except socket.timeout:
                return "timeout"
            except ConnectionRefusedError:
                return "refused"
            except OSError as error:
                return error.strerror

    if sys.argv[1] == "listen":
        listen(sys.argv[2])
    else:
        print(attempt(sys.argv[2], sys.argv[3]))

    """#
}
