import Diagnostics
import NetworkTypes
import YAMLTree

/// `routes` as an item is read: the fields of one next hop may stand in the route itself.
struct RouteFields {
  var destination: Located<RouteEntry.Destination>?
  var hop: RouteEntry.Hop
  var hops: [RouteEntry.Hop] = []
  var kind: Located<RouteEntry.Kind>?
  var metric: Located<UInt32>?
  var table: Located<UInt32>?
  var source: Located<IPAddress>?
}

extension KeyTable where Target == RouteFields {
  /// An item of `routes` (ip-route(8)).
  static let route = KeyTable(
    "route", "A static route.",
    [
      Key(
        "to", .routeDestination, "Where it leads: default, a block or an address.", .netwright,
        required: true
      ) { $0.destination = $1 },
      Key("via", .address, "The next router.", .netwright) { $0.hop.via = $1 },
      Key("dev", .interfaceName, "The device; found by the next router without it.", .netwright) { $0.hop.device = $1 },
      Key(
        "onlink", .boolean,
        "Whether the next router is on the device's link though no address says so.", .netwright
      ) { $0.hop.isOnLink = $1 },
      Key(
        "metric", .integer(0...Int(UInt32.max)), "The lowest wins; 0 for IPv4 and 1024 for IPv6 without it.",
        .netwright
      ) { $0.metric = $1 },
      Key("table", .table, "The routing table; main without it.", .netwright) { $0.table = $1 },
      Key("type", .choice, "What becomes of a packet; unicast without it.", .netwright) { $0.kind = $1 },
      Key("src", .address, "The source address that the node itself prefers.", .netwright) { $0.source = $1 },
      Key("nexthops", .list(.mapping("next hop")), "Several ways that share the traffic.", .netwright) {
        route, entry, reader in
        for item in reader.list(entry.value) {
          var hop = RouteEntry.Hop(range: item.range)
          reader.read(item, into: &hop, by: .nextHop)
          route.hops.append(hop)
        }
      },
    ])
}

extension KeyTable where Target == RouteEntry.Hop {
  /// An item of a route's `nexthops`.
  static let nextHop = KeyTable(
    "next hop", "One way of a route with several.",
    [
      Key("via", .address, "The next router.", .netwright) { $0.via = $1 },
      Key("dev", .interfaceName, "The device.", .netwright) { $0.device = $1 },
      Key("weight", .integer(1...256), "Its share relative to the others; 1 without it.", .netwright) {
        $0.weight = $1
      },
      Key(
        "onlink", .boolean, "Whether the next router is on the device's link though no address says so.",
        .netwright
      ) { $0.isOnLink = $1 },
    ])
}

extension KeyTable where Target == RuleEntry {
  /// An item of `rules` (ip-rule(8)).
  static let rule = KeyTable(
    "rule", "A policy rule.",
    [
      Key("from", .prefixOrAddress, "Source addresses that match.", .netwright) { $0.from = $1 },
      Key("to", .prefixOrAddress, "Destination addresses that match.", .netwright) { $0.to = $1 },
      Key("iif", .interfaceName, "The device that a packet came in by.", .netwright) { $0.inputDevice = $1 },
      Key("oif", .interfaceName, "The device that a local socket is bound to.", .netwright) { $0.outputDevice = $1 },
      Key("fwmark", .mark, "The packet mark.", .netwright) { $0.mark = $1 },
      Key("family", .family, "The family, where no prefix tells it; both without it.", .netwright) { $0.family = $1 },
      Key("table", .table, "The table that is looked up.", .netwright) { $0.table = $1 },
      Key(
        "priority", .integer(0...Int(UInt32.max)),
        "Its place, the lowest first; the next from 1000 on without it.",
        .netwright
      ) { $0.priority = $1 },
      Key("type", .choice, "What a match leads to; lookup without it.", .netwright) { $0.kind = $1 },
    ])
}

extension Reader {
  /// `routes`.
  mutating func routes(_ node: YAMLNode) -> [RouteEntry] {
    list(node).compactMap { item in
      var fields = RouteFields(hop: RouteEntry.Hop(range: item.range))
      read(item, into: &fields, by: .route)
      guard let destination = fields.destination else { return nil }
      var route = RouteEntry(range: item.range, destination: destination)
      let hop = fields.hop
      if let place = hop.via?.range ?? hop.device?.range {
        if fields.hops.isEmpty {
          route.hops = [hop]
        } else {
          report(
            .invalidValue(
              "`nexthops` has the route's ways, and so has the route", at: place, help: "move it into nexthops"))
        }
      }
      route.hops += fields.hops
      // What was written of its ways couldn't be read, and has been reported.
      if route.hops.isEmpty, Self.saysWay(item) { return nil }
      route.kind = fields.kind
      route.metric = fields.metric
      route.table = fields.table
      route.source = fields.source
      checkLength(of: route)
      return route
    }
  }

  /// Reports the first next hop that `ip` has no room for.
  ///
  /// `ip -batch` splits a line into fewer than 512 words (iproute2, lib/utils.c: makeargs), and puts a route into a
  /// message of 4096 bytes (ip/iproute.c: iproute_modify).
  private mutating func checkLength(of route: RouteEntry) {
    guard route.hops.count > 1 else { return }
    let addressBytes =
      switch route.family {
      case .ipv4: 4
      case .ipv6: 16
      }
    // `route add TO`; struct nlmsghdr and rtmsg, and the attributes RTA_DST and RTA_MULTIPATH, whose headers have 4.
    var words = 3
    var bytes = 16 + 12 + 4 + addressBytes + 4
    for isThere in [route.metric != nil, route.table != nil] where isThere {
      words += 2
      bytes += 4 + 4
    }
    if route.source != nil {
      words += 2
      bytes += 4 + addressBytes
    }
    for (index, hop) in route.hops.enumerated() {
      words += 1 + (hop.via == nil ? 0 : 2) + (hop.device == nil ? 0 : 2) + ((hop.weight?.value ?? 1) == 1 ? 0 : 2)
      words += hop.isOnLink?.value == true ? 1 : 0
      // struct rtnexthop, and RTA_GATEWAY.
      bytes += 8 + (hop.via == nil ? 0 : 4 + addressBytes)
      guard words < 512, bytes <= 4096 else {
        report(
          .invalidValue(
            "a route has more next hops than `ip` has room for: \(index) of \(route.hops.count) fit", at: hop.range,
            help: "take this next hop and those after it out"))
        return
      }
    }
  }

  private static func saysWay(_ item: YAMLNode) -> Bool {
    guard case .mapping(let mapping) = item.content else { return false }
    return mapping.entries.contains { ["via", "dev"].contains($0.key.value) }
  }

  /// `rules`.
  mutating func rules(_ node: YAMLNode) -> [RuleEntry] {
    list(node).map { item in
      var rule = RuleEntry(range: item.range)
      read(item, into: &rule, by: .rule)
      if rule.table == nil, rule.kind == nil || rule.kind?.value == .lookup {
        report(.missingKey("table", in: "rule", item.range))
      }
      return rule
    }
  }
}
