package import NetworkTypes

/// What a route does with a packet (rtm_type, rtnetlink(7)).
package enum RouteType: String, Hashable, Codable, Sendable {
  /// Sends it on.
  case unicast
  /// Takes it in.
  case local
  /// Takes it in as a broadcast.
  case broadcast
  /// Sends it to a group.
  case multicast
  /// Takes it in as one of several (IPv6 subnet router).
  case anycast
  /// Drops it in silence.
  case blackhole
  /// Answers that the host can't be reached.
  case unreachable
  /// Answers that it is forbidden.
  case prohibit
}

/// How far away a destination is (rtm_scope).
package enum RouteScope: UInt8, Hashable, Comparable, Codable, Sendable {
  case global = 0
  case link = 253
  case host = 254

  /// Orders the farthest first, as the kernel's numbers do.
  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// The word that ip(8) prints.
  package var name: String {
    switch self {
    case .global: "global"
    case .link: "link"
    case .host: "host"
    }
  }
}

/// Who made a route (rtm_protocol).
package enum RouteProtocol: String, Hashable, Codable, Sendable {
  /// The kernel, for an address.
  case kernel
  /// `ip route add`.
  case boot
  /// A redirect.
  case redirect
}

/// A route as a table has it (struct fib_info, struct fib6_info).
package struct TableRoute: Hashable, Sendable {
  /// One way of a route.
  package struct Hop: Hashable, Sendable {
    /// The next router; nil for a destination on the link.
    package var gateway: IPAddress?
    /// The device.
    package var device: DeviceID
    /// The share relative to the other ways.
    package var weight = 1
    /// Whether the gateway is taken to be on the link.
    package var isOnLink = false
    /// Whether the gateway is the machine's own address: the destination is asked for on the link then
    /// (fib_nh_common.nhc_scope RT_SCOPE_HOST).
    package var isToItself = false
    /// Whether its device went down and the others' didn't: it isn't taken until that is up again (RTNH_F_DEAD).
    package var isDead = false

    /// The router that packets are handed to; nil where it is the destination itself.
    var router: IPAddress? { isToItself ? nil : gateway }
  }

  /// Where packets go that it is for.
  package var destination: IPPrefix
  /// What it does with them.
  package var type: RouteType
  /// How far away the destination is.
  package var scope: RouteScope
  /// Who made it.
  package var origin: RouteProtocol
  /// The metric: lower first.
  package var metric: UInt32
  /// The source address for the host's own packets.
  package var source: IPAddress?
  /// The ways; empty where packets are dropped.
  package var hops: [Hop]

  /// The ways that aren't dead; all, if none is left.
  package var livingHops: [Hop] {
    let living = hops.filter { !$0.isDead }
    return living.isEmpty ? hops : living
  }
}

/// A routing table: the longest prefix wins, then the lowest metric.
package struct RouteTable: Sendable {
  /// The routes of one prefix length.
  ///
  /// Sorted arrays and a binary search: most tables have a handful of routes, for which hashing takes longer.
  private struct Level: Sendable {
    let length: Int
    let mask: UInt128
    /// The networks in order, and the routes to each, lowest metric first.
    var networks: [UInt128] = []
    var routes: [[TableRoute]] = []

    /// The first place whose network isn't below a given one.
    func place(of network: UInt128) -> Int {
      var (low, high) = (0, networks.count)
      while low < high {
        let middle = (low + high) / 2
        if networks[middle] < network { low = middle + 1 } else { high = middle }
      }
      return low
    }

    /// The place of a network; nil where there is no route to it.
    func index(of network: UInt128) -> Int? {
      let place = place(of: network)
      return place < networks.count && networks[place] == network ? place : nil
    }
  }

  /// The routes by prefix length, longest first.
  private var levels: [Level] = []
  private let width: Int

  /// Creates an empty table.
  package init(_ family: AddressFamily) { width = family.bitWidth }

  /// Every route in the order in which the kernel lists them, those of one prefix by metric.
  ///
  /// The trie of IPv4 is walked by address, the longer prefix first among those that begin alike (fib_trie.c:
  /// fn_trie_dump_leaf); that of IPv6 with what is within a prefix before it (ip6_fib.c: fib6_walk).
  package var routes: [TableRoute] {
    levels.flatMap { $0.routes.joined() }.sorted { left, right in
      let (one, other) = (left.destination, right.destination)
      if one == other { return left.metric < right.metric }
      if one.network == other.network || width == 128 && one.overlaps(other) { return one.length > other.length }
      return one.network < other.network
    }
  }

  /// Whether there is no route.
  package var isEmpty: Bool { levels.allSatisfy(\.routes.isEmpty) }

  /// The routes to exactly one prefix, lowest metric first.
  package func routes(to prefix: IPPrefix) -> [TableRoute] {
    guard let level = levels.first(where: { $0.length == prefix.length }) else { return [] }
    return level.index(of: prefix.network.bits).map { level.routes[$0] } ?? []
  }

  /// Whether there is a route that differs in nothing by which the kernel tells routes apart.
  ///
  /// There may be thousands to one prefix, such as fe80::/64; the newest is the likeliest.
  func has(_ route: TableRoute) -> Bool {
    guard let level = levels.firstIndex(where: { $0.length == route.destination.length }),
      let index = levels[level].index(of: route.destination.network.bits)
    else { return false }
    let device = route.hops.first?.device
    for place in levels[level].routes[index].indices.reversed()
    where levels[level].routes[index][place].hops.first?.device == device {
      let other = levels[level].routes[index][place]
      if other.hops == route.hops, other.type == route.type, other.metric == route.metric { return true }
    }
    return false
  }

  /// Adds a route after those of its prefix with a metric not above its own.
  mutating func add(_ route: TableRoute) {
    let length = route.destination.length
    let place = levels.firstIndex { $0.length <= length } ?? levels.endIndex
    if place == levels.endIndex || levels[place].length != length {
      let all: UInt128 = width == 32 ? 0xffff_ffff : .max
      levels.insert(Level(length: length, mask: length == 0 ? 0 : all & (all << UInt128(width - length))), at: place)
    }
    let network = route.destination.network.bits
    let index = levels[place].place(of: network)
    if index == levels[place].networks.count || levels[place].networks[index] != network {
      levels[place].networks.insert(network, at: index)
      levels[place].routes.insert([route], at: index)
    } else {
      // Most are the last: devices come in the order in which they are numbered.
      var after = levels[place].routes[index].endIndex
      while after > 0, levels[place].routes[index][after - 1].metric > route.metric { after -= 1 }
      levels[place].routes[index].insert(route, at: after)
    }
  }

  /// Changes or removes routes.
  mutating func rewrite(_ change: (TableRoute) -> TableRoute?) {
    for index in levels.indices {
      var rest = Level(length: levels[index].length, mask: levels[index].mask)
      for (network, routes) in zip(levels[index].networks, levels[index].routes) {
        let kept = routes.compactMap(change)
        guard !kept.isEmpty else { continue }
        rest.networks.append(network)
        rest.routes.append(kept)
      }
      levels[index] = rest
    }
  }

  /// The first route, by the rules of the table, that is taken.
  ///
  /// - Parameters:
  ///   - address: the destination's bits.
  ///   - isTaken: whether a route with a matching prefix is the one.
  /// - Returns: the route; nil where none is taken.
  func first(_ address: UInt128, where isTaken: (TableRoute) -> Bool) -> TableRoute? {
    for level in levels {
      guard let index = level.index(of: address & level.mask) else { continue }
      for route in level.routes[index] where isTaken(route) { return route }
    }
    return nil
  }
}
