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
        "to", \.destination, .routeDestination, "Where it leads: default, a block or an address.", .netwright,
        required: true),
      Key("via", \.hop.via, .address, "The next router.", .netwright),
      Key("dev", \.hop.device, .interfaceName, "The device; found by the next router without it.", .netwright),
      Key(
        "onlink", \.hop.isOnLink, .boolean,
        "Whether the next router is on the device's link though no address says so.", .netwright),
      Key(
        "metric", \.metric, .integer(0...Int(UInt32.max)), "The lowest wins; 0 for IPv4 and 1024 for IPv6 without it.",
        .netwright),
      Key("table", \.table, .table, "The routing table; main without it.", .netwright),
      Key("type", \.kind, .choice, "What becomes of a packet; unicast without it.", .netwright),
      Key("src", \.source, .address, "The source address that the node itself prefers.", .netwright),
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
      Key("via", \.via, .address, "The next router.", .netwright),
      Key("dev", \.device, .interfaceName, "The device.", .netwright),
      Key("weight", \.weight, .integer(1...256), "Its share relative to the others; 1 without it.", .netwright),
      Key(
        "onlink", \.isOnLink, .boolean, "Whether the next router is on the device's link though no address says so.",
        .netwright),
    ])
}

extension KeyTable where Target == RuleEntry {
  /// An item of `rules` (ip-rule(8)).
  static let rule = KeyTable(
    "rule", "A policy rule.",
    [
      Key("from", \.from, .prefixOrAddress, "Source addresses that match.", .netwright),
      Key("to", \.to, .prefixOrAddress, "Destination addresses that match.", .netwright),
      Key("iif", \.inputDevice, .interfaceName, "The device that a packet came in by.", .netwright),
      Key("oif", \.outputDevice, .interfaceName, "The device that a local socket is bound to.", .netwright),
      Key("fwmark", \.mark, .mark, "The packet mark.", .netwright),
      Key("family", \.family, .family, "The family, where no prefix tells it; both without it.", .netwright),
      Key("table", \.table, .table, "The table that is looked up.", .netwright),
      Key(
        "priority", \.priority, .integer(0...Int(UInt32.max)),
        "Its place, the lowest first; the next from 1000 on without it.",
        .netwright),
      Key("type", \.kind, .choice, "What a match leads to; lookup without it.", .netwright),
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
