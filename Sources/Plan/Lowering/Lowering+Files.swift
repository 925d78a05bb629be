import NetworkTypes
import Topology

extension Lowering {
  /// Writes every namespace's hosts and resolv.conf; namespaces with the same text share an operation.
  mutating func writeFiles() {
    for table in topology.nameTables {
      let lines =
        Self.localLines + table.entries.map { "\($0.address)\t\($0.names.map(\.text).joined(separator: " "))" }
      write(.hosts, lines, table.nodes.map { topology[$0] })
    }
    var groups: [(resolver: ResolverConfiguration, nodes: [Node])] = []
    var index: [ResolverConfiguration: Int] = [:]
    for (node, _, _) in ownNamespaces {
      if let group = index[node.resolver] {
        groups[group].nodes.append(node)
      } else {
        index[node.resolver] = groups.count
        groups.append((node.resolver, [node]))
      }
    }
    for group in groups { write(.resolvConf, lines(of: group.resolver), group.nodes) }
  }

  private mutating func write(_ file: WriteNamespaceFile.File, _ lines: [String], _ nodes: [Node]) {
    let namespaces = nodes.compactMap { node -> NamespaceName? in
      switch node.home {
      case .namespace(let name): name
      case .host, .shared, .foreign: nil
      }
    }
    guard let first = nodes.first, !namespaces.isEmpty else { return }
    add(.writeNamespaceFile(WriteNamespaceFile(namespaces: namespaces, file: file, lines: lines)), origin(of: first))
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
