/// How compose merges what stands at a path (compose-go, override/merge.go and uncity.go).
enum MergeRule: Hashable {
  /// By the types of both.
  case byType
  /// The later takes the place of the earlier.
  case replace
  /// A list of names is a mapping from them.
  case namedList
  /// Lists one after the other, without what is there already.
  case distinctItems
  /// Pools by their subnets.
  case pools

  /// The rule for a path from the root of the file, list items not counted.
  init(_ path: [String]) {
    self = .byType
    if path.count == 3, path[0] == "services" || path[0] == "routers" {
      switch path[2] {
      case "command", "entrypoint": self = .replace
      case "networks", "depends_on": self = .namedList
      case "dns", "dns_search", "dns_opt", "expose", "links", "extra_hosts", "ports", "sysctls": self = .distinctItems
      default: break
      }
    } else if path.count == 5, path[0] == "services", path[2] == "networks" {
      if path[4] == "aliases" || path[4] == "link_local_ips" { self = .distinctItems }
    } else if path.count == 4, path[0] == "networks", path[2] == "ipam", path[3] == "config" {
      self = .pools
    } else if path.count == 4, path[0] == "services", path[2] == "healthcheck", path[3] == "test" {
      self = .replace
    }
  }
}
