/// How compose merges what stands at a path (compose-go, override/merge.go and uncity.go).
enum MergeRule: Hashable {
  /// By the types of both.
  case byType
  /// The later takes the place of the earlier.
  case replace
  /// A list of names is a mapping from them.
  case namedList
  /// Lists one after the other, a single value being a list of one; an item takes the place of an earlier one with the
  /// same text before any `=`.
  case keyedItems
  /// Lists one after the other, without what is there already.
  case distinctItems
  /// Lists one after the other; what is there twice is sorted out when items are read.
  case allItems
  /// Pools by their subnets.
  case pools

  /// The rule for a path from the root of the file, list items not counted.
  ///
  /// What stands under `x-netwright` is merged as what stands beside it. What nobody reads needs no merging.
  init(_ path: [String]) {
    let path = path.contains("x-netwright") ? path.filter { $0 != "x-netwright" } : path
    self = .byType
    switch path.count {
    case 1: if KeyTable<ProjectFile>.root[path[0]]?.standing == .ignored { self = .replace }
    case 3 where path[0] == "services" || path[0] == "routers": self = Self.ofService(path[2])
    case 3 where path[0] == "networks":
      if KeyTable<NetworkEntry>.network[path[2]]?.standing == .ignored { self = .replace }
    case 4 where path[0] == "services" && path[2] == "deploy":
      if KeyTable<NodeEntry>.deploy[path[3]]?.standing == .ignored { self = .replace }
    case 4 where path[0] == "networks" && path[2] == "ipam":
      if path[3] == "config" { self = .pools }
      if path[3] == "options" { self = .replace }
    case 5 where path[0] == "services" && path[2] == "networks":
      if path[4] == "aliases" || path[4] == "link_local_ips" { self = .keyedItems }
    default: break
    }
  }

  private static func ofService(_ key: String) -> MergeRule {
    switch key {
    case "networks", "depends_on": .namedList
    case "dns", "dns_search", "dns_opt", "expose", "links", "profiles", "sysctls": .keyedItems
    case "extra_hosts": .distinctItems
    case "ports": .allItems
    default: KeyTable<NodeEntry>.service[key]?.standing == .ignored ? .replace : .byType
    }
  }
}
