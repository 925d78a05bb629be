extension RuntimeText {
  /// What is said before a network is built that may have more neighbors than the machine has room for.
  static let neighbors = #"""
    # Says where the kernel's table of neighbors, one for all namespaces, can become too small. No reason to refuse: in few
    # networks everybody talks to everybody. Only the machine's first namespace shows how large the table is.
    look_at_neighbors() {
      room=$(cat /proc/sys/net/ipv4/neigh/default/gc_thresh3 2>/dev/null) || return 0
      [ "$room" -lt "$neighbors" ] || return 0
      warn "its namespaces can have $neighbors neighbors between them, and this machine keeps $room of all there are:"
      warn "where more talk within a few seconds, packets are lost (\"neighbor table overflow\"); to make room:"
      for family in ipv4 ipv6; do
        warn "  sysctl -w net.$family.neigh.default.gc_thresh3=$neighbors"
      done
    }
    """#
}
