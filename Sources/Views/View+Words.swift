import NetworkTypes
import Plan
import Simulator

extension View {
  /// Reads the words of a command line: those of the program, as short as it takes them.
  ///
  /// - Parameter words: the words, `ip -6 route show table all` for instance.
  package init?(words: [String]) {
    var words = words[...]
    let view: View?
    switch words.popFirst() {
    case "ip": view = View.ip(words)
    case "bridge": view = View.bridge(words)
    case "brctl": view = View.brctl(words)
    case "ifconfig": view = View.ifconfig(words)
    case "route": view = words == ["-n"] ? .routeTable : nil
    case "iflink": view = words.isEmpty ? .peerNumbers : nil
    case "nft": view = words.isEmpty || words == ["list", "ruleset"] ? .nftables : nil
    case "iptables": view = View.iptables(words, .ipv4)
    case "ip6tables": view = View.iptables(words, .ipv6)
    case "iptables-save": view = View.iptablesSave(words, .ipv4)
    case "ip6tables-save": view = View.iptablesSave(words, .ipv6)
    case "conntrack": view = words.isEmpty || words == ["-L"] ? .connections : nil
    case "sysctl": view = View.sysctl(words)
    default: view = nil
    }
    guard let view else { return nil }
    self = view
  }

  private static func ip(_ words: ArraySlice<String>) -> View? {
    var words = words
    var family: AddressFamily?
    var listing = LinkListing()
    var isJSON = false
    while let flag = words.first, flag.hasPrefix("-") {
      words.removeFirst()
      switch flag {
      case "-4": family = .ipv4
      case "-6": family = .ipv6
      case "-j", "-json": isJSON = true
      case "-s", "-stats", "-statistics": listing.withStatistics = true
      case "-br", "-brief": listing.isBrief = true
      default: return nil
      }
    }
    guard let object = words.popFirst() else { return nil }
    if let verb = words.first, ["list", "ls"].contains(verb) || isShort(verb, of: "show") { words.removeFirst() }
    let view: View?
    if isShort(object, of: "route") {
      view = routes(words, family)
    } else if isShort(object, of: "address") || isShort(object, of: "link") {
      listing.withAddresses = isShort(object, of: "address")
      listing.family = listing.withAddresses ? family : nil
      view = links(words, listing)
    } else if isShort(object, of: "rule") {
      view = words.isEmpty ? .rules(family ?? .ipv4) : nil
    } else if isShort(object, of: "neighbour") || isShort(object, of: "neighbor") {
      view = neighbors(words, family)
    } else {
      view = nil
    }
    if listing.withStatistics || listing.isBrief { guard case .links? = view else { return nil } }
    return isJSON ? view.map(View.json) : view
  }

  private static func links(_ words: ArraySlice<String>, _ listing: LinkListing) -> View? {
    var (words, listing) = (words, listing)
    if words.first == "dev" { words.removeFirst() }
    if let word = words.popFirst() {
      guard let name = InterfaceName(word) else { return nil }
      listing.device = name
    }
    return words.isEmpty ? .links(listing) : nil
  }

  private static func neighbors(_ words: ArraySlice<String>, _ family: AddressFamily?) -> View? {
    guard !words.isEmpty else { return .neighbors(family, on: nil) }
    guard words.count == 2, words.first == "dev", let name = words.last.flatMap({ InterfaceName($0) }) else {
      return nil
    }
    return .neighbors(family, on: name)
  }

  private static func routes(_ words: ArraySlice<String>, _ family: AddressFamily?) -> View? {
    guard !words.isEmpty else { return .routes(family ?? .ipv4, .main) }
    guard words.count == 2, words.first == "table", let table = words.last else { return nil }
    switch table {
    case "all": return .routes(family, .all)
    case "main": return .routes(family ?? .ipv4, .main)
    case "local": return .routes(family ?? .ipv4, .one(RouteTableNumber.local))
    case "default": return .routes(family ?? .ipv4, .one(RouteTableNumber.default))
    default: return UInt32(table).map { .routes(family ?? .ipv4, .one($0)) }
    }
  }

