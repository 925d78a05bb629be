package import NetworkTypes
package import Simulator

/// What can be looked at on a simulated machine, each in the format of the program that shows it.
package enum View: Hashable, Sendable {
  /// `ip address`
  case addresses
  /// `ip link`
  case links
  /// `ip route`, of one table or all, of one family or both.
  case routes(AddressFamily?, RouteTableSelection)
  /// `ip rule`
  case rules(AddressFamily)
  /// `ip neighbor`
  case neighbors
  /// `bridge link`
  case bridgeLinks
  /// `bridge fdb`
  case forwardingDatabase
  /// `bridge vlan`
  case bridgeVLANs
  /// `brctl show`
  case bridges
  /// `route -n`
  case routeTable
  /// /sys/class/net/*/iflink
  case peerNumbers
  /// `sysctl KEY`
  case parameter(SysctlKey)
  /// `nft list ruleset`
  case nftables
  /// `conntrack -L`
  case connections
}

/// Which routing tables are shown.
package enum RouteTableSelection: Hashable, Sendable {
  /// The main one.
  case main
  /// One by its number.
  case one(UInt32)
  /// All.
  case all
}

extension View {
  /// Reads the words of a command line: those of the program, as short as it takes them.
  ///
  /// - Parameter words: the words, `ip -6 route show table all` for instance.
  package init?(words: [String]) {
    var words = words[...]
    var family: AddressFamily?
    let program = words.popFirst()
    while let flag = words.first, ["-4", "-6"].contains(flag) {
      family = flag == "-4" ? .ipv4 : .ipv6
      words.removeFirst()
    }
    guard let program else { return nil }
    switch program {
    case "ip":
      guard let view = View.ip(words, family) else { return nil }
      self = view
    case "bridge":
      guard let object = words.popFirst(), words.first.map({ isShort($0, of: "show") }) ?? true, words.count < 2 else {
        return nil
      }
      if isShort(object, of: "link") {
        self = .bridgeLinks
      } else if isShort(object, of: "fdb") {
        self = .forwardingDatabase
      } else if isShort(object, of: "vlan") {
        self = .bridgeVLANs
      } else {
        return nil
      }
    case "brctl":
      guard words.isEmpty || words == ["show"] else { return nil }
      self = .bridges
    case "route":
      guard words.isEmpty || words == ["-n"] else { return nil }
      self = .routeTable
    case "iflink":
      guard words.isEmpty else { return nil }
      self = .peerNumbers
    case "sysctl":
      guard words.count == 1, let key = words.first.flatMap({ SysctlKey($0) }) else { return nil }
      self = .parameter(key)
    case "nft":
      guard words.isEmpty || words == ["list", "ruleset"] else { return nil }
      self = .nftables
    case "conntrack":
      guard words.isEmpty || words == ["-L"] else { return nil }
      self = .connections
    default: return nil
    }
  }

  private static func ip(_ words: ArraySlice<String>, _ family: AddressFamily?) -> View? {
    var words = words
    guard let object = words.popFirst() else { return nil }
    if let verb = words.first, ["show", "list", "ls"].contains(verb) || isShort(verb, of: "show") {
      words.removeFirst()
    }
    if isShort(object, of: "route") {
      guard !words.isEmpty else { return .routes(family ?? .ipv4, .main) }
      guard words.count == 2, words.popFirst() == "table", let table = words.first else { return nil }
      switch table {
      case "all": return .routes(family, .all)
      case "main": return .routes(family ?? .ipv4, .main)
      case "local": return .routes(family ?? .ipv4, .one(RouteTableNumber.local))
      case "default": return .routes(family ?? .ipv4, .one(RouteTableNumber.default))
      default: return UInt32(table).map { .routes(family ?? .ipv4, .one($0)) }
      }
    }
    guard words.isEmpty else { return nil }
    if isShort(object, of: "address") { return .addresses }
    if isShort(object, of: "link") { return .links }
    if object == "rule" || object == "ru" { return .rules(family ?? .ipv4) }
    if isShort(object, of: "neighbor") || isShort(object, of: "neighbour") { return .neighbors }
    return nil
  }

  /// What the program would print.
  ///
  /// - Parameters:
  ///   - namespace: where it is run.
  ///   - kernel: the machine.
  /// - Returns: the lines, each ended.
  package func text(of namespace: NamespaceID, in kernel: Kernel) -> String {
    switch self {
    case .addresses: linksText(of: namespace, in: kernel, withAddresses: true)
    case .links: linksText(of: namespace, in: kernel, withAddresses: false)
    case .routes(let family, let tables): routesText(of: namespace, in: kernel, family, tables)
    case .rules(let family): rulesText(of: namespace, in: kernel, family)
    case .neighbors: neighborsText(of: namespace, in: kernel)
    case .bridgeLinks: bridgeLinksText(of: namespace, in: kernel)
    case .forwardingDatabase: forwardingText(of: namespace, in: kernel)
    case .bridgeVLANs: bridgeVLANsText(of: namespace, in: kernel)
    case .bridges: bridgesText(of: namespace, in: kernel)
    case .routeTable: routeTableText(of: namespace, in: kernel)
    case .peerNumbers: peerNumbersText(of: namespace, in: kernel)
    case .parameter(let key): parameterText(key, of: namespace, in: kernel)
    case .nftables: nftablesText(of: namespace, in: kernel)
    case .connections: connectionsText(of: namespace, in: kernel)
    }
  }
}

/// Whether a word is a beginning of another, as ip(8) takes them.
private func isShort(_ word: String, of whole: String) -> Bool { !word.isEmpty && whole.hasPrefix(word) }
