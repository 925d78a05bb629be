extension RuntimeText {
  /// What is said before a network is built whose subnets the machine reaches already.
  static let subnets = #"""
    # Says which of the network's subnets lead elsewhere here: another network's, perhaps, that was given the same ones. No
    # reason to refuse: what the host doesn't send there itself, nor translates, isn't disturbed.
    look_at_subnets() {
      {
        subnets cat
        echo routes
        ip route show
        if [ -n "$has_ipv6" ]; then ip -6 route show; fi
      } 2>/dev/null | awk '
        $1 == "routes" { routes = 1; next }
        !routes { own[$1] = 1; next }
        $1 in own {
          device = "elsewhere"
          for (i = 2; i < NF; i++) if ($i == "dev") device = "by " $(i + 1)
          print $1, device
        }' | while read -r subnet way; do
        warn "$subnet is routed $way here already: what this machine sends there goes one way or the other"
      done
    }
    """#
}
