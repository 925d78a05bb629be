import NetworkTypes

/// The IPv4 parameters of a device, of new devices (`default`) or of all (`all`): net.ipv4.conf.*
/// (Documentation/networking/ip-sysctl.rst).
struct IPv4Settings: Hashable, Sendable {
  var forwarding = 0
  var reversePathFilter = 0
  var ignoreARP = 0
  var announceARP = 0
  var filterARP = 0
  var proxyARP = 0
  var acceptARP = 0
  var acceptRedirects = 1
  var sendRedirects = 1
  var routeLocalnet = 0
  var acceptLocal = 0
  var ignoreRoutesWithLinkdown = 0
  var proxyARPPrivateVLAN = 0
  var sharedMedia = 1
  /// Which ones somebody wrote, by their places in `names`: new devices take the marks of `default` along, too
  /// (struct ipv4_devconf).
  private var written: UInt32 = 0

  /// The names of those that are modelled, sorted.
  static let names = [
    "accept_local", "accept_redirects", "arp_accept", "arp_announce", "arp_filter", "arp_ignore", "forwarding",
    "ignore_routes_with_linkdown", "proxy_arp", "proxy_arp_pvlan", "route_localnet", "rp_filter", "send_redirects",
    "shared_media",
  ]

  /// The parameter of a name; nil if it isn't modelled.
  subscript(name: Substring) -> Int? {
    get { Self.path(name).map { self[keyPath: $0] } }
    set {
      guard let path = Self.path(name), let newValue else { return }
      self[keyPath: path] = newValue
    }
  }

  /// Takes what somebody wrote to a parameter that is modelled, and keeps that it was written.
  mutating func write(_ value: Int, to name: Substring) {
    self[name] = value
    written |= Self.mark(name)
  }

  /// Takes the value that was written for new devices, unless a parameter was given its own (devinet_copy_dflt_conf).
  ///
  /// Two don't follow: `forwarding` and `route_localnet` (devinet_sysctl_forward, ipv4_doint_and_flush).
  mutating func follow(_ value: Int, of name: Substring) {
    guard name != "forwarding", name != "route_localnet", written & Self.mark(name) == 0 else { return }
    self[name] = value
  }

  private static func mark(_ name: Substring) -> UInt32 {
    names.firstIndex { $0 == name }.map { 1 << UInt32($0) } ?? 0
  }

  private static func path(_ name: Substring) -> WritableKeyPath<Self, Int>? {
    switch name {
    case "forwarding": \.forwarding
    case "rp_filter": \.reversePathFilter
    case "arp_ignore": \.ignoreARP
    case "arp_announce": \.announceARP
    case "arp_filter": \.filterARP
    case "proxy_arp": \.proxyARP
    case "arp_accept": \.acceptARP
    case "accept_redirects": \.acceptRedirects
    case "send_redirects": \.sendRedirects
    case "route_localnet": \.routeLocalnet
    case "accept_local": \.acceptLocal
    case "ignore_routes_with_linkdown": \.ignoreRoutesWithLinkdown
    case "proxy_arp_pvlan": \.proxyARPPrivateVLAN
    case "shared_media": \.sharedMedia
    default: nil
    }
  }
}

/// The IPv6 parameters of a device, of new devices (`default`) or of all (`all`): net.ipv6.conf.*.
struct IPv6Settings: Hashable, Sendable {
  var forwarding = 0
  var isDisabled = 0
  var acceptRedirects = 1
  var hopLimit = 64
  var acceptDetection = 1
  var acceptAdvertisements = 1
  var proxyNeighbors = 0
  /// How a link-local address is made (IN6_ADDR_GEN_MODE_EUI64 and so on).
  var generationMode = 0
  /// How often routers are asked for; without limit below 0.
  var routerSolicitations = -1
  /// Whether what comes in is forwarded though the machine doesn't forward.
  var forcesForwarding = 0
  /// Whether only the addresses of the device that a packet leaves by are its source.
  var usesOutputAddressesOnly = 0

  /// Whether a device makes itself a link-local address: not of a secret that nobody gave (addrconf_addr_gen).
  var makesLinkLocalAddress: Bool { generationMode == 0 || generationMode == 3 }

  /// The names of those that are modelled, sorted.
  static let names = [
    "accept_dad", "accept_ra", "accept_redirects", "addr_gen_mode", "disable_ipv6", "forwarding", "hop_limit",
    "proxy_ndp", "router_solicitations", "use_oif_addrs_only",
  ]

  /// The parameter of a name; nil if it isn't modelled.
  subscript(name: Substring) -> Int? {
    get { Self.path(name).map { self[keyPath: $0] } }
    set {
      guard let path = Self.path(name), let newValue else { return }
      self[keyPath: path] = newValue
    }
  }

  private static func path(_ name: Substring) -> WritableKeyPath<Self, Int>? {
    switch name {
    case "forwarding": \.forwarding
    case "disable_ipv6": \.isDisabled
    case "accept_redirects": \.acceptRedirects
    case "hop_limit": \.hopLimit
    case "accept_dad": \.acceptDetection
    case "accept_ra": \.acceptAdvertisements
    case "proxy_ndp": \.proxyNeighbors
    case "addr_gen_mode": \.generationMode
    case "router_solicitations": \.routerSolicitations
    // Not in `names`: older kernels don't list it.
    case "force_forwarding": \.forcesForwarding
    case "use_oif_addrs_only": \.usesOutputAddressesOnly
    default: nil
    }
  }
}

/// How a device asks for neighbors of a family, as far as that can be set: net.ipv4.neigh.NAME, net.ipv6.neigh.NAME
/// (arp(7)).
struct NeighborSettings: Hashable, Sendable {
  /// Between one request and the next, in milliseconds (retrans_time_ms).
  var requestInterval = 1000

  /// The names of those that are modelled.
  static let names = ["retrans_time_ms"]

  /// The parameter of a name; nil if it isn't modelled.
  subscript(name: Substring) -> Int? {
    get { name == "retrans_time_ms" ? requestInterval : nil }
    set {
      if name == "retrans_time_ms", let newValue { requestInterval = newValue }
    }
  }

  /// How long the machine waits for an answer before it asks again: a tick at least (neigh_timer_handler).
  var wait: TimeSpan { .milliseconds(UInt64(max(10, requestInterval))) }
}
