package import NetworkTypes

/// A network namespace: devices, addresses, routes, neighbors and sockets apart from all others (struct net).
package struct Namespace: Sendable {
  /// Which one it is.
  package let id: NamespaceID
  /// Its name under /run/netns; nil for the host's.
  package let name: NamespaceName?
  /// Its devices by name.
  package internal(set) var devices: [InterfaceName: DeviceID] = [:]
  /// The number that the next device gets.
  var nextNumber = 1
  /// The IPv4 routing tables by number.
  package internal(set) var ipv4Tables = RouteTables()
  /// Where its local IPv4 routes have led, of whatever table.
  var localPrefixes = IPv4PrefixFilter()
  /// The IPv6 routing tables by number.
  package internal(set) var ipv6Tables = RouteTables()
  /// The policy rules, lowest priority number first.
  package internal(set) var rules = RoutingRules()
  /// What is known of the machines on its links.
  package internal(set) var neighbors: [NeighborKey: Neighbor] = [:]
  /// What was learned of single destinations by the way that leads there: smaller MTUs, better routers.
  package internal(set) var exceptions: [RouteExceptionKey: RouteException] = [:]
  /// What applies to all devices, and what new ones begin with.
  var ipv4All = IPv4Settings()
  var ipv4Default = IPv4Settings()
  var ipv6All = IPv6Settings()
  var ipv6Default = IPv6Settings()
  /// Parameters beside those of devices that are modelled.
  var stack = StackSettings()
  /// Parameters that were written and that nothing here goes by, by key.
  package internal(set) var otherParameters: [SysctlKey: String] = [:]
  /// The files below /etc/netns/NAME.
  package internal(set) var files: [String: [String]] = [:]
  /// Whoever waits for packets.
  var sockets: Sockets
  /// Parts of packets that wait for the others.
  var reassembly: [ReassemblyKey: Reassembly] = [:]
  /// Its rules, and the connections that they know.
  package internal(set) var netfilter = Netfilter()
  /// How many errors may still be sent, by receiver.
  var errorAllowances: [IPAddress: ErrorAllowance] = [:]
  /// The identification of the next packet (RFC 791 §3.1).
  var nextIdentification: UInt32 = 1
  /// Whether it is gone.
  package internal(set) var isRemoved = false

  init(id: NamespaceID, name: NamespaceName?) {
    self.id = id
    self.name = name
    sockets = Sockets(in: id)
  }

  /// The routing tables of a family.
  package internal(set) subscript(family: AddressFamily) -> RouteTables {
    get { family == .ipv4 ? ipv4Tables : ipv6Tables }
    _modify {
      if family == .ipv4 { yield &ipv4Tables } else { yield &ipv6Tables }
    }
  }
}

/// The parameters of ICMP, IP and TCP that are modelled beside those of devices (ip-sysctl.rst).
struct StackSettings: Hashable, Sendable {
  var ignoresEcho = 0
  var ignoresBroadcastEcho = 1
  var ignoresEchoIPv6 = 0
  var ignoresMulticastEcho = 0
  var ignoresAnycastEcho = 0
  var usesInboundAddress = 0
  /// Whether echo replies are sent from the address of a network's routers.
  var answersFromAnycast = 0
  /// Whether no path's MTU is looked for, and what is believed then (ip_no_pmtu_disc).
  var forgoesDiscovery = 0
  /// Whether what is forwarded goes by what was learned of a path's MTU, too.
  var forwardsByPathMTU = 0
  /// The least that is believed of an IPv4 path (ip_rt_min_pmtu).
  var leastPathMTU = 552
  var defaultTTL = 64
  /// Whether bridges have their packets pass the rules of IPv4, of IPv6 (br_netfilter); off where that isn't loaded.
  var bridgesCallIPv4 = 0
  var bridgesCallIPv6 = 0
  var fibMultipathHashPolicy = 0
  /// Between one error and the next to one host, in milliseconds; 0 for no limit.
  var errorInterval = 1000
  /// The same of ICMPv6, towards a single address; a quarter of it to a network of 64 bits.
  var errorIntervalIPv6 = 100
  /// The types of messages that the limit holds for, a bit each.
  var limitedTypes = 0x1818
  /// How often a connection is asked for again each second, and how often after that (`ConnectionAttempts`).
  var linearAttempts = 4
  var attempts = 6

  /// Those that are modelled, by their names.
  private static let paths: [String: any WritableKeyPath<Self, Int> & Sendable] = [
    "net.bridge.bridge-nf-call-ip6tables": \.bridgesCallIPv6,
    "net.bridge.bridge-nf-call-iptables": \.bridgesCallIPv4,
    "net.ipv4.fib_multipath_hash_policy": \.fibMultipathHashPolicy,
    "net.ipv4.icmp_echo_ignore_all": \.ignoresEcho,
    "net.ipv4.icmp_echo_ignore_broadcasts": \.ignoresBroadcastEcho,
    "net.ipv4.icmp_errors_use_inbound_ifaddr": \.usesInboundAddress,
    "net.ipv4.icmp_ratelimit": \.errorInterval,
    "net.ipv4.icmp_ratemask": \.limitedTypes,
    "net.ipv4.ip_default_ttl": \.defaultTTL,
    "net.ipv4.ip_forward_use_pmtu": \.forwardsByPathMTU,
    "net.ipv4.ip_no_pmtu_disc": \.forgoesDiscovery,
    "net.ipv4.route.min_pmtu": \.leastPathMTU,
    "net.ipv4.tcp_syn_linear_timeouts": \.linearAttempts,
    "net.ipv4.tcp_syn_retries": \.attempts,
    "net.ipv6.anycast_src_echo_reply": \.answersFromAnycast,
    "net.ipv6.icmp.echo_ignore_all": \.ignoresEchoIPv6,
    "net.ipv6.icmp.echo_ignore_anycast": \.ignoresAnycastEcho,
    "net.ipv6.icmp.echo_ignore_multicast": \.ignoresMulticastEcho,
    "net.ipv6.icmp.ratelimit": \.errorIntervalIPv6,
  ]

  /// The names of those that are modelled, sorted.
  static let names = paths.keys.sorted()

  subscript(name: String) -> Int? {
    get { Self.paths[name].map { self[keyPath: $0] } }
    set {
      guard let path = Self.paths[name], let newValue else { return }
      self[keyPath: path] = newValue
    }
  }
}