  private static func bridge(_ words: ArraySlice<String>) -> View? {
    var words = words
    let isJSON = words.first == "-j" || words.first == "-json"
    if isJSON { words.removeFirst() }
    guard let object = words.popFirst() else { return nil }
    if let verb = words.first, isShort(verb, of: "show") { words.removeFirst() }
    let view: View?
    if isShort(object, of: "fdb") {
      view = forwardingDatabase(words)
    } else if !words.isEmpty {
      view = nil
    } else if isShort(object, of: "link") {
      view = .bridgeLinks
    } else {
      view = isShort(object, of: "vlan") ? .bridgeVLANs : nil
    }
    return isJSON ? view.map(View.json) : view
  }

  private static func forwardingDatabase(_ words: ArraySlice<String>) -> View? {
    var words = words
    var (bridge, device): (InterfaceName?, InterfaceName?) = (nil, nil)
    while let word = words.popFirst() {
      guard let name = words.popFirst().flatMap({ InterfaceName($0) }) else { return nil }
      switch word {
      case "br": bridge = name
      case "dev", "brport": device = name
      default: return nil
      }
    }
    return .forwardingDatabase(bridge: bridge, device: device)
  }

  private static func brctl(_ words: ArraySlice<String>) -> View? {
    if words == ["show"] { return .bridges }
    guard words.count == 2, words.first == "showmacs" else { return nil }
    return words.last.flatMap { InterfaceName($0) }.map(View.hardwareAddresses)
  }

  private static func ifconfig(_ words: ArraySlice<String>) -> View? {
    if words.isEmpty || words == ["-a"] { return .ifconfig(withAll: !words.isEmpty, device: nil) }
    guard words.count == 1, let name = words.first.flatMap({ InterfaceName($0) }) else { return nil }
    return .ifconfig(withAll: false, device: name)
  }

  /// `iptables`, with the options of a listing in any order; without any it is `-nvL`, which is all that is shown.
  private static func iptables(_ words: ArraySlice<String>, _ family: AddressFamily) -> View? {
    var words = words
    var table = IptablesTable.Name.filter
    var withNumbers = false
    var letters: Set<Character> = []
    while let word = words.popFirst() {
      switch word {
      case "-t", "--table":
        guard let name = words.popFirst().flatMap({ IptablesTable.Name(rawValue: $0) }) else { return nil }
        table = name
      case "--line-numbers", "--line": withNumbers = true
      case "--list": letters.insert("L")
      case "--numeric": letters.insert("n")
      case "--verbose": letters.insert("v")
      default:
        guard word.hasPrefix("-"), !word.hasPrefix("--"), word.count > 1 else { return nil }
        letters.formUnion(word.dropFirst())
      }
    }
    return letters.isEmpty || letters == ["n", "v", "L"] ? .iptables(family, table, withNumbers: withNumbers) : nil
  }

  private static func iptablesSave(_ words: ArraySlice<String>, _ family: AddressFamily) -> View? {
    words.isEmpty || words == ["-c"] || words == ["--counters"]
      ? .iptablesSave(family, withCounters: !words.isEmpty) : nil
  }

  private static func sysctl(_ words: ArraySlice<String>) -> View? {
    var words = words
    let withNames = words.first != "-n"
    if !withNames { words.removeFirst() }
    if words.first == "-a" {
      words.removeFirst()
      if words.isEmpty { return .parameters(.all, withNames: withNames) }
      guard words.count == 2, words.first == "--pattern", let text = words.last else { return nil }
      return .parameters(.matching(text), withNames: withNames)
    }
    let keys = words.compactMap { SysctlKey($0) }
    return keys.isEmpty || keys.count < words.count ? nil : .parameters(.named(keys), withNames: withNames)
  }
}

/// Whether a word is a beginning of another, as ip(8) takes them.
private func isShort(_ word: String, of whole: String) -> Bool { !word.isEmpty && whole.hasPrefix(word) }
