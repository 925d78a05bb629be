import Diagnostics
import Foundation
import NetworkTypes
import NetwrightTestSupport
import ProjectFile
import Topology

@testable import Netwright

/// A file that is brought up by an engine and by Netwright, with what there is to try in it.
struct EngineCase: Sendable {
  let path: String
  let project: String
  let compilation: Compilation
  let topology: Topology

  /// Compiles a file; nil where that goes wrong.
  init?(path: String) {
    let name = URL(filePath: path).deletingPathExtension().lastPathComponent
    var selection = InputSelection()
    selection.files = [path]
    selection.projectName = name.lowercased().filter { $0.isLetter || $0.isNumber }
    let context = ProcessContext(environment: [:], directory: "/")
    guard let (inputs, options) = try? InputFiles.project(selection, in: context) else { return nil }
    compilation = compile(inputs, options: options)
    guard !compilation.hasErrors, let topology = compilation.topology else { return nil }
    self.path = path
    self.topology = topology
    project = topology.projectName
  }

  /// The nodes that have namespaces of their own.
  var nodes: [(node: Node, namespace: String)] {
    topology.nodes.compactMap { node in
      guard case .namespace(let name) = node.home else { return nil }
      return (node, name.text)
    }
  }

  /// What docker-compose 1.29 calls a container: it joins the parts by underscores.
  private func container(of node: Node) -> String {
    compilation.file?.nodes[node.entry].containerName?.value.text ?? "\(project)_\(node.key)_\(node.replica ?? 1)"
  }

  /// Every name that somebody may know.
  private var names: [String] {
    var names: Set = ["localhost", "nobody"]
    for entry in compilation.file?.nodes ?? [] {
      names.insert(entry.name.value.lowercased())
      let given: [HostName?] = [entry.containerName?.value, entry.hostname?.value]
      let aliases: [HostName] = entry.attachments.flatMap { $0.aliases.map(\.value) }
      let linked: [HostName?] = entry.linkAliases.map { $0.alias?.value }
      let extra: [HostName] = entry.extraHosts.map(\.name.value)
      for name in given.compactMap({ $0 }) + aliases + linked.compactMap({ $0 }) + extra {
        names.insert(name.text.lowercased())
      }
    }
    return names.sorted()
  }

  /// Every address of a node or gateway.
  private var addresses: [String] {
    let own = topology.nodes.flatMap { $0.interfaces.flatMap(\.addresses) }.map(\.address.address)
    let gateways = topology.networks.filter(\.isUsed).flatMap(\.pools).compactMap(\.gateway)
    return Set((own + gateways).filter { !$0.isLinkLocal }.map(\.description)).sorted()
  }

  /// The ports that something listens on, by namespace.
  private var listeners: [(namespace: String, port: UInt16, node: Node)] {
    nodes.flatMap { node, namespace in
      (compilation.file?.nodes[node.entry].listeningPorts ?? []).filter { $0.transport == .tcp }
        .flatMap { ($0.range.first...$0.range.last).prefix(4) }.map { (namespace, $0, node) }
    }
  }

  /// The addresses and ports to connect to: each that listens, and one that doesn't.
  private var ports: [String] {
    listeners.flatMap { listener in
      listener.node.interfaces.flatMap(\.addresses).filter { $0.address.address.family == .ipv4 }
        .flatMap { ["\($0.address.address),\(listener.port)", "\($0.address.address),7"] }
    }
  }

  /// The variables that the scripts go by, as assignments.
  var settings: String {
    var order: [String] = []
    for id in topology.startOrder where (topology[id].replica ?? 1) == 1 {
      let key = topology[id].key
      order.append("\(key)=\(topology.nodes.count { $0.key == key })")
    }
    let pairs = nodes.map { "\($0.namespace)=\(container(of: $0.node))" }
    let settling = topology.networks.contains { $0.families.contains(.ipv6) } ? 4 : 1
    return """
      file='\(path)' project='\(project)' order='\(order.joined(separator: " "))' nodes='\(pairs.joined(separator: " "))'
      names='\(names.joined(separator: " "))' addresses='\(addresses.joined(separator: " "))'
      ports='\(Set(ports).sorted().joined(separator: " "))' settling=\(settling)
      listeners='\(listeners.map { "\($0.namespace),\($0.port)" }.joined(separator: " "))'

      """
  }

  /// Whether a fact is one in which this old engine differs from those that Netwright goes by: in 20.10 a container that
  /// is on internal networks alone has a default route, and reaches the host by its other addresses.
  func isOutdated(_ fact: String) -> Bool {
    let words = fact.split(separator: " ").map(String.init)
    guard words.count == 3, let node = nodes.first(where: { $0.namespace == words[0] })?.node else { return false }
    let networks = node.interfaces.compactMap { interface -> Network? in
      switch interface.source {
      case .port(let id, _, _), .child(let id): topology[id]
      case .link, .device: nil
      }
    }
    guard !networks.isEmpty, networks.allSatisfy(\.isInternal) else { return false }
    switch words[1] {
    case "default": return true
    case "reaches", "misses":
      guard let address = IPAddress(words[2]) else { return false }
      return !networks.flatMap(\.pools).contains { $0.subnet.contains(address) }
    default: return false
    }
  }
}
