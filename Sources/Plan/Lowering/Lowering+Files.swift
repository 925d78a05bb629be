import NetworkTypes
import Topology

extension Lowering {
  /// Writes every namespace's hosts and resolv.conf; namespaces with the same text share an operation.
  mutating func writeFiles() {
    let own = Dictionary(uniqueKeysWithValues: ownNamespaces.map { ($0.index, $0) })
    for table in topology.nameTables {
      let lines =
        Self.localLines + table.entries.map { "\($0.address)\t\($0.names.map(\.text).joined(separator: " "))" }
      write(.hosts, lines, table.nodes.compactMap { own[$0.index] })
    }
    var groups: [[OwnNamespace]] = []
    var index: [ResolverConfiguration: Int] = [:]
    for namespace in ownNamespaces {
      let resolver = topology.nodes[namespace.index].resolver
      if let group = index[resolver] {
        groups[group].append(namespace)
      } else {
        index[resolver] = groups.count
        groups.append([namespace])
      }
    }
    for group in groups {
      guard let first = group.first else { continue }
      write(.resolvConf, lines(of: topology.nodes[first.index].resolver), group)
    }
  }

  private mutating func write(_ file: WriteNamespaceFile.File, _ lines: [String], _ namespaces: [OwnNamespace]) {
    guard let first = namespaces.first else { return }
    let operation = WriteNamespaceFile(namespaces: namespaces.map(\.name), file: file, lines: lines)
    add(.writeNamespaceFile(operation), first.origin)
  }

  /// What Docker's /etc/hosts starts with (libnetwork, etchosts.go).
  private static let localLines = [
    "127.0.0.1\tlocalhost", "::1\tlocalhost ip6-localhost ip6-loopback", "fe00::\tip6-localnet",
    "ff00::\tip6-mcastprefix", "ff02::1\tip6-allnodes", "ff02::2\tip6-allrouters",
  ]

  private func lines(of resolver: ResolverConfiguration) -> [String] {
    var lines = resolver.servers.map { "nameserver \($0)" }
    if !resolver.search.isEmpty { lines.append("search \(resolver.search.joined(separator: " "))") }
    if !resolver.options.isEmpty { lines.append("options \(resolver.options.joined(separator: " "))") }
    return lines.isEmpty ? ["# No name server: the names that resolve are those in /etc/hosts."] : lines
  }
}
